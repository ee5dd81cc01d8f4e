# METADATA
# title: Wie mag wat vragen
# description: >-
#   OPA asks this before every request, on both its ports (--authorization=basic). What is not
#   allowed here in so many words, is refused. Rights stand in data.toegang, a bundle of its own
#   (docs/sidecar.md); the token itself is nowhere, only its SHA-256.
package system.authz

# METADATA
# title: Of dit verzoek mag, en zo niet waarom
# description: Input is OPA's description of the request (docs/sidecar.md, "Who may ask what").
# entrypoint: true
# scope: document
allow := {"allowed": true} if {
	_mag
} else := {"allowed": false, "reason": "no token, or not a valid one"} if {
	not _houder
} else := {"allowed": false, "reason": "this token may not ask this: see docs/sidecar.md, \"Who may ask what\""}

# Health says yes or no, and to whoever asks.
_mag if {
	input.method == "GET"
	input.path in {["health"], ["health", "live"], ["health", "ready"]}
	_alleen({"bundle", "bundles", "plugins", "exclude-plugin"})
}

_mag if {
	input.method == "GET"
	input.path == ["metrics"]
	"metrics" in _houder.rechten
	_alleen(set())
}

# Not explain or instrument: they show the policies at work.
_mag if {
	input.method == "POST"
	input.path in {["v1", "data", "uitfasering", "besluit"], ["v1", "data", "uitfasering", "besluiten"]}
	"besluit" in _houder.rechten
	_alleen({"pretty", "provenance", "metrics", "strict-builtin-errors"})
}

# The Compile API, and of that what reads the agreements and nothing else: not the tokens, and no
# Rego of the caller's own.
_mag if {
	input.method == "POST"
	"compile" in _houder.rechten
	_alleen({"pretty", "metrics"})
	_over_de_afspraken
	object.keys(input.body) - {"query", "unknowns", "input", "options"} == set()
	object.keys(object.get(input.body, "options", {})) - {
		"disableInlining",
		"targetDialects",
		"targetSQLTableMappings",
	} == set()
}

_over_de_afspraken if {
	input.path == ["v1", "compile"]
	regex.match(`^data\.uitfasering(\.[a-z_]+)+(\[([a-z_]+|"[A-Za-z0-9_.-]+")\])?( == true)?$`, input.body.query)
}

_over_de_afspraken if {
	regex.match(`^v1/compile/uitfasering(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$`, concat("/", input.path))
	not "query" in object.keys(input.body)
}

_alleen(namen) if object.keys(input.params) - namen == set()

_houder := data.toegang.tokens[crypto.sha256(_token)]

_token := input.identity if not input.client_certificates

# With --authentication=tls OPA gives the name in the client's certificate for an identity. The
# certificate opens the door; who is inside still shows a token.
_token := substring(input.headers.Authorization[0], count("Bearer "), -1) if {
	input.client_certificates
	startswith(input.headers.Authorization[0], "Bearer ")
}
