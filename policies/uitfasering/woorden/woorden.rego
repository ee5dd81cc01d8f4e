# METADATA
# title: Woorden
# description: >-
#   A finding as the officer reads it. The texts stand in data/; here only what differs per toewijzing
#   is filled in. Most findings have nothing to fill in and are handed over as they are.
package uitfasering.woorden

import data.uitfasering.afspraken
import data.uitfasering.voorstel

# METADATA
# title: Een fout in de invoer (A-00)
# description: Names the field and what belongs there, never what was sent.
fout(pad) := object.union(basis, {
	"tekst": strings.replace_n({"{veld}": naam}, basis.tekst),
	"oplossing": strings.replace_n({"{verwacht}": data.gegevens.verwacht[pad]}, basis.oplossing),
	"velden": [pad],
}) if {
	basis := data.gegevens.bevindingen.sjabloon["A-00"]
	naam := object.get({"": data.gegevens.teksten.toewijzing_als_geheel}, pad, pad)
}

# METADATA
# title: Een bevinding
# scope: document
# description: >-
#   Of an agreement that applies to input.feiten. `onderwerp` is the agreement that a B1-20 is about,
#   else "".
bevinding(regel, onderwerp) := _ingevuld(basis, regel, onderwerp) if {
	basis := _eigen(regel)
} else := b if {
	b := data.gegevens.bevindingen.vast[regel]
} else := b if {
	b := data.gegevens.bevindingen.per_gemeente[input.feiten.gemeente][regel]
} else := _ingevuld(basis, regel, onderwerp) if {
	basis := data.gegevens.bevindingen.sjabloon_per_gemeente[input.feiten.gemeente][regel]
} else := _ingevuld(data.gegevens.bevindingen.sjabloon[regel], regel, onderwerp)

# METADATA
# title: De bevindingen die zeggen waarom de brieven hier niet over gaan
# description: A-08 itself is not among them, so a finding that rests on a placeholder product says so.
buiten_de_brieven(gevonden, rang) := [_met_voorbeeld(bevinding(regel, onderwerp)) |
	some [r, regel, onderwerp] in gevonden
	r == rang
]

# A municipality that deviates has its own numbers in the texts.
_eigen(regel) := eigen.bevinding if {
	data.gegevens.afwijkende_gemeenten[input.feiten.gemeente]
	some eigen in data.gegevens.eigen_bevindingen[input.feiten.gemeente][regel]
	input.feiten.toewijzingsdatum >= eigen.periode_van
	input.feiten.toewijzingsdatum <= eigen.periode_tot
}

_met_voorbeeld(b) := object.union(b, {"tekst": concat(" ", [b.tekst, data.gegevens.teksten.voorbeeld])}) if {
	"A-08" in afspraken.van_toepassing
	some veld in b.velden
	startswith(veld, "product")
} else := b

_ingevuld(basis, regel, onderwerp) := object.union_n([basis, velden, teksten]) if {
	invulling := {concat("", ["{", naam, "}"]): waarde(naam, onderwerp) | some naam in data.gegevens.invullen[regel]}
	teksten := {veld: strings.replace_n(invulling, basis[veld]) |
		some veld in ["tekst", "oplossing"]
		is_string(basis[veld])
	}
	velden := object.get({"A-03": {"velden": afspraken.ontbreekt}}, regel, {})
}

# METADATA
# title: Wat op een open plek in een tekst komt
# scope: document
waarde("tot_en_met", _) := strings.replace_n(
	{"{datum}": _datum(voorstel.uiterste_einddatum)},
	data.gegevens.teksten.tot_en_met,
) if {
	voorstel.uiterste_einddatum != null
} else := ""

waarde("vervangende_code", _) := strings.replace_n(
	{"{code}": voorstel.vervangende_code},
	data.gegevens.teksten.met_vervangende_code,
) if {
	voorstel.vervangende_code != null
} else := data.gegevens.teksten.zonder_vervangende_code

waarde("ontbreekt", _) := concat(", ", [_ontbrekend(veld) | some veld in afspraken.ontbreekt])

waarde("afgeweken_regel", onderwerp) := onderwerp

waarde("bron", onderwerp) := concat(", ", {afwijking.bron |
	some afwijking in data.gegevens.varianten.toets[onderwerp]
	afspraken.geldt_voor(afwijking)
})

# An omvang in another unit is there, but does not help.
_ontbrekend("omvang") := data.gegevens.teksten.ontbreekt.omvang_niet_in_minuten if {
	input.feiten.eenheid != "onbekend"
} else := data.gegevens.teksten.ontbreekt.omvang

_ontbrekend(veld) := data.gegevens.teksten.ontbreekt[veld] if veld != "omvang"

_datum(datum) := sprintf("%d %s %s", [
	to_number(substring(datum, 8, 2)),
	data.gegevens.teksten.maanden[substring(datum, 5, 2)],
	substring(datum, 0, 4),
])
