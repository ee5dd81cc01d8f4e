package uitfasering.afspraken

# METADATA
# title: Profiel 11 vervalt - de crisisroute is gecontracteerd
# labels:
#   regel: B2-12
van_toepassing contains "B2-12" if {
	input.feiten.segment == "midden"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.profiel in data.gegevens.begrippen.spoedhulpprofielen
	some dag in data.gegevens.gebeurtenissen.crisisroute.gecontracteerd_per
	input.feiten.toewijzingsdatum >= dag
}

# METADATA
# title: Profiel 11 vervalt voordat de zorg begint
# labels:
#   regel: B2-12b
van_toepassing contains "B2-12b" if {
	input.feiten.segment == "midden"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.profiel in data.gegevens.begrippen.spoedhulpprofielen
	some dag in data.gegevens.gebeurtenissen.crisisroute.gecontracteerd_per
	input.feiten.toewijzingsdatum < dag
	input.feiten.ingangsdatum >= dag
}

# METADATA
# title: Profiel 11 - de dag van de crisisroute is nog niet bekend
# labels:
#   regel: B2-12a
van_toepassing contains "B2-12a" if {
	input.feiten.segment == "midden"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.profiel in data.gegevens.begrippen.spoedhulpprofielen
	count(data.gegevens.gebeurtenissen.crisisroute.gecontracteerd_per) == 0
	toegewezen_of_ingegaan(data.gegevens.gebeurtenissen.crisisroute.streefdatum)
}

# METADATA
# title: Profiel 11 of 12 na 2022
# labels:
#   regel: B2-13
van_toepassing contains "B2-13" if {
	input.feiten.segment == "midden"
	input.feiten.nieuw_of_verlenging == true
	uitzonderingsprofiel
	_na_overgangsjaar
}

_na_overgangsjaar if toegewezen_of_ingegaan(data.gegevens.parameters["B2-13"].vanaf)

_na_overgangsjaar if {
	input.feiten.einddatum != data.gegevens.feiten_standaard.einddatum
	input.feiten.einddatum > data.gegevens.parameters["B2-13"].uiterste_einddatum
}
