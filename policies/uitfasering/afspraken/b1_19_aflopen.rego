package uitfasering.afspraken

# METADATA
# title: Lopend midden herstel mag aflopen
# labels:
#   regel: B1-19a
van_toepassing contains "B1-19a" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.handeling == "lopend"
	geen_uitzonderingsprofiel
	some v in data.gegevens.varianten[tabel]["B1-19a"]
	geldt_voor(v)
	toegewezen_voor(v)
	eindigt_uiterlijk(v)
}

# METADATA
# title: Lopend midden herstel dat na het overgangsjaar doorloopt
# labels:
#   regel: B1-19c
van_toepassing contains "B1-19c" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.handeling == "lopend"
	geen_uitzonderingsprofiel
	some v in data.gegevens.varianten[tabel]["B1-19c"]
	geldt_voor(v)
	toegewezen_voor(v)
	eindigt_na(v)
}

# METADATA
# title: Lopend profiel 11 of 12 mag aflopen
# labels:
#   regel: B1-19b
van_toepassing contains "B1-19b" if {
	input.feiten.segment == "midden"
	input.feiten.handeling == "lopend"
	uitzonderingsprofiel
	some v in data.gegevens.varianten[tabel]["B1-19b"]
	geldt_voor(v)
	eindigt_uiterlijk(v)
}

# METADATA
# title: Lopend profiel 11 of 12 dat na het overgangsjaar doorloopt
# labels:
#   regel: B1-19d
van_toepassing contains "B1-19d" if {
	input.feiten.segment == "midden"
	input.feiten.handeling == "lopend"
	uitzonderingsprofiel
	some v in data.gegevens.varianten[tabel]["B1-19d"]
	geldt_voor(v)
	eindigt_na(v)
}
