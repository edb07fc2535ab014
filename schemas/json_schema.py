"""The JSON Schemas (2020-12) of the topics, made from the structs.

What lives here: what a schema can say of the contract. What must never live here: a limit of its
own; all come from the structs, and the rules between fields are those of `schemas.check`. What
the rest may lean on: whatever `schemas.decode` accepts in the bare form is valid. The reverse
cannot be promised: a schema cannot count bytes, compare times or see the key.
"""

from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from schemas.answer import DEFAULT_SCALES
from schemas.event import Answer, Segment
from schemas.field import Currency, Duration, Id, Instant, Number, ShortId, Source
from schemas.meaning import TYPE_MEANING, meaning
from schemas.topic import EVENTS, TOPIC_OF_TYPE, TopicKind

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = "#/$defs/{name}"
_NULL: Final[Schema] = {"type": "null"}
_LISTS: Final[dict[TopicKind, type[Struct]]] = {
    TopicKind.SURVEYS: Answer,
    TopicKind.CONTACTS: Segment,
}

_NAMED: Final[dict[str, tuple[Any, str]]] = {
    "Instant": (
        Instant,
        "Epoch milliseconds (13 digits), or RFC 3339 with Z or an offset and at most 9 fraction "
        "digits, of which 3 are kept.",
    ),
    "ShortId": (ShortId, "1 to 128 bytes of UTF-8, no control characters, no blanks around it."),
    "Id": (Id, "1 to 256 bytes of UTF-8, no control characters, no blanks around it."),
    "Source": (Source, "Who says so."),
    "Currency": (Currency, "ISO 4217, in capitals."),
    "Duration": (Duration, "Milliseconds, at most 90 days."),
    "Number": (Number, "An integer below 2^53, written as one: 9, not 9.0."),
}


def topic_schema(kind: TopicKind, examples: list[Any]) -> Schema:
    """The schema of a topic's values in the bare form; `examples` are values to show."""
    events = list(EVENTS[kind].values())
    # An event's struct adds little to its base: the base's fields are written once, in the base.
    structs = list(dict.fromkeys([*(event.__mro__[1] for event in events), *events]))
    if kind in _LISTS:
        structs.append(_LISTS[kind])
    _, generated = msgspec.json.schema_components(structs, ref_template=_REFERENCE)
    definitions = {
        name: {"title": name, "description": text} | msgspec.json.schema(named)
        for name, (named, text) in _NAMED.items()
    }
    for struct in structs:
        definitions[struct.__name__] = _struct_schema(struct, generated)
    return {
        "$schema": DIALECT,
        "title": f"CX Pulse, topic kind {kind}",
        "description": "One value of the topic. Unknown fields are ignored; null is absent.",
        "type": "object",
        "oneOf": [{"$ref": _REFERENCE.format(name=event.__name__)} for event in events],
        "$defs": definitions,
        "examples": examples,
    }


def _struct_schema(struct: type[Struct], generated: dict[str, Schema]) -> Schema:
    own = generated[struct.__name__]
    base = struct.__mro__[1].__name__ if struct.__struct_config__.tag in TOPIC_OF_TYPE else ""
    inherited = generated[base]["properties"] if base else {}
    properties = {
        name: _refer(schema) | {"description": _meaning(struct, name)}
        for name, schema in own["properties"].items()
        if inherited.get(name) != schema
    }
    if not base:
        properties.pop("type", None)  # the tag that msgspec gives a base; nobody sends it
    rules = [{"$ref": _REFERENCE.format(name=base)}] if base else []
    rules += _RULES.get(struct.__name__, [])
    required = [n for n in own.get("required", []) if n in properties]
    schema = {"title": struct.__name__, "description": own["description"], "type": "object"}
    schema |= {"properties": properties, "required": required}
    return schema | ({"allOf": rules} if rules else {})


def _meaning(struct: type[Struct], name: str) -> str:
    return TYPE_MEANING if name == "type" else meaning(struct, name)


def _refer(schema: Schema) -> Schema:
    """The schema with references where a named type stands, and without `null` as a default."""
    kept = {name: said for name, said in schema.items() if (name, said) != ("default", None)}
    for name, (named, _) in _NAMED.items():
        form = msgspec.json.schema(named)
        if kept == form:
            return {"$ref": _REFERENCE.format(name=name)}
        members = form.get("anyOf", [form])
        if "anyOf" in kept and all(member in kept["anyOf"] for member in members):
            others = [member for member in kept["anyOf"] if member not in members]
            kept["anyOf"] = [{"$ref": _REFERENCE.format(name=name)}, *others]
    return kept


def _said(name: str, said: Schema) -> Schema:
    """That a field is there and holds such a value."""
    return {"properties": {name: said}, "required": [name]}


def _pair(one: str, other: str, schema: Schema) -> Schema:
    return {"if": _said(one, schema), "then": _said(other, {"not": _NULL})}


def _answered(kinds: list[str], value: Schema, *, unscaled: bool = False) -> Schema:
    """What the value of an answer of one of the kinds must be, unless it was skipped."""
    condition = {
        "properties": {
            "kind": {"enum": kinds},
            "status": {"enum": ["answered", None]},
        }
        | ({"scale_min": _NULL, "scale_max": _NULL} if unscaled else {}),
        "required": ["kind"],
    }
    return {"if": condition, "then": _said("value", value)}


_INTEGER: Final[Schema] = {"type": "integer"}
_RULES: Final[dict[str, list[Schema]]] = {
    "Answer": [
        _pair("scale_min", "scale_max", _INTEGER),
        _pair("scale_max", "scale_min", _INTEGER),
        _answered(["nps", "csat", "ces", "scale"], _INTEGER),
        _answered(["yes_no"], {"type": "boolean"}),
        _answered(["choice"], {"type": "string"}),
        _answered(["multi_choice"], {"type": "array"}),
        _answered(["nps"], {"minimum": 0, "maximum": 10}),
        *(
            _answered([kind or ""], {"minimum": low, "maximum": high}, unscaled=True)
            for kind, (low, high) in DEFAULT_SCALES.items()
            if kind != "nps"
        ),
    ],
    "CartEvent": [_pair("value_minor", "currency", _INTEGER)],
    "ContactUpdated": [
        {
            "anyOf": [
                _said("customer_id", {"not": _NULL}),
                _said("issue_id", {"not": _NULL}),
                _said("attributes", {"type": "object", "not": {"additionalProperties": _NULL}}),
            ]
        }
    ],
}
