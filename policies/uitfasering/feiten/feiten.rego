# METADATA
# title: Feiten
# description: >-
#   A toewijzing (input, already checked by uitfasering.invoer) as one flat row of facts: every fact
#   present, none null (schemas/feiten.json). So no comparison in an agreement can be undefined, and
#   Rego and SQL cannot disagree about null.
package uitfasering.feiten

# METADATA
# title: De rij feiten
# description: Later objects win, so the catalogue wins over what was given.
rij := object.union_n([
	data.gegevens.feiten_standaard,
	object.remove(input, _genest),
	_kenmerken,
	object.get(input, "omvang", {}),
	_minuten,
	_looptijd,
	_periode,
	_overeenkomst,
	{
		"nieuw_of_verlenging": _nieuw_of_verlenging,
		"tegenstrijdig": _tegenstrijdig,
		"medicatiecontrole": _ja_nee("medicatiecontrole"),
		"gemotiveerd": _ja_nee("gemotiveerd"),
	},
])

# METADATA
# title: Feiten die niet het veld zelf zijn
# description: >-
#   By the field of the toewijzing they rest on; each rests on that field alone. What the row has more
#   than its defaults and its own fields is in here; the row does not read it, as that is slower.
# scope: document
afgeleid["product"] := object.union_n([_kenmerken, _overeenkomst, {"tegenstrijdig": _tegenstrijdig}])

afgeleid["omvang"] := object.union(object.get(input, "omvang", {}), _minuten)

afgeleid["ingangsdatum"] := _looptijd

afgeleid["periode"] := _periode

afgeleid["handeling"] := {"nieuw_of_verlenging": _nieuw_of_verlenging}

afgeleid["medicatiecontrole"] := {"medicatiecontrole": _ja_nee("medicatiecontrole")}

afgeleid["gemotiveerd"] := {"gemotiveerd": _ja_nee("gemotiveerd")}

# METADATA
# title: De dag ervoor
# scope: document
dag_ervoor(datum) := concat("", [substring(datum, 0, 8), sprintf("%02d", [to_number(substring(datum, 8, 2)) - 1])]) if {
	not endswith(datum, _eerste)
}

dag_ervoor(datum) := sprintf("%04d-12-31", [to_number(substring(datum, 0, 4)) - 1]) if {
	endswith(datum, "-01-01")
}

dag_ervoor(datum) := concat("", [substring(datum, 0, 5), _laatste_dag_ervoor[substring(datum, 5, 2)]]) if {
	endswith(datum, _eerste)
	not endswith(datum, "-03-01")
}

dag_ervoor(datum) := concat("", [substring(datum, 0, 5), _laatste_dag_februari(to_number(substring(datum, 0, 4)))]) if {
	endswith(datum, "-03-01")
}

_eerste := "-01"

_laatste_dag_ervoor := {
	"02": "01-31",
	"04": "03-31",
	"05": "04-30",
	"06": "05-31",
	"07": "06-30",
	"08": "07-31",
	"09": "08-31",
	"10": "09-30",
	"11": "10-31",
	"12": "11-30",
}

_laatste_dag_februari(jaar) := "02-29" if _schrikkeljaar(jaar)

_laatste_dag_februari(jaar) := "02-28" if not _schrikkeljaar(jaar)

_schrikkeljaar(jaar) if {
	jaar % 4 == 0
	jaar % 100 != 0
}

_schrikkeljaar(jaar) if jaar % 400 == 0

_genest := ["product", "omvang", "periode", "factuurdatum"]

_nieuw_of_verlenging := object.get({"nieuw": true, "verlenging": true}, object.get(input, "handeling", ""), false)

# Unknown is a third answer, not "no".
_ja_nee(veld) := object.get({true: "ja", false: "nee"}, object.get(input, veld, ""), "onbekend")

_product := object.get(input, "product", {})

# By reference, not by object.get over the whole catalogue, which would copy it for each question.
default _catalogus := {}

_catalogus := data.gegevens.producten[input.product.code]

_kenmerken := object.union(_product, _catalogus)

# The order of a union only matters where both have a key and disagree.
default _tegenstrijdig := false

_tegenstrijdig if object.union(_catalogus, _product) != _kenmerken

_tegenstrijdig if {
	_kenmerken.segment == "midden"
	_kenmerken.raamovereenkomst != "huidig"
}

# Midden belongs to the current framework agreement, whatever was given.
default _overeenkomst := {}

_overeenkomst := {"raamovereenkomst": "huidig"} if _kenmerken.segment == "midden"

default _minuten := {}

_minuten := {"minuten": input.omvang.volume * data.gegevens.begrippen.minuten_per_eenheid[input.omvang.eenheid]} if {
	input.omvang.frequentie == data.gegevens.begrippen.frequentie_totaal
}

# 29 February plus a year is 1 March, so that the last day of that year is 28 February.
default _looptijd := {}

_looptijd := {
	"een_jaar_later": concat("-", [format_int(jaar + 1, 10), dag]),
	"twee_jaar_later": concat("-", [format_int(jaar + 2, 10), dag]),
} if {
	jaar := to_number(substring(input.ingangsdatum, 0, 4))
	maand_dag := substring(input.ingangsdatum, 5, 5)
	dag := object.get({"02-29": "03-01"}, maand_dag, maand_dag)
}

default _periode := {}

_periode := {
	"periode_begindatum": object.get(input.periode, "begindatum", data.gegevens.feiten_standaard.periode_begindatum),
	"periode_einddatum": object.get(input.periode, "einddatum", data.gegevens.feiten_standaard.periode_einddatum),
}
