package uitfasering.invoer_test

import data.uitfasering.invoer

# A besluit asks for schemafouten first, and names fouten; for these they are the same.
test_geen_object[naam] if {
	some naam, waarde in {
		"null": null,
		"waar": true,
		"getal": 7,
		"lijst": [{"handeling": "nieuw", "gemeente": "0193"}],
		"leeg": "",
		"de tekst van een goede toewijzing": json.marshal(_goed),
		"de tekst van een foute toewijzing": json.marshal(object.union(_goed, {"handeling": 5})),
	}
	_fouten == [{""}, {""}] with input as waarde
}

test_zonder_invoer if _fouten == [{""}, {""}]

test_goed[naam] if {
	some naam, toewijzing in {
		"zo weinig mogelijk": _goed,
		"declaratie zonder datums": _declaratie,
		"alle velden": object.union(_goed, {
			"einddatum": "2199-12-31",
			"product": {
				"categorie": "50",
				"code": "a1B2c",
				"segment": "geen",
				"perspectief": "herstel",
				"profiel": 12,
				"zorgvorm": "anders",
				"raamovereenkomst": "huidig",
			},
			"omvang": {"volume": 99999999, "eenheid": "84", "frequentie": "4"},
			"verwijzer": "08",
			"medicatiecontrole": true,
			"gemotiveerd": false,
			"afgestemd": true,
			"overgenomen_woonplaats": false,
			"gezinsplan": "niet_nodig",
			"aanbieder": "00000000",
			"periode": {"begindatum": "1900-01-01", "einddatum": "1900-01-01"},
			"factuurdatum": "2000-02-29",
		}),
		"een leeg product": object.union(_goed, {"product": {}}),
		"een heel getal met een nul achter de punt": object.union(_goed, {"product": {"profiel": 11.0}}),
		"een budget": object.union(_goed, {"budget": 0}),
		"einddatum op de ingangsdatum": object.union(_goed, {"einddatum": "2021-05-01"}),
		"29 februari 2000": object.union(_goed, {"toewijzingsdatum": "2000-02-29"}),
		"29 februari 2196": object.union(_goed, {"toewijzingsdatum": "2196-02-29"}),
	}
	_fouten == [set(), set()] with input as toewijzing
}

# One fault each in an otherwise sound toewijzing.
test_fout_veld[pad] if {
	some pad, waarden in {
		"handeling": ["Nieuw", "", null, 1, ["nieuw"], "weigering"],
		"gemeente": ["193", "00193", "0193\n", 193, null, {}],
		"toewijzingsdatum": [
			"2021-5-01", "01-05-2021", "2021-02-29", "1900-02-29", "2100-02-29", "1899-12-31", "2200-01-01", "2021-04-31",
			"2021-13-01", "2021-05-01T00:00:00Z", "2021-05-01\n", "", null, 20210501,
		],
		"ingangsdatum": ["2021-02-30", null],
		"einddatum": ["2022-02-30", null, ""],
		"product": ["50H1A", null, []],
		"product/categorie": ["5", "501", 50, "5a"],
		"product/code": ["", "123456", "50-A", "ÀB", 54002],
		"product/segment": ["Top", "", 1, null],
		"product/perspectief": ["stabiel", true],
		"product/profiel": [0, 13, 3.5, "11", -1, null],
		"product/zorgvorm": ["GGZ", 1],
		"product/raamovereenkomst": ["oud", 1],
		"omvang": ["10 uur", 10, null],
		"omvang/volume": [-1, 100000000, 1.5, "10"],
		"omvang/eenheid": ["00", 1, "1"],
		"omvang/frequentie": ["3", 6, "06"],
		"budget": [-1, 100000000, 0.5, "10", null],
		"verwijzer": ["07", "2", 2],
		"medicatiecontrole": ["ja", 1, null],
		"gemotiveerd": ["nee", 0, null],
		"afgestemd": ["true", null],
		"overgenomen_woonplaats": ["false", null],
		"gezinsplan": ["ja", true],
		"aanbieder": ["1234567", "123456789", 12345678],
		"periode": ["2021", null],
		"periode/begindatum": ["2021-02-29", null],
		"periode/einddatum": ["2021-02-29", null],
		"factuurdatum": ["2021-02-29", 1],
	}
	veld := concat(".", split(pad, "/"))
	every waarde in waarden {
		toewijzing := json.patch(_vol, [{"op": "add", "path": pad, "value": waarde}])
		_fouten == [{veld}, {veld}] with input as toewijzing
	}
}

# Only the place of an unknown field is named, never the key that was sent.
test_onbekend_veld[naam] if {
	some naam, geval in {
		"in de toewijzing": {"erbij": {"bsn": "999900006"}, "fouten": {""}},
		"een veld dat heet zoals de plaats van de toewijzing": {"erbij": {"(Root)": 1}, "fouten": {""}},
		"een veld van het product, naast het product": {"erbij": {"segment": "top"}, "fouten": {""}},
		"in het product": {"erbij": {"product": {"naam": "x"}}, "fouten": {"product"}},
		"in de omvang": {"erbij": {"omvang": {"naam": "x"}}, "fouten": {"omvang"}},
		"in de periode": {"erbij": {"periode": {"naam": "x"}}, "fouten": {"periode"}},
		"overal": {
			"erbij": {"x": 1, "y": 2, "product": {"x": 1}, "omvang": {"x": 1}, "periode": {"x": 1}},
			"fouten": {"", "product", "omvang", "periode"},
		},
	}
	_fouten == [geval.fouten, geval.fouten] with input as object.union(_vol, geval.erbij)
}

test_ontbrekend_veld[naam] if {
	some naam, geval in {
		"handeling": {"weg": ["handeling"], "fouten": {"handeling"}},
		"gemeente": {"weg": ["gemeente"], "fouten": {"gemeente"}},
		"allebei": {"weg": ["handeling", "gemeente"], "fouten": {"handeling", "gemeente"}},
		"volume": {"weg": ["omvang/volume"], "fouten": {"omvang.volume"}},
		"alles in omvang": {
			"weg": ["omvang/volume", "omvang/eenheid", "omvang/frequentie"],
			"fouten": {"omvang.volume", "omvang.eenheid", "omvang.frequentie"},
		},
		"begindatum van de periode": {"weg": ["periode/begindatum"], "fouten": {"periode.begindatum"}},
		"einddatum van de periode": {"weg": ["periode/einddatum"], "fouten": {"periode.einddatum"}},
	}
	_fouten == [geval.fouten, geval.fouten] with input as json.remove(_vol, geval.weg)
}

# Without a handeling the dates are needed, so a toewijzing of nothing lacks all four.
test_lege_toewijzing if {
	invoer.schemafouten == {"handeling", "gemeente"} with input as {}
	invoer.fouten == {"handeling", "gemeente", "toewijzingsdatum", "ingangsdatum"} with input as {}
}

# The schema finds none of these; together with a fault of the schema they are named too.
test_fout_tussen_velden[naam] if {
	some naam, geval in {
		"nieuw zonder datums": {"toewijzing": _zonder_datums("nieuw"), "fouten": {"toewijzingsdatum", "ingangsdatum"}},
		"verlenging zonder datums": {
			"toewijzing": _zonder_datums("verlenging"),
			"fouten": {"toewijzingsdatum", "ingangsdatum"},
		},
		"verkorting zonder datums": {
			"toewijzing": _zonder_datums("verkorting"),
			"fouten": {"toewijzingsdatum", "ingangsdatum"},
		},
		"lopend zonder datums": {"toewijzing": _zonder_datums("lopend"), "fouten": {"toewijzingsdatum", "ingangsdatum"}},
		"zonder toewijzingsdatum": {"toewijzing": json.remove(_goed, ["toewijzingsdatum"]), "fouten": {"toewijzingsdatum"}},
		"zonder ingangsdatum": {"toewijzing": json.remove(_goed, ["ingangsdatum"]), "fouten": {"ingangsdatum"}},
		"declaratie zonder periode": {"toewijzing": json.remove(_declaratie, ["periode"]), "fouten": {"periode"}},
		"einddatum voor de ingangsdatum": {
			"toewijzing": object.union(_goed, {"einddatum": "2021-04-30"}),
			"fouten": {"einddatum"},
		},
		"einddatum voor de ingangsdatum van een declaratie": {
			"toewijzing": object.union(_declaratie, {"ingangsdatum": "2021-05-01", "einddatum": "2021-04-30"}),
			"fouten": {"einddatum"},
		},
		"omgekeerde periode": {
			"toewijzing": object.union(_declaratie, {"periode": {"einddatum": "2021-06-30"}}),
			"fouten": {"periode.einddatum"},
		},
		"omgekeerde periode zonder declaratie": {
			"toewijzing": object.union(_goed, {"periode": {"begindatum": "2021-07-02", "einddatum": "2021-07-01"}}),
			"fouten": {"periode.einddatum"},
		},
		"omvang en budget": {
			"toewijzing": object.union(_goed, {"omvang": _vol.omvang, "budget": 0}),
			"fouten": {"budget"},
		},
		"alles tegelijk": {
			"toewijzing": {
				"handeling": "declaratie",
				"gemeente": "0193",
				"ingangsdatum": "2021-05-01",
				"einddatum": "2021-04-30",
				"periode": {"begindatum": "2021-07-02", "einddatum": "2021-07-01"},
				"omvang": _vol.omvang,
				"budget": 0,
			},
			"fouten": {"einddatum", "periode.einddatum", "budget"},
		},
	}
	_fouten == [set(), geval.fouten] with input as geval.toewijzing

	erbij := object.union(geval.toewijzing, {"verwijzer": "07"})
	invoer.fouten == geval.fouten | {"verwijzer"} with input as erbij
}

# A field that is wrong in itself is named once, and is not compared with another.
test_fout_veld_telt_niet_mee[naam] if {
	some naam, geval in {
		"een foute handeling zegt niet of de datums nodig zijn": {
			"toewijzing": object.union(_declaratie, {"handeling": "Declaratie"}),
			"fouten": {"handeling", "toewijzingsdatum", "ingangsdatum"},
		},
		"een foute toewijzingsdatum ontbreekt niet": {
			"toewijzing": object.union(_goed, {"toewijzingsdatum": "2021-02-29"}),
			"fouten": {"toewijzingsdatum"},
		},
		"een foute ingangsdatum ontbreekt niet en is geen begin": {
			"toewijzing": object.union(_goed, {"ingangsdatum": "9", "einddatum": "2021-04-30"}),
			"fouten": {"ingangsdatum"},
		},
		"een foute einddatum is niet te vroeg": {
			"toewijzing": object.union(_goed, {"einddatum": "0"}),
			"fouten": {"einddatum"},
		},
		"een periode die er fout staat, ontbreekt niet": {
			"toewijzing": object.union(_declaratie, {"periode": "juli"}),
			"fouten": {"periode"},
		},
		"een lege periode ontbreekt niet": {
			"toewijzing": object.union(json.remove(_declaratie, ["periode"]), {"periode": {}}),
			"fouten": {"periode.begindatum", "periode.einddatum"},
		},
		"een foute begindatum is geen begin": {
			"toewijzing": object.union(_declaratie, {"periode": {"begindatum": "9"}}),
			"fouten": {"periode.begindatum"},
		},
		"een foute einddatum van de periode is niet te vroeg": {
			"toewijzing": object.union(_declaratie, {"periode": {"einddatum": "0"}}),
			"fouten": {"periode.einddatum"},
		},
		"een onbekend veld verandert niets aan de rest": {
			"toewijzing": object.union(_goed, {"einddatum": "2021-04-30", "bsn": "999900006"}),
			"fouten": {"", "einddatum"},
		},
		"een onbekend veld in de periode verandert niets aan de rest": {
			"toewijzing": object.union(_declaratie, {"periode": {"einddatum": "2021-06-30", "naam": "x"}}),
			"fouten": {"periode", "periode.einddatum"},
		},
		"een foute omvang naast een budget": {
			"toewijzing": object.union(_goed, {"omvang": "10 uur", "budget": 10}),
			"fouten": {"omvang", "budget"},
		},
		"een fout budget naast een omvang": {
			"toewijzing": object.union(_goed, {"omvang": _vol.omvang, "budget": "tien"}),
			"fouten": {"budget"},
		},
	}
	invoer.fouten == geval.fouten with input as geval.toewijzing
}

# As they are asked together with the agreements.
test_tussen_velden_over_feiten[naam] if {
	some naam, geval in {
		"niets": {"feiten": {}, "fouten": {"toewijzingsdatum", "ingangsdatum"}},
		"datums": {"feiten": _datums, "fouten": set()},
		"declaratie": {
			"feiten": {
				"handeling": "declaratie",
				"periode_begindatum": "2021-07-01",
				"periode_einddatum": "2021-07-01",
			},
			"fouten": set(),
		},
		"declaratie zonder periode": {"feiten": {"handeling": "declaratie"}, "fouten": {"periode"}},
		"einddatum op de ingangsdatum": {
			"feiten": object.union(_datums, {"einddatum": "2021-05-01"}),
			"fouten": set(),
		},
		"einddatum de dag ervoor": {
			"feiten": object.union(_datums, {"einddatum": "2021-04-30"}),
			"fouten": {"einddatum"},
		},
		"omgekeerde periode": {
			"feiten": object.union(_datums, {"periode_begindatum": "2021-07-02", "periode_einddatum": "2021-07-01"}),
			"fouten": {"periode.einddatum"},
		},
		"alleen een begindatum van de periode": {
			"feiten": object.union(_datums, {"periode_begindatum": "2021-07-02"}),
			"fouten": set(),
		},
		"budget": {"feiten": object.union(_datums, {"budget": 0}), "fouten": set()},
		"omvang": {"feiten": object.union(_datums, {"eenheid": "01"}), "fouten": set()},
		"omvang en budget": {"feiten": object.union(_datums, {"eenheid": "01", "budget": 0}), "fouten": {"budget"}},
	}
	rij := object.union(data.gegevens.feiten_standaard, geval.feiten)
	invoer.tussen_velden == geval.fouten with input as {"feiten": rij}
}

# One rule, because OPA repeats a `with` for each part of an expression.
_fouten := [invoer.schemafouten, invoer.fouten]

_goed := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"toewijzingsdatum": "2021-05-01",
	"ingangsdatum": "2021-05-01",
}

_declaratie := {
	"handeling": "declaratie",
	"gemeente": "0193",
	"periode": {"begindatum": "2021-07-01", "einddatum": "2021-07-31"},
}

# With each object filled, so that one field in it can be changed.
_vol := object.union(_goed, {
	"product": {"segment": "top"},
	"omvang": {"volume": 10, "eenheid": "04", "frequentie": "6"},
	"periode": {"begindatum": "2021-07-01", "einddatum": "2021-07-31"},
})

_datums := {"toewijzingsdatum": "2021-05-01", "ingangsdatum": "2021-05-01"}

_zonder_datums(handeling) := {"handeling": handeling, "gemeente": "0193"}
