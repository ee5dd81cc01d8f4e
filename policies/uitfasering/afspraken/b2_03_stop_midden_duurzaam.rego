package uitfasering.afspraken

# METADATA
# title: Geen toewijzing meer op segment midden duurzaam
# labels:
#   regel: B2-03
van_toepassing contains "B2-03" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.nieuw_of_verlenging == true
	gewoon_profiel
	geen_overname
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-03"].vanaf
	_verlenging_of_ingegaan(data.gegevens.parameters["B2-03"].vanaf)
}

# METADATA
# title: Toegewezen na de stop, begonnen ervoor
# labels:
#   regel: B2-03a
van_toepassing contains "B2-03a" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "nieuw"
	gewoon_profiel
	geen_overname
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-03a"].vanaf
	input.feiten.ingangsdatum < data.gegevens.parameters["B2-03a"].vanaf
}

# METADATA
# title: Lopend, afgegeven na de stop
# labels:
#   regel: B2-03b
van_toepassing contains "B2-03b" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	gewoon_profiel
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-03b"].vanaf
}

# METADATA
# title: Overgenomen van een andere gemeente
# labels:
#   regel: B2-03c
van_toepassing contains "B2-03c" if {
	input.feiten.nieuw_of_verlenging == true
	overname
	_beschermde_zorg
}

_beschermde_zorg if {
	input.feiten.segment == "midden"
	gewoon_profiel
}

_beschermde_zorg if {
	input.feiten.medicatiecontrole == "ja"
	not input.feiten.code in data.gegevens.parameters["B2-03c"].medicatiecodes
}

_verlenging_of_ingegaan(_) if input.feiten.handeling == "verlenging"

_verlenging_of_ingegaan(dag) if {
	input.feiten.handeling == "nieuw"
	input.feiten.ingangsdatum >= dag
}
