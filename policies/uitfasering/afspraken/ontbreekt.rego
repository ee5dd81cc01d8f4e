package uitfasering.afspraken

# A-03: which decisive fields are missing. A missing field never counts as "no objection", and never
# as a refusal of its own (contract §4.4).

# METADATA
# title: Perspectief ontbreekt
# scope: document
# description: The names of the decisive fields that are missing (contract §4.4).
ontbreekt contains "perspectief" if {
	input.feiten.segment == "midden"
	input.feiten.perspectief == "onbekend"
	geen_uitzonderingsprofiel
	nieuw_verlenging_of_lopend
}

ontbreekt contains "profiel" if {
	input.feiten.segment == "midden"
	input.feiten.profiel == data.gegevens.feiten_standaard.profiel
	_profiel_beslist
}

ontbreekt contains "zorgvorm" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "onbekend"
	toewijzing_top
	input.feiten.toewijzingsdatum >= _a03.vanaf_top
}

ontbreekt contains "verwijzer" if {
	input.feiten.segment == "top"
	input.feiten.verwijzer == "onbekend"
	toewijzing_top
	via_lokale_toegang
	input.feiten.toewijzingsdatum >= _a03.vanaf_top
	niet_volledig_afgestemd
}

ontbreekt contains "omvang" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	input.feiten.minuten == data.gegevens.feiten_standaard.minuten
	toewijzing_top
	input.feiten.toewijzingsdatum >= _a03.vanaf_top
	geen_medicatie_nieuwe_stijl
	niet_volledig_afgestemd
}

ontbreekt contains "code" if {
	input.feiten.medicatiecontrole == "ja"
	input.feiten.nieuw_of_verlenging == true
	input.feiten.code == "onbekend"
	toegewezen_of_ingegaan(_a03.vanaf_medicatie)
}

# Whether the reason decides depends on B1-15, also where a municipality deviates from it.
ontbreekt contains "gemotiveerd" if {
	input.feiten.segment == "top"
	input.feiten.gemotiveerd == "onbekend"
	toewijzing_top
	some v in data.gegevens.varianten[tabel]["B1-15"]
	geldt_voor(v)
	toegewezen_vanaf(v)
	te_lang(v)
}

ontbreekt contains "medicatiecontrole" if {
	input.feiten.segment == "top"
	input.feiten.zorgvorm == "ggz"
	input.feiten.medicatiecontrole == "onbekend"
	toewijzing_top
	toegewezen_of_ingegaan(_a03.vanaf_medicatie)
	input.feiten.minuten in _a03.medicatieminuten
}

_profiel_beslist if {
	input.feiten.perspectief == "herstel"
	nieuw_verlenging_of_lopend
	input.feiten.toewijzingsdatum >= _a03.vanaf_herstel
}

_profiel_beslist if {
	input.feiten.perspectief == "duurzaam"
	input.feiten.nieuw_of_verlenging == true
	toegewezen_of_ingegaan(_a03.vanaf_duurzaam)
}

_profiel_beslist if {
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "verlenging"
	input.feiten.toewijzingsdatum >= _a03.vanaf_brief_duurzaam
	input.feiten.einddatum > _a03.laatste_dag_duurzaam
}

_profiel_beslist if {
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.toewijzingsdatum >= _a03.vanaf_duurzaam
}

_profiel_beslist if {
	input.feiten.perspectief == "duurzaam"
	input.feiten.handeling == "lopend"
	input.feiten.einddatum > _a03.laatste_dag_duurzaam
}

_a03 := data.gegevens.parameters["A-03"]
