# METADATA
# title: Afspraken
# description: >-
#   When each agreement of the two letters applies. Everything here stays in OPA's data-filter
#   fragment over input.feiten, so that the same rules decide one toewijzing and compile to SQL.
#   Dates, amounts, profiles and choices stand in data/; this package holds conditions only.
# schemas:
#   - input: schema.feiten
package uitfasering.afspraken

# METADATA
# title: Welke rijen met parameters
# description: >-
#   "geldend" has, for each regel, a row for the region and one for each deviation. For B1-20 the same
#   is asked with "toets", the rows of the deviations alone, and with "regio", as if there were none.
# scope: document
tabel := gevraagd if {
	gevraagd := input.tabel
} else := "geldend"

# METADATA
# title: Deze rij geldt voor deze gemeente op deze dag
# description: The period of a deviation is tested on toewijzingsdatum (contract §6).
geldt_voor(v) if v.soort == "elke_gemeente"

geldt_voor(v) if {
	v.soort == "elke_gemeente_behalve"
	not input.feiten.gemeente in v.behalve
}

geldt_voor(v) if {
	v.soort == "gemeente"
	input.feiten.gemeente == v.gemeente
	input.feiten.toewijzingsdatum >= v.periode_van
	input.feiten.toewijzingsdatum <= v.periode_tot
}

# The comparisons of letter 1 with a parameter that a municipality may change. A row that asks whether
# a deviation is in play (B1-20) names the municipality's own parameters in `eigen`, and passes those.

# METADATA
# title: Toegewezen op of na de begindag
toegewezen_vanaf(v) if input.feiten.toewijzingsdatum >= v.vanaf

toegewezen_vanaf(v) if v.eigen.vanaf

# METADATA
# title: Toegewezen vóór de begindag
toegewezen_voor(v) if input.feiten.toewijzingsdatum < v.vanaf

toegewezen_voor(v) if v.eigen.vanaf

# METADATA
# title: Ingegaan op of na de begindag
ingegaan_vanaf(v) if input.feiten.ingangsdatum >= v.vanaf

ingegaan_vanaf(v) if v.eigen.vanaf

# METADATA
# title: Ingegaan vóór de begindag
ingegaan_voor(v) if input.feiten.ingangsdatum < v.vanaf

ingegaan_voor(v) if v.eigen.vanaf

# METADATA
# title: Toegewezen of ingegaan op of na de begindag
toegewezen_of_ingegaan_vanaf(v) if input.feiten.toewijzingsdatum >= v.vanaf

toegewezen_of_ingegaan_vanaf(v) if input.feiten.ingangsdatum >= v.vanaf

toegewezen_of_ingegaan_vanaf(v) if v.eigen.vanaf

# METADATA
# title: Loopt door na de uiterste einddatum
eindigt_na(v) if input.feiten.einddatum > v.uiterste_einddatum

eindigt_na(v) if v.eigen.uiterste_einddatum

# METADATA
# title: Eindigt uiterlijk op de uiterste einddatum
eindigt_uiterlijk(v) if input.feiten.einddatum <= v.uiterste_einddatum

eindigt_uiterlijk(v) if v.eigen.uiterste_einddatum

# METADATA
# title: Gaat pas na de uiterste einddatum in
begint_na(v) if input.feiten.ingangsdatum > v.uiterste_einddatum

begint_na(v) if v.eigen.uiterste_einddatum

# METADATA
# title: De declaratieperiode eindigt na de uiterste einddatum
periode_eindigt_na(v) if input.feiten.periode_einddatum > v.uiterste_einddatum

periode_eindigt_na(v) if v.eigen.uiterste_einddatum

# METADATA
# title: Verwezen door een van deze verwijzers
verwezen_door(v) if input.feiten.verwijzer in v.verwijzers

verwezen_door(v) if v.eigen.verwijzers

# METADATA
# title: De minuten zijn een keuzebudget
keuzebudget(v) if input.feiten.minuten in v.keuzebudgetten

keuzebudget(v) if v.eigen.keuzebudgetten

# METADATA
# title: De minuten zijn bekend en geen keuzebudget
geen_keuzebudget(v) if not input.feiten.minuten in v.keuzebudgetten

geen_keuzebudget(v) if v.eigen.keuzebudgetten

# METADATA
# title: Meer minuten dan het grootste keuzebudget
meer_minuten_dan(v) if input.feiten.minuten > v.meer_dan_minuten

meer_minuten_dan(v) if v.eigen.meer_dan_minuten

# METADATA
# title: Langer dan de maximale duur
# description: te_lang_vanaf names the fact that holds the first end date that is too long.
te_lang(v) if input.feiten.einddatum >= input.feiten[v.te_lang_vanaf]

te_lang(v) if v.eigen.te_lang_vanaf

# The words both letters share.

# METADATA
# title: De omvang is in minuten uit te drukken
minuten_bekend if input.feiten.minuten != data.gegevens.feiten_standaard.minuten

# METADATA
# title: Het profiel is bekend en niet 11 of 12
gewoon_profiel if {
	input.feiten.profiel != data.gegevens.feiten_standaard.profiel
	not input.feiten.profiel in data.gegevens.begrippen.uitzonderingsprofielen
}

# METADATA
# title: Het profiel is niet 11 of 12, of onbekend
geen_uitzonderingsprofiel if not input.feiten.profiel in data.gegevens.begrippen.uitzonderingsprofielen

# METADATA
# title: Het profiel is 11 of 12
uitzonderingsprofiel if input.feiten.profiel in data.gegevens.begrippen.uitzonderingsprofielen

# METADATA
# title: Overgenomen van een andere gemeente en beschermd door de wet
overname if {
	input.feiten.overgenomen_woonplaats == true
	input.feiten.toewijzingsdatum >= data.gegevens.begrippen.woonplaatsbeginsel
}

# METADATA
# title: Geen overname
geen_overname if input.feiten.overgenomen_woonplaats == false

geen_overname if input.feiten.toewijzingsdatum < data.gegevens.begrippen.woonplaatsbeginsel

# METADATA
# title: Het is duidelijk bij welke raamovereenkomst de code hoort
# description: Unclear is - agreement unknown while the first day lies after the transition year (B1-16c).
overeenkomst_duidelijk if input.feiten.raamovereenkomst != "onbekend"

overeenkomst_duidelijk if input.feiten.ingangsdatum <= data.gegevens.begrippen.einde_overgangsjaar

# METADATA
# title: Nieuwe toewijzing of verlenging op segment top
# description: Contract §4, "T".
toewijzing_top if {
	input.feiten.segment == "top"
	input.feiten.nieuw_of_verlenging == true
	overeenkomst_duidelijk
}

# METADATA
# title: Nieuw, verlenging of lopend
nieuw_verlenging_of_lopend if input.feiten.handeling in {"nieuw", "verlenging", "lopend"}

# METADATA
# title: Zorgvorm die de lokale toegang toewijst
via_lokale_toegang if input.feiten.zorgvorm in data.gegevens.begrippen.zorgvormen_via_lokale_toegang

# METADATA
# title: Nog niet afgestemd, of het gezinsplan is nog niet geregeld
niet_volledig_afgestemd if input.feiten.afgestemd == false

niet_volledig_afgestemd if input.feiten.gezinsplan == "onbekend"

# METADATA
# title: Toegewezen of ingegaan op of na deze dag
toegewezen_of_ingegaan(dag) if input.feiten.toewijzingsdatum >= dag

toegewezen_of_ingegaan(dag) if input.feiten.ingangsdatum >= dag

# METADATA
# title: Geen medicatiecontrole zoals de tweede brief die regelt
# description: From that day on medication control has its own minutes, not the GGZ budgets of letter 1.
geen_medicatie_nieuwe_stijl if input.feiten.medicatiecontrole != "ja"

geen_medicatie_nieuwe_stijl if {
	input.feiten.toewijzingsdatum < data.gegevens.begrippen.stop_midden_duurzaam
	input.feiten.ingangsdatum < data.gegevens.begrippen.stop_midden_duurzaam
}
