"""The JSON side of a message: reading it exactly, and checking it against its JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import simplejson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from gridlingua.decimals import read_decimal
from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import write_pointer

Schema = dict[str, Any]

_MOST_FAULTS = 20
_BOUNDS = {
    "minimum": "it must be at least",
    "maximum": "it must be at most",
    "exclusiveMinimum": "it must be above",
    "exclusiveMaximum": "it must be below",
    "multipleOf": "it must be a multiple of",
}


class NotJsonError(MessageError):
    """A text that is no JSON at all."""


def read_json(text: str | bytes) -> Json:
    """Parse JSON with numbers as ``int`` or ``Decimal``; NotJsonError says where it breaks."""
    try:
        return json.loads(text, parse_float=read_decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError) as error:  # no UTF-8, a number of thousands of digits, arrays too deep
        raise NotJsonError(f"not JSON: {error}") from None


def _no_constant(name: str) -> Json:
    raise NotJsonError(f"not JSON: {name} is no number")


def write_json(message: Json, *, indent: int | None = None) -> str:
    """Write JSON with decimals exactly as they are."""
    return simplejson.dumps(message, use_decimal=True, ensure_ascii=False, indent=indent)


def python_pattern(pattern: str) -> str:
    """A JSON Schema pattern as Python reads it: ``$`` is the end, not also what is before a last line break."""
    return re.sub(r"\\.|\[(?:\\.|[^\]])*\]|\$", lambda found: r"\Z" if found[0] == "$" else found[0], pattern)


def _pattern(_: Any, pattern: str, instance: Json, __: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not re.search(python_pattern(pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def conform(schema: Schema, message: Json) -> list[Fault]:
    """What the schema forbids in a message, by JSON Pointer, the first twenty."""
    faults = []
    for error in _Validator(schema).iter_errors(message):
        faults.append(Fault(write_pointer(error.absolute_path), _sentence(error)))
        if len(faults) == _MOST_FAULTS:
            break
    return faults


def _sentence(error: ValidationError) -> str:
    allowed: Any = error.validator_value
    match error.validator:
        case "enum":
            return f"{_shown(error.instance)} is not allowed, it must be one of {', '.join(map(str, allowed))}"
        case "pattern":
            return f"{_shown(error.instance)} does not match {allowed}"
        case "minItems":
            return f"at least {allowed} element{'s' if allowed != 1 else ''} needed"
        case "type":
            return f"{_shown(error.instance)} is not of type {allowed}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf":
            return f"{_shown(error.instance)} is not allowed, {_BOUNDS[error.validator]} {allowed}"
        case _:
            return error.message if len(error.message) <= 200 else error.message[:199] + "…"


def _shown(value: Json) -> str:
    text = write_json(value)
    return text if len(text) <= 60 else text[:57] + "…"


def subschemas(schema: Schema, pointer: tuple[str, ...]) -> list[tuple[Schema, bool]] | None:
    """The schemas on the way to a pointer (``*`` = any element), each with whether it is required by its parent.

    None when the schema does not know the pointer.
    """
    way: list[tuple[Schema, bool]] = []
    current = schema
    for step in pointer:
        current = resolve(schema, current)
        if step == "*":
            inner, required = current.get("items"), True
        else:
            inner, required = current.get("properties", {}).get(step), step in current.get("required", ())
        if not isinstance(inner, dict):
            return None
        way.append((inner, required))
        current = inner
    return way


def leaf(schema: Schema, pointer: tuple[str, ...]) -> Schema:
    """The schema of what stands at a pointer; empty when the schema does not know it."""
    way = subschemas(schema, pointer)
    return resolve(schema, way[-1][0]) if way else {}


def resolve(root: Schema, schema: Schema) -> Schema:
    """Follow a ``$ref`` into the same document."""
    while isinstance(reference := schema.get("$ref"), str) and reference.startswith("#/"):
        target: Any = root
        for step in reference[2:].split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema = target
    return schema
