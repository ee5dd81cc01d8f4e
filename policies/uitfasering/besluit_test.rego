package uitfasering_test

import data.uitfasering

# Weighing: which agreements apply is given here; what they are called and weigh stands in _gewichten.
test_wegen[naam] if {
	some naam, geval in {
		"geen bevinding": {"regels": set(), "uitkomst": "TOEGESTAAN", "bevindingen": []},
		"ADVIES en INFO veranderen de uitkomst niet": {
			"regels": {"X-INFO", "X-ADVIES"},
			"uitkomst": "TOEGESTAAN",
			"bevindingen": ["X-ADVIES", "X-INFO"],
		},
		"aflopen met een advies": {
			"regels": {"X-ADVIES", "X-AFLOPEN"},
			"uitkomst": "AFLOPEN",
			"bevindingen": ["X-AFLOPEN", "X-ADVIES"],
		},
		"afstemmen weegt zwaarder dan aflopen": {
			"regels": {"X-AFLOPEN", "X-AFSTEMMEN"},
			"uitkomst": "AFSTEMMEN",
			"bevindingen": ["X-AFSTEMMEN", "X-AFLOPEN"],
		},
		"omzetten weegt zwaarder dan afstemmen": {
			"regels": {"X-AFSTEMMEN", "X-OMZETTEN"},
			"uitkomst": "OMZETTEN",
			"bevindingen": ["X-OMZETTEN", "X-AFSTEMMEN"],
		},
		"handmatig weegt zwaarder dan omzetten": {
			"regels": {"X-HANDMATIG", "X-OMZETTEN"},
			"uitkomst": "HANDMATIG",
			"bevindingen": ["X-HANDMATIG", "X-OMZETTEN"],
		},
		"weigeren weegt zwaarder dan handmatig": {
			"regels": {"X-HANDMATIG", "X-WEIGEREN"},
			"uitkomst": "NIET_TOEGESTAAN",
			"bevindingen": ["X-WEIGEREN", "X-HANDMATIG"],
		},
		"binnen een gevolg op nummer": {
			"regels": {"X-WEIGEREN2", "X-INFO", "X-WEIGEREN", "X-HANDMATIG"},
			"uitkomst": "NIET_TOEGESTAAN",
			"bevindingen": ["X-WEIGEREN", "X-WEIGEREN2", "X-HANDMATIG", "X-INFO"],
		},
	}
	_besluit == {
		"uitkomst": geval.uitkomst,
		"bevindingen": [{"regel": regel, "velden": ["product"]} | some regel in geval.bevindingen],
		"ontbreekt": {"omvang", "profiel"},
		"uiterste_einddatum": "2021-11-30",
		"voorstel": {"einddatum": "2021-12-31"},
		"voorlopig": false,
		"herkomst": "r1",
	} with input as _goed
		with data.gegevens.rangen.regels as _gewichten
		with data.gegevens.bevindingen.vast as _bevindingen
		with data.uitfasering.afspraken.van_toepassing as geval.regels
}

# What says that the letters do not speak of it stands alone.
test_niet_van_toepassing[naam] if {
	some naam, geval in {
		"een reden": {"regels": {"X-BUITEN"}, "bevindingen": ["X-BUITEN"]},
		"twee redenen": {"regels": {"X-BUITEN2", "X-BUITEN"}, "bevindingen": ["X-BUITEN", "X-BUITEN2"]},
		"naast al het andere": {"regels": object.keys(_gewichten), "bevindingen": ["X-BUITEN", "X-BUITEN2"]},
	}
	_besluit == {
		"uitkomst": "NIET_VAN_TOEPASSING",
		"bevindingen": [{"regel": regel, "velden": ["product"]} | some regel in geval.bevindingen],
		"ontbreekt": [],
		"uiterste_einddatum": null,
		"voorstel": null,
		"voorlopig": false,
		"herkomst": "r1",
	} with input as _goed
		with data.gegevens.rangen.regels as _gewichten
		with data.gegevens.bevindingen.vast as _bevindingen
		with data.uitfasering.afspraken.van_toepassing as geval.regels
}

test_niet_van_toepassing_op_een_voorbeeld if {
	_besluit.bevindingen == [{
		"regel": "X-BUITEN",
		"tekst": "Niet dit. Let op.",
		"velden": ["product.code"],
	}] with input as _goed
		with data.gegevens.rangen.regels as {"A-08": 9, "X-BUITEN": 1}
		with data.gegevens.bevindingen.vast as {"X-BUITEN": {
			"regel": "X-BUITEN",
			"tekst": "Niet dit.",
			"velden": ["product.code"],
		}}
		with data.gegevens.teksten.voorbeeld as "Let op."
		with data.uitfasering.afspraken.van_toepassing as {"A-08", "X-BUITEN"}
}

# As the tables stand: segment basis by a placeholder code, and the same as the caller's own word.
test_voorbeeld_buiten_de_brieven[naam] if {
	some naam, geval in {
		"code uit de catalogus": {"product": {"code": "50BA1"}, "voorbeeld": true},
		"segment gegeven": {"product": {"segment": "basis"}, "voorbeeld": false},
	}
	toewijzing := object.union(json.remove(_goed, ["product"]), {"product": geval.product})
	[bevinding] := uitfasering.besluit.bevindingen with input as toewijzing
	[bevinding.regel, endswith(bevinding.tekst, data.gegevens.teksten.voorbeeld)] == ["A-05", geval.voorbeeld]
}

test_voorlopig_zolang_een_dag_onbekend_is if {
	_besluit == {
		"uitkomst": "TOEGESTAAN",
		"bevindingen": [{"regel": "B2-12a", "velden": []}],
		"ontbreekt": {"omvang", "profiel"},
		"uiterste_einddatum": "2021-11-30",
		"voorstel": {"einddatum": "2021-12-31"},
		"voorlopig": true,
		"herkomst": "r1",
	} with input as _goed
		with data.gegevens.rangen.regels as {"B2-12a": 9}
		with data.gegevens.bevindingen.vast as {"B2-12a": {"regel": "B2-12a", "velden": []}}
		with data.uitfasering.afspraken.van_toepassing as {"B2-12a"}
}

# All that is wrong is named at once, by field; the agreements are not even asked.
test_ongeldige_invoer[naam] if {
	some naam, geval in {
		"niets": {"invoer": null, "velden": [""]},
		"lijst": {"invoer": [_goed], "velden": [""]},
		"tekst": {"invoer": json.marshal(_goed), "velden": [""]},
		"een fout van het schema": {"invoer": object.union(_goed, {"verwijzer": "07"}), "velden": ["verwijzer"]},
		"een fout tussen velden": {"invoer": object.union(_goed, {"einddatum": "2021-04-30"}), "velden": ["einddatum"]},
		"allebei": {
			"invoer": object.union(_goed, {"einddatum": "2021-04-30", "verwijzer": "07", "x": 1}),
			"velden": ["", "einddatum", "verwijzer"],
		},
		"twee fouten tussen velden": {
			"invoer": {"handeling": "nieuw", "gemeente": "9999"},
			"velden": ["ingangsdatum", "toewijzingsdatum"],
		},
		"een gemeente van elders met een fout": {
			"invoer": object.union(_goed, {"gemeente": "9999", "verwijzer": "07"}),
			"velden": ["verwijzer"],
		},
	}
	_besluit == _ongeldig(geval.velden) with input as geval.invoer
		with data.gegevens.bevindingen.sjabloon as _sjabloon
}

test_ongeldig_zonder_invoer if _besluit == _ongeldig([""]) with data.gegevens.bevindingen.sjabloon as _sjabloon

test_herkomst_is_de_revisie if uitfasering.herkomst == "r2" with data.gegevens.revisie as "r2"

test_herkomst_blijft_bekend_zonder_revisie if {
	uitfasering.herkomst == "onbekend" with data.gegevens as object.remove(data.gegevens, ["revisie"])
}

test_een_nul_achter_de_punt_verandert_niets if {
	geheel := uitfasering.besluit with input as _spoedhulp(11)
	decimaal := uitfasering.besluit with input as _spoedhulp(11.0)
	decimaal == geheel
	[b.regel | some b in geheel.bevindingen] == ["A-08", "B1-04"]
}

test_besluiten[naam] if {
	some naam, geval in {
		"geen enkele": {"invoer": {"toewijzingen": {}}, "uitkomsten": {}},
		"een foute schaadt geen andere": {
			"invoer": {"toewijzingen": {
				"goed": _goed,
				"": _goed,
				"null": null,
				"lijst": [],
				"leeg": {},
				"buiten": object.union(_goed, {"gemeente": "9999"}),
			}},
			"uitkomsten": {
				"goed": "TOEGESTAAN",
				"": "TOEGESTAAN",
				"null": "ONGELDIGE_INVOER",
				"lijst": "ONGELDIGE_INVOER",
				"leeg": "ONGELDIGE_INVOER",
				"buiten": "NIET_VAN_TOEPASSING",
			},
		},
		"wat ernaast staat, telt niet": {
			"invoer": {"toewijzingen": {"goed": _goed}, "handeling": "nieuw", "tabel": "toets"},
			"uitkomsten": {"goed": "TOEGESTAAN"},
		},
	}
	_uitkomsten == geval.uitkomsten with input as geval.invoer
}

_uitkomsten := {kenmerk: b.uitkomst | some kenmerk, b in uitfasering.besluiten}

test_besluiten_zijn_dezelfde_als_apart_gevraagd if {
	apart := uitfasering.besluit with input as _spoedhulp(11)
	uitfasering.besluiten == {"a": apart, "b": apart} with input as {"toewijzingen": {
		"a": _spoedhulp(11),
		"b": _spoedhulp(11),
	}}
}

test_besluiten_zonder_toewijzingen[naam] if {
	some naam, invoer in {
		"null": null,
		"tekst": "toewijzingen",
		"lijst": [{"toewijzingen": {}}],
		"leeg": {},
		"iets anders": _goed,
		"toewijzingen null": {"toewijzingen": null},
		"toewijzingen als lijst": {"toewijzingen": [_goed]},
		"toewijzingen als tekst": {"toewijzingen": "a"},
	}
	_besluiten == {"": _ongeldig([""])} with input as invoer
		with data.gegevens.bevindingen.sjabloon as _sjabloon
}

test_besluiten_zonder_invoer if {
	_besluiten == {"": _ongeldig([""])} with data.gegevens.bevindingen.sjabloon as _sjabloon
}

# What the other packages would say, so that only the weighing is left.
_besluit := b if {
	b := uitfasering.besluit with data.uitfasering.afspraken.ontbreekt as {"omvang", "profiel"}
		with data.uitfasering.voorstel.uiterste_einddatum as "2021-11-30"
		with data.uitfasering.voorstel.voorstel as {"einddatum": "2021-12-31"}
		with data.gegevens.revisie as "r1"
}

_besluiten := b if {
	b := uitfasering.besluiten with data.gegevens.revisie as "r1"
}

_ongeldig(velden) := {
	"uitkomst": "ONGELDIGE_INVOER",
	"bevindingen": [{
		"regel": "A-00",
		"tekst": "Fout.",
		"oplossing": "Herstel het.",
		"velden": [veld],
	} |
		some veld in velden
	],
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": null,
	"voorlopig": false,
	"herkomst": "r1",
}

_sjabloon := {"A-00": {"regel": "A-00", "tekst": "Fout.", "oplossing": "Herstel het.", "velden": []}}

_gewichten := {
	"X-BUITEN": 1,
	"X-BUITEN2": 1,
	"X-WEIGEREN": 2,
	"X-WEIGEREN2": 2,
	"X-HANDMATIG": 3,
	"X-OMZETTEN": 4,
	"X-AFSTEMMEN": 5,
	"X-AFLOPEN": 6,
	"X-ADVIES": 8,
	"X-INFO": 9,
}

_bevindingen := {regel: {"regel": regel, "velden": ["product"]} | some regel, _ in _gewichten}

_goed := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"toewijzingsdatum": "2021-05-01",
	"ingangsdatum": "2021-05-01",
	"einddatum": "2021-12-31",
	"product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 3},
}

_spoedhulp(profiel) := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"toewijzingsdatum": "2021-05-01",
	"ingangsdatum": "2021-05-01",
	"einddatum": "2021-12-31",
	"product": {"code": "50HBA", "profiel": profiel},
}
