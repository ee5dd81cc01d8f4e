package uitfasering.afspraken

# METADATA
# title: Langer dan een jaar, zonder reden
# labels:
#   regel: B1-15
van_toepassing contains "B1-15" if {
	input.feiten.segment == "top"
	input.feiten.gemotiveerd == "nee"
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-15"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	te_lang(v)
}

# METADATA
# title: Langer dan een jaar, met een reden
# labels:
#   regel: B1-15a
van_toepassing contains "B1-15a" if {
	input.feiten.segment == "top"
	input.feiten.gemotiveerd == "ja"
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-15a"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	te_lang(v)
}

# METADATA
# title: Loopt door na de uiterste einddatum
# labels:
#   regel: B1-16
van_toepassing contains "B1-16" if {
	input.feiten.segment == "top"
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-16"]
	geldt_voor(v)
	toegewezen_of_ingegaan_vanaf(v)
	eindigt_na(v)
}

# METADATA
# title: Lopende toewijzing top die na de uiterste einddatum doorloopt
# labels:
#   regel: B1-16b
van_toepassing contains "B1-16b" if {
	input.feiten.segment == "top"
	input.feiten.handeling == "lopend"
	overeenkomst_duidelijk
	some v in data.gegevens.varianten[tabel]["B1-16b"]
	geldt_voor(v)
	toegewezen_of_ingegaan_vanaf(v)
	eindigt_na(v)
}

# METADATA
# title: Bij welke raamovereenkomst hoort de code
# labels:
#   regel: B1-16c
van_toepassing contains "B1-16c" if {
	input.feiten.segment == "top"
	input.feiten.raamovereenkomst == "onbekend"
	nieuw_verlenging_of_lopend
	some v in data.gegevens.varianten[tabel]["B1-16c"]
	geldt_voor(v)
	begint_na(v)
}
