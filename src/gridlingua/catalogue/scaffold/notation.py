"""A message in one line, as a terminal can ask for it: ``meterId, from: time, readings[].power: number kW``."""

from __future__ import annotations

import re
from typing import Final

from gridlingua.catalogue.exchange import Operation, Part
from gridlingua.catalogue.scaffold.brief import Messages, ScaffoldError, with_parameters
from gridlingua.semantics.schema import Schema
from gridlingua.semantics.units import UNITS

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_FIELD: Final = re.compile(r"(?P<path>[^\s:]+)(?:\s*:\s*(?P<kind>\S+)(?:\s+(?P<unit>\S+))?)?")
_STEP: Final = re.compile(r"[A-Za-z_][\w-]*(?:\[\])?|\[\]")
TYPES: Final[dict[str, Schema]] = {
    "text": {"type": "string", "minLength": 1},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "flag": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "duration": {"type": "string", "format": "duration"},
    "uri": {"type": "string", "format": "uri"},
    "unit": {"type": "string"},
}
"""The types of fields that the notation knows; ``a|b|c`` is a list of codes."""


def messages(request: str, reply: str, rest: str) -> Messages:
    """The messages that two texts in the notation say. Raises ScaffoldError with what cannot be read."""
    made = Messages(schema(request, "request"), schema(reply, "reply"), rest=rest)
    return with_parameters(made, Operation.parse(rest))


def schema(text: str, part: Part) -> Schema:
    """The schema of a message in the notation: fields with commas between, ``[]`` after what there are several of.

    A message that begins with ``[]`` is an array. Raises ScaffoldError with what cannot be read and what can.
    """
    root: Schema = {}
    for one in filter(None, (field.strip() for field in text.split(","))):
        found = _FIELD.fullmatch(one)
        if found is None:
            raise ScaffoldError(
                f"{one!r} is no field: write name, name: type or array[].name: type, as in 'power: number kW'"
            )
        _put(root, _steps(found["path"]), _leaf(one, found["kind"] or "text", found["unit"] or ""), one)
    made = root or {"type": "object", "additionalProperties": False, "properties": {}}
    if part == "reply" and made["type"] == "array":
        made.pop("minItems", None)
    return {"$schema": _DRAFT, "title": part.capitalize(), **made}


def _steps(path: str) -> list[str]:
    """``readings[].power`` → ``readings``, ``*``, ``power``."""
    steps: list[str] = []
    for piece in path.split("."):
        if not _STEP.fullmatch(piece):
            raise ScaffoldError(f"{path!r} is no place in a message: write names with dots between, [] after arrays")
        steps += [one for one in (piece.removesuffix("[]"), "*" if piece.endswith("[]") else "") if one]
    return steps


def _leaf(text: str, kind: str, unit: str) -> Schema:
    if "|" in kind:
        return {"type": "string", "enum": list(dict.fromkeys(filter(None, kind.split("|"))))}
    if kind not in TYPES:
        raise ScaffoldError(f"{text!r}: there is no type {kind!r}; there are {', '.join(TYPES)} and a|b|c for codes")
    made = dict(TYPES[kind])
    if unit:
        if unit not in UNITS or kind not in ("number", "integer"):
            raise ScaffoldError(f"{text!r}: {unit!r} is no unit of a number; there are {', '.join(UNITS)}")
        made["description"] = f"in {unit}"
    return made


def _put(root: Schema, steps: list[str], leaf: Schema, text: str) -> None:
    at = root
    for step in steps:
        kind = "array" if step == "*" else "object"
        if at.setdefault("type", kind) != kind:
            raise ScaffoldError(f"{text!r}: this is {at['type']} elsewhere in the message, and cannot be {kind} too")
        if step == "*":
            at.setdefault("minItems", 1)
            at = at.setdefault("items", {})
            continue
        at.setdefault("additionalProperties", False)
        required = at.setdefault("required", [])
        if step not in required:
            required.append(step)
        at = at.setdefault("properties", {}).setdefault(step, {})
    if at:
        raise ScaffoldError(f"{text!r} stands twice in the message")
    at.update(leaf)
