# METADATA
# title: Vragen van bulk
# description: What `uitfasering bulk` asks OPA besides besluiten. Not reachable in production.
package uitfasering.bulk.vragen

import data.uitfasering
import data.uitfasering.feiten
import data.uitfasering.invoer
import data.uitfasering.voorstel
import data.uitfasering.woorden

# METADATA
# title: Regels waarvan de tekst per gemeente verschilt
gemeentelijk := {regel |
	some soort in ["per_gemeente", "sjabloon_per_gemeente"]
	some regel, _ in data.gegevens.bevindingen[soort][_]
}

# METADATA
# title: Is elk veld op zichzelf in orde
# description: Input.toewijzingen is a list; the result one boolean each.
gaaf := [in_orde |
	some toewijzing in input.toewijzingen
	fouten := invoer.schemafouten with input as toewijzing
	in_orde := count(fouten) == 0
]

# METADATA
# title: Uitkomsten waarbij niet elke bevinding wordt genoemd
rangen := {
	"ongeldig": data.gegevens.uitkomsten[data.gegevens.rangen.regels["A-00"]],
	"niet_van_toepassing": data.gegevens.uitkomsten[data.gegevens.rangen.niet_van_toepassing],
	"regels_niet_van_toepassing": {regel |
		some regel, rang in data.gegevens.rangen.regels
		rang == data.gegevens.rangen.niet_van_toepassing
	},
}

# METADATA
# title: De teksten die per gemeente verschillen
# description: By municipality and regel, with open places for what differs per row.
gemeenteteksten[gemeente][regel] := {"tekst": bevinding.tekst, "oplossing": bevinding.oplossing} if {
	some gemeente in data.gegevens.regiogemeenten
	some regel in gemeentelijk
	bevinding := woorden.bevinding(regel, "") with input as {"feiten": {"gemeente": gemeente}}
		with data.uitfasering.woorden.waarde as _open
}

# METADATA
# title: De productcodes van de catalogus
bekende_codes := object.keys(data.gegevens.producten)

# METADATA
# title: Gemeenten die van iets afwijken
afwijkende_gemeenten := object.keys(data.gegevens.afwijkende_gemeenten)

# METADATA
# title: Regels met iets dat per rij verschilt
# scope: document
met_open_plekken contains regel if some regel in gemeentelijk

met_open_plekken contains regel if {
	some regel, namen in data.gegevens.invullen
	some naam in namen
	naam in _per_rij
}

# Its proposal names the replacing code and an end date.
met_open_plekken contains "B2-11"

# METADATA
# title: Teksten met iets dat per rij verschilt
# description: By regel, with open places; those of `gemeentelijk` are in gemeenteteksten.
open_teksten[regel] := {"tekst": bevinding.tekst, "oplossing": bevinding.oplossing} if {
	some regel in met_open_plekken
	not regel in gemeentelijk
	bevinding := woorden.bevinding(regel, "") with input as {"feiten": {}}
		with data.uitfasering.woorden.waarde as _open
}

# METADATA
# title: Besluiten met open plekken
# description: >-
#   For a municipality that deviates, which has texts of its own. Input is that of besluiten. B1-20
#   rests on the last end date itself, so that stays filled in.
sjablonen := {kenmerk: b |
	some kenmerk, toewijzing in input.toewijzingen
	b := _sjabloon with input as toewijzing
}

_sjabloon := b if {
	b := uitfasering.besluit with data.uitfasering.woorden.waarde as _open
		with data.uitfasering.voorstel.vervangende_code as "{vervangende_code}"
		with data.uitfasering.voorstel.opnieuw_einddatum as "{opnieuw_einddatum}"
}

# METADATA
# title: Wat op de open plekken komt
# description: Input.naam is which, input.rijen a list of {"feiten"}; the result one value a row.
rijwaarden := [waarde |
	naam := input.naam
	some rij in input.rijen
	waarde := _rijwaarde[naam] with input as rij
]

_rijwaarde.uiterste_einddatum := [voorstel.uiterste_einddatum, woorden.waarde("tot_en_met", "")]

_rijwaarde.vervangende_code := [voorstel.vervangende_code, woorden.waarde("vervangende_code", "")]

_rijwaarde.opnieuw_einddatum := [voorstel.opnieuw_einddatum]

_rijwaarde.ontbreekt := [woorden.waarde("ontbreekt", "")]

# METADATA
# title: Feiten die op één veld rusten
# description: >-
#   Input.naam is a field of the toewijzing, input.delen a list of toewijzingen with only that field.
#   The result is the facts derived from it, one object a part.
feiten_van := [afgeleid |
	naam := input.naam
	some deel in input.delen
	afgeleid := feiten.afgeleid[naam] with input as deel
]

_per_rij := {"vervangende_code", "tot_en_met"}

# What is missing is the same for a class, but not for the words of a municipality.
_opengelaten := _per_rij | {"ontbreekt"}

_open(naam, onderwerp) := woorden.waarde(naam, onderwerp) if not naam in _opengelaten

_open(naam, _) := sprintf("{tekst_%s}", [naam]) if naam in _opengelaten
