# METADATA
# title: De gevallen uit tests/gevallen
# description: >-
#   The YAML cases are the tests of the agreements; here OPA walks them itself, so that they count for
#   its coverage. pytest runs them over HTTP and shows a difference side by side. maak_gevallen.py
#   writes data.gevallen: the cases by the tables that they are asked on.
package uitfasering.gevallen_test

import data.uitfasering

test_geval[kenmerk] if {
	some groep in data.gevallen.groepen
	toewijzingen := {naam: geval.toewijzing | some naam, geval in groep.gevallen}
	besluiten := uitfasering.besluiten with input as {"toewijzingen": toewijzingen}
		with data.gegevens as groep.gegevens
	some kenmerk, geval in groep.gevallen
	_verschillen(geval.verwacht, besluiten[kenmerk]) == {}
}
