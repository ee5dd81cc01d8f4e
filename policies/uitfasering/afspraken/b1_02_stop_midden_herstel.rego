package uitfasering.afspraken

# METADATA
# title: Geen toewijzing meer op segment midden herstel
# labels:
#   regel: B1-02
van_toepassing contains "B1-02" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.nieuw_of_verlenging == true
	_herstel_gestopt(data.gegevens.varianten[tabel]["B1-02"])
}

# METADATA
# title: Toegewezen na de stop, begonnen ervoor
# labels:
#   regel: B1-02a
van_toepassing contains "B1-02a" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.handeling == "nieuw"
	gewoon_profiel
	geen_overname
	some v in data.gegevens.varianten[tabel]["B1-02a"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	ingegaan_voor(v)
}

# METADATA
# title: Lopend, afgegeven na de stop
# labels:
#   regel: B1-02b
van_toepassing contains "B1-02b" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.handeling == "lopend"
	gewoon_profiel
	some v in data.gegevens.varianten[tabel]["B1-02b"]
	geldt_voor(v)
	toegewezen_vanaf(v)
}

# METADATA
# title: Besloten voordat de brief er was
# labels:
#   regel: B1-21
van_toepassing contains "B1-21" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "herstel"
	input.feiten.nieuw_of_verlenging == true
	_herstel_gestopt(data.gegevens.varianten.geldend["B1-02"])
	some v in data.gegevens.varianten[tabel]["B1-21"]
	geldt_voor(v)
	toegewezen_voor(v)
}

# B1-02 as B1-21 sees it too: with the parameters of B1-02 that are in force.
_herstel_gestopt(rijen) if {
	gewoon_profiel
	geen_overname
	some v in rijen
	geldt_voor(v)
	toegewezen_vanaf(v)
	_verlenging_of_ingegaan_vanaf(v)
}

_verlenging_of_ingegaan_vanaf(_) if input.feiten.handeling == "verlenging"

_verlenging_of_ingegaan_vanaf(v) if {
	input.feiten.handeling == "nieuw"
	ingegaan_vanaf(v)
}
