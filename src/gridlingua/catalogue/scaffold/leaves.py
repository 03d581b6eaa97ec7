"""The leaves of a message by the arrays that they live in: what becomes fields, levels and keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.scaffold.brief import ScaffoldError
from gridlingua.catalogue.scaffold.words import Words, contain, words
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import ABSENT, Pointer, write_pointer
from gridlingua.semantics.schema import Schema

_OF_FORMAT: Final = {
    "date-time": "dateTimeStamp",
    "date": "date",
    "duration": "duration",
    "uri": "anyURI",
    "iri": "anyURI",
    "url": "anyURI",
}
_OF_TYPE: Final = {"number": "decimal", "integer": "integer", "boolean": "boolean"}
_OWN: Final = (("id",), ("identifier",), ("mrid",), ("uuid",), ("guid",))
_IDENTIFIERS: Final = (*_OWN, ("ean",), ("eic",), ("prm",))
_TIMES: Final = (("start",), ("begin",), ("time",), ("timestamp",), ("from",), ("at",), ("date",))
_OF_RECORD: Final = frozenset(words("created creation updated update modified modification changed edited"))
_PLACES: Final = (("index",), ("position",), ("sequence",), ("number",), ("slot",))


@dataclass(frozen=True, eq=False)
class Leaf:
    """A value of a message; ``around`` are the words of the objects between it and its array's element."""

    part: Part
    pointer: Pointer
    level: Pointer
    schema: Schema
    around: Words = ()
    default: Json = ABSENT

    @cached_property
    def name(self) -> str:
        """The property's name; that of the array where the leaf is its element."""
        return next((step for step in reversed(self.pointer) if step != "*"), "value")

    @cached_property
    def words(self) -> Words:
        return words(self.name)

    @cached_property
    def said(self) -> Words:
        """All words of its place inside its level."""
        return (*self.around, *self.words)

    @cached_property
    def datatype(self) -> str:
        """The XSD datatype (``as:``) that carries it."""
        kind = str(self.schema["type"])
        return _OF_FORMAT.get(str(self.schema.get("format", "")), "string") if kind == "string" else _OF_TYPE[kind]

    @property
    def is_number(self) -> bool:
        return self.datatype in ("decimal", "integer") and "enum" not in self.schema

    @property
    def is_identifier(self) -> bool:
        """Whether the name says that it identifies something."""
        return self.datatype in ("string", "integer", "anyURI") and self.said[-1:] in _IDENTIFIERS

    @property
    def is_own_identifier(self) -> bool:
        """Whether the name is nothing but that of an identifier, so that of what it stands in."""
        return self.is_identifier and self.words in _OWN

    @property
    def is_count(self) -> bool:
        """Whether it says how many there are: ``numberOfHits``."""
        counted = bool({"count", "total", "hit"} & set(self.said)) or contain(self.said, ("number", "of"))
        return self.datatype == "integer" and counted

    @property
    def is_of_record(self) -> bool:
        """Whether it is a time of the record, and not of what the record is about: ``updatedAt``."""
        return bool(_OF_RECORD & set(self.said))

    @property
    def description(self) -> str:
        return " ".join(str(self.schema.get("description", "")).split())

    def __str__(self) -> str:
        return write_pointer(self.pointer)


@dataclass(frozen=True, eq=False)
class Level:
    """One array of a message's chain (the root is the first): its leaves, and the words of its name."""

    part: Part
    pointer: Pointer
    leaves: tuple[Leaf, ...]
    noun: Words = ()
    has_more_below: bool = False

    @property
    def is_of_values(self) -> bool:
        """Whether its elements are bare values."""
        return len(self.leaves) == 1 and self.leaves[0].pointer == self.pointer

    def keys(self) -> tuple[tuple[Leaf, ...], bool]:
        """What makes an element itself, and whether that is sure."""
        required = [one for one in self.leaves if one.default is ABSENT] or list(self.leaves)
        own = [one for one in required if not one.around and (one.is_own_identifier or _is_of(one, self.noun))]
        if own:
            return (own[0],), True
        identifiers = [one for one in required if one.is_identifier]
        dated = (one for one in required if one.datatype in ("dateTimeStamp", "date") and not one.is_of_record)
        times = [one for one in dated if _says(one, _TIMES)][:1]
        places = [one for one in required if one.datatype == "integer" and _says(one, _PLACES)][:1]
        if found := (*identifiers[:3], *(times or places)):
            return found, len(found) == 1 and not identifiers
        told = tuple(one for one in required if one.datatype not in ("decimal", "boolean"))
        return (told or tuple(required)), self.is_of_values


def _is_of(leaf: Leaf, noun: Words) -> bool:
    return leaf.is_identifier and bool(noun) and leaf.words[:-1] in (noun, noun[-1:])


def _says(leaf: Leaf, wanted: Sequence[Words]) -> bool:
    return any(contain(leaf.said, one) for one in wanted)


def levels(part: Part, schema: Schema) -> tuple[Level, ...]:
    """The chain of a message's arrays, outermost first.

    Raises ScaffoldError when two arrays stand beside each other or nothing tells the elements of one apart.
    """
    found = list(_leaves(part, schema, (), (), (), ABSENT))
    arrays = list(
        dict.fromkeys(one.pointer[: at + 1] for one in found for at, step in enumerate(one.pointer) if step == "*")
    )
    _refuse_siblings(part, arrays, found)
    chain = [(), *sorted(arrays, key=len)]
    made = []
    for pointer in chain:
        leaves = tuple(one for one in found if one.level == pointer)
        noun = next((words(step) for step in reversed(pointer) if step != "*"), ())
        made.append(Level(part, pointer, leaves, noun, pointer != chain[-1]))
        if pointer:
            _refuse_nameless(made[-1])
    return tuple(made)


def _refuse_siblings(part: Part, arrays: Sequence[Pointer], leaves: Sequence[Leaf]) -> None:
    """Rows come from one chain of arrays: of several, the author keeps one; the one with most fields is proposed."""

    def fields(array: Pointer) -> int:
        return sum(one.pointer[: len(array)] == array for one in leaves)

    groups: dict[Pointer, list[Pointer]] = {}
    for array in arrays:
        outer = max((one for one in arrays if one != array and array[: len(one)] == one), key=len, default=())
        groups.setdefault(outer, []).append(array)
    crowded = [group for group in groups.values() if len(group) > 1]
    if not crowded:
        return
    places = [[write_pointer(one[:-1]) or "/" for one in group] for group in crowded]
    kept = [max(group, key=fields) for group in crowded]
    drops = [f"--drop {write_pointer(one[:-1])}" for group in crowded for one in group if one not in kept]
    named = "; ".join(" and ".join(one) for one in places)
    raise ScaffoldError(
        f"the {part} has arrays beside each other ({named}), and rows come from one chain: write an exchange for each "
        f"and leave the others out, as in {' '.join(drops)}; arrays that run in parallel go under columns, by hand"
    )


def _refuse_nameless(level: Level) -> None:
    place = write_pointer(level.pointer[:-1]) or "/"
    if not level.leaves:
        remedy = "give them an identifier, a time or an index in the schema"
        raise ScaffoldError(f"nothing in the {level.part} tells the elements of {place} apart: {remedy}")
    if level.is_of_values and level.leaves[0].datatype in ("decimal", "integer", "boolean"):
        remedy = f"make them objects with a time or an index, or leave them out with --drop {place}"
        raise ScaffoldError(f"{place} of the {level.part} holds bare {level.leaves[0].schema['type']}s: {remedy}")


def _leaves(part: Part, schema: Schema, at: Pointer, level: Pointer, around: Words, default: Json) -> Iterator[Leaf]:
    if schema["type"] == "object":
        for name, one in schema["properties"].items():
            inner = around + (words(at[-1]) if at and at != level else ())
            known = one.get("default", ABSENT) if name not in schema.get("required", ()) else ABSENT
            yield from _leaves(part, one, (*at, name), level, inner, known)
    elif schema["type"] == "array":
        yield from _leaves(part, schema["items"], (*at, "*"), (*at, "*"), (), ABSENT)
    else:
        yield Leaf(part, at, level, schema, around, default)
