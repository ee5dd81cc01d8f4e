package system.log_test

import data.system.log

test_een_besluit if {
	_in_het_log(_besluit) == {
		"input": _toewijzing,
		"result": object.union(_antwoord, {"bevindingen": [_bevinding]}),
	}
}

test_ook_dit_komt_in_het_log[naam] if {
	some naam, event in {
		"de kortste": object.filter(_besluit, {"path", "result"}),
		"zonder input": object.remove(_besluit, {"input"}),
		"met input null": _met(_besluit, {"input": null}),
		"met alles wat OPA ervan weet": _met(_besluit, {
			"bundles": {"uitfasering": {"revision": "r1"}},
			"labels": {"id": "x", "version": "1.22.2"},
			"metrics": {"timer_rego_query_eval_ns": 1},
			"req_id": 7,
			"requested_by": "127.0.0.1:1",
			"rule_labels": [{"id": "x"}],
			"timestamp": "2026-01-01T00:00:00Z",
		}),
		"een letter als %xx": _met(_besluit, {"path": "uitfasering/%62eslui%74"}),
		"een batch": _besluiten,
		"een batch, een letter als %xx": _met(_besluiten, {"path": "uitfasering/beslui%74en"}),
	}
	not _weg(event)
}

test_dit_komt_niet_in_het_log[naam] if {
	some naam, event in object.union_n([
		{$"onbekend deel: {deel}": _met(_besluit, {deel: "x"}) |
			some deel in [
				"batch_decision_id",
				"custom",
				"erased",
				"error",
				"intermediate_results",
				"mapped_result",
				"masked",
				"nd_builtin_cache",
				"query",
				"request_context",
				"revision",
				"span_id",
				"trace_id",
				"van een volgende OPA",
			]
		},
		{$"batch met onbekend deel: {deel}": _met(_besluiten, {deel: "x"}) |
			some deel in ["custom", "error"]
		},
		{$"ander pad: {pad}": _met(_besluit, {"path": pad}) |
			some pad in [
				"",
				"999990019",
				"uitfasering",
				"uitfasering/besluit/uitkomst",
				"uitfasering/besluit/",
				"/uitfasering/besluit",
				"uitfasering/Besluit",
				"uitfasering/%2562esluit",
				"uitfasering/beslui%zz",
				"uitfasering/besluit%20",
				"uitfasering/feiten/rij",
				"toegang/tokens",
				null,
			]
		},
		{$"{naam} als antwoord": _met(_besluit, {"result": antwoord}) |
			some naam, antwoord in {
				"niets": {},
				"null": null,
				"een tekst": "999990019",
				"een lijst": [_antwoord],
				"waar": true,
			}
		},
		{
			"geen antwoord": object.remove(_besluit, {"result"}),
			"geen pad": object.remove(_besluit, {"path"}),
			"een lege batch": _met(_besluiten, {"result": {}}),
			"niets": {},
		},
	])
	_weg(event)
}

# Every field there is goes in, at every depth, and nothing beside them.
test_elk_veld_van_een_toewijzing if {
	velden := data.gegevens.schemas.toewijzing.properties
	alles := {naam: waarde |
		some naam, veld in velden
		waarde := object.get(
			{naam: {deel: deel | some deel, _ in veld.properties} | veld.properties},
			naam,
			concat("-", ["bij", naam]),
		)
	}
	count(alles) > 15
	count(alles.product) > 5
	deels := {naam: object.union(waarde, {"bsn": "999990019"}) |
		some naam, waarde in alles
		is_object(waarde)
	}
	event := _met(_besluit, {"input": object.union_n([alles, deels, {"Fladderman": "999990019"}])})
	_in_het_log(event).input == alles
}

test_geen_veld_te_veel_van_een_besluit if {
	meer := {"bsn": "999990019", "Fladderman": {"bsn": "999990019"}}
	bevinding := object.union(_bevinding, meer)
	antwoord := object.union_n([_antwoord, meer, {"bevindingen": [bevinding, bevinding]}])
	verwacht := object.union(_antwoord, {"bevindingen": [_bevinding, _bevinding]})
	_in_het_log(_met(_besluit, {"result": antwoord})).result == verwacht
	event := _met(_besluiten, {"result": {"999990019": antwoord}})
	_in_het_log(event).result == {"1": verwacht}
}

# What is not valid may hold anything in any field. That it was asked is logged, and what was answered.
test_van_een_ongeldige_toewijzing_niets[naam] if {
	some naam, toewijzing in _ongeldig
	_in_het_log(_met(_besluit, {"input": toewijzing, "result": _ongeldige_invoer})) == {
		"input": null,
		"result": _ongeldige_invoer,
	}
}

test_van_een_ongeldige_toewijzing_in_een_batch_niets[naam] if {
	some naam, toewijzing in _ongeldig
	event := {
		"path": "uitfasering/besluiten",
		"input": {"toewijzingen": {"b": _toewijzing, "a": toewijzing}},
		"result": {"b": _antwoord, "a": _ongeldige_invoer},
	}
	_in_het_log(event) == {
		"input": {"toewijzingen": {"1": null, "2": _toewijzing}},
		"result": {"1": _ongeldige_invoer, "2": object.union(_antwoord, {"bevindingen": [_bevinding]})},
	}
}

# Also when the besluit says that it is valid: then something is wrong, and that is no reason.
test_wat_geen_toewijzing_is_komt_er_nooit_in[naam] if {
	some naam, toewijzing in {"tekst": "999990019", "getal": 999990019, "lijst": [_toewijzing], "niets": null}
	_in_het_log(_met(_besluit, {"input": toewijzing})).input == null
}

# By code point: not as numbers, not as a dictionary would.
test_volgnummers_van_een_batch if {
	in_volgorde := ["", " 1", "10", "2", "999990019", "Z", "a", "ab", "é", "￿", "😀"]
	toewijzingen := {kenmerk: object.union(_toewijzing, {"gemeente": kenmerk}) | some kenmerk in in_volgorde}
	antwoorden := {kenmerk: object.union(_antwoord, {"herkomst": kenmerk}) | some kenmerk in in_volgorde}
	gelogd := _in_het_log({
		"path": "uitfasering/besluiten",
		"input": {"toewijzingen": toewijzingen, "Fladderman": "999990019"},
		"result": antwoorden,
	})
	object.keys(gelogd.input) == {"toewijzingen"}
	{nummer: t.gemeente | some nummer, t in gelogd.input.toewijzingen} == _genummerd(in_volgorde)
	{nummer: b.herkomst | some nummer, b in gelogd.result} == _genummerd(in_volgorde)
}

# Then there is one besluit, that says so.
test_batch_zonder_toewijzingen[naam] if {
	some naam, gevraagd in {
		"niets": null,
		"een tekst": "999990019",
		"een lijst": ["999990019"],
		"zonder toewijzingen": {"999990019": _toewijzing},
		"een lijst van toewijzingen": {"toewijzingen": [_toewijzing]},
		"een tekst als toewijzingen": {"toewijzingen": "999990019"},
	}
	event := {"path": "uitfasering/besluiten", "input": gevraagd, "result": {"": _ongeldige_invoer}}
	_in_het_log(event) == {"input": {"toewijzingen": {"1": null}}, "result": {"1": _ongeldige_invoer}}
}

# A toewijzing that has no besluit, or a besluit without a toewijzing: there are as many as besluiten.
test_batch_die_niet_klopt if {
	event := {
		"path": "uitfasering/besluiten",
		"input": {"toewijzingen": {"a": _toewijzing, "999990019": _toewijzing}},
		"result": {"a": _antwoord, "b": _antwoord},
	}
	_in_het_log(event).input == {"toewijzingen": {"1": _toewijzing, "2": null}}
}

# A bundle in which something is missing must not log more than one that is whole.
test_zonder_gegevens_komt_er_niets_in[naam] if {
	some naam, gegevens in {
		"geen": {},
		"geen velden": object.remove(data.gegevens, {"gelogd"}),
		"geen velden van een toewijzing": _zonder("toewijzing"),
		"geen velden van een besluit": _zonder("besluit"),
		"geen velden van een bevinding": _zonder("bevinding"),
	}
	every event in [_besluit, _besluiten] {
		_weg(event) with data.gegevens as gegevens
	}
}

test_zonder_rang_van_a_00_is_niets_geldig[naam] if {
	some naam in ["rangen", "uitkomsten"]
	gelogd := _in_het_log(_besluit) with data.gegevens as object.remove(data.gegevens, {naam})
	gelogd.input == null
}

# What another path gives has no mask: it is dropped.
test_geen_masker_van_iets_anders if {
	log.mask == set() with input as _met(_besluit, {"path": "uitfasering/feiten"})
}

_weg(event) if {
	weg := log.drop with input as event
	weg == true
}

# What OPA makes of it: the whole of input and result is replaced.
_in_het_log(event) := {deel: waarde |
	some deel in ["input", "result"]
	some {"op": "upsert", "path": pad, "value": waarde} in maskers
	pad == concat("/", ["", deel])
} if {
	maskers := log.mask with input as event
	count(maskers) == 2
	not _weg(event)
}

_met(event, delen) := object.union(object.remove(event, object.keys(delen)), delen)

_genummerd(kenmerken) := {sprintf("%d", [plaats + 1]): kenmerk | some plaats, kenmerk in kenmerken}

_zonder(naam) := json.patch(data.gegevens, [{"op": "remove", "path": ["gelogd", naam]}])

_ongeldig := {
	"een veld te veel": object.union(_toewijzing, {"bsn": "999990019"}),
	"een veld met iets anders": object.union(_toewijzing, {"gemeente": "999990019"}),
	"een tekst": "999990019",
	"een getal": 999990019,
	"een lijst": ["999990019"],
	"niets": null,
	"een lege": {},
}

_besluit := {"decision_id": "d1", "path": "uitfasering/besluit", "input": _toewijzing, "result": _antwoord}

_besluiten := {
	"decision_id": "d2",
	"path": "uitfasering/besluiten",
	"input": {"toewijzingen": {"999990019": _toewijzing}},
	"result": {"999990019": _antwoord},
}

_toewijzing := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"product": {"segment": "top"},
	"omvang": {"volume": 1, "eenheid": "16", "frequentie": "2"},
}

_antwoord := {
	"uitkomst": "TOEGESTAAN",
	"bevindingen": [_bevinding],
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": {"einddatum": "2021-12-14"},
	"voorlopig": false,
	"herkomst": "r1",
}

_bevinding := {
	"regel": "B1-05",
	"gevolg": "ADVIES",
	"norm": "advies",
	"geadresseerde": "gemeente",
	"tekst": "t",
	"citaat": "c",
	"brief": "2021-05-06",
	"lezing": null,
	"oplossing": null,
	"velden": ["product.segment"],
}

_ongeldige_invoer := object.union(_antwoord, {"uitkomst": "ONGELDIGE_INVOER", "bevindingen": []})
