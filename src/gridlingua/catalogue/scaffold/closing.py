"""A schema of an OpenAPI document as a plain, closed JSON Schema: what rows can say; remarks tell what they cannot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.scaffold.brief import REMEDY, UNDECIDED, ScaffoldError
from gridlingua.catalogue.scaffold.document import Document, Place
from gridlingua.semantics.mapping import Pointer, write_pointer
from gridlingua.semantics.schema import Schema, python_pattern

_COPIED: Final = (
    *("title", "description", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *(
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "default",
        "examples",
    ),
)
_OF_KIND: Final = {
    "string": {"enum", "format", "pattern", "minLength", "maxLength"},
    "number": {"enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "boolean": set[str](),
    "array": {"minItems", "maxItems", "uniqueItems"},
    "object": set[str](),
}
_ALWAYS: Final = {"title", "description", "default", "examples"}
_HIDDEN: Final = {"request": "readOnly", "reply": "writeOnly"}


class _UnspeakableError(Exception):
    """What no row can say; the reason."""


@dataclass
class _Merged:
    """A schema with all that its ``allOf`` and its only alternative add."""

    said: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, list[Place]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: Place | None = None
    marks: list[str] = field(default_factory=list)


@dataclass
class Closing:
    """Makes plain schemas of one part; ``drop`` are the pointers to leave out."""

    document: Document
    part: Part
    drop: Collection[str] = ()
    remarks: list[str] = field(default_factory=list)
    nullable: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)

    def closed(self, place: Place) -> Schema:
        """The plain schema of a message; raises ScaffoldError when it cannot be one."""
        try:
            made = self._closed([place], (), ())
        except _UnspeakableError as reason:
            raise ScaffoldError(f"the {self.part}: {reason}: describe the message in the document") from None
        if self.nullable:
            names = ", ".join(dict.fromkeys(one.rpartition("/")[2] or "/" for one in self.nullable))
            self.remarks.append(f"{self.part}: {names} may be null in the document, but not here: rows have no null")
        return made

    def _closed(self, places: list[Place], at: Pointer, seen: tuple[Any, ...]) -> Schema:
        merged = _Merged()
        for place in places:
            seen = self._gather(place, merged, seen)
        kind = self._kind(merged, at)
        made: Schema = {"type": kind}
        allowed = _ALWAYS | _OF_KIND.get("number" if kind == "integer" else kind, set())
        made |= {key: merged.said[key] for key in _COPIED if key in merged.said and key in allowed}
        made |= {key: " ".join(str(made[key]).split()) for key in ("title", "description") if key in made}
        self._put_right(made, at)
        if kind == "object":
            self._object(merged, made, at, seen)
        elif kind == "array":
            self._array(merged, made, at, seen)
        if merged.marks:
            made["$comment"] = UNDECIDED + "; ".join(merged.marks)
        return made

    def _gather(self, place: Place, into: _Merged, seen: tuple[Any, ...]) -> tuple[Any, ...]:
        found = self.document.follow(place)
        if found.address:
            if (found.file, found.address) in seen:
                raise _UnspeakableError("it contains itself, and rows have no end of levels")
            seen = (*seen, (found.file, found.address))
        if not isinstance(found.value, dict):
            raise _UnspeakableError("it may be anything")
        said = dict(found.value)
        for name, one in (said.pop("properties", None) or {}).items():
            into.properties.setdefault(str(name), []).append(Place(one, found.file))
        into.required |= {str(one) for one in said.pop("required", None) or () if isinstance(one, str)}
        if "items" in said:
            into.items = into.items or Place(said.pop("items"), found.file)
        members = said.pop("allOf", None) or []
        for key, value in _modern(said).items():
            into.said.setdefault(key, value)
        for member in members:
            seen = self._gather(Place(member, found.file), into, seen)
        if alternatives := [Place(one, found.file) for one in said.get("oneOf") or said.get("anyOf") or ()]:
            seen = self._choose(alternatives, into, seen)
        return seen

    def _choose(self, alternatives: list[Place], into: _Merged, seen: tuple[Any, ...]) -> tuple[Any, ...]:
        """One alternative beside null is none; of several the first is taken, and that is marked."""
        real = [one for one in map(self.document.follow, alternatives) if one.value.get("type") != "null"]
        if len(real) < len(alternatives):
            into.said["nullable"] = True
        if len(real) > 1:
            mark = f"the document allows {len(real)} alternatives, this is the first: write an exchange for each other"
            into.marks.append(mark)
        return self._gather(real[0], into, seen) if real else seen

    def _kind(self, merged: _Merged, at: Pointer) -> str:
        given = merged.said.get("type")
        kinds = [given] if isinstance(given, str) else list(given or ())
        if merged.said.get("nullable") or "null" in kinds:
            self.nullable.append(write_pointer(at) or "/")
        kinds = [one for one in kinds if one != "null"]
        if len(kinds) > 1:
            merged.marks.append(f"the document allows {' or '.join(kinds)}, this is the first")
        if kinds:
            return str(kinds[0])
        if merged.properties:
            return "object"
        if merged.items:
            return "array"
        values = merged.said.get("enum") or merged.said.get("examples") or ()
        found = {_kind_of(one) for one in values if one is not None}
        if len(found) == 1:
            return found.pop()
        if found or "format" in merged.said or "pattern" in merged.said:
            return "string"
        raise _UnspeakableError("it may be anything")

    def _put_right(self, made: Schema, at: Pointer) -> None:
        """What our JSON Schemas and Python do not have, and what could not be meant."""
        if "enum" in made:
            values = [one for one in made["enum"] if one is not None]
            fitting = [one for one in dict.fromkeys(values) if _fits(one, made["type"])]
            made["enum"] = fitting
            if not fitting or made["type"] == "boolean":
                del made["enum"]
        if "pattern" in made and not _compiles(made["pattern"]):
            self.remarks.append(f"{self.part} {write_pointer(at)}: the pattern {made.pop('pattern')} cannot be read")
        if "default" in made and not _fits(made["default"], made["type"]):
            del made["default"]
        if "examples" in made:
            made["examples"] = [one for one in made["examples"] if _fits(one, made["type"])][:1]
            if not made["examples"] or made["type"] in ("object", "array"):
                del made["examples"]

    def _object(self, merged: _Merged, made: Schema, at: Pointer, seen: tuple[Any, ...]) -> None:
        if not merged.properties:
            reason = "an object without properties may hold anything, which triples cannot say"
            raise _UnspeakableError(reason)
        if merged.said.get("additionalProperties") not in (None, False):
            place = write_pointer(at) or "/"
            self.remarks.append(f"{self.part} {place}: properties that the document does not name are refused")
        properties = dict(self._properties(merged, at, seen))
        if not properties:
            raise _UnspeakableError("nothing of it is left")
        required = [name for name, one in properties.items() if name in merged.required or "default" not in one]
        if at and not required:  # rows could not say that there is such an object
            required = list(properties)
        made["additionalProperties"] = False
        made["required"] = required
        made["properties"] = properties
        for name in required:
            properties[name].pop("default", None)
        if optional := [name for name in required if name not in merged.required]:
            names = ", ".join(optional)
            merged.marks.append(f"the document lets {names} be absent, rows do not: required here; {REMEDY}")

    def _properties(self, merged: _Merged, at: Pointer, seen: tuple[Any, ...]) -> Iterator[tuple[str, Schema]]:
        for name, places in merged.properties.items():
            pointer = write_pointer((*at, name))
            if pointer in self.drop:
                self.dropped.add(pointer)
                self.ignored.append(pointer)
                continue
            if any(self._is(one, _HIDDEN[self.part]) for one in places):
                self.remarks.append(f"{self.part}: {pointer} is {_HIDDEN[self.part]}, so it is left out")
                self.ignored.append(pointer)
                continue
            try:
                yield name, self._closed(places, (*at, name), seen)
            except _UnspeakableError as reason:
                if name in merged.required:
                    remedy = f"describe it in the document, or leave it out with --drop {pointer}"
                    raise ScaffoldError(f"{self.part} {pointer}: {reason}: {remedy}") from None
                self.remarks.append(f"{self.part}: {pointer} is left out: {reason}")
                self.ignored += [pointer] if self.part == "reply" else []  # a client is told that it is not carried

    def _is(self, place: Place, what: str) -> bool:
        found = self.document.follow(place).value
        return isinstance(found, dict) and found.get(what) is True

    def _array(self, merged: _Merged, made: Schema, at: Pointer, seen: tuple[Any, ...]) -> None:
        if merged.items is None:
            raise _UnspeakableError("an array that does not say of what")
        made["items"] = self._closed([merged.items], (*at, "*"), seen)
        if at or self.part == "request":
            if not made.get("minItems"):
                place = write_pointer(at) or "/"
                self.remarks.append(
                    f"{self.part}: {place} may not be empty (minItems 1): rows cannot say an empty array"
                )
            made["minItems"] = max(1, int(made.get("minItems", 1)))
        if made["items"]["type"] not in ("object", "array"):
            made["uniqueItems"] = True


def _modern(said: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0's spellings as JSON Schema has them."""
    if "const" in said:
        said.setdefault("enum", [said["const"]])
    if "example" in said:
        said.setdefault("examples", [said["example"]])
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if said.get(strict) is True and bound in said:
            said[strict] = said.pop(bound)
        elif isinstance(said.get(strict), bool):
            del said[strict]
    if not isinstance(said.get("examples", []), list):
        del said["examples"]
    return said


def _fits(value: Any, kind: str) -> bool:
    return _kind_of(value) == kind or (kind == "number" and _kind_of(value) == "integer")


def _kind_of(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _compiles(pattern: Any) -> bool:
    try:
        re.compile(python_pattern(str(pattern)))
    except re.error:
        return False
    return isinstance(pattern, str)
