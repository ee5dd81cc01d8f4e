# METADATA
# title: Bulk
# description: >-
#   What else a besluit rests on than its findings. `uitfasering bulk` decides a file by class (see
#   docs/architecture.md): rows with the same findings and the same members of these sets get one
#   besluit. In OPA's data-filter fragment; decides nothing.
# schemas:
#   - input: schema.feiten
package uitfasering.bulk

import data.uitfasering.afspraken
import data.uitfasering.voorstel

# METADATA
# title: Wat een besluit nog meer anders maakt
# description: Two rows with the same findings and the same members have the same words and proposal.
# scope: document
onderscheid contains "medicatiecontrole" if {
	input.feiten.medicatiecontrole == "ja"
	afspraken.van_toepassing["B2-11"]
}

onderscheid contains "omvang zonder minuten" if {
	input.feiten.eenheid != "onbekend"
	afspraken.ontbreekt.omvang
}

onderscheid contains concat(" ", [regel, "begint na", dag]) if {
	some [regel, dag] in _voorgestelde_dagen
	afspraken.van_toepassing[regel]
	input.feiten.ingangsdatum > dag
}

onderscheid contains sprintf("%s geldt als %d", [regel, nummer]) if {
	some regel, nummer
	v := data.gegevens.varianten.toets[regel][nummer]
	afspraken.geldt_voor(v)
}

onderscheid contains sprintf("%s eigen tekst %d", [regel, nummer]) if {
	some gemeente, regel, nummer
	eigen := data.gegevens.eigen_bevindingen[gemeente][regel][nummer]
	input.feiten.gemeente == gemeente
	input.feiten.toewijzingsdatum >= eigen.periode_van
	input.feiten.toewijzingsdatum <= eigen.periode_tot
}

# METADATA
# title: Waar de uiterste einddatum op rust
# description: With the first day and these, the last end date is known.
# scope: document
grens contains concat(" ", ["tot", v.te_lang_vanaf]) if some v in voorstel.duur

grens contains concat(" ", ["tot en met", v.uiterste_einddatum]) if some v in voorstel.einde

# METADATA
# title: Waar de vervangende code op rust
# description: With the product and these, the replacing code is known.
# scope: document
vervanging contains "medicatie, lopend" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.handeling == "lopend"
}

vervanging contains "medicatie, nieuwe stijl" if {
	input.feiten.medicatiecontrole == "ja"
	afspraken.toegewezen_of_ingegaan(data.gegevens.begrippen.stop_midden_duurzaam)
}

vervanging contains "medicatie, verlenging" if {
	input.feiten.medicatiecontrole == "ja"
	afspraken.van_toepassing["B2-05c"]
}

vervanging contains concat(" ", ["aanbieder", aanbieder]) if {
	some aanbieder in _aanbieders
	input.feiten.aanbieder == aanbieder
}

_voorgestelde_dagen contains [regel, data.gegevens.parameters[regel][parameter]] if {
	some regel, parameter in data.gegevens.voorstellen
}

_voorgestelde_dagen contains [regel, v[parameter]] if {
	some regel, parameter in data.gegevens.voorstellen
	some v in data.gegevens.varianten.geldend[regel]
}

_aanbieders contains aanbieder if some aanbieder, _ in data.gegevens.vervanging[_].per_aanbieder
