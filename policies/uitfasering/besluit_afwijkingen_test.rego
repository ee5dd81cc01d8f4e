package uitfasering_test

import data.uitfasering

# Zwolle has other GGZ budgets for what it decides in June; B1-20 names them when they were used.
test_afwijking_met_andere_getallen[naam] if {
	some naam, geval in {
		"eigen getal, dus geen advies": {"anders": {"omvang": _minuten(1000)}, "regels": ["A-08", "B1-20 over B1-08"]},
		"eigen getal, dus wel advies": {
			"anders": {"omvang": _minuten(2000)},
			"regels": ["B1-08 met eigen getal", "A-08", "B1-13", "B1-20 over B1-08"],
		},
		"op de laatste dag": {
			"anders": {"omvang": _minuten(2000), "toewijzingsdatum": "2021-06-30"},
			"regels": ["B1-08 met eigen getal", "A-08", "B1-13", "B1-20 over B1-08"],
		},
		"na de laatste dag": {
			"anders": {"omvang": _minuten(1000), "toewijzingsdatum": "2021-07-01"},
			"regels": ["B1-08", "A-08"],
		},
		"voor de eerste dag": {
			"anders": {"omvang": _minuten(1000), "toewijzingsdatum": "2021-05-31"},
			"regels": ["B1-08", "A-08"],
		},
		"een andere gemeente": {"anders": {"omvang": _minuten(1000), "gemeente": "0150"}, "regels": ["B1-08", "A-08"]},
		"de afspraak gaat er niet over": {
			"anders": {"omvang": _minuten(1000), "product": {"code": "50TJ1"}},
			"regels": ["A-08"],
		},
	}
	_gevonden == geval.regels with input as object.union(_ggz, geval.anders)
		with data.gegevens.varianten as {
			"geldend": object.union(data.gegevens.varianten.geldend, {"B1-08": [
				{"soort": "elke_gemeente_behalve", "behalve": ["0193"], "vanaf": "2021-05-01", "keuzebudgetten": [2000, 4000]},
				_eigen("0001-01-01", "2021-05-31", {"keuzebudgetten": [2000, 4000]}),
				_eigen("2021-06-01", "2021-06-30", {"keuzebudgetten": [1000]}),
				_eigen("2021-07-01", "9999-12-31", {"keuzebudgetten": [2000, 4000]}),
			]}),
			"toets": {"B1-08": [_eigen("2021-06-01", "2021-06-30", {
				"keuzebudgetten": [1000],
				"eigen": {"keuzebudgetten": true},
				"bron": "Nota",
			})]},
		}
		with data.gegevens.afwijkende_gemeenten as {"0193": true}
		with data.gegevens.eigen_bevindingen as {"0193": {"B1-08": [{
			"periode_van": "2021-06-01",
			"periode_tot": "2021-06-30",
			"bevinding": {"regel": "B1-08 met eigen getal", "tekst": "", "oplossing": null, "velden": []},
		}]}}
		with data.gegevens.bevindingen as _zonder_woorden
		with data.gegevens.invullen as {"B1-20": ["afgeweken_regel"]}
}

# For what Zwolle decides in June, B1-08 does not count; B1-20 says so where it would have applied.
test_afwijking_die_een_afspraak_laat_vervallen[naam] if {
	some naam, geval in {
		"zou gelden": {"anders": {"omvang": _minuten(1000)}, "regels": ["A-08", "B1-20 over B1-08"]},
		"zou niet gelden": {"anders": {"omvang": _minuten(2000)}, "regels": ["A-08", "B1-13"]},
		"na de laatste dag": {
			"anders": {"omvang": _minuten(1000), "toewijzingsdatum": "2021-07-01"},
			"regels": ["B1-08", "A-08"],
		},
		"een andere gemeente": {"anders": {"omvang": _minuten(1000), "gemeente": "0150"}, "regels": ["B1-08", "A-08"]},
	}
	_gevonden == geval.regels with input as object.union(_ggz, geval.anders)
		with data.gegevens.varianten as {
			"geldend": object.union(data.gegevens.varianten.geldend, {"B1-08": [
				{"soort": "elke_gemeente_behalve", "behalve": ["0193"], "vanaf": "2021-05-01", "keuzebudgetten": [2000, 4000]},
				_eigen("0001-01-01", "2021-05-31", {"keuzebudgetten": [2000, 4000]}),
				_eigen("2021-07-01", "9999-12-31", {"keuzebudgetten": [2000, 4000]}),
			]}),
			"toets": {"B1-08": [_eigen("2021-06-01", "2021-06-30", {"keuzebudgetten": [2000, 4000], "bron": "Nota"})]},
		}
		with data.gegevens.afwijkende_gemeenten as {"0193": true}
		with data.gegevens.bevindingen as _zonder_woorden
		with data.gegevens.invullen as {"B1-20": ["afgeweken_regel"]}
}

_eigen(van, tot, parameters) := object.union(parameters, {
	"soort": "gemeente",
	"gemeente": "0193",
	"periode_van": van,
	"periode_tot": tot,
	"vanaf": "2021-05-01",
})

# Just the ids as words, and in B1-20 the regel that it is about.
_zonder_woorden := {
	"vast": {
		"B1-08": {"regel": "B1-08", "tekst": ""},
		"B1-13": {"regel": "B1-13", "tekst": ""},
		"A-08": {"regel": "A-08", "tekst": ""},
	},
	"sjabloon": {"B1-20": {"regel": "B1-20", "tekst": " over {afgeweken_regel}", "oplossing": null}},
}

_gevonden := [concat("", [b.regel, b.tekst]) | some b in uitfasering.besluit.bevindingen]

_ggz := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"toewijzingsdatum": "2021-06-01",
	"ingangsdatum": "2021-06-01",
	"einddatum": "2021-12-31",
	"product": {"code": "50TG1"},
}

_minuten(volume) := {"volume": volume, "eenheid": "01", "frequentie": "6"}
