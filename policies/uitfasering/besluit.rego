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
besluit := _ongeldig(invoer.fouten) if {
	count(invoer.schemafouten) > 0
} else := _ongeldig(_uitslag.fouten) if {
	count(_uitslag.fouten) > 0
} else := _buiten if {
	_zwaarste == data.gegevens.rangen.niet_van_toepassing
} else := {
	"uitkomst": data.gegevens.uitkomsten[_zwaarste],
	"bevindingen": _in_woorden(_gevonden),
	"ontbreekt": _uitslag.ontbreekt,
	"uiterste_einddatum": _uitslag.uiterste_einddatum,
	"voorstel": _uitslag.voorstel,
	"voorlopig": "B2-12a" in _uitslag.regels,
	"herkomst": herkomst,
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

# One `with`: everything that is asked of the facts, asked at once.
_uitslag := uitslag if {
	uitslag := {
		"fouten": invoer.tussen_velden,
		"regels": afspraken.van_toepassing,
		"ontbreekt": afspraken.ontbreekt,
		"uiterste_einddatum": voorstel.uiterste_einddatum,
		"vervangende_code": voorstel.vervangende_code,
		"voorstel": voorstel.voorstel,
	} with input as {"feiten": feiten.rij}
}

# Rank, regel, and what it is about where one regel can be found more than once. Sets are sorted.
_gevonden := {[data.gegevens.rangen.regels[regel], regel, ""] | some regel in _uitslag.regels} | _afgeweken

_afgeweken := {[data.gegevens.rangen.regels["B1-20"], "B1-20", regel] |
	some regel in _uitslag_toets
	data.gegevens.varianten.toets[regel]
}

# B1-20: asked only where this municipality deviates from anything.
_uitslag_toets := regels if {
	data.gegevens.afwijkende_gemeenten[input.gemeente]
	regels := afspraken.van_toepassing with input as {"feiten": feiten.rij, "toets": true}
} else := set()

_zwaarste := min({rang | some [rang, _, _] in _gevonden} | {data.gegevens.rangen.toegestaan})

_ongeldig(fouten) := {
	"uitkomst": data.gegevens.uitkomsten[data.gegevens.rangen.regels["A-00"]],
	"bevindingen": [woorden.fout(pad) | some pad in fouten],
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": null,
	"voorlopig": false,
	"herkomst": herkomst,
}

# Outside these agreements: only the findings that say why.
_buiten := {
	"uitkomst": data.gegevens.uitkomsten[_zwaarste],
	"bevindingen": _in_woorden({gevonden | some gevonden in _gevonden; gevonden[0] == _zwaarste}),
	"ontbreekt": [],
	"uiterste_einddatum": null,
	"voorstel": null,
	"voorlopig": false,
	"herkomst": herkomst,
}

_in_woorden(gevonden) := [woorden.bevinding(regel, onderwerp, feiten.rij, _uitslag) |
	some [_, regel, onderwerp] in gevonden
]
