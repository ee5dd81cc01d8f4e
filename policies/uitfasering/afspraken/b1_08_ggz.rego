package uitfasering.afspraken

# METADATA
# title: GGZ buiten de keuzebudgetten
# labels:
#   regel: B1-08
van_toepassing contains "B1-08" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	minuten_bekend
	toewijzing_top
	geen_medicatie_nieuwe_stijl
	some v in data.gegevens.varianten[tabel]["B1-08"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	geen_keuzebudget(v)
}

# METADATA
# title: Verlenging GGZ - eerst contact met de lokale toegang
# labels:
#   regel: B1-09
van_toepassing contains "B1-09" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	input.feiten.handeling == "verlenging"
	input.feiten.afgestemd == false
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-09"]
	geldt_voor(v)
	toegewezen_vanaf(v)
}

# METADATA
# title: Geen gezinsplan bij een keuzebudget
# labels:
#   regel: B1-13
van_toepassing contains "B1-13" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	minuten_bekend
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-13"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	keuzebudget(v)
}

# METADATA
# title: Meer inzet dan het keuzebudget
# labels:
#   regel: B1-14
van_toepassing contains "B1-14" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	minuten_bekend
	toewijzing_top
	niet_volledig_afgestemd
	some v in data.gegevens.varianten[tabel]["B1-14"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	meer_minuten_dan(v)
}
