package uitfasering.afspraken

# METADATA
# title: Medicatiecontrole op een andere code
# labels:
#   regel: B2-06
van_toepassing contains "B2-06" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.code != "onbekend"
	not input.feiten.code in data.gegevens.parameters["B2-06"].medicatiecodes
	geen_overname
	_medicatie_op_nieuwe_code
}

# METADATA
# title: Medicatiecontrole op een andere code, begonnen vóór 2022
# labels:
#   regel: B2-06b
van_toepassing contains "B2-06b" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.handeling == "nieuw"
	input.feiten.code != "onbekend"
	not input.feiten.code in data.gegevens.parameters["B2-06b"].medicatiecodes
	geen_overname
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-06b"].vanaf
	input.feiten.ingangsdatum < data.gegevens.parameters["B2-06b"].vanaf
}

# METADATA
# title: Medicatiecontrole zonder omvang in minuten
# labels:
#   regel: B2-06a
van_toepassing contains "B2-06a" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.code in data.gegevens.parameters["B2-06a"].medicatiecodes
	toegewezen_of_ingegaan(data.gegevens.parameters["B2-06a"].vanaf)
	_omvang_niet_in_minuten
}

# METADATA
# title: De gemeente koos een ander aantal minuten
# labels:
#   regel: B2-07
van_toepassing contains "B2-07" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.code in data.gegevens.parameters["B2-07"].medicatiecodes
	_omvang_in_minuten
	toegewezen_of_ingegaan(data.gegevens.parameters["B2-07"].vanaf)
	some keuze in data.gegevens.medicatiekeuzes
	input.feiten.volume in keuze.andere_minuten
	input.feiten.gemeente in keuze.gemeenten
}

# METADATA
# title: Medicatiecontrole met een ander aantal minuten
# labels:
#   regel: B2-08
van_toepassing contains "B2-08" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.code in data.gegevens.parameters["B2-08"].medicatiecodes
	_omvang_in_minuten
	toegewezen_of_ingegaan(data.gegevens.parameters["B2-08"].vanaf)
	not input.feiten.volume in data.gegevens.parameters["B2-08"].medicatieminuten
}

# METADATA
# title: Verlenging medicatiecontrole niet meer op duurzaam
# labels:
#   regel: B2-09
van_toepassing contains "B2-09" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "verlenging"
	input.feiten.medicatiecontrole == "ja"
	geen_overname
	toegewezen_of_ingegaan(data.gegevens.parameters["B2-09"].vanaf)
}

# METADATA
# title: Kan de huisarts de medicatiecontrole overnemen
# labels:
#   regel: B2-14
van_toepassing contains "B2-14" if {
	input.feiten.handeling == "verlenging"
	input.feiten.medicatiecontrole == "ja"
	_verlenging_na_de_brief
}

_medicatie_op_nieuwe_code if {
	input.feiten.handeling == "nieuw"
	input.feiten.ingangsdatum >= data.gegevens.parameters["B2-06"].vanaf
}

_medicatie_op_nieuwe_code if {
	input.feiten.handeling == "verlenging"
	toegewezen_of_ingegaan(data.gegevens.parameters["B2-06"].vanaf)
}

_omvang_in_minuten if {
	input.feiten.eenheid == data.gegevens.begrippen.eenheid_minuut
	input.feiten.frequentie == data.gegevens.begrippen.frequentie_totaal
}

_omvang_niet_in_minuten if input.feiten.eenheid != data.gegevens.begrippen.eenheid_minuut

_omvang_niet_in_minuten if input.feiten.frequentie != data.gegevens.begrippen.frequentie_totaal

_verlenging_na_de_brief if input.feiten.toewijzingsdatum >= data.gegevens.parameters["B2-14"].vanaf_brief

_verlenging_na_de_brief if input.feiten.ingangsdatum >= data.gegevens.parameters["B2-14"].vanaf
