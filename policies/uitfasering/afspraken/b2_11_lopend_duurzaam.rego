package uitfasering.afspraken

# METADATA
# title: Omzetten naar top
# labels:
#   regel: B2-11
van_toepassing contains "B2-11" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == false
	input.feiten.gemotiveerd != "ja"
	input.feiten.gemeente in data.gegevens.keuzes.omzetten
	_duurzaam_loopt_door
}

# METADATA
# title: Laten aflopen in 2022
# labels:
#   regel: B2-11a
van_toepassing contains "B2-11a" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == false
	input.feiten.gemeente in data.gegevens.keuzes.aflopen
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-11a"].afgegeven_vanaf
	input.feiten.einddatum <= data.gegevens.parameters["B2-11a"].uiterste_einddatum
	_duurzaam_loopt_door
}

# METADATA
# title: Aflopen, maar na 2022
# labels:
#   regel: B2-11b
van_toepassing contains "B2-11b" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == false
	input.feiten.gemeente in data.gegevens.keuzes.aflopen
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-11b"].afgegeven_vanaf
	input.feiten.einddatum > data.gegevens.parameters["B2-11b"].uiterste_einddatum
	_duurzaam_loopt_door
}

# METADATA
# title: Overgenomen van een andere gemeente
# labels:
#   regel: B2-11c
van_toepassing contains "B2-11c" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == true
	_duurzaam_loopt_door
}

# METADATA
# title: Omzetten, maar er is een reden om af te wijken
# labels:
#   regel: B2-11d
van_toepassing contains "B2-11d" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == false
	input.feiten.gemotiveerd == "ja"
	input.feiten.gemeente in data.gegevens.keuzes.omzetten
	_duurzaam_loopt_door
}

# METADATA
# title: Er is niets om te zetten
# labels:
#   regel: B2-11e
van_toepassing contains "B2-11e" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	geen_uitzonderingsprofiel
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-11e"].vanaf
	input.feiten.ingangsdatum < data.gegevens.parameters["B2-11e"].vanaf
	input.feiten.einddatum <= data.gegevens.parameters["B2-11e"].laatste_dag
}

# METADATA
# title: Aflopen, maar afgegeven vóór 2021
# labels:
#   regel: B2-11f
van_toepassing contains "B2-11f" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.overgenomen_woonplaats == false
	input.feiten.gemeente in data.gegevens.keuzes.aflopen
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-11f"].afgegeven_vanaf
	_duurzaam_loopt_door
}

# Issued and begun before the stop, and still running after it.
_duurzaam_loopt_door if {
	gewoon_profiel
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-11"].vanaf
	input.feiten.ingangsdatum < data.gegevens.parameters["B2-11"].vanaf
	input.feiten.einddatum > data.gegevens.parameters["B2-11"].laatste_dag
}
