package system.health_test

import data.system.health

test_leeft if health.live

test_klaar[naam] if {
	some naam, geval in {
		"bundels actief": {},
		"zonder bundelplugin": {"plugins": {}},
		"een enkele zelftest": {"zelftest": {"leeg": _leeg}},
		"de revisie wordt verwacht": {"toegang": {"revisies": ["r0", "r1"]}},
	}
	_klaar(geval)
}

test_niet_klaar[naam] if {
	some naam, geval in {
		"bundels nog niet actief": {"plugins": {"bundle": "NOT_READY"}},
		"bundels met een fout": {"plugins": {"bundle": "ERROR"}},
		"een andere revisie wordt verwacht": {"toegang": {"revisies": ["r0", "r2"]}},
		"geen revisie wordt verwacht": {"toegang": {"revisies": []}},
		"een bundel zonder revisie": {"revisie": null, "toegang": {"revisies": ["r1"]}},
		"geen zelftest": {"zelftest": {}},
		"een zelftest krijgt een ander antwoord": {"zelftest": object.union(_zelftest, {"fout": _fout})},
	}
	not _klaar(geval)
}

# Defined, also when it says no.
test_niet_klaar_zonder_gegevens if {
	health.ready == false with input as {"plugin_state": {"bundle": "OK"}}
		with data.gegevens as {}
		with data.toegang as {}
}

test_zonder_revisie_is_geen_antwoord_goed if {
	health.zelftest_fouten == object.keys(_zelftest) with data.gegevens as object.union(
		object.remove(data.gegevens, {"revisie", "zelftest"}),
		{"zelftest": _zelftest},
	)
}

test_zelftest[naam] if {
	some naam, geval in {
		"goed": {"zelftest": _zelftest, "fouten": set()},
		"een andere uitkomst": {
			"zelftest": {"a": object.union(_leeg, {"uitkomst": "TOEGESTAAN"}), "b": _leeg},
			"fouten": {"a"},
		},
		"een andere regel": {
			"zelftest": {"a": object.union(_leeg, {"regels": ["A-01"]}), "b": _leeg},
			"fouten": {"a"},
		},
		"een regel te veel": {
			"zelftest": {"a": object.union(_leeg, {"regels": ["A-00", "A-01"]}), "b": _fout},
			"fouten": {"a", "b"},
		},
		"een regel te weinig": {
			"zelftest": {"a": object.union(_leeg, {"regels": []})},
			"fouten": {"a"},
		},
	}
	health.zelftest_fouten == geval.fouten with data.gegevens.zelftest as geval.zelftest
}

# The shipped tests, on the shipped tables.
test_zelftest_van_dit_project if {
	health.zelftest_fouten == set()
	count(data.gegevens.zelftest) > 1
}

_klaar(geval) if {
	health.ready with input as {"plugin_state": object.get(geval, "plugins", {"bundle": "OK", "status": "NOT_READY"})}
		with data.gegevens.zelftest as object.get(geval, "zelftest", _zelftest)
		with data.gegevens.revisie as object.get(geval, "revisie", "r1")
		with data.toegang as object.get(geval, "toegang", {})
}

_zelftest := {"leeg": _leeg, "buiten de regio": {
	"toewijzing": {
		"handeling": "nieuw",
		"gemeente": "9999",
		"toewijzingsdatum": "2021-05-01",
		"ingangsdatum": "2021-05-01",
		"product": {"segment": "top"},
	},
	"uitkomst": "NIET_VAN_TOEPASSING",
	"regels": ["A-01"],
}}

_leeg := {"toewijzing": {}, "uitkomst": "ONGELDIGE_INVOER", "regels": ["A-00"]}

_fout := object.union(_leeg, {"uitkomst": "TOEGESTAAN"})
