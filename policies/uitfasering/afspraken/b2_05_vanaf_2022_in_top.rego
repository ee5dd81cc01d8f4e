package uitfasering.afspraken

# METADATA
# title: Zorg vanaf 2022 hoort in top
# labels:
#   regel: B2-05
van_toepassing contains "B2-05" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.nieuw_of_verlenging == true
	gewoon_profiel
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-05"].vanaf
	input.feiten.ingangsdatum >= data.gegevens.parameters["B2-05"].vanaf
}

# METADATA
# title: Lopend met een begin in 2022
# labels:
#   regel: B2-05a
van_toepassing contains "B2-05a" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	gewoon_profiel
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-05a"].vanaf
	input.feiten.ingangsdatum >= data.gegevens.parameters["B2-05a"].vanaf
}

# METADATA
# title: Top wordt betaald naar inspanning
# labels:
#   regel: B2-05b
van_toepassing contains "B2-05b" if {
	input.feiten.segment == "top"
	toewijzing_top
	input.feiten.ingangsdatum >= data.gegevens.parameters["B2-05b"].vanaf
	_geen_inspanning
}

# METADATA
# title: Verlenging na de brief die in 2022 doorloopt
# labels:
#   regel: B2-05c
van_toepassing contains "B2-05c" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "verlenging"
	gewoon_profiel
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-05c"].vanaf
	input.feiten.toewijzingsdatum <= data.gegevens.parameters["B2-05c"].tot
	input.feiten.ingangsdatum <= data.gegevens.parameters["B2-05c"].tot
	input.feiten.einddatum > data.gegevens.parameters["B2-05c"].tot
}

# METADATA
# title: Zo mogelijk een einddatum in 2021
# labels:
#   regel: B2-10
van_toepassing contains "B2-10" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.nieuw_of_verlenging == true
	gewoon_profiel
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-10"].vanaf
	input.feiten.toewijzingsdatum <= data.gegevens.parameters["B2-10"].tot
	input.feiten.ingangsdatum <= data.gegevens.parameters["B2-10"].tot
	input.feiten.einddatum > data.gegevens.parameters["B2-10"].tot
	_geen_verlenging_na_de_brief
}

_geen_inspanning if input.feiten.eenheid in data.gegevens.parameters["B2-05b"].geen_inspanning

_geen_inspanning if input.feiten.budget != data.gegevens.feiten_standaard.budget

# Not B2-05c, whose other conditions are those of B2-10.
_geen_verlenging_na_de_brief if input.feiten.handeling == "nieuw"

_geen_verlenging_na_de_brief if input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-05c"].vanaf
