package uitfasering.woorden_test

import data.uitfasering.woorden

test_fout[pad] if {
	some pad, verwacht in {
		"": {
			"regel": "A-00",
			"tekst": "Fout: het geheel.",
			"oplossing": "Geef: alleen bekende velden.",
			"velden": [""],
		},
		"omvang.volume": {
			"regel": "A-00",
			"tekst": "Fout: omvang.volume.",
			"oplossing": "Geef: een getal.",
			"velden": ["omvang.volume"],
		},
	}
	woorden.fout(pad) == verwacht with data.gegevens.bevindingen.sjabloon as {"A-00": {
		"regel": "A-00",
		"tekst": "Fout: {veld}.",
		"oplossing": "Geef: {verwacht}.",
		"velden": [],
	}}
		with data.gegevens.teksten.toewijzing_als_geheel as "het geheel"
		with data.gegevens.verwacht as {"": "alleen bekende velden", "omvang.volume": "een getal"}
}

# Each regel stands in one of the tables; only what they leave open is filled in.
test_bevinding_uit_de_tabellen[naam] if {
	some naam, geval in {
		"vast": {"regel": "X-01", "gemeente": "0001", "bevinding": {"regel": "X-01", "tekst": "Vast {zo}."}},
		"per gemeente": {
			"regel": "X-02",
			"gemeente": "0002",
			"bevinding": {"regel": "X-02", "tekst": "In twee {zo}."},
		},
		"ingevuld": {
			"regel": "X-03",
			"gemeente": "0001",
			"bevinding": {"regel": "X-03", "tekst": "Over X-02.", "oplossing": null},
		},
		"ingevuld per gemeente": {
			"regel": "X-04",
			"gemeente": "0002",
			"bevinding": {"regel": "X-04", "tekst": "Zo.", "oplossing": "In twee over X-02."},
		},
	}
	woorden.bevinding(geval.regel, "X-02") == geval.bevinding with input as _input({"gemeente": geval.gemeente})
		with data.gegevens.invullen as {"X-03": ["afgeweken_regel"], "X-04": ["afgeweken_regel"]}
		with data.gegevens.bevindingen as {
			"vast": {"X-01": {"regel": "X-01", "tekst": "Vast {zo}."}},
			"per_gemeente": {
				"0001": {"X-02": {"regel": "X-02", "tekst": "In een {zo}."}},
				"0002": {"X-02": {"regel": "X-02", "tekst": "In twee {zo}."}},
			},
			"sjabloon": {"X-03": {"regel": "X-03", "tekst": "Over {afgeweken_regel}.", "oplossing": null}},
			"sjabloon_per_gemeente": {
				"0001": {"X-04": {"regel": "X-04", "tekst": "Zo.", "oplossing": "In een over {afgeweken_regel}."}},
				"0002": {"X-04": {"regel": "X-04", "tekst": "Zo.", "oplossing": "In twee over {afgeweken_regel}."}},
			},
		}
}

# Its own numbers only in its own period; otherwise the text of every municipality.
test_bevinding_van_een_afwijkende_gemeente[naam] if {
	some naam, geval in {
		"eerste dag": {"gemeente": "0002", "toewijzingsdatum": "2021-06-01", "tekst": "Eigen over X-01."},
		"laatste dag": {"gemeente": "0002", "toewijzingsdatum": "2021-06-30", "tekst": "Eigen over X-01."},
		"dag ervoor": {"gemeente": "0002", "toewijzingsdatum": "2021-05-31", "tekst": "Van iedereen."},
		"dag erna": {"gemeente": "0002", "toewijzingsdatum": "2021-07-01", "tekst": "Van iedereen."},
		"tweede periode": {"gemeente": "0002", "toewijzingsdatum": "2021-09-01", "tekst": "Weer anders."},
		"een andere gemeente": {"gemeente": "0001", "toewijzingsdatum": "2021-06-01", "tekst": "Van iedereen."},
	}
	feiten := {"gemeente": geval.gemeente, "toewijzingsdatum": geval.toewijzingsdatum}
	woorden.bevinding("X-01", "X-01") == {"tekst": geval.tekst, "oplossing": null} with input as _input(feiten)
		with data.gegevens.invullen as {"X-01": ["afgeweken_regel"]}
		with data.gegevens.bevindingen.vast as {"X-01": {"tekst": "Van iedereen.", "oplossing": null}}
		with data.gegevens.afwijkende_gemeenten as {"0002": true}
		with data.gegevens.eigen_bevindingen as {"0002": {"X-01": [
			{
				"periode_van": "2021-06-01",
				"periode_tot": "2021-06-30",
				"bevinding": {"tekst": "Eigen over {afgeweken_regel}.", "oplossing": null},
			},
			{
				"periode_van": "2021-09-01",
				"periode_tot": "2021-09-30",
				"bevinding": {"tekst": "Weer anders.", "oplossing": null},
			},
		]}}
}

# Both texts and nothing else, each name as often as it stands there.
test_invullen[naam] if {
	some naam, geval in {
		"tot en met een dag": {
			"open": ["tot_en_met"],
			"sjabloon": "Verkort het{tot_en_met}.",
			"uiterste_einddatum": "2022-02-28",
			"code": null,
			"tekst": "Verkort het (tot en met 28 februari 2022).",
		},
		"een dag zonder nul ervoor": {
			"open": ["tot_en_met"],
			"sjabloon": "Verkort het{tot_en_met}.",
			"uiterste_einddatum": "2022-12-01",
			"code": null,
			"tekst": "Verkort het (tot en met 1 december 2022).",
		},
		"geen uiterste einddatum": {
			"open": ["tot_en_met"],
			"sjabloon": "Verkort het{tot_en_met}.",
			"uiterste_einddatum": null,
			"code": null,
			"tekst": "Verkort het.",
		},
		"een vervangende code": {
			"open": ["vervangende_code"],
			"sjabloon": "Neem top. {vervangende_code}",
			"uiterste_einddatum": null,
			"code": "T1",
			"tekst": "Neem top. De code is T1.",
		},
		"geen vervangende code": {
			"open": ["vervangende_code"],
			"sjabloon": "Neem top. {vervangende_code}",
			"uiterste_einddatum": null,
			"code": null,
			"tekst": "Neem top. Vraag de code.",
		},
		"meer dan een, en een twee keer": {
			"open": ["afgeweken_regel", "vervangende_code"],
			"sjabloon": "{afgeweken_regel} {vervangende_code} {afgeweken_regel}",
			"uiterste_einddatum": null,
			"code": null,
			"tekst": "X-09 Vraag de code. X-09",
		},
	}
	woorden.bevinding("X-01", "X-09") == {
		"tekst": geval.tekst,
		"oplossing": geval.tekst,
		"citaat": "{afgeweken_regel}{vervangende_code}{tot_en_met}",
		"velden": ["product.code"],
	} with input as _input({})
		with data.uitfasering.voorstel.uiterste_einddatum as geval.uiterste_einddatum
		with data.uitfasering.voorstel.vervangende_code as geval.code
		with data.gegevens.teksten.met_vervangende_code as "De code is {code}."
		with data.gegevens.teksten.zonder_vervangende_code as "Vraag de code."
		with data.gegevens.teksten.tot_en_met as " (tot en met {datum})"
		with data.gegevens.invullen as {"X-01": geval.open}
		with data.gegevens.bevindingen as {"sjabloon": {"X-01": {
			"tekst": geval.sjabloon,
			"oplossing": geval.sjabloon,
			"citaat": "{afgeweken_regel}{vervangende_code}{tot_en_met}",
			"velden": ["product.code"],
		}}}
}

test_ontbreekt[naam] if {
	some naam, geval in {
		"een veld": {
			"ontbreekt": {"profiel"},
			"feiten": {},
			"bevinding": {"tekst": "Nodig: het profiel.", "oplossing": null, "velden": {"profiel"}},
		},
		"meer velden, op volgorde": {
			"ontbreekt": {"zorgvorm", "omvang", "code"},
			"feiten": {},
			"bevinding": {
				"tekst": "Nodig: de code, de omvang, de zorgvorm.",
				"oplossing": null,
				"velden": {"code", "omvang", "zorgvorm"},
			},
		},
		"een omvang in een andere eenheid": {
			"ontbreekt": {"omvang"},
			"feiten": {"eenheid": "84"},
			"bevinding": {"tekst": "Nodig: de omvang in minuten.", "oplossing": null, "velden": {"omvang"}},
		},
	}
	woorden.bevinding("A-03", "") == geval.bevinding with input as _input(geval.feiten)
		with data.uitfasering.afspraken.ontbreekt as geval.ontbreekt
		with data.gegevens.teksten.ontbreekt as {
			"code": "de code",
			"omvang": "de omvang",
			"omvang_niet_in_minuten": "de omvang in minuten",
			"profiel": "het profiel",
			"zorgvorm": "de zorgvorm",
		}
		with data.gegevens.invullen as {"A-03": ["ontbreekt"]}
		with data.gegevens.bevindingen as {"sjabloon": {"A-03": {
			"tekst": "Nodig: {ontbreekt}.",
			"oplossing": null,
			"velden": [],
		}}}
}

# Of the regel that B1-20 is about, and of this municipality on this day.
test_bron[naam] if {
	some naam, geval in {
		"een bron": {"regel": "X-01", "toewijzingsdatum": "2021-05-31", "tekst": "X-01 volgens Besluit A."},
		"twee bronnen": {"regel": "X-01", "toewijzingsdatum": "2021-06-01", "tekst": "X-01 volgens Besluit A, Nota B."},
		"een andere regel": {"regel": "X-02", "toewijzingsdatum": "2021-06-01", "tekst": "X-02 volgens Nota D."},
	}
	feiten := {"gemeente": "0002", "toewijzingsdatum": geval.toewijzingsdatum}
	woorden.bevinding("B1-20", geval.regel) == {"tekst": geval.tekst, "oplossing": null} with input as _input(feiten)
		with data.gegevens.invullen as {"B1-20": ["afgeweken_regel", "bron"]}
		with data.gegevens.bevindingen as {"sjabloon": {"B1-20": {
			"tekst": "{afgeweken_regel} volgens {bron}.",
			"oplossing": null,
		}}}
		with data.gegevens.varianten.toets as {
			"X-01": [
				_afwijking("0002", "2021-01-01", "Besluit A"),
				_afwijking("0002", "2021-06-01", "Nota B"),
				_afwijking("0001", "2021-01-01", "Nota C"),
			],
			"X-02": [_afwijking("0002", "2021-01-01", "Nota D")],
		}
}

_afwijking(gemeente, van, bron) := {
	"soort": "gemeente",
	"gemeente": gemeente,
	"periode_van": van,
	"periode_tot": "2021-12-31",
	"bron": bron,
}

# Only what weighs most, and a word of warning where the product decided and is a placeholder.
test_buiten_de_brieven[naam] if {
	some naam, geval in {
		"zonder voorbeeld": {
			"regels": {"X-01", "X-02"},
			"bevindingen": [
				{"tekst": "Een.", "velden": ["gemeente"]},
				{"tekst": "Twee.", "velden": ["gemeente", "product.code"]},
			],
		},
		"met een voorbeeld": {
			"regels": {"A-08", "X-01", "X-02"},
			"bevindingen": [
				{"tekst": "Een.", "velden": ["gemeente"]},
				{"tekst": "Twee. Let op.", "velden": ["gemeente", "product.code"]},
			],
		},
	}
	gevonden := {[1, "X-01", ""], [1, "X-02", ""], [3, "X-03", ""], [9, "A-08", ""]}
	woorden.buiten_de_brieven(gevonden, 1) == geval.bevindingen with input as _input({})
		with data.uitfasering.afspraken.van_toepassing as geval.regels
		with data.gegevens.teksten.voorbeeld as "Let op."
		with data.gegevens.bevindingen.vast as {
			"X-01": {"tekst": "Een.", "velden": ["gemeente"]},
			"X-02": {"tekst": "Twee.", "velden": ["gemeente", "product.code"]},
			"X-03": {"tekst": "Drie.", "velden": ["product.code"]},
			"A-08": {"tekst": "Voorbeeld.", "velden": ["product.code"]},
		}
}

# Whatever the data say, no text leaves with a place still open.
test_niets_blijft_open[regel] if {
	some regel in (object.keys(data.gegevens.rangen.regels) - {"A-00"})
	feiten := {"gemeente": "0193", "toewijzingsdatum": "2021-06-01"}
	bevinding := woorden.bevinding(regel, "B1-08") with input as _input(feiten)
		with data.uitfasering.afspraken.ontbreekt as {"omvang", "profiel"}
	bevinding.regel == regel
	_open_plaatsen(bevinding) == set()
}

test_niets_blijft_open_in_een_fout[pad] if {
	some pad in object.keys(data.gegevens.verwacht)
	bevinding := woorden.fout(pad)
	bevinding.velden == [pad]
	_open_plaatsen(bevinding) == set()
}

_open_plaatsen(bevinding) := {veld |
	some veld in ["tekst", "oplossing"]
	contains(bevinding[veld], "{")
}

# The facts of an empty toewijzing, but for these.
_input(feiten) := {"feiten": object.union(data.gegevens.feiten_standaard, feiten)}
