# METADATA
# title: Besluit
# description: >-
#   The two entry points. Weighs what the agreements found and puts it in words; decides nothing
#   itself. Every besluit is defined, whatever the input (contract §1).
package uitfasering

import data.uitfasering.afspraken
import data.uitfasering.feiten
import data.uitfasering.invoer
import data.uitfasering.voorstel
import data.uitfasering.woorden

# METADATA
# title: Eén besluit
# description: Input is one toewijzing (schemas/toewijzing.json), the result one besluit (schemas/besluit.json).
# entrypoint: true
# scope: document
besluit := _ongeldig(invoer.fouten) if {
	count(invoer.schemafouten) > 0
} else := b if {
	# One `with` on one rule: OPA repeats a `with` for each part of an expression, and forgets
	# what it had found before.
	b := _beoordeeld with input as {"feiten": feiten.rij}
}

# METADATA
# title: Een besluit per kenmerk
# description: Input is toewijzingen by kenmerk; the result has the same keys, always all of them.
# entrypoint: true
# scope: document
besluiten := {kenmerk: b |
	some kenmerk, toewijzing in input.toewijzingen
	b := besluit with input as toewijzing
} if {
	is_object(input.toewijzingen)
} else := {"": _ongeldig({""})}

# METADATA
# title: De revisie van de bundel die antwoordt
# scope: document
default herkomst := "onbekend"

herkomst := data.gegevens.revisie

# From here on input is {"feiten": …}.

_beoordeeld := _ongeldig(invoer.tussen_velden) if {
	count(invoer.tussen_velden) > 0
} else := _zonder_meer(_zwaarste, woorden.buiten_de_brieven(_gevonden, _zwaarste)) if {
	_zwaarste == data.gegevens.rangen.niet_van_toepassing
} else := {
	"uitkomst": data.gegevens.uitkomsten[_zwaarste],
	"bevindingen": [woorden.bevinding(regel, onderwerp) | some [_, regel, onderwerp] in _gevonden],
	"ontbreekt": afspraken.ontbreekt,
	"uiterste_einddatum": voorstel.uiterste_einddatum,
	"voorstel": voorstel.voorstel,
	"voorlopig": "B2-12a" in afspraken.van_toepassing,
	"herkomst": herkomst,
}

# Rank, regel, and - where one regel can be found more than once - what it is about. Sets are sorted.
_gevonden := {[data.gegevens.rangen.regels[regel], regel, ""] | some regel in afspraken.van_toepassing} | _afgeweken

default _afgeweken := set()

# B1-20: asked only where this municipality deviates from anything.
_afgeweken := {[data.gegevens.rangen.regels["B1-20"], "B1-20", regel] |
	some regel in (in_het_spel | _van_de_einddatum)
	data.gegevens.varianten.toets[regel]
} if {
	data.gegevens.afwijkende_gemeenten[input.feiten.gemeente]
	in_het_spel := afspraken.van_toepassing with input as {"feiten": input.feiten, "tabel": "toets"}
}

default _van_de_einddatum := set()

# The last end date and whether a reason is missing rest on B1-15 and B1-16, also where neither applies.
_van_de_einddatum := regels if {
	regio := _grens with input as {"feiten": input.feiten, "tabel": "regio"}
	regio != _grens
	regels := voorstel.bepaalt_einddatum with input as {"feiten": input.feiten, "tabel": "toets"}
}

_grens := [voorstel.uiterste_einddatum, afspraken.ontbreekt]

# ADVIES and INFO rank below TOEGESTAAN, so they never change the uitkomst.
_zwaarste := min({rang | some [rang, _, _] in _gevonden} | {data.gegevens.rangen.toegestaan})

_ongeldig(fouten) := _zonder_meer(data.gegevens.rangen.regels["A-00"], [woorden.fout(pad) | some pad in fouten])

# A besluit that only says why nothing else was judged.
_zonder_meer(rang, bevindingen) := {
	"uitkomst": data.gegevens.uitkomsten[rang],
	"bevindingen": bevindingen,
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": null,
	"voorlopig": false,
	"herkomst": herkomst,
}
