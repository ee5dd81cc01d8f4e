package uitfasering_test

# Zwolle allows two years, Deventer ends segment top a year earlier. That moves the last end date also
# where neither B1-15 nor B1-16 applies, and B1-20 then names the one agreement it comes from.
test_afwijking_die_alleen_de_uiterste_einddatum_verandert[naam] if {
	some naam, geval in {
		"eigen duur": {"gemeente": "0193", "regels": ["B1-20 over B1-15"]},
		"eigen laatste dag": {"gemeente": "0150", "regels": ["B1-20 over B1-16"]},
		"geen van beide": {"gemeente": "0166", "regels": []},
	}
	_gevonden == geval.regels with input as object.union(_top, {"gemeente": geval.gemeente})
		with data.gegevens.varianten as {
			"geldend": object.union(data.gegevens.varianten.geldend, {
				"B1-15": [object.union(_behalve("0193"), _een_jaar), object.union(_van("0193"), _twee_jaar)],
				"B1-16": [object.union(_behalve("0150"), _eind_2022), object.union(_van("0150"), _eind_2021)],
			}),
			"regio": data.gegevens.varianten.regio,
			"toets": {
				"B1-15": [object.union_n([_van("0193"), _twee_jaar, {"eigen": {"te_lang_vanaf": true}, "bron": "Nota"}])],
				"B1-16": [object.union_n([_van("0150"), _eind_2021, {"eigen": {"uiterste_einddatum": true}, "bron": "Nota"}])],
			},
		}
		with data.gegevens.afwijkende_gemeenten as {"0150": true, "0193": true}
		with data.gegevens.bevindingen as _zonder_woorden
		with data.gegevens.invullen as {"B1-20": ["afgeweken_regel"]}
}

_behalve(gemeente) := {"soort": "elke_gemeente_behalve", "behalve": [gemeente], "vanaf": "2021-05-01"}

_van(gemeente) := {
	"soort": "gemeente",
	"gemeente": gemeente,
	"periode_van": "0001-01-01",
	"periode_tot": "9999-12-31",
	"vanaf": "2021-05-01",
}

_een_jaar := {"te_lang_vanaf": "een_jaar_later"}

_twee_jaar := {"te_lang_vanaf": "twee_jaar_later"}

_eind_2021 := {"uiterste_einddatum": "2021-12-31"}

_eind_2022 := {"uiterste_einddatum": "2022-12-31"}

# Without a reason recorded, so that neither B1-15 nor B1-15a can apply.
_top := {
	"handeling": "nieuw",
	"toewijzingsdatum": "2021-06-01",
	"ingangsdatum": "2021-06-01",
	"einddatum": "2021-12-31",
	"product": {"segment": "top", "zorgvorm": "anders"},
}
