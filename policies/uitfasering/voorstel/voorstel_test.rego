package uitfasering.voorstel_test

import data.uitfasering.voorstel

# Agreements that apply, and what they propose; two agreements name which parameter is their end date.
test_voorstel[naam] if {
	some naam, geval in {
		"geen afspraak": {"regels": set(), "feiten": {}, "voorstel": null},
		"een afspraak zonder voorstel": {"regels": {"X-01"}, "feiten": {}, "voorstel": null},
		"een andere einddatum": {"regels": {"X-01", "X-02"}, "feiten": {}, "voorstel": {"einddatum": "2021-12-31"}},
		"de vroegste einddatum": {"regels": {"X-02", "X-03"}, "feiten": {}, "voorstel": {"einddatum": "2021-11-30"}},
		"ingegaan op die dag": {
			"regels": {"X-02"},
			"feiten": {"ingangsdatum": "2021-12-31"},
			"voorstel": {"einddatum": "2021-12-31"},
		},
		"ingegaan na die dag": {"regels": {"X-02"}, "feiten": {"ingangsdatum": "2022-01-01"}, "voorstel": null},
		"ingegaan na een van beide": {
			"regels": {"X-02", "X-03"},
			"feiten": {"ingangsdatum": "2021-12-01"},
			"voorstel": {"einddatum": "2021-12-31"},
		},
		"een afwijkende gemeente": {
			"regels": {"X-02"},
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-06-15"},
			"voorstel": {"einddatum": "2022-02-28"},
		},
		"een afwijkende gemeente buiten de periode": {
			"regels": {"X-02"},
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-07-01"},
			"voorstel": null,
		},
	}
	voorstel.voorstel == geval.voorstel with input as _input(geval.feiten)
		with data.uitfasering.afspraken.van_toepassing as geval.regels
		with data.gegevens.voorstellen as {"X-02": "uiterste_einddatum", "X-03": "tot"}
		with data.gegevens.varianten.geldend as {
			"X-01": [{"soort": "elke_gemeente", "uiterste_einddatum": "2020-01-01"}],
			"X-02": [
				{"soort": "elke_gemeente_behalve", "behalve": ["0002"], "uiterste_einddatum": "2021-12-31"},
				{
					"soort": "gemeente",
					"gemeente": "0002",
					"periode_van": "2021-06-01",
					"periode_tot": "2021-06-30",
					"uiterste_einddatum": "2022-02-28",
				},
			],
			"X-03": [{"soort": "elke_gemeente", "tot": "2021-11-30", "uiterste_einddatum": "2020-01-01"}],
		}
}

test_omzetten[naam] if {
	some naam, geval in {
		"open einde": {
			"feiten": {},
			"opnieuw": {"code": null, "einddatum": "2022-12-31", "eenheden": ["01", "04", "14", "16", "84"]},
		},
		"eigen einddatum": {
			"feiten": {"einddatum": "2022-12-30"},
			"opnieuw": {"code": null, "einddatum": "2022-12-30", "eenheden": ["01", "04", "14", "16", "84"]},
		},
		"einddatum na het overgangsjaar": {
			"feiten": {"einddatum": "2023-01-01"},
			"opnieuw": {"code": null, "einddatum": "2022-12-31", "eenheden": ["01", "04", "14", "16", "84"]},
		},
		"met een vervangende code": {
			"feiten": {"code": "M1", "aanbieder": "00000002"},
			"opnieuw": {"code": "T2", "einddatum": "2022-12-31", "eenheden": ["01", "04", "14", "16", "84"]},
		},
		"medicatiecontrole": {
			"feiten": {"code": "M1", "medicatiecontrole": "ja", "toewijzingsdatum": "2021-06-01"},
			"opnieuw": {"code": "54002", "einddatum": "2022-12-31", "eenheden": ["01"]},
		},
		"geen medicatiecontrole": {
			"feiten": {"code": "M1", "medicatiecontrole": "nee"},
			"opnieuw": {"code": "T1", "einddatum": "2022-12-31", "eenheden": ["01", "04", "14", "16", "84"]},
		},
	}
	voorstel.voorstel == {
		"beeindigen": {"einddatum": "2021-12-31", "reden_wijziging": "10"},
		"opnieuw": object.union({"segment": "top", "ingangsdatum": "2022-01-01"}, geval.opnieuw),
	} with input as _input(object.union({"handeling": "lopend"}, geval.feiten))
		with data.uitfasering.afspraken.van_toepassing as {"B2-11"}
		with data.gegevens.vervanging as _vervanging
}

test_vervangende_code[naam] if {
	some naam, geval in {
		"geen code": {"feiten": {}, "code": null},
		"een code zonder vervanging": {"feiten": {"code": "M9"}, "code": null},
		"algemeen": {"feiten": {"code": "M1"}, "code": "T1"},
		"algemeen bij een aanbieder zonder eigen code": {"feiten": {"code": "M1", "aanbieder": "00000001"}, "code": "T1"},
		"eigen code van de aanbieder": {"feiten": {"code": "M1", "aanbieder": "00000002"}, "code": "T2"},
		"alleen een code per aanbieder": {"feiten": {"code": "M2", "aanbieder": "00000002"}, "code": "T3"},
		"alleen een code per aanbieder, van een andere": {"feiten": {"code": "M2", "aanbieder": "00000001"}, "code": null},
		"medicatiecontrole wint van de aanbieder": {
			"feiten": {
				"code": "M1",
				"aanbieder": "00000002",
				"medicatiecontrole": "ja",
				"toewijzingsdatum": "2022-01-01",
			},
			"code": "54002",
		},
		"medicatiecontrole waarvan het vervolg in 2022 begint (B2-05c)": {
			"feiten": {
				"code": "M1",
				"medicatiecontrole": "ja",
				"segment": "midden",
				"perspectief": "duurzaam",
				"profiel": 3,
				"handeling": "verlenging",
				"nieuw_of_verlenging": true,
				"toewijzingsdatum": "2021-12-01",
				"ingangsdatum": "2021-12-15",
				"einddatum": "2022-06-30",
			},
			"code": "54002",
		},
		"medicatiecontrole zonder code": {
			"feiten": {"medicatiecontrole": "ja", "toewijzingsdatum": "2022-01-01"},
			"code": "54002",
		},
		"medicatiecontrole die in 2022 ingaat": {
			"feiten": {"code": "M1", "medicatiecontrole": "ja", "ingangsdatum": "2022-01-01"},
			"code": "54002",
		},
		"medicatiecontrole in 2021": {
			"feiten": {
				"code": "M1",
				"medicatiecontrole": "ja",
				"toewijzingsdatum": "2021-12-31",
				"ingangsdatum": "2021-12-31",
			},
			"code": "T1",
		},
		"lopende medicatiecontrole uit 2021": {
			"feiten": {
				"code": "M1",
				"handeling": "lopend",
				"medicatiecontrole": "ja",
				"toewijzingsdatum": "2021-12-31",
				"ingangsdatum": "2021-12-31",
			},
			"code": "54002",
		},
		"geen medicatiecontrole in 2022": {
			"feiten": {"code": "M1", "medicatiecontrole": "nee", "toewijzingsdatum": "2022-01-01"},
			"code": "T1",
		},
		"niet bekend of het medicatiecontrole is": {
			"feiten": {"code": "M1", "toewijzingsdatum": "2022-01-01"},
			"code": "T1",
		},
	}
	voorstel.vervangende_code == geval.code with input as _input(geval.feiten)
		with data.gegevens.vervanging as _vervanging
}

test_uiterste_einddatum[naam] if {
	some naam, geval in {
		"een jaar min een dag": {"feiten": {}, "dag": "2022-05-31"},
		"zonder reden": {"feiten": {"gemotiveerd": "nee"}, "dag": "2022-05-31"},
		"met een reden": {"feiten": {"gemotiveerd": "ja"}, "dag": "2022-12-31"},
		"een schrikkeldag": {
			"feiten": {"ingangsdatum": "2020-02-29", "een_jaar_later": "2021-03-01"},
			"dag": "2021-02-28",
		},
		"nooit later dan het overgangsjaar": {
			"feiten": {"ingangsdatum": "2022-01-02", "een_jaar_later": "2023-01-02"},
			"dag": "2022-12-31",
		},
		"precies het overgangsjaar": {
			"feiten": {"ingangsdatum": "2022-01-01", "een_jaar_later": "2023-01-01"},
			"dag": "2022-12-31",
		},
		"ingegaan op de laatste dag": {
			"feiten": {"ingangsdatum": "2022-12-31", "een_jaar_later": "2023-12-31"},
			"dag": "2022-12-31",
		},
		"ingegaan na de laatste dag": {
			"feiten": {"ingangsdatum": "2023-01-01", "een_jaar_later": "2024-01-01", "raamovereenkomst": "huidig"},
			"dag": null,
		},
		"toegewezen op de eerste dag": {
			"feiten": {
				"toewijzingsdatum": "2021-05-01",
				"ingangsdatum": "2021-04-30",
				"een_jaar_later": "2022-04-30",
			},
			"dag": "2022-04-29",
		},
		"toegewezen op de dag ervoor, later ingegaan": {"feiten": {"toewijzingsdatum": "2021-04-30"}, "dag": "2022-12-31"},
		"toegewezen en ingegaan op de dag ervoor": {
			"feiten": {
				"toewijzingsdatum": "2021-04-30",
				"ingangsdatum": "2021-04-30",
				"een_jaar_later": "2022-04-30",
			},
			"dag": null,
		},
		"midden": {"feiten": {"segment": "midden"}, "dag": null},
		"lopend": {"feiten": {"handeling": "lopend", "nieuw_of_verlenging": false}, "dag": null},
	}
	voorstel.uiterste_einddatum == geval.dag with input as _top(geval.feiten)
}

# The municipality has two years instead of one, and for what is decided in June a later last day.
test_uiterste_einddatum_van_een_afwijkende_gemeente[naam] if {
	some naam, geval in {
		"een andere gemeente": {"feiten": {"gemeente": "0001"}, "dag": "2022-05-31"},
		"in de periode": {"feiten": {"gemeente": "0002"}, "dag": "2023-03-31"},
		"in de periode, met een reden": {"feiten": {"gemeente": "0002", "gemotiveerd": "ja"}, "dag": "2023-03-31"},
		"in de periode, eerder begonnen": {
			"feiten": {
				"gemeente": "0002",
				"ingangsdatum": "2021-02-01",
				"een_jaar_later": "2022-02-01",
				"twee_jaar_later": "2023-02-01",
			},
			"dag": "2023-01-31",
		},
	}
	voorstel.uiterste_einddatum == geval.dag with input as _top(geval.feiten)
		with data.gegevens.varianten.geldend as {
			"B1-15": _rijen({"te_lang_vanaf": "een_jaar_later"}, {"te_lang_vanaf": "twee_jaar_later"}),
			"B1-16": _rijen({"uiterste_einddatum": "2022-12-31"}, {"uiterste_einddatum": "2023-03-31"}),
		}
}

_rijen(regio, eigen) := [
	object.union({"soort": "elke_gemeente_behalve", "behalve": ["0002"], "vanaf": "2021-05-01"}, regio),
	object.union(
		{
			"soort": "gemeente",
			"gemeente": "0002",
			"periode_van": "2021-06-01",
			"periode_tot": "2021-06-30",
			"vanaf": "2021-05-01",
		},
		eigen,
	),
]

_vervanging := {
	"M1": {"algemeen": "T1", "per_aanbieder": {"00000002": "T2"}},
	"M2": {"per_aanbieder": {"00000002": "T3"}},
}

# A new toewijzing on segment top, but for these.
_top(feiten) := _input(object.union(
	{
		"handeling": "nieuw",
		"nieuw_of_verlenging": true,
		"segment": "top",
		"toewijzingsdatum": "2021-06-01",
		"ingangsdatum": "2021-06-01",
		"een_jaar_later": "2022-06-01",
		"twee_jaar_later": "2023-06-01",
	},
	feiten,
))

# The facts of an empty toewijzing, but for these.
_input(feiten) := {"feiten": object.union(data.gegevens.feiten_standaard, feiten)}
