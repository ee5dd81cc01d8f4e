package uitfasering.bulk.vragen_test

import data.uitfasering
import data.uitfasering.bulk.vragen

# Two agreements with open places, three whose words differ per municipality, one that is always the same.
_bevindingen := {
	"vast": {
		"X-01": {"tekst": "Vast.", "oplossing": null, "velden": ["gemeente"]},
		"B2-11": {"tekst": "Zet om.", "oplossing": "Vooraf.", "velden": ["handeling"]},
	},
	"per_gemeente": {
		"0001": {"X-02": {"tekst": "In een.", "oplossing": null, "velden": []}},
		"0002": {"X-02": {"tekst": "In twee.", "oplossing": null, "velden": []}},
	},
	"sjabloon": {
		"X-03": {"tekst": "Verkort{tot_en_met}.", "oplossing": "Neem{vervangende_code}.", "velden": []},
		"X-06": {"tekst": "Nodig: {ontbreekt}.", "oplossing": null, "velden": []},
	},
	"sjabloon_per_gemeente": {
		"0001": {
			"X-04": {"tekst": "Neem in een{vervangende_code}.", "oplossing": "Een.", "velden": []},
			"A-03": {"tekst": "Nodig: {ontbreekt}.", "oplossing": "Vraag een.", "velden": []},
		},
		"0002": {
			"X-04": {"tekst": "Neem in twee{vervangende_code}.", "oplossing": "Twee.", "velden": []},
			"A-03": {"tekst": "Nodig: {ontbreekt}.", "oplossing": "Vraag twee.", "velden": []},
		},
	},
}

_invullen := {
	"A-03": ["ontbreekt"],
	"X-03": ["tot_en_met", "vervangende_code"],
	"X-04": ["vervangende_code"],
	"X-06": ["ontbreekt"],
}

test_gemeentelijk if {
	vragen.gemeentelijk == {"A-03", "X-02", "X-04"} with data.gegevens.bevindingen as _bevindingen
}

test_gaaf if {
	vragen.gaaf == [true, false, true, false] with input as {"toewijzingen": [
		{"handeling": "lopend", "gemeente": "0193"},
		{"handeling": "lopend"},
		# What is wrong between fields is not asked here.
		{"handeling": "nieuw", "gemeente": "0193", "einddatum": "2021-01-01", "ingangsdatum": "2021-02-01"},
		null,
	]}
}

test_rangen if {
	vragen.rangen == {
		"ongeldig": "ONGELDIG",
		"niet_van_toepassing": "ERBUITEN",
		"regels_niet_van_toepassing": {"X-01", "X-02"},
	} with data.gegevens.uitkomsten as ["ONGELDIG", "ERBUITEN", "GOED"]
		with data.gegevens.rangen as {
			"regels": {"A-00": 0, "X-01": 1, "X-02": 1, "X-03": 2},
			"niet_van_toepassing": 1,
			"toegestaan": 2,
		}
}

test_gemeenteteksten if {
	vragen.gemeenteteksten == {
		"0001": {
			"A-03": {"tekst": "Nodig: {tekst_ontbreekt}.", "oplossing": "Vraag een."},
			"X-02": {"tekst": "In een.", "oplossing": null},
			"X-04": {"tekst": "Neem in een{tekst_vervangende_code}.", "oplossing": "Een."},
		},
		"0002": {
			"A-03": {"tekst": "Nodig: {tekst_ontbreekt}.", "oplossing": "Vraag twee."},
			"X-02": {"tekst": "In twee.", "oplossing": null},
			"X-04": {"tekst": "Neem in twee{tekst_vervangende_code}.", "oplossing": "Twee."},
		},
	} with data.gegevens.regiogemeenten as ["0001", "0002"]
		with data.gegevens.bevindingen as _bevindingen
		with data.gegevens.invullen as _invullen
}

# What is missing is the same for all rows of a class, so X-06 is as it is in the besluit.
test_open_teksten if {
	vragen.open_teksten == {
		"B2-11": {"tekst": "Zet om.", "oplossing": "Vooraf."},
		"X-03": {"tekst": "Verkort{tekst_tot_en_met}.", "oplossing": "Neem{tekst_vervangende_code}."},
	} with data.gegevens.bevindingen as _bevindingen
		with data.gegevens.invullen as _invullen
}

test_bekende_codes if {
	vragen.bekende_codes == {"T1", "T2"} with data.gegevens.producten as {"T1": {}, "T2": {"segment": "top"}}
}

test_afwijkende_gemeenten if {
	vragen.afwijkende_gemeenten == {"0001"} with data.gegevens.afwijkende_gemeenten as {"0001": true}
}

_nieuw := {
	"handeling": "nieuw",
	"gemeente": "0193",
	"toewijzingsdatum": "2021-06-01",
	"ingangsdatum": "2021-06-01",
	"einddatum": "2021-12-31",
	"product": {"segment": "midden", "perspectief": "herstel", "profiel": 3},
}

# The besluit but for its open places; what is not open is filled in.
test_sjablonen if {
	een := vragen.sjablonen with input as {"toewijzingen": {"0": _nieuw}}
	object.keys(een) == {"0"}
	besluit := uitfasering.besluit with input as _nieuw
	object.remove(een["0"], ["bevindingen"]) == object.remove(besluit, ["bevindingen"])
	open := {b.regel: b.oplossing | some b in een["0"].bevindingen}
	contains(open["B1-02"], "{tekst_vervangende_code}")
	every b in besluit.bevindingen {
		b.regel in object.keys(open)
	}
}

test_sjablonen_van_een_omzetting if {
	een := vragen.sjablonen with input as {"toewijzingen": {"7": object.union(_nieuw, {
		"handeling": "lopend",
		"gemeente": "0150",
		"einddatum": "2023-12-31",
		"product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 3},
	})}}
	opnieuw := een["7"].voorstel.opnieuw
	opnieuw.code == "{vervangende_code}"
	opnieuw.einddatum == "{opnieuw_einddatum}"
}

# Which regel and why is the same for a class, so B1-20 is filled in.
test_sjablonen_van_een_afwijkende_gemeente if {
	afwijking := object.union(data.gegevens.varianten.regio["B1-02"][0], {
		"soort": "gemeente",
		"gemeente": "0193",
		"periode_van": "2021-06-01",
		"periode_tot": "2021-06-30",
		"bron": "Besluit A",
		"eigen": {},
	})
	een := vragen.sjablonen with input as {"toewijzingen": {"0": _nieuw}}
		with data.gegevens.afwijkende_gemeenten as {"0193": true}
		with data.gegevens.varianten.toets as {"B1-02": [afwijking]}
	teksten := [b.tekst | some b in een["0"].bevindingen; b.regel == "B1-20"]
	count(teksten) == 1
	contains(teksten[0], "B1-02")
	contains(teksten[0], "Besluit A")
}

test_rijwaarden[naam] if {
	some naam, verwacht in {
		"uiterste_einddatum": [["2021-11-30", " (tot en met 30 november 2021)"], [null, ""]],
		"vervangende_code": [["T1", "De code is T1."], [null, "Vraag de code."]],
		"opnieuw_einddatum": [["2022-10-01"], ["2022-12-31"]],
		"ontbreekt": [["de reden"], ["de omvang in minuten"]],
	}
	vragen.rijwaarden == verwacht with input as {"naam": naam, "rijen": [
		_feiten({
			"segment": "top",
			"nieuw_of_verlenging": true,
			"toewijzingsdatum": "2020-12-01",
			"ingangsdatum": "2020-12-01",
			"een_jaar_later": "2021-12-01",
			"einddatum": "2022-10-01",
			"code": "MD1",
			"gemeente": "0193",
		}),
		_feiten({
			"segment": "top",
			"nieuw_of_verlenging": true,
			"raamovereenkomst": "huidig",
			"ingangsdatum": "2023-01-01",
			"toewijzingsdatum": "2021-06-01",
			"zorgvorm": "ggz",
			"eenheid": "84",
			"afgestemd": false,
			"gemotiveerd": "ja",
			"medicatiecontrole": "nee",
			"gezinsplan": "opgesteld",
		}),
	]}
		with data.gegevens.vervanging as {"MD1": {"algemeen": "T1", "per_aanbieder": {}}}
		with data.gegevens.teksten.met_vervangende_code as "De code is {code}."
		with data.gegevens.teksten.zonder_vervangende_code as "Vraag de code."
		with data.gegevens.teksten.tot_en_met as " (tot en met {datum})"
		with data.gegevens.teksten.ontbreekt as {
			"gemotiveerd": "de reden",
			"omvang_niet_in_minuten": "de omvang in minuten",
		}
		with data.gegevens.varianten.geldend as {
			"B1-15": [{"soort": "elke_gemeente", "vanaf": "2020-01-01", "te_lang_vanaf": "een_jaar_later"}],
			"B1-16": [],
		}
}

test_feiten_van if {
	vragen.feiten_van == [
		{"een_jaar_later": "2022-06-15", "twee_jaar_later": "2023-06-15"},
		{},
	] with input as {"naam": "ingangsdatum", "delen": [{"ingangsdatum": "2021-06-15"}, {}]}
}

_feiten(feiten) := {"feiten": object.union(data.gegevens.feiten_standaard, feiten)}
