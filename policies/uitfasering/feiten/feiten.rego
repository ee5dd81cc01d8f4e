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
	_product,
	_omvang,
	_afgeleid,
	_catalogus,
	_overeenkomst,
])

# METADATA
# title: De dag een aantal jaren later
# description: >-
#   The first day that lies `jaren` whole years after `datum`; 29 February gives 1 March, so that the
#   last day of one year from 29 February is 28 February.
jaren_later(datum, jaren) := sprintf("%04d-%s", [
	to_number(substring(datum, 0, 4)) + jaren,
	object.get(_zelfde_dag, substring(datum, 5, 5), substring(datum, 5, 5)),
])

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

# Only 29 February does not exist every year.
_zelfde_dag := {"02-29": "03-01"}

_genest := ["product", "omvang", "periode", "factuurdatum"]

_product := object.get(input, "product", {})

_omvang := object.get(input, "omvang", {})

_periode := object.get(input, "periode", {})

_catalogus := object.get(data.gegevens.producten, object.get(_product, "code", ""), {})

_segment := object.get(_catalogus, "segment", object.get(_product, "segment", ""))

_afgeleid := {
	"nieuw_of_verlenging": object.get(_nieuw_of_verlenging, object.get(input, "handeling", ""), false),
	"open_einde": object.get(input, "einddatum", "") == "",
	"een_jaar_later": jaren_later(_ingangsdatum, 1),
	"twee_jaar_later": jaren_later(_ingangsdatum, 2),
	"code_gegeven": object.get(_product, "code", "") != "",
	"profiel_bekend": object.get(_catalogus, "profiel", object.get(_product, "profiel", 0)) != 0,
	"tegenstrijdig": count(_tegenspraak) > 0,
	"minuten": _minuten,
	"minuten_bekend": _minuten != data.gegevens.feiten_standaard.minuten,
	"omvang_gegeven": _omvang != {},
	"budget_gegeven": object.get(input, "budget", "") != "",
	"medicatiecontrole": _ja_nee("medicatiecontrole"),
	"gemotiveerd": _ja_nee("gemotiveerd"),
	"periode_begindatum": object.get(_periode, "begindatum", data.gegevens.feiten_standaard.periode_begindatum),
	"periode_einddatum": object.get(_periode, "einddatum", data.gegevens.feiten_standaard.periode_einddatum),
}

_nieuw_of_verlenging := {"nieuw": true, "verlenging": true}

_ingangsdatum := object.get(input, "ingangsdatum", data.gegevens.feiten_standaard.ingangsdatum)

# Unknown is a third answer, not "no".
_ja_nee(veld) := object.get({true: "ja", false: "nee"}, object.get(input, veld, ""), "onbekend")

default _minuten := -1

_minuten := _omvang.volume * data.gegevens.begrippen.minuten_per_eenheid[_omvang.eenheid] if {
	_omvang.frequentie == data.gegevens.begrippen.frequentie_totaal
}

# Midden belongs to the current framework agreement, whatever was given.
_overeenkomst := object.get({"midden": {"raamovereenkomst": "huidig"}}, _segment, {})

_tegenspraak contains kenmerk if {
	some kenmerk, waarde in _catalogus
	_product[kenmerk] != waarde
}

_tegenspraak contains "raamovereenkomst" if {
	_segment == "midden"
	_product.raamovereenkomst != "huidig"
}
