# METADATA
# title: Woorden
# description: >-
#   A finding as the officer reads it. The texts stand in data/; here only what differs per toewijzing
#   is filled in. Most findings have nothing to fill in and are handed over as they are.
package uitfasering.woorden

# METADATA
# title: Een fout in de invoer (A-00)
# description: Names the field and what belongs there, never what was sent.
fout(pad) := object.union(basis, {
	"tekst": strings.replace_n({"{veld}": naam}, basis.tekst),
	"oplossing": strings.replace_n({"{verwacht}": data.gegevens.verwacht[pad]}, basis.oplossing),
	"velden": [pad],
}) if {
	basis := data.gegevens.bevindingen["A-00"]
	naam := object.get({"": data.gegevens.teksten.toewijzing_als_geheel}, pad, pad)
}

# METADATA
# title: Een bevinding
# scope: document
# description: >-
#   `onderwerp` is the agreement that a B1-20 is about, else "". `uitslag` is what the agreements
#   found; see besluit.rego.
bevinding(regel, onderwerp, feiten, uitslag) := b if {
	data.gegevens.sjablonen[regel]
	basis := _basis(regel, feiten)
	invulling := {concat("", ["{", naam, "}"]): waarde |
		some naam in data.gegevens.sjablonen[regel]
		waarde := _waarde(naam, onderwerp, feiten, uitslag)
	}
	ingevuld := {veld: strings.replace_n(invulling, basis[veld]) |
		some veld in ["tekst", "oplossing"]
		is_string(basis[veld])
	}
	b := _met_voorbeeld(object.union_n([basis, ingevuld, _velden(regel, uitslag)]), uitslag)
} else := _met_voorbeeld(_basis(regel, feiten), uitslag)

# A municipality that deviates has its own numbers in the texts.
_basis(regel, feiten) := eigen.bevinding if {
	some eigen in data.gegevens.eigen_bevindingen[feiten.gemeente][regel]
	feiten.toewijzingsdatum >= eigen.periode_van
	feiten.toewijzingsdatum <= eigen.periode_tot
} else := data.gegevens.bevindingen[regel]

# Outside these agreements A-08 itself is not shown, so the finding that rests on the product says it.
_met_voorbeeld(b, uitslag) := object.union(b, {"tekst": concat(" ", [b.tekst, data.gegevens.teksten.voorbeeld])}) if {
	b.gevolg == "NIET_VAN_TOEPASSING"
	"A-08" in uitslag.regels
	some veld in b.velden
	startswith(veld, "product.")
} else := b

_velden("A-03", uitslag) := {"velden": uitslag.ontbreekt}

_velden(regel, _) := {} if regel != "A-03"

_waarde("gemeente", _, feiten, _) := data.gegevens.gemeenten[feiten.gemeente].naam

_waarde("lokale_toegang", _, feiten, _) := data.gegevens.gemeenten[feiten.gemeente].lokale_toegang

_waarde("tot_en_met", _, _, uitslag) := strings.replace_n(
	{"{datum}": _datum(uitslag.uiterste_einddatum)},
	data.gegevens.teksten.tot_en_met,
) if {
	uitslag.uiterste_einddatum != null
} else := ""

_waarde("vervangende_code", _, _, uitslag) := strings.replace_n(
	{"{code}": uitslag.vervangende_code},
	data.gegevens.teksten.met_vervangende_code,
) if {
	uitslag.vervangende_code != null
} else := data.gegevens.teksten.zonder_vervangende_code

_waarde("ontbreekt", _, feiten, uitslag) := concat(", ", [_ontbrekend(veld, feiten) |
	some veld in uitslag.ontbreekt
])

_waarde("afgeweken_regel", onderwerp, _, _) := onderwerp

_waarde("bron", onderwerp, feiten, _) := concat(", ", {afwijking.bron |
	some afwijking in data.gegevens.varianten.toets[onderwerp]
	afwijking.gemeente == feiten.gemeente
	feiten.toewijzingsdatum >= afwijking.periode_van
	feiten.toewijzingsdatum <= afwijking.periode_tot
})

# An omvang in another unit is there, but does not help.
_ontbrekend("omvang", feiten) := data.gegevens.teksten.ontbreekt.omvang_niet_in_minuten if feiten.omvang_gegeven

else := data.gegevens.teksten.ontbreekt.omvang

_ontbrekend(veld, _) := data.gegevens.teksten.ontbreekt[veld] if veld != "omvang"

_datum(datum) := sprintf("%d %s %s", [
	to_number(substring(datum, 8, 2)),
	data.gegevens.teksten.maanden[substring(datum, 5, 2)],
	substring(datum, 0, 4),
])
