# METADATA
# title: De gevallen uit tests/gevallen
# description: >-
#   The YAML cases are the tests of the agreements. OPA walks them here, so that they count for its
#   coverage; pytest asks them over HTTP and shows a difference side by side. maak_gevallen.py writes
#   data.gevallen - the cases, grouped by the tables that they are asked on.
package gevallen_test

import data.uitfasering

# One test case for each, so that OPA names the ones that fail.
test_geval[kenmerk] if {
	some groep in data.gevallen.groepen
	toewijzingen := {naam: geval.toewijzing | some naam, geval in groep.gevallen}
	besluiten := uitfasering.besluiten with input as {"toewijzingen": toewijzingen}
		with data.gegevens as groep.gegevens
	some kenmerk, geval in groep.gevallen
	_wijkt_af(geval.verwacht, _zoals_verstuurd(besluiten[kenmerk])) == set()
}

# What a case expects and did not get; a word that is not known here is never right.
_wijkt_af(verwacht, besluit) := {woord |
	some woord, waarde in verwacht
	not _klopt(woord, waarde, besluit)
}

_klopt("regels", regels, besluit) if {r | some r in regels} - _gevonden(besluit) == set()

_klopt("niet", regels, besluit) if {r | some r in regels} & _gevonden(besluit) == set()

_klopt("foutvelden", velden, besluit) if {
	sort(velden) == sort([concat(",", bevinding.velden) | some bevinding in besluit.bevindingen])
}

_klopt(woord, waarde, besluit) if besluit[woord] == waarde

_gevonden(besluit) := {bevinding.regel | some bevinding in besluit.bevindingen}

# Sets become lists.
_zoals_verstuurd(besluit) := json.unmarshal(json.marshal(besluit))
