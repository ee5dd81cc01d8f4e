package uitfasering.afspraken

# METADATA
# title: Profiel 11 en 12 blijven zoals ze waren
# labels:
#   regel: B1-04
van_toepassing contains "B1-04" if {
	input.feiten.segment == "midden"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.perspectief in {"herstel", "onbekend"}
	uitzonderingsprofiel
	some v in data.gegevens.varianten[tabel]["B1-04"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	_crisisroute_niet_in_plaats
	_binnen_overgangsjaar
}

# Neither B2-12 nor B2-12b: the crisis route has not taken the place of profile 11.
_crisisroute_niet_in_plaats if not input.feiten.profiel in data.gegevens.begrippen.spoedhulpprofielen

_crisisroute_niet_in_plaats if count(data.gegevens.gebeurtenissen.crisisroute.gecontracteerd_per) == 0

_crisisroute_niet_in_plaats if {
	some dag in data.gegevens.gebeurtenissen.crisisroute.gecontracteerd_per
	input.feiten.toewijzingsdatum < dag
	input.feiten.ingangsdatum < dag
}

# Not B2-13.
_binnen_overgangsjaar if {
	input.feiten.toewijzingsdatum < data.gegevens.parameters["B2-13"].vanaf
	input.feiten.ingangsdatum < data.gegevens.parameters["B2-13"].vanaf
	_einddatum_open_of_binnen
}

_einddatum_open_of_binnen if input.feiten.einddatum == data.gegevens.feiten_standaard.einddatum

_einddatum_open_of_binnen if input.feiten.einddatum <= data.gegevens.parameters["B2-13"].uiterste_einddatum
