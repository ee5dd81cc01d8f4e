package uitfasering.afspraken

# METADATA
# title: In 2022 zijn oude en nieuwe codes te declareren
# labels:
#   regel: B1-17
van_toepassing contains "B1-17" if {
	input.feiten.handeling == "declaratie"
	some v in data.gegevens.varianten[tabel]["B1-17"]
	geldt_voor(v)
	_periode_eindigt_vanaf(v)
	_periode_eindigt_tot_en_met(v)
}

# METADATA
# title: Declaratie op de huidige raamovereenkomst na het overgangsjaar
# labels:
#   regel: B1-18
van_toepassing contains "B1-18" if {
	input.feiten.handeling == "declaratie"
	input.feiten.raamovereenkomst == "huidig"
	some v in data.gegevens.varianten[tabel]["B1-18"]
	geldt_voor(v)
	periode_eindigt_na(v)
}

# METADATA
# title: Declaratie na het overgangsjaar, raamovereenkomst onbekend
# labels:
#   regel: B1-18a
van_toepassing contains "B1-18a" if {
	input.feiten.handeling == "declaratie"
	input.feiten.raamovereenkomst == "onbekend"
	input.feiten.segment in {"basis", "top", "geen"}
	some v in data.gegevens.varianten[tabel]["B1-18a"]
	geldt_voor(v)
	periode_eindigt_na(v)
}

# METADATA
# title: Oudere toewijzing top die na het overgangsjaar doorloopt
# labels:
#   regel: B1-18b
van_toepassing contains "B1-18b" if {
	input.feiten.segment == "top"
	input.feiten.handeling == "lopend"
	some v in data.gegevens.varianten[tabel]["B1-18b"]
	geldt_voor(v)
	toegewezen_voor(v)
	ingegaan_voor(v)
	eindigt_na(v)
}

_periode_eindigt_vanaf(v) if input.feiten.periode_einddatum >= v.van

_periode_eindigt_vanaf(v) if v.eigen.van

_periode_eindigt_tot_en_met(v) if input.feiten.periode_einddatum <= v.tot

_periode_eindigt_tot_en_met(v) if v.eigen.tot
