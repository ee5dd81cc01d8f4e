package uitfasering.bulk_test

import data.uitfasering.bulk

test_onderscheid_door_feiten[naam] if {
	some naam, geval in {
		"omzetten met medicatiecontrole": {
			"regels": {"B2-11"},
			"ontbreekt": set(),
			"feiten": {"medicatiecontrole": "ja"},
			"leden": {"medicatiecontrole"},
		},
		"omzetten zonder": {
			"regels": {"B2-11"},
			"ontbreekt": set(),
			"feiten": {"medicatiecontrole": "nee"},
			"leden": set(),
		},
		"niet omzetten": {
			"regels": set(),
			"ontbreekt": set(),
			"feiten": {"medicatiecontrole": "ja"},
			"leden": set(),
		},
		"omvang in een andere eenheid": {
			"regels": set(),
			"ontbreekt": {"omvang"},
			"feiten": {"eenheid": "84"},
			"leden": {"omvang zonder minuten"},
		},
		"geen omvang": {"regels": set(), "ontbreekt": {"omvang"}, "feiten": {}, "leden": set()},
		"omvang is niet nodig": {
			"regels": set(),
			"ontbreekt": {"profiel"},
			"feiten": {"eenheid": "84"},
			"leden": set(),
		},
	}
	bulk.onderscheid == geval.leden with input as _input(geval.feiten)
		with data.uitfasering.afspraken.van_toepassing as geval.regels
		with data.uitfasering.afspraken.ontbreekt as geval.ontbreekt
		with data.gegevens.voorstellen as {}
}

# An end date is only proposed where the toewijzing has begun by then (voorstel._einddata).
test_onderscheid_door_de_voorgestelde_dag[naam] if {
	some naam, geval in {
		"op die dagen begonnen": {
			"regels": {"X-01", "X-02"},
			"ingangsdatum": "2021-11-30",
			"leden": set(),
		},
		"na die van X-01": {
			"regels": {"X-01", "X-02"},
			"ingangsdatum": "2021-12-01",
			"leden": {"X-01 begint na 2021-11-30"},
		},
		"na elke dag, ook die van een afwijking": {
			"regels": {"X-01", "X-02"},
			"ingangsdatum": "2022-03-01",
			"leden": {
				"X-01 begint na 2021-11-30",
				"X-02 begint na 2021-12-31",
				"X-02 begint na 2022-02-28",
			},
		},
		"X-01 geldt niet": {
			"regels": {"X-02"},
			"ingangsdatum": "2021-12-01",
			"leden": set(),
		},
	}
	bulk.onderscheid == geval.leden with input as _input({"ingangsdatum": geval.ingangsdatum})
		with data.uitfasering.afspraken.van_toepassing as geval.regels
		with data.uitfasering.afspraken.ontbreekt as set()
		with data.gegevens.voorstellen as {"X-01": "tot", "X-02": "uiterste_einddatum"}
		with data.gegevens.parameters as {"X-01": {"tot": "2021-11-30"}}
		with data.gegevens.varianten.geldend as {"X-02": [
			{"uiterste_einddatum": "2021-12-31"},
			{"uiterste_einddatum": "2022-02-28"},
		]}
}

# Both the words of B1-20 and a municipality's own texts hold in a period.
test_onderscheid_door_een_afwijking[naam] if {
	some naam, geval in {
		"ervoor": {"gemeente": "0002", "dag": "2021-05-31", "leden": set()},
		"eerste dag": {
			"gemeente": "0002",
			"dag": "2021-06-01",
			"leden": {"X-01 geldt als 0", "X-01 eigen tekst 0"},
		},
		"laatste dag": {
			"gemeente": "0002",
			"dag": "2021-06-30",
			"leden": {"X-01 geldt als 0", "X-01 eigen tekst 0"},
		},
		"ertussen": {"gemeente": "0002", "dag": "2021-07-01", "leden": set()},
		"tweede periode, vervallen": {"gemeente": "0002", "dag": "2021-09-01", "leden": {"X-01 geldt als 1"}},
		"een andere gemeente": {"gemeente": "0001", "dag": "2021-06-01", "leden": set()},
	}
	feiten := {"gemeente": geval.gemeente, "toewijzingsdatum": geval.dag}
	bulk.onderscheid == geval.leden with input as _input(feiten)
		with data.gegevens.voorstellen as {}
		with data.gegevens.varianten.toets as {"X-01": [_periode("2021-06"), _periode("2021-09")]}
		with data.gegevens.eigen_bevindingen as {"0002": {"X-01": [_periode("2021-06")]}}
}

test_grens[naam] if {
	some naam, geval in {
		"geen": {"duur": set(), "einde": set(), "leden": set()},
		"een duur": {
			"duur": {{"te_lang_vanaf": "een_jaar_later"}},
			"einde": set(),
			"leden": {"tot een_jaar_later"},
		},
		"een duur en twee dagen": {
			"duur": {{"te_lang_vanaf": "twee_jaar_later"}},
			"einde": {{"uiterste_einddatum": "2021-12-31"}, {"uiterste_einddatum": "2022-12-31"}},
			"leden": {"tot twee_jaar_later", "tot en met 2021-12-31", "tot en met 2022-12-31"},
		},
	}
	bulk.grens == geval.leden with input as _input({})
		with data.uitfasering.voorstel.duur as geval.duur
		with data.uitfasering.voorstel.einde as geval.einde
}

test_vervanging[naam] if {
	some naam, geval in {
		"niets": {"regels": {"B2-05c"}, "feiten": {"handeling": "lopend"}, "leden": set()},
		"lopend": {
			"regels": set(),
			"feiten": {"medicatiecontrole": "ja", "handeling": "lopend"},
			"leden": {"medicatie, lopend"},
		},
		"toegewezen in 2022": {
			"regels": set(),
			"feiten": {"medicatiecontrole": "ja", "toewijzingsdatum": "2022-01-01"},
			"leden": {"medicatie, nieuwe stijl"},
		},
		"ingegaan in 2022": {
			"regels": set(),
			"feiten": {
				"medicatiecontrole": "ja",
				"toewijzingsdatum": "2021-12-31",
				"ingangsdatum": "2022-01-01",
			},
			"leden": {"medicatie, nieuwe stijl"},
		},
		"in 2021": {
			"regels": set(),
			"feiten": {
				"medicatiecontrole": "ja",
				"toewijzingsdatum": "2021-12-31",
				"ingangsdatum": "2021-12-31",
			},
			"leden": set(),
		},
		"verlenging": {
			"regels": {"B2-05c"},
			"feiten": {"medicatiecontrole": "ja"},
			"leden": {"medicatie, verlenging"},
		},
		"een aanbieder met een eigen code": {
			"regels": set(),
			"feiten": {"aanbieder": "12345678"},
			"leden": {"aanbieder 12345678"},
		},
		"een aanbieder zonder": {"regels": set(), "feiten": {"aanbieder": "87654321"}, "leden": set()},
	}
	bulk.vervanging == geval.leden with input as _input(geval.feiten)
		with data.uitfasering.afspraken.van_toepassing as geval.regels
		with data.gegevens.vervanging as {"MD1": {"algemeen": "T1", "per_aanbieder": {"12345678": "T2"}}}
}

_periode(maand) := {
	"soort": "gemeente",
	"gemeente": "0002",
	"periode_van": concat("-", [maand, "01"]),
	"periode_tot": concat("-", [maand, "30"]),
}

# The facts of an empty toewijzing, but for these.
_input(feiten) := {"feiten": object.union(data.gegevens.feiten_standaard, feiten)}
