package uitfasering.afspraken

# METADATA
# title: Verwijzing van de huisarts - eerst afstemmen
# labels:
#   regel: B1-11
van_toepassing contains "B1-11" if {
	input.feiten.segment == "top"
	input.feiten.afgestemd == false
	via_lokale_toegang
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-11"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	verwezen_door(v)
}

# METADATA
# title: Verwijzing van een andere arts
# labels:
#   regel: B1-11a
van_toepassing contains "B1-11a" if {
	input.feiten.segment == "top"
	input.feiten.afgestemd == false
	via_lokale_toegang
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-11a"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	verwezen_door(v)
}

# METADATA
# title: Afgestemd, maar het gezinsplan is nog niet geregeld
# labels:
#   regel: B1-12
van_toepassing contains "B1-12" if {
	input.feiten.segment == "top"
	input.feiten.afgestemd == true
	input.feiten.gezinsplan == "onbekend"
	via_lokale_toegang
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-12"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	verwezen_door(v)
}
