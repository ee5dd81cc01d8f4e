package system.authz_test

import data.system.authz

test_mag[naam] if {
	some naam, verzoek in {
		"leeft hij, zonder token": {"path": ["health", "live"]},
		"is hij klaar, zonder token": {"path": ["health", "ready"]},
		"gezondheid, zonder token": {"path": ["health"]},
		"gezondheid van bundels en plugins": {
			"path": ["health"],
			"params": {"bundle": [""], "bundles": [""], "plugins": ["true"], "exclude-plugin": ["x", "y"]},
		},
		"gezondheid met een token dat niet bestaat": {"path": ["health"], "identity": "raad"},
		"metingen": {"path": ["metrics"], "identity": "meten"},
		"een besluit": _besluit,
		"besluiten": object.union(_besluit, {"path": ["v1", "data", "uitfasering", "besluiten"]}),
		"een besluit, met wat daarbij mag": object.union(_besluit, {"params": {
			"pretty": [""],
			"provenance": ["true"],
			"metrics": ["true", "false"],
			"strict-builtin-errors": ["true"],
		}}),
		"een besluit, met de kop waar het token in stond": object.union(
			_besluit,
			{"headers": {"Authorization": ["Bearer \tbeslissen"]}},
		),
		"een besluit met een token dat alles mag": object.union(_besluit, {"identity": "alles"}),
		"een afspraak als SQL": _sql,
		"een afspraak als SQL, met wat daarbij mag": object.union(_sql, {
			"params": {"pretty": [""], "metrics": [""]},
			"body": {
				"input": {},
				"unknowns": ["input.feiten"],
				"options": {
					"disableInlining": [],
					"targetDialects": ["sql+sqlite"],
					"targetSQLTableMappings": {},
				},
			},
		}),
		"wat er overblijft van een afspraak": _restant,
		"wat er overblijft van alle afspraken": _gevraagd("data.uitfasering.afspraken.van_toepassing[lid]"),
		"van een met een naam": _gevraagd(`data.uitfasering.afspraken.van_toepassing["B2-11"]`),
		"van een die waar is": _gevraagd("data.uitfasering.invoer.fouten == true"),
	}
	_antwoord(verzoek) == {"allowed": true}
}

test_mag_niet_met_token[naam] if {
	some naam, verzoek in object.union(_anders_gevraagd, {
		"metingen zonder dat recht": {"path": ["metrics"], "identity": "beslissen"},
		"metingen per stuk": {"path": ["metrics", "alloc_bytes"], "identity": "alles"},
		"metingen met een parameter": {"path": ["metrics"], "identity": "alles", "params": {"x": [""]}},
		"metingen sturen": {"path": ["metrics"], "identity": "alles", "method": "POST"},
		"iets anders van de gezondheid": {"path": ["health", "zelftest_fouten"], "identity": "alles"},
		"gezondheid met uitleg": {"path": ["health"], "identity": "alles", "params": {"explain": ["full"]}},
		"gezondheid sturen": {"path": ["health"], "identity": "alles", "method": "POST"},
		"de beginpagina": {"path": [""], "identity": "alles"},
		"niets": {"path": [], "identity": "alles"},
		"een besluit zonder dat recht": object.union(_besluit, {"identity": "vertalen"}),
		"een besluit met een token zonder rechten": object.union(_besluit, {"identity": "niets"}),
		"SQL zonder dat recht": object.union(_sql, {"identity": "beslissen"}),
		"een restant zonder dat recht": object.union(_restant, {"identity": "meten"}),
	})
	_antwoord(verzoek) == {
		"allowed": false,
		"reason": "this token may not ask this: see docs/sidecar.md, \"Who may ask what\"",
	}
}

_anders_gevraagd[naam] := object.union(verzoek, {"identity": "alles"}) if {
	some naam, verzoek in object.union_n([
		{$"besluit: {wat}": object.union(_besluit, anders) |
			some wat, anders in {
				"ophalen": {"method": "GET"},
				"vervangen": {"method": "PUT"},
				"veranderen": {"method": "PATCH"},
				"weghalen": {"method": "DELETE"},
				"een deel ervan": {"path": ["v1", "data", "uitfasering", "besluit", "uitkomst"]},
				"met een schuine streep erachter": {"path": ["v1", "data", "uitfasering", "besluit", ""]},
				"met een schuine streep te veel": {"path": ["", "v1", "data", "uitfasering", "besluit"]},
				"een schuine streep in een woord": {"path": ["v1", "data", "uitfasering/besluit"]},
				"in hoofdletters": {"path": ["V1", "DATA", "UITFASERING", "BESLUIT"]},
				"in de oude vorm": {"path": ["v0", "data", "uitfasering", "besluit"]},
				"wat erachter zit": {"path": ["v1", "data", "uitfasering", "feiten"]},
				"de tokens": {"path": ["v1", "data", "toegang"]},
				"alles": {"path": ["v1", "data"]},
				"met uitleg": {"params": {"explain": ["full"]}},
				"met uitleg die uit staat": {"params": {"explain": ["off"]}},
				"met metingen van de regels": {"params": {"instrument": ["true"]}},
				"met de namen van de regels": {"params": {"rule_labels": ["true"]}},
				"met een parameter met een hoofdletter": {"params": {"Pretty": [""]}},
				"met invoer in het adres": {"params": {"input": ["{}"]}},
			}
		},
		{$"SQL: {wat}": object.union(_sql, anders) |
			some wat, anders in {
				"ophalen": {"method": "GET"},
				"van de tokens": {"path": ["v1", "compile", "toegang", "tokens"]},
				"van wie wat mag": {"path": ["v1", "compile", "system", "authz", "allow"]},
				"van het hele pakket": {"path": ["v1", "compile", "uitfasering"]},
				"van alles": {"path": ["v1", "compile", ""]},
				"langs een omweg": {"path": ["v1", "compile", "uitfasering", "..", "toegang"]},
				"langs een lege naam": {"path": ["v1", "compile", "uitfasering", "", "toegang"]},
				"met een eigen vraag ernaast": {"body": {"query": "data.toegang"}},
				"met uitleg": {"params": {"explain": ["full"]}},
				"met provenance": {"params": {"provenance": ["true"]}},
				"met een regel die kolommen verbergt": {"body": {"options": {"maskRule": "data.toegang.tokens"}}},
				"met iets onbekends": {"body": {"snapshot": 1}},
			}
		},
		{$"restant: {wat}": object.union(_restant, anders) |
			some wat, anders in {
				"met wat niet vaststaat": {"body": {"options": {"nondeterministicBuiltins": true}}},
				"met opties die er geen zijn": {"body": {"options": "nondeterministicBuiltins"}},
				"met instrument": {"params": {"instrument": [""]}},
				"aan de API voor eigen vragen": {"path": ["v1", "query"]},
				"aan de API voor gegevens": {"path": ["v1", "data", "toegang"]},
			}
		},
		{$"restant van {vraag}": _gevraagd(vraag) |
			some vraag in [
				"data.toegang",
				"data.uitfasering",
				"data.uitfaseringen.x",
				"data",
				"data[x][y]",
				"data.system.authz.allow",
				"data.uitfasering[x]",
				"data.uitfasering.besluit; data.toegang",
				"data.uitfasering.besluit == data.toegang",
				"data.uitfasering.besluit\ndata.toegang",
				"data.uitfasering.besluit\n",
				"data.uitfasering.besluit with data.toegang as {}",
				"data.uitfasering.x[data.toegang.tokens[_].naam]",
				`data.uitfasering.x["a"]["b"]`,
				"[t | t := data.toegang]",
				"x := opa.runtime()",
				`http.send({"method": "get", "url": "http://127.0.0.1"})`,
				"not data.uitfasering.besluit",
				"",
				["data.uitfasering.besluit"],
				null,
			]
		},
		{
			"restant zonder vraag": {"method": "POST", "path": ["v1", "compile"], "body": {}},
			"restant zonder iets": {"method": "POST", "path": ["v1", "compile"]},
			"SQL zonder iets": object.filter(_sql, {"method", "path"}),
			"restant van een lijst": object.union(object.filter(_restant, {"method", "path"}), {"body": ["query"]}),
			"een vrije vraag": {"method": "POST", "path": ["v1", "query"], "body": {"query": "data.toegang"}},
			"de policies": {"path": ["v1", "policies"]},
			"een policy vervangen": {"path": ["v1", "policies", "x"], "method": "PUT"},
			"de configuratie": {"path": ["v1", "config"]},
			"de status": {"path": ["v1", "status"]},
			"het standaardbesluit": {"path": [""], "method": "POST"},
			"het geheugen": {"path": ["debug", "pprof", "heap"]},
		},
	])
}

test_zonder_geldig_token[naam] if {
	some naam, verzoek in {
		"geen": object.remove(_besluit, {"identity"}),
		"leeg": object.union(_besluit, {"identity": ""}),
		"een ander": object.union(_besluit, {"identity": "geraden"}),
		"het kenmerk van een token": object.union(_besluit, {"identity": crypto.sha256("alles")}),
		"met een spatie": object.union(_besluit, {"identity": "alles "}),
		"in hoofdletters": object.union(_besluit, {"identity": "ALLES"}),
		"niet in de kop Authorization": object.union(
			object.remove(_besluit, {"identity"}),
			{"headers": {"Cookie": ["alles"]}, "params": {"token": ["alles"]}},
		),
		"voor metingen": {"path": ["metrics"]},
		"voor een pad dat niet bestaat": {"path": ["iets"]},
	}
	_antwoord(verzoek) == _geen_token
}

# With a client's certificate the identity is the name in it; then the token is in the header.
test_met_certificaat[naam] if {
	some naam, geval in {
		"en token": {"koppen": {"Authorization": ["Bearer beslissen"]}, "mag": {"allowed": true}},
		"zonder token": {"koppen": {}, "mag": _geen_token},
		"met een ander token": {"koppen": {"Authorization": ["Bearer geraden"]}, "mag": _geen_token},
		"met een leeg token": {"koppen": {"Authorization": ["Bearer "]}, "mag": _geen_token},
		"met een wachtwoord": {"koppen": {"Authorization": ["Digest beslissen"]}, "mag": _geen_token},
		"alleen het eerste telt": {
			"koppen": {"Authorization": ["Bearer geraden", "Bearer beslissen"]},
			"mag": _geen_token,
		},
	}
	_antwoord(object.union(_besluit, {
		"identity": "beslissen", # a certificate named as a token gives nothing
		"client_certificates": [{}],
		"headers": geval.koppen,
	})) == geval.mag
}

# Before the bundle with the tokens is there, or with one that has none.
test_zonder_tokens[naam] if {
	some naam, toegang in {"leeg": {}, "geen tokens": {"tokens": {}}}
	answer := authz.allow with input as _besluit with data.toegang as toegang
	answer == _geen_token
}

_antwoord(verzoek) := antwoord if {
	antwoord := authz.allow with input as object.union({"method": "GET", "params": {}, "headers": {}}, verzoek)
		with data.toegang as _toegang
}

_geen_token := {"allowed": false, "reason": "no token, or not a valid one"}

# Here the token is the name; in use it is random.
_toegang := {"tokens": {crypto.sha256(naam): {"naam": naam, "rechten": rechten} |
	some naam, rechten in {
		"alles": ["besluit", "compile", "metrics"],
		"beslissen": ["besluit"],
		"vertalen": ["compile"],
		"meten": ["metrics"],
		"niets": [],
	}
}}

_besluit := {
	"method": "POST",
	"path": ["v1", "data", "uitfasering", "besluit"],
	"params": {},
	"headers": {},
	"identity": "beslissen",
	"body": {"input": {}},
}

_sql := {
	"method": "POST",
	"path": ["v1", "compile", "uitfasering", "afspraken", "van_toepassing", "B2-11"],
	"identity": "vertalen",
	"body": {"unknowns": ["input.feiten"]},
}

_restant := _gevraagd("data.uitfasering.afspraken.van_toepassing")

_gevraagd(vraag) := {
	"method": "POST",
	"path": ["v1", "compile"],
	"identity": "vertalen",
	"body": {"query": vraag, "unknowns": ["input.feiten"]},
}
