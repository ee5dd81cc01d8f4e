package uitfasering.feiten_test

import data.uitfasering.feiten

test_rij_bij_de_kleinste_toewijzing if {
	feiten.rij == _rij({
		"handeling": "lopend",
		"gemeente": "0193",
	}) with input as {"handeling": "lopend", "gemeente": "0193"}
}

test_rij_van_een_lege_toewijzing if feiten.rij == data.gegevens.feiten_standaard with input as {}

test_rij_met_alle_velden if {
	feiten.rij == _rij({
		"handeling": "nieuw",
		"nieuw_of_verlenging": true,
		"gemeente": "0150",
		"toewijzingsdatum": "2021-05-01",
		"ingangsdatum": "2021-06-15",
		"een_jaar_later": "2022-06-15",
		"twee_jaar_later": "2023-06-15",
		"einddatum": "2022-01-31",
		"categorie": "50",
		"code": "AB1",
		"segment": "top",
		"perspectief": "duurzaam",
		"profiel": 3,
		"zorgvorm": "ggz",
		"raamovereenkomst": "nieuw",
		"volume": 10,
		"eenheid": "04",
		"frequentie": "6",
		"minuten": 600,
		"verwijzer": "02",
		"medicatiecontrole": "nee",
		"gemotiveerd": "ja",
		"afgestemd": true,
		"overgenomen_woonplaats": true,
		"gezinsplan": "opgesteld",
		"aanbieder": "12345678",
		"periode_begindatum": "2021-07-01",
		"periode_einddatum": "2021-07-31",
	}) with input as {
		"handeling": "nieuw",
		"gemeente": "0150",
		"toewijzingsdatum": "2021-05-01",
		"ingangsdatum": "2021-06-15",
		"einddatum": "2022-01-31",
		"product": {
			"categorie": "50",
			"code": "AB1",
			"segment": "top",
			"perspectief": "duurzaam",
			"profiel": 3,
			"zorgvorm": "ggz",
			"raamovereenkomst": "nieuw",
		},
		"omvang": {"volume": 10, "eenheid": "04", "frequentie": "6"},
		"verwijzer": "02",
		"medicatiecontrole": false,
		"gemotiveerd": true,
		"afgestemd": true,
		"overgenomen_woonplaats": true,
		"gezinsplan": "opgesteld",
		"aanbieder": "12345678",
		"periode": {"begindatum": "2021-07-01", "einddatum": "2021-07-31"},
		"factuurdatum": "2021-08-15",
	}
}

test_rij_met_een_budget if feiten.rij == _rij({"budget": 0}) with input as {"budget": 0}

test_handeling_nieuw_of_verlenging[handeling] if {
	some handeling, verwacht in {
		"nieuw": true,
		"verlenging": true,
		"verkorting": false,
		"lopend": false,
		"declaratie": false,
	}
	feiten.rij == _rij({
		"handeling": handeling,
		"nieuw_of_verlenging": verwacht,
	}) with input as {"handeling": handeling}
}

# Absent is a third answer.
test_ja_nee_of_onbekend[geval.naam] if {
	some geval in [
		{"naam": "ja en nee", "input": {"medicatiecontrole": true, "gemotiveerd": false}, "feiten": ["ja", "nee"]},
		{"naam": "nee en ja", "input": {"medicatiecontrole": false, "gemotiveerd": true}, "feiten": ["nee", "ja"]},
		{"naam": "geen van beide", "input": {}, "feiten": ["onbekend", "onbekend"]},
	]
	[medicatiecontrole, gemotiveerd] := geval.feiten
	feiten.rij == _rij({
		"medicatiecontrole": medicatiecontrole,
		"gemotiveerd": gemotiveerd,
	}) with input as geval.input
}

test_product[naam] if {
	some naam, geval in {
		"leeg": {"product": {}, "feiten": {}},
		"uit de catalogus": {
			"product": {"code": "MH11"},
			"feiten": object.union(_catalogus.MH11, {"code": "MH11", "raamovereenkomst": "huidig"}),
		},
		"de catalogus wint en het is tegenstrijdig": {
			"product": {"code": "MH11", "segment": "top"},
			"feiten": object.union(
				_catalogus.MH11,
				{"code": "MH11", "raamovereenkomst": "huidig", "tegenstrijdig": true},
			),
		},
		"ook de categorie kan tegenstrijdig zijn": {
			"product": {"code": "T1", "categorie": "51"},
			"feiten": object.union(_catalogus.T1, {"code": "T1", "tegenstrijdig": true}),
		},
		"hetzelfde als de catalogus is niet tegenstrijdig": {
			"product": object.union(_catalogus.T1, {"code": "T1"}),
			"feiten": object.union(_catalogus.T1, {"code": "T1"}),
		},
		"een heel getal met een nul achter de punt is hetzelfde getal": {
			"product": {"code": "MH11", "profiel": 11.0},
			"feiten": object.union(_catalogus.MH11, {"code": "MH11", "raamovereenkomst": "huidig"}),
		},
		"wat de catalogus niet zegt, blijft zoals het gegeven is": {
			"product": {"code": "T1", "zorgvorm": "lvb", "raamovereenkomst": "nieuw"},
			"feiten": object.union(_catalogus.T1, {"code": "T1", "zorgvorm": "lvb", "raamovereenkomst": "nieuw"}),
		},
		"een code die niet in de catalogus staat": {
			"product": {"code": "X", "segment": "basis"},
			"feiten": {"code": "X", "segment": "basis"},
		},
		"midden hoort bij de huidige raamovereenkomst": {
			"product": {"segment": "midden"},
			"feiten": {"segment": "midden", "raamovereenkomst": "huidig"},
		},
		"midden met de huidige raamovereenkomst": {
			"product": {"segment": "midden", "raamovereenkomst": "huidig"},
			"feiten": {"segment": "midden", "raamovereenkomst": "huidig"},
		},
		"midden met de nieuwe raamovereenkomst is tegenstrijdig": {
			"product": {"segment": "midden", "raamovereenkomst": "nieuw"},
			"feiten": {"segment": "midden", "raamovereenkomst": "huidig", "tegenstrijdig": true},
		},
		"midden uit de catalogus met de nieuwe raamovereenkomst is tegenstrijdig": {
			"product": {"code": "MH11", "raamovereenkomst": "nieuw"},
			"feiten": object.union(
				_catalogus.MH11,
				{"code": "MH11", "raamovereenkomst": "huidig", "tegenstrijdig": true},
			),
		},
		"buiten midden blijft een onbekende raamovereenkomst onbekend": {
			"product": {"segment": "top"},
			"feiten": {"segment": "top"},
		},
	}
	feiten.rij == _rij(geval.feiten) with input as {"product": geval.product}
		with data.gegevens.producten as _catalogus
}

# Only a total within the whole validity can be counted in minutes.
test_minuten[naam] if {
	some naam, geval in {
		"minuten": {"omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"}, "minuten": 2000},
		"uren": {"omvang": {"volume": 4, "eenheid": "04", "frequentie": "6"}, "minuten": 240},
		"geen enkele minuut": {"omvang": {"volume": 0, "eenheid": "01", "frequentie": "6"}, "minuten": 0},
		"de grootste omvang in uren": {
			"omvang": {"volume": 99999999, "eenheid": "04", "frequentie": "6"},
			"minuten": 5999999940,
		},
		"een heel getal met een nul achter de punt": {
			"omvang": {"volume": 250.0, "eenheid": "01", "frequentie": "6"},
			"minuten": 250,
		},
		"stuks": {"omvang": {"volume": 4, "eenheid": "84", "frequentie": "6"}, "minuten": -1},
		"minuten per week": {"omvang": {"volume": 4, "eenheid": "01", "frequentie": "2"}, "minuten": -1},
	}
	feiten.rij == _rij(object.union(geval.omvang, {"minuten": geval.minuten})) with input as {"omvang": geval.omvang}
}

test_looptijd[ingangsdatum] if {
	some ingangsdatum, verwacht in {
		"2021-05-01": ["2022-05-01", "2023-05-01"],
		"2019-12-31": ["2020-12-31", "2021-12-31"],
		"1900-01-01": ["1901-01-01", "1902-01-01"],
		"2199-12-31": ["2200-12-31", "2201-12-31"],
		# so that the last day of that year is 28 February
		"2020-02-29": ["2021-03-01", "2022-03-01"],
		"2196-02-29": ["2197-03-01", "2198-03-01"],
		"2020-02-28": ["2021-02-28", "2022-02-28"],
		"2019-02-28": ["2020-02-28", "2021-02-28"],
		"2019-03-01": ["2020-03-01", "2021-03-01"],
	}
	[een, twee] := verwacht
	feiten.rij == _rij({
		"ingangsdatum": ingangsdatum,
		"een_jaar_later": een,
		"twee_jaar_later": twee,
	}) with input as {"ingangsdatum": ingangsdatum}
}

# One of the two is a fault, which uitfasering.invoer finds in these facts.
test_halve_periode[veld] if {
	some veld in ["begindatum", "einddatum"]
	feiten.rij == _rij({
		sprintf("periode_%s", [veld]): "2021-07-31",
	}) with input as {"periode": {veld: "2021-07-31"}}
}

# Bulk derives the facts field by field: together they are the row, and each rests on its field alone.
test_rij_is_wat_per_veld_is_afgeleid[naam] if {
	some naam, toewijzing in _toewijzingen
	verwacht := object.union_n([
		data.gegevens.feiten_standaard,
		object.remove(toewijzing, ["product", "omvang", "periode", "factuurdatum"]),
		object.union_n([afgeleid | some afgeleid in feiten.afgeleid]),
	]) with input as toewijzing
	verwacht == feiten.rij with input as toewijzing
}

test_afgeleid_rust_op_een_veld[veld] if {
	some veld in ["product", "omvang", "ingangsdatum", "periode", "handeling", "medicatiecontrole", "gemotiveerd"]
	every toewijzing in _toewijzingen {
		alleen := object.filter(toewijzing, [veld])
		los := feiten.afgeleid[veld] with input as alleen
		los == feiten.afgeleid[veld] with input as toewijzing
	}
}

test_afgeleid_van_elk_veld if {
	object.keys(feiten.afgeleid) == {
		"product",
		"omvang",
		"ingangsdatum",
		"periode",
		"handeling",
		"medicatiecontrole",
		"gemotiveerd",
	} with input as {}
}

_toewijzingen := {
	"leeg": {},
	"vol": {
		"handeling": "verlenging",
		"gemeente": "0150",
		"ingangsdatum": "2020-02-29",
		"einddatum": "2022-01-31",
		"product": {"segment": "midden", "raamovereenkomst": "nieuw", "profiel": 3},
		"omvang": {"volume": 10, "eenheid": "04", "frequentie": "6"},
		"medicatiecontrole": false,
		"gemotiveerd": true,
		"periode": {"begindatum": "2021-07-01"},
		"factuurdatum": "2021-08-15",
	},
	"zonder totaal": {
		"handeling": "lopend",
		"product": {"zorgvorm": "ggz"},
		"omvang": {"volume": 10, "eenheid": "04", "frequentie": "2"},
		"periode": {"einddatum": "2021-07-31"},
		"budget": 0,
	},
}

test_dag_ervoor[datum] if {
	some datum, verwacht in {
		"2021-01-01": "2020-12-31",
		"2021-02-01": "2021-01-31",
		"2021-03-01": "2021-02-28",
		"2021-04-01": "2021-03-31",
		"2021-05-01": "2021-04-30",
		"2021-06-01": "2021-05-31",
		"2021-07-01": "2021-06-30",
		"2021-08-01": "2021-07-31",
		"2021-09-01": "2021-08-31",
		"2021-10-01": "2021-09-30",
		"2021-11-01": "2021-10-31",
		"2021-12-01": "2021-11-30",
		# every fourth year is a leap year, a century only every fourth
		"2020-03-01": "2020-02-29",
		"2196-03-01": "2196-02-29",
		"1900-03-01": "1900-02-28",
		"2000-03-01": "2000-02-29",
		"2100-03-01": "2100-02-28",
		"2200-03-01": "2200-02-28",
		"2020-02-29": "2020-02-28",
		"2020-03-02": "2020-03-01",
		"2021-01-02": "2021-01-01",
		"2021-01-11": "2021-01-10",
		"2021-01-10": "2021-01-09",
		"2021-12-31": "2021-12-30",
		"1900-01-01": "1899-12-31",
		"2201-01-01": "2200-12-31",
	}
	feiten.dag_ervoor(datum) == verwacht
}

# The facts of an empty toewijzing, but for these.
_rij(anders) := object.union(data.gegevens.feiten_standaard, anders)

_catalogus := {
	"MH11": {"categorie": "50", "segment": "midden", "perspectief": "herstel", "profiel": 11, "voorbeeld": true},
	"T1": {"categorie": "50", "segment": "top"},
}
