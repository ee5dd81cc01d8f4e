# METADATA
# title: Wat het logboek van besluiten onthoudt
# description: >-
#   OPA asks this of every decision it is about to log; input is that event. An allow-list: what is
#   not named here does not get into the log (docs/logboek.md).
package system.log

# METADATA
# title: Of iets niet in het logboek komt
# description: >-
#   Only a besluit does, in an event of which every part is known: a path, a query, an error or a
#   header may hold anything. Undefined would mean that it does. An answer without a besluit (an empty
#   batch) is none.
# scope: document
default drop := true

drop := false if {
	_vraag
	is_object(input.result)
	input.result != {}
	object.keys(input) - _delen == set()
	object.keys(data.gegevens.gelogd) == {"besluit", "bevinding", "toewijzing"} # without, mask would mask nothing
}

# METADATA
# title: Wat er in het logboek komt in plaats van vraag en antwoord
# description: >-
#   The contract's fields of a valid toewijzing and of its besluit. What is not valid may hold anything
#   in any field: it becomes null, and the besluit names the fields. The toewijzingen of a batch get
#   their place, from 1, in the order of the kenmerken; a kenmerk may be a BSN.
# scope: document
mask contains {"op": "upsert", "path": "/input", "value": _toewijzing(input.input, input.result)} if {
	_vraag == "besluit"
}

mask contains {"op": "upsert", "path": "/result", "value": _besluit(input.result)} if {
	_vraag == "besluit"
}

mask contains {"op": "upsert", "path": "/input", "value": {"toewijzingen": toewijzingen}} if {
	_vraag == "besluiten"
	toewijzingen := {_volgnummer(plaats): _toewijzing(toewijzing, input.result[kenmerk]) |
		some plaats, kenmerk in _kenmerken
		toewijzing := object.get(input, ["input", "toewijzingen", kenmerk], null)
	}
}

mask contains {"op": "upsert", "path": "/result", "value": besluiten} if {
	_vraag == "besluiten"
	besluiten := {_volgnummer(plaats): _besluit(input.result[kenmerk]) | some plaats, kenmerk in _kenmerken}
}

# OPA gives the path as it was sent, so perhaps with a % in it.
_vraag := {
	"uitfasering/besluit": "besluit",
	"uitfasering/besluiten": "besluiten",
}[urlquery.decode(input.path)]

# Of these only input and result come from who asked.
_delen := {
	"bundles",
	"decision_id",
	"input",
	"labels",
	"metrics",
	"path",
	"req_id",
	"requested_by",
	"result",
	"rule_labels",
	"timestamp",
}

_kenmerken := sort(object.keys(input.result))

_volgnummer(plaats) := sprintf("%d", [plaats + 1])

# Valid means these fields and no others, so this takes nothing away as long as A-00 is right.
_toewijzing(toewijzing, besluit) := json.filter(toewijzing, data.gegevens.gelogd.toewijzing) if {
	besluit.uitkomst != data.gegevens.uitkomsten[data.gegevens.rangen.regels["A-00"]]
} else := null

_besluit(besluit) := object.union(
	object.filter(besluit, data.gegevens.gelogd.besluit),
	{"bevindingen": [_bevinding(bevinding) | some bevinding in besluit.bevindingen]},
)

_bevinding(bevinding) := object.filter(bevinding, data.gegevens.gelogd.bevinding)
