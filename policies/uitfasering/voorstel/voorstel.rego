# METADATA
# title: Voorstel
# description: What to do instead (contract §5), and the last possible end date (contract §4.2).
package uitfasering.voorstel

import data.uitfasering.afspraken
import data.uitfasering.feiten

# METADATA
# title: Het voorstel
# scope: document
# description: Null, another einddatum, or - to convert - what to end and what to issue again.
default voorstel := null

voorstel := _omzetting if {
	"B2-11" in afspraken.van_toepassing
} else := {"einddatum": min(_einddata)} if {
	count(_einddata) > 0
}

# METADATA
# title: Uiterste einddatum
# scope: document
# description: Of a new toewijzing or verlenging on segment top; null where the letters set no limit.
default uiterste_einddatum := null

uiterste_einddatum := dag if {
	dag := min(_grenzen)
	input.feiten.ingangsdatum <= dag
}

# METADATA
# title: De vervangende productcode in segment top
# scope: document
# description: >-
#   For medication control from 2022 on its own code; else that of the aanbieder where it differs, else
#   the general one; null when none is recorded.
default vervangende_code := null

vervangende_code := data.gegevens.begrippen.medicatiecode if {
	input.feiten.medicatiecontrole == "ja"
	_medicatie_nieuwe_stijl
} else := code if {
	code := data.gegevens.vervanging[input.feiten.code].per_aanbieder[input.feiten.aanbieder]
} else := data.gegevens.vervanging[input.feiten.code].algemeen

# Agreements that propose an end date name, in data, which of their parameters it is.
_einddata contains dag if {
	some regel in afspraken.van_toepassing
	dag := _parameters(regel)[data.gegevens.voorstellen[regel]]
	input.feiten.ingangsdatum <= dag
}

_parameters(regel) := data.gegevens.parameters[regel]

_parameters(regel) := v if {
	some v in data.gegevens.varianten.geldend[regel]
	afspraken.geldt_voor(v)
}

_grenzen contains feiten.dag_ervoor(input.feiten[v.te_lang_vanaf]) if some v in duur

_grenzen contains v.uiterste_einddatum if some v in einde

# METADATA
# title: Welke afspraken de uiterste einddatum bepalen
# scope: document
# description: Asked with tabel "toets", those of which the municipality has its own (B1-20).
bepaalt_einddatum contains "B1-15" if some _ in duur

bepaalt_einddatum contains "B1-16" if some _ in einde

# METADATA
# title: De duur die voor deze toewijzing geldt
# description: The rows of B1-15 in force; in the data-filter fragment.
# scope: document
duur contains v if {
	afspraken.toewijzing_top
	input.feiten.gemotiveerd != "ja"
	some v in data.gegevens.varianten[afspraken.tabel]["B1-15"]
	afspraken.geldt_voor(v)
	afspraken.toegewezen_vanaf(v)
}

# METADATA
# title: De uiterste dag die voor deze toewijzing geldt
# description: The rows of B1-16 in force; in the data-filter fragment.
# scope: document
einde contains v if {
	afspraken.toewijzing_top
	some v in data.gegevens.varianten[afspraken.tabel]["B1-16"]
	afspraken.geldt_voor(v)
	afspraken.toegewezen_of_ingegaan_vanaf(v)
}

_omzetting := {
	"beeindigen": {
		"einddatum": _p.laatste_dag,
		"reden_wijziging": _p.reden_wijziging,
	},
	"opnieuw": {
		"segment": "top",
		"code": vervangende_code,
		"ingangsdatum": _p.vanaf,
		"einddatum": opnieuw_einddatum,
		"eenheden": _eenheden,
	},
}

# METADATA
# title: De einddatum van wat opnieuw wordt toegewezen
# scope: document
opnieuw_einddatum := min({input.feiten.einddatum, _p.uiterste_einddatum})

_p := data.gegevens.parameters["B2-11"]

_eenheden := _p.medicatie_eenheden if {
	input.feiten.medicatiecontrole == "ja"
} else := _p.eenheden

_medicatie_nieuwe_stijl if input.feiten.handeling == "lopend"

# What follows on a verlenging that ends in 2021 (B2-05c) begins in 2022.
_medicatie_nieuwe_stijl if "B2-05c" in afspraken.van_toepassing

_medicatie_nieuwe_stijl if afspraken.toegewezen_of_ingegaan(data.gegevens.begrippen.stop_midden_duurzaam)
