# METADATA
# title: Invoer
# description: >-
#   A-00 - what breaks contract §2, as a set of field paths. An unknown field is named by the path of
#   the object that holds it ("" for the toewijzing itself), never by the key that was sent.
package uitfasering.invoer

import data.uitfasering.feiten

# METADATA
# title: Alle fouten
# description: For input that the schema refuses; also finds what is wrong between its sound fields.
fouten := schemafouten | _tussen_gave_velden

# METADATA
# title: Fouten in een veld op zichzelf
# scope: document
schemafouten contains "" if not _object

schemafouten contains pad if {
	some fout in _meldingen
	fout.type != _ontbreekt
	pad := object.get({_geheel: ""}, fout.field, fout.field)
}

schemafouten contains naam if {
	some fout in _meldingen
	fout.type == _ontbreekt
	fout.field == _geheel
	some naam in _schema.required
	not naam in object.keys(input)
}

schemafouten contains pad if {
	some fout in _meldingen
	fout.type == _ontbreekt
	some naam in _schema.properties[fout.field].required
	not naam in object.keys(input[fout.field])
	pad := concat(".", [fout.field, naam])
}

# METADATA
# title: Fouten tussen velden
# scope: document
# description: >-
#   Over input.feiten and in the data-filter fragment, like an agreement; asked together with them.
# schemas:
#   - input: schema.feiten
tussen_velden contains "toewijzingsdatum" if {
	input.feiten.handeling != "declaratie"
	input.feiten.toewijzingsdatum == data.gegevens.feiten_standaard.toewijzingsdatum
}

tussen_velden contains "ingangsdatum" if {
	input.feiten.handeling != "declaratie"
	input.feiten.ingangsdatum == data.gegevens.feiten_standaard.ingangsdatum
}

tussen_velden contains "einddatum" if input.feiten.einddatum < input.feiten.ingangsdatum

tussen_velden contains "periode" if {
	input.feiten.handeling == "declaratie"
	input.feiten.periode_einddatum == data.gegevens.feiten_standaard.periode_einddatum
}

# A missing end date is that field's own fault, not an order.
tussen_velden contains "periode.einddatum" if {
	input.feiten.periode_einddatum < input.feiten.periode_begindatum
	input.feiten.periode_einddatum != data.gegevens.feiten_standaard.periode_einddatum
}

tussen_velden contains "budget" if {
	input.feiten.budget != data.gegevens.feiten_standaard.budget
	input.feiten.eenheid != "onbekend"
}

# gojsonschema's words for the document itself and for a missing field.
_geheel := "(Root)"

_ontbreekt := "required"

_schema := data.gegevens.schemas.toewijzing

# A helper, because `not is_object(input)` is undefined when there is no input at all.
_object if is_object(input)

# match_schema would read a string as JSON text and refuses other types with an error.
_meldingen := json.match_schema(input, _schema)[1] if _object

_tussen_gave_velden contains pad if {
	_object
	some pad in tussen_velden with input as {"feiten": _feiten}
	not _zelf_fout(pad)
}

# Both were given, however wrong each is in itself.
_tussen_gave_velden contains "budget" if {
	_object
	object.subset(object.keys(input), {"omvang", "budget"})
}

# A field that is there but wrong was removed below; it is not missing.
_zelf_fout("periode") if object.get(input, "periode", "") != ""

# The fields that are compared with each other.
_onderling := ["handeling", "toewijzingsdatum", "ingangsdatum", "einddatum", "periode"]

_feiten := rij if {
	rij := feiten.rij with input as json.remove(
		object.filter(input, _onderling),
		{split(fout.field, ".") |
			some fout in _meldingen
			not fout.type in {_ontbreekt, "additional_property_not_allowed"}
		},
	)
}
