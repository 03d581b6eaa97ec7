"""The schema of a message from an example of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gridlingua.catalogue.exchange import Operation
from gridlingua.catalogue.scaffold.brief import REMEDY, UNDECIDED, Messages, ScaffoldError, with_parameters
from gridlingua.catalogue.scaffold.words import words
from gridlingua.errors import MessageError
from gridlingua.semantics.datatypes import DATATYPES, Json
from gridlingua.semantics.mapping import Pointer, write_pointer
from gridlingua.semantics.schema import Schema, read_json

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_FORMATS: Final = {"date-time": "dateTimeStamp", "date": "date", "duration": "duration"}
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CODE: Final = re.compile(r"[A-Z][A-Za-z_]*")
_CODED: Final = ("status", "state", "type", "kind", "direction", "side", "mode", "unit", "category", "role")


def messages(path: Path, rest: str) -> Messages:
    """The messages of an example file, ``{request, reply}`` or one message, which then is the request of a POST and the
    reply of a GET. Raises ScaffoldError when the file is no JSON or holds what rows cannot say."""
    case = _case(path, rest)
    parts: dict[str, Schema] = {}
    for part, said in case.items():
        parts[part] = {"$schema": _DRAFT, "title": part.capitalize(), **_schema([said], (), part)}
    nothing = {"$schema": _DRAFT, "type": "object", "additionalProperties": False, "properties": {}}
    made = Messages(
        parts.get("request") or dict(nothing),
        parts.get("reply") or nothing,
        rest=rest,
        source=f"the example {path.name}",
    )
    for part, said in case.items():
        made.examples["request" if part == "request" else "reply"].append(said)
    return with_parameters(made, Operation.parse(rest))


def _case(path: Path, rest: str) -> dict[str, Json]:
    try:
        said = read_json(path.read_bytes())
    except OSError as error:
        raise ScaffoldError(f"{path}: cannot be read: {error.strerror}") from None
    except MessageError as error:
        raise ScaffoldError(f"{path}: {error.faults[0].message}") from None
    if isinstance(said, dict) and said and said.keys() <= {"request", "reply"}:
        silent = [part for part, one in said.items() if one == {}]
        return said if len(silent) == len(said) else {part: one for part, one in said.items() if part not in silent}
    return {"reply" if not rest or rest.startswith("GET") else "request": said}


def _schema(values: Sequence[Json], at: Pointer, part: str) -> Schema:
    """The schema that all these values conform to: what stands at one place of the example, as often as it does."""
    kinds = {_kind(one) for one in values if one is not None}
    place = f"{part} {write_pointer(at) or '/'}"
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if not kinds:
        raise ScaffoldError(f"{place}: null says nothing of what may stand here: give the example a value")
    if len(kinds) > 1:
        raise ScaffoldError(f"{place}: {' and '.join(sorted(kinds))} stand here; a field is of one type")
    kind = kinds.pop()
    found = [one for one in values if one is not None]
    if kind == "object":
        return _object(found, at, part)
    if kind == "array":
        return _array(found, at, part, place)
    made: Schema = {"type": kind}
    if kind == "string":
        made |= _text(found, at)
    return made | {"examples": [found[0]]}


def _object(values: Sequence[dict[str, Json]], at: Pointer, part: str) -> Schema:
    names = list(dict.fromkeys(name for one in values for name in one))
    if not names:
        raise ScaffoldError(f"{part} {write_pointer(at) or '/'}: an empty object says nothing: give it a field")
    properties = {name: _schema([one[name] for one in values if name in one], (*at, name), part) for name in names}
    made: Schema = {"type": "object", "additionalProperties": False, "required": names, "properties": properties}
    rare = [name for name in names if any(one.get(name) is None for one in values)]
    if rare:
        said = f"the example lets {', '.join(rare)} be absent, rows do not: required here; " + REMEDY
        made["$comment"] = UNDECIDED + said
    return made


def _array(values: Sequence[list[Json]], at: Pointer, part: str, place: str) -> Schema:
    inner = [one for array in values for one in array]
    if not inner:
        raise ScaffoldError(f"{place}: an empty array says nothing of its elements: give it one")
    made: Schema = {"type": "array", "items": _schema(inner, (*at, "*"), part)}
    if at or part == "request":
        made["minItems"] = 1
    if made["items"]["type"] not in ("object", "array"):
        made["uniqueItems"] = True
    return made


def _text(values: Sequence[str], at: Pointer) -> Schema:
    for name, datatype in _FORMATS.items():
        if all(_is(datatype, one) for one in values):
            return {"format": name}
    if all(map(_URI.fullmatch, values)):
        return {"format": "uri"}
    if all(map(_EMAIL.fullmatch, values)):
        return {"format": "email"}
    said = words(at[-1] if at else "")
    if all(map(_CODE.fullmatch, values)) and set(said) & set(_CODED) and said[-1] != "unit":
        some = list(dict.fromkeys(values))
        mark = f"the example has {', '.join(some)}: is it a list of codes (enum), and which are the others?"
        return {"minLength": 1, "$comment": UNDECIDED + mark}
    identifies = said[-1:] in (("id",), ("identifier",), ("code",))
    return {"minLength": 1} if identifies and all(values) else {}


def _is(datatype: str, text: str) -> bool:
    try:
        DATATYPES[datatype].write(text)
    except ValueError:
        return False
    return True


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    return "integer" if isinstance(value, int) else "number"
