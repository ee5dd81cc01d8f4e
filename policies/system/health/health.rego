# METADATA
# title: Gezondheid
# description: GET /health/live and GET /health/ready (docs/sidecar.md).
package system.health

import data.uitfasering

# METADATA
# title: OPA kan regels uitvoeren
# scope: document
live := true

# METADATA
# title: De bundels zijn actief, de revisie is verwacht en de zelftest is goed
# description: Input is what OPA knows of its plugins, plugin_state.
# scope: document
default ready := false

ready if {
	not _bundels_niet_actief
	_verwacht
	count(data.gegevens.zelftest) > 0
	zelftest_fouten == set()
}

# METADATA
# title: De zelftests waarvan het antwoord anders is dan het hoort
# scope: document
zelftest_fouten := {naam |
	some naam, test in data.gegevens.zelftest
	not _goed(test)
}

_goed(test) if {
	besluit := uitfasering.besluit with input as test.toewijzing
	besluit.uitkomst == test.uitkomst
	{bevinding.regel | some bevinding in besluit.bevindingen} == {regel | some regel in test.regels}
	besluit.herkomst == data.gegevens.revisie
}

# Started with files (opa run --bundle) there is no such plugin: then OPA has them or has not started.
_bundels_niet_actief if input.plugin_state.bundle != "OK"

# The operator's guard against an older bundle with a right signature (docs/veiligheid.md).
_verwacht if not data.toegang.revisies

_verwacht if uitfasering.herkomst in data.toegang.revisies
