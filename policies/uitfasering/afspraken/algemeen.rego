package uitfasering.afspraken

# METADATA
# title: De gemeente hoort niet bij de elf
# labels:
#   regel: A-01
van_toepassing contains "A-01" if not input.feiten.gemeente in data.gegevens.regiogemeenten

# METADATA
# title: Het segment is onbekend
# labels:
#   regel: A-02
van_toepassing contains "A-02" if {
	input.feiten.segment == "onbekend"
	input.feiten.raamovereenkomst != "nieuw"
	_segment_telt
}

# METADATA
# title: Er ontbreken gegevens om te beslissen
# labels:
#   regel: A-03
van_toepassing contains "A-03" if some _ in ontbreekt

# METADATA
# title: Gegeven kenmerken zijn in strijd met de catalogus
# labels:
#   regel: A-04
van_toepassing contains "A-04" if {
	input.feiten.tegenstrijdig == true
	input.feiten.handeling != "verkorting"
}

# METADATA
# title: Segment waar de brieven niet over gaan
# labels:
#   regel: A-05
van_toepassing contains "A-05" if {
	input.feiten.segment in {"basis", "geen"}
	nieuw_verlenging_of_lopend
}

# METADATA
# title: Toegewezen na het overgangsjaar
# labels:
#   regel: A-06
van_toepassing contains "A-06" if {
	input.feiten.nieuw_of_verlenging == true
	input.feiten.toewijzingsdatum >= data.gegevens.parameters["A-06"].vanaf
}

# METADATA
# title: De nieuwe raamovereenkomst
# labels:
#   regel: A-07
van_toepassing contains "A-07" if {
	input.feiten.raamovereenkomst == "nieuw"
	_nieuwe_overeenkomst_telt
}

# METADATA
# title: Het antwoord rust op een voorbeeldproduct
# labels:
#   regel: A-08
van_toepassing contains "A-08" if {
	input.feiten.voorbeeld == true
	input.feiten.handeling != "verkorting"
}

_segment_telt if nieuw_verlenging_of_lopend

_segment_telt if {
	input.feiten.handeling == "declaratie"
	input.feiten.periode_einddatum > data.gegevens.parameters["A-02"].tot
}

_nieuwe_overeenkomst_telt if nieuw_verlenging_of_lopend

_nieuwe_overeenkomst_telt if {
	input.feiten.handeling == "declaratie"
	input.feiten.periode_einddatum < data.gegevens.parameters["A-07"].van
}

_nieuwe_overeenkomst_telt if {
	input.feiten.handeling == "declaratie"
	input.feiten.periode_einddatum > data.gegevens.parameters["A-07"].tot
}
