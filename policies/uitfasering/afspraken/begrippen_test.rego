# The agreements themselves are tested by the cases in tests/gevallen; here the words they share.
package uitfasering.afspraken_test

import data.uitfasering.afspraken

test_tabel[naam] if {
	some naam, geval in {
		"gewoon": {"input": {"feiten": {}}, "tabel": "geldend"},
		"naar afwijkingen gevraagd": {"input": {"feiten": {}, "tabel": "toets"}, "tabel": "toets"},
		"zonder afwijkingen gevraagd": {"input": {"feiten": {}, "tabel": "regio"}, "tabel": "regio"},
	}
	afspraken.tabel == geval.tabel with input as geval.input
}

# A row for the region, for the others, and for one municipality in a period with its own last day.
test_geldt_voor[naam] if {
	some naam, geval in {
		"een andere gemeente": {"feiten": {"gemeente": "0001"}, "rijen": {"iedereen", "anderen"}},
		"de gemeente op de eerste dag": {
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-06-01"},
			"rijen": {"iedereen", "eigen"},
		},
		"de gemeente op de laatste dag": {
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-06-30"},
			"rijen": {"iedereen", "eigen"},
		},
		"de gemeente op de dag ervoor": {
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-05-31"},
			"rijen": {"iedereen"},
		},
		"de gemeente op de dag erna": {
			"feiten": {"gemeente": "0002", "toewijzingsdatum": "2021-07-01"},
			"rijen": {"iedereen"},
		},
		"een andere gemeente op de eerste dag": {
			"feiten": {"gemeente": "0001", "toewijzingsdatum": "2021-06-01"},
			"rijen": {"iedereen", "anderen"},
		},
	}
	_rijen == geval.rijen with input as _input(geval.feiten)
}

_rijen contains naam if {
	some naam, rij in {
		"iedereen": {"soort": "elke_gemeente"},
		"anderen": {"soort": "elke_gemeente_behalve", "behalve": ["0002"]},
		"eigen": {
			"soort": "gemeente",
			"gemeente": "0002",
			"periode_van": "2021-06-01",
			"periode_tot": "2021-06-30",
		},
	}
	afspraken.geldt_voor(rij)
}

# Each fact that is compared with a parameter stands on that parameter, a day or a number before it, or after.
test_parameters[naam] if {
	some naam, geval in {
		"erop": {
			"feiten": {
				"toewijzingsdatum": "2021-06-15",
				"ingangsdatum": "2021-06-15",
				"einddatum": "2021-06-15",
				"een_jaar_later": "2021-06-15",
				"periode_einddatum": "2021-06-15",
				"verwijzer": "02",
				"minuten": 200,
			},
			"geldt": {
				"toegewezen_vanaf", "ingegaan_vanaf", "toegewezen_of_ingegaan_vanaf", "eindigt_uiterlijk", "verwezen_door",
				"keuzebudget", "te_lang",
			},
		},
		"ervoor": {
			"feiten": {
				"toewijzingsdatum": "2021-06-14",
				"ingangsdatum": "2021-06-14",
				"einddatum": "2021-06-14",
				"een_jaar_later": "2021-06-15",
				"periode_einddatum": "2021-06-14",
				"verwijzer": "01",
				"minuten": 199,
			},
			"geldt": {"toegewezen_voor", "ingegaan_voor", "eindigt_uiterlijk", "geen_keuzebudget"},
		},
		"erna": {
			"feiten": {
				"toewijzingsdatum": "2021-06-16",
				"ingangsdatum": "2021-06-16",
				"einddatum": "2021-06-16",
				"een_jaar_later": "2021-06-15",
				"periode_einddatum": "2021-06-16",
				"verwijzer": "03",
				"minuten": 201,
			},
			"geldt": {
				"toegewezen_vanaf", "ingegaan_vanaf", "toegewezen_of_ingegaan_vanaf", "eindigt_na", "begint_na",
				"periode_eindigt_na", "geen_keuzebudget", "meer_minuten_dan", "te_lang",
			},
		},
		"alleen erop toegewezen": {
			"feiten": {"toewijzingsdatum": "2021-06-15", "ingangsdatum": "2021-06-14", "einddatum": "2021-06-14"},
			"geldt": {
				"toegewezen_vanaf", "ingegaan_voor", "toegewezen_of_ingegaan_vanaf", "eindigt_uiterlijk",
				"geen_keuzebudget", "te_lang",
			},
		},
		"alleen erop ingegaan": {
			"feiten": {"toewijzingsdatum": "2021-06-14", "ingangsdatum": "2021-06-15"},
			"geldt": {
				"toegewezen_voor", "ingegaan_vanaf", "toegewezen_of_ingegaan_vanaf", "eindigt_na", "geen_keuzebudget",
				"te_lang",
			},
		},
	}
	_geldt == geval.geldt with input as object.union(_input(geval.feiten), {"v": _parameters})
}

# Of a row that asks whether a deviation is in play, the municipality's own parameters pass, no others.
test_eigen_parameters[naam] if {
	some naam, geval in {
		"vanaf": {
			"toegewezen_vanaf", "toegewezen_voor", "ingegaan_vanaf", "ingegaan_voor",
			"toegewezen_of_ingegaan_vanaf",
		},
		"uiterste_einddatum": {"eindigt_na", "eindigt_uiterlijk", "begint_na", "periode_eindigt_na"},
		"verwijzers": {"verwezen_door"},
		"keuzebudgetten": {"keuzebudget", "geen_keuzebudget"},
		"meer_dan_minuten": {"meer_minuten_dan"},
		"te_lang_vanaf": {"te_lang"},
	}
	_geldt == geval with input as object.union(_input({}), {"v": {"eigen": {naam: true}}})
}

_parameters := {
	"vanaf": "2021-06-15",
	"uiterste_einddatum": "2021-06-15",
	"verwijzers": ["02", "04"],
	"keuzebudgetten": [100, 200],
	"meer_dan_minuten": 200,
	"te_lang_vanaf": "een_jaar_later",
}

_geldt contains "toegewezen_vanaf" if afspraken.toegewezen_vanaf(input.v)

_geldt contains "toegewezen_voor" if afspraken.toegewezen_voor(input.v)

_geldt contains "ingegaan_vanaf" if afspraken.ingegaan_vanaf(input.v)

_geldt contains "ingegaan_voor" if afspraken.ingegaan_voor(input.v)

_geldt contains "toegewezen_of_ingegaan_vanaf" if afspraken.toegewezen_of_ingegaan_vanaf(input.v)

_geldt contains "eindigt_na" if afspraken.eindigt_na(input.v)

_geldt contains "eindigt_uiterlijk" if afspraken.eindigt_uiterlijk(input.v)

_geldt contains "begint_na" if afspraken.begint_na(input.v)

_geldt contains "periode_eindigt_na" if afspraken.periode_eindigt_na(input.v)

_geldt contains "verwezen_door" if afspraken.verwezen_door(input.v)

_geldt contains "keuzebudget" if afspraken.keuzebudget(input.v)

_geldt contains "geen_keuzebudget" if afspraken.geen_keuzebudget(input.v)

_geldt contains "meer_minuten_dan" if afspraken.meer_minuten_dan(input.v)

_geldt contains "te_lang" if afspraken.te_lang(input.v)

test_begrippen[naam] if {
	some naam, geval in {
		"niets bekend": {"feiten": {}, "is": _zonder_meer},
		"minuten": {"feiten": {"minuten": 0}, "is": (_zonder_meer | {"minuten_bekend"})},
		"gewoon profiel": {"feiten": {"profiel": 10}, "is": (_zonder_meer | {"gewoon_profiel"})},
		"profiel 11": {"feiten": {"profiel": 11}, "is": _uitzondering},
		"profiel 11.0": {"feiten": {"profiel": 11.0}, "is": _uitzondering},
		"profiel 12": {"feiten": {"profiel": 12}, "is": _uitzondering},
		"overgenomen op de dag van de wet": {
			"feiten": {"overgenomen_woonplaats": true, "toewijzingsdatum": "2022-01-01"},
			"is": (_zonder_meer | {"overname", "toegewezen_of_ingegaan"}) - {"geen_overname"},
		},
		"overgenomen op de dag ervoor": {
			"feiten": {"overgenomen_woonplaats": true, "toewijzingsdatum": "2021-12-31"},
			"is": _zonder_meer,
		},
		"niet overgenomen op de dag van de wet": {
			"feiten": {"toewijzingsdatum": "2022-01-01"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}),
		},
		"ingegaan in 2022": {
			"feiten": {"ingangsdatum": "2022-01-01"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}),
		},
		"ingegaan in 2021": {"feiten": {"ingangsdatum": "2021-12-31"}, "is": _zonder_meer},
		"ingegaan na het overgangsjaar": {
			"feiten": {"ingangsdatum": "2023-01-01"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}) - {"overeenkomst_duidelijk"},
		},
		"ingegaan op de laatste dag van het overgangsjaar": {
			"feiten": {"ingangsdatum": "2022-12-31"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}),
		},
		"na het overgangsjaar, raamovereenkomst bekend": {
			"feiten": {"ingangsdatum": "2023-01-01", "raamovereenkomst": "nieuw"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}),
		},
		"nieuw in top": {
			"feiten": {"handeling": "nieuw", "nieuw_of_verlenging": true, "segment": "top"},
			"is": (_zonder_meer | {"nieuw_verlenging_of_lopend", "toewijzing_top"}),
		},
		"nieuw in midden": {
			"feiten": {"handeling": "nieuw", "nieuw_of_verlenging": true, "segment": "midden"},
			"is": (_zonder_meer | {"nieuw_verlenging_of_lopend"}),
		},
		"nieuw in top na het overgangsjaar": {
			"feiten": {
				"handeling": "nieuw",
				"nieuw_of_verlenging": true,
				"segment": "top",
				"ingangsdatum": "2023-01-01",
			},
			"is": (_zonder_meer | {"nieuw_verlenging_of_lopend", "toegewezen_of_ingegaan"}) - {"overeenkomst_duidelijk"},
		},
		"lopend in top": {
			"feiten": {"handeling": "lopend", "segment": "top"},
			"is": (_zonder_meer | {"nieuw_verlenging_of_lopend"}),
		},
		"verlenging": {
			"feiten": {"handeling": "verlenging", "nieuw_of_verlenging": true},
			"is": (_zonder_meer | {"nieuw_verlenging_of_lopend"}),
		},
		"verkorting": {"feiten": {"handeling": "verkorting"}, "is": _zonder_meer},
		"declaratie": {"feiten": {"handeling": "declaratie"}, "is": _zonder_meer},
		"jeugd- en opvoedhulp": {
			"feiten": {"zorgvorm": "jeugd_en_opvoedhulp"},
			"is": (_zonder_meer | {"via_lokale_toegang"}),
		},
		"lvb": {"feiten": {"zorgvorm": "lvb"}, "is": (_zonder_meer | {"via_lokale_toegang"})},
		"ggz": {"feiten": {"zorgvorm": "ggz"}, "is": _zonder_meer},
		"afgestemd, gezinsplan onbekend": {"feiten": {"afgestemd": true}, "is": _zonder_meer},
		"niet afgestemd, gezinsplan geregeld": {"feiten": {"gezinsplan": "niet_nodig"}, "is": _zonder_meer},
		"afgestemd en gezinsplan geregeld": {
			"feiten": {"afgestemd": true, "gezinsplan": "afgesproken"},
			"is": _zonder_meer - {"niet_volledig_afgestemd"},
		},
		"medicatiecontrole in 2021": {
			"feiten": {"medicatiecontrole": "ja", "toewijzingsdatum": "2021-12-31", "ingangsdatum": "2021-12-31"},
			"is": _zonder_meer,
		},
		"medicatiecontrole, toegewezen in 2022": {
			"feiten": {"medicatiecontrole": "ja", "toewijzingsdatum": "2022-01-01", "ingangsdatum": "2021-12-31"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}) - {"geen_medicatie_nieuwe_stijl"},
		},
		"medicatiecontrole, ingegaan in 2022": {
			"feiten": {"medicatiecontrole": "ja", "toewijzingsdatum": "2021-12-31", "ingangsdatum": "2022-01-01"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}) - {"geen_medicatie_nieuwe_stijl"},
		},
		"geen medicatiecontrole in 2022": {
			"feiten": {"medicatiecontrole": "nee", "toewijzingsdatum": "2022-01-01"},
			"is": (_zonder_meer | {"toegewezen_of_ingegaan"}),
		},
	}
	_is == geval.is with input as _input(geval.feiten)
}

# What holds of a toewijzing of which nothing is known.
_zonder_meer := {
	"geen_medicatie_nieuwe_stijl",
	"geen_overname",
	"geen_uitzonderingsprofiel",
	"niet_volledig_afgestemd",
	"overeenkomst_duidelijk",
}

_uitzondering := (_zonder_meer | {"uitzonderingsprofiel"}) - {"geen_uitzonderingsprofiel"}

_is contains "minuten_bekend" if afspraken.minuten_bekend

_is contains "gewoon_profiel" if afspraken.gewoon_profiel

_is contains "geen_uitzonderingsprofiel" if afspraken.geen_uitzonderingsprofiel

_is contains "uitzonderingsprofiel" if afspraken.uitzonderingsprofiel

_is contains "overname" if afspraken.overname

_is contains "geen_overname" if afspraken.geen_overname

_is contains "overeenkomst_duidelijk" if afspraken.overeenkomst_duidelijk

_is contains "toewijzing_top" if afspraken.toewijzing_top

_is contains "nieuw_verlenging_of_lopend" if afspraken.nieuw_verlenging_of_lopend

_is contains "via_lokale_toegang" if afspraken.via_lokale_toegang

_is contains "niet_volledig_afgestemd" if afspraken.niet_volledig_afgestemd

_is contains "toegewezen_of_ingegaan" if afspraken.toegewezen_of_ingegaan("2022-01-01")

_is contains "geen_medicatie_nieuwe_stijl" if afspraken.geen_medicatie_nieuwe_stijl

# The facts of an empty toewijzing, but for these.
_input(feiten) := {"feiten": object.union(data.gegevens.feiten_standaard, feiten)}
