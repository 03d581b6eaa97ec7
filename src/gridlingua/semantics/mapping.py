"""What a message is in terms of variables: fields, nodes and the chain of arrays they live in (DESIGN.md 4 and 5)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import quote

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.datatypes import Converter, Json, lexical
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import Term

Pointer = tuple[str, ...]
"""A JSON Pointer taken apart; ``*`` stands for every element of an array."""

ABSENT: Final = object()
"""No default: the field is required."""


class MappingError(GridlinguaError):
    """A declaration that cannot be lifted and lowered; ``at`` is the pointer or variable it is about."""

    def __init__(self, at: str, message: str) -> None:
        self.at = at
        super().__init__(message)


Note = Callable[[MappingError], None]
"""What to do with an error: raise it, or keep it and look for more."""


def at_once(error: MappingError) -> None:
    """Raise the first error."""
    raise error


def parse_pointer(text: str) -> Pointer:
    """Take a JSON Pointer apart: ``/*/startTime`` → ``("*", "startTime")``, ``/`` and ``""`` → ``()``."""
    if text in ("", "/"):
        return ()
    if not text.startswith("/"):
        raise MappingError(text, f"{text!r} is not a JSON Pointer: it starts with /")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/"))


def write_pointer(pointer: Sequence[str | int]) -> str:
    """Put a JSON Pointer together again."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in pointer)


@dataclass(frozen=True)
class Field:
    """A variable that carries a leaf of the message; absent means ``default`` where there is one."""

    variable: str
    pointer: Pointer
    converter: Converter
    default: Json = ABSENT


@dataclass(frozen=True)
class Node:
    """A variable that stands for a resource the message does not name; ``template`` names it across exchanges."""

    variable: str
    template: str = ""

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The variables that the template takes."""
        return tuple(re.findall(r"\{(\w+)\}", self.template))


@dataclass(frozen=True)
class Place:
    """Where a value lives inside a level: which of its parallel arrays, and the steps below the element."""

    array: int
    steps: Pointer


@dataclass(frozen=True)
class Level:
    """One array of the chain (the root is the first): its fields, nodes and what makes an element itself.

    ``arrays`` are the places, in the level above, of the arrays that advance together: one, or the ``columns``.
    """

    pointer: Pointer
    arrays: tuple[Place, ...]
    fields: tuple[tuple[Field, Place], ...]
    nodes: tuple[Node, ...]
    keys: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True)
class Declaration:
    """One part (request or reply) of an exchange as exchange.yaml declares it, pointers taken apart."""

    fields: tuple[Field, ...] = ()
    nodes: Map[Pointer, tuple[Node, ...]] = field(default_factory=dict)
    keys: Map[Pointer, tuple[str, ...]] = field(default_factory=dict)
    order: Map[Pointer, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[tuple[Pointer, ...], ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A declaration made ready for lift and lower: its levels, outermost first."""

    exchange: str
    part: str
    levels: tuple[Level, ...]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields by variable."""
        return {one.variable: one for level in self.levels for one, _ in level.fields}

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes by variable."""
        return {one.variable: one for level in self.levels for one in level.nodes}

    def level_of(self, variable: str) -> int:
        """The depth of the level at which a field or node stands; the root is 0."""
        return next(
            depth
            for depth, level in enumerate(self.levels)
            if any(one.variable == variable for one, _ in level.fields)
            or any(one.variable == variable for one in level.nodes)
        )


def build(exchange: str, part: str, declared: Declaration, note: Note = at_once) -> Mapping:
    """Order the arrays of a declaration into one chain of levels.

    Notes a MappingError when two independent sibling arrays stand in one message, when nodes or keys stand at a place
    that is no array, or when an array has no key; with any noted, the mapping is not to be used.
    """
    groups = {pointer: group for group in declared.columns for pointer in group}
    used = [one.pointer for one in declared.fields] + [p for group in declared.columns for p in group]
    prefixes = {p[: n + 1] for p in used for n, step in enumerate(p) if step == "*"}
    chain = [(), *sorted({_level_of(p, groups) for p in prefixes}, key=len)]
    for level in dict.fromkeys([*declared.nodes, *declared.keys, *declared.order]):
        if level not in chain:
            place = write_pointer(level) or "/"
            note(MappingError(place, f"{place} is no array of this message"))
    levels: list[Level] = []
    for pointer in chain:
        arrays = groups.get(pointer, (pointer,))
        parents = tuple(_place_of(array[:-1], levels[-1], groups, array, note) for array in arrays) if levels else ()
        levels.append(_level(pointer, parents, declared, groups, note))
    return Mapping(exchange, part, tuple(levels))


def _level_of(array: Pointer, groups: Map[Pointer, tuple[Pointer, ...]]) -> Pointer:
    return groups[array][0] if array in groups else array


def _array_of(pointer: Pointer) -> Pointer:
    """The innermost array that a pointer goes through, up to its ``*``; the root when there is none."""
    stars = [n for n, step in enumerate(pointer) if step == "*"]
    return pointer[: stars[-1] + 1] if stars else ()


def _place_of(
    pointer: Pointer, level: Level, groups: Map[Pointer, tuple[Pointer, ...]], array: Pointer, note: Note
) -> Place:
    inner = _array_of(pointer)
    if _level_of(inner, groups) != level.pointer:
        both = f"{write_pointer(array)} and {write_pointer(level.pointer)}"
        remedy = "rows come from one chain of arrays, so split the exchange or declare them under columns"
        note(MappingError(write_pointer(array), f"{both} are independent arrays: {remedy}"))
    return Place(groups.get(inner, (inner,)).index(inner), pointer[len(inner) :])


def _level(
    pointer: Pointer,
    parents: tuple[Place, ...],
    declared: Declaration,
    groups: Map[Pointer, tuple[Pointer, ...]],
    note: Note,
) -> Level:
    mine = [one for one in declared.fields if _level_of(_array_of(one.pointer), groups) == pointer]
    fields = []
    for one in mine:
        inner = _array_of(one.pointer)
        fields.append((one, Place(groups.get(inner, (inner,)).index(inner), one.pointer[len(inner) :])))
    keys = declared.keys.get(pointer, ())
    nodes = declared.nodes.get(pointer, ())
    if pointer and not keys:
        message = f"the array {write_pointer(pointer)} has no key: name it under keys"
        note(MappingError(write_pointer(pointer), message))
    elif not pointer and not keys and not all(one.template for one in nodes):
        _demand_a_name(declared, bool(fields), note)
    order = tuple(dict.fromkeys([*declared.order.get(pointer, ()), *keys]))  # keys break ties, so no row order shows
    return Level(pointer, parents, tuple(fields), nodes, keys, order)


def _demand_a_name(declared: Declaration, fields_there: bool, note: Note) -> None:
    """A node at the root without key or template is named by what the root says."""
    if not fields_there:
        note(MappingError("/", "a node at / needs a field at / to be named by, or a template"))
    elif any("*" in one.pointer for one in declared.fields):
        reason = "fields that are equal do not make messages one"
        note(MappingError("/", f"a node at / beside an array needs keys at /, or a template: {reason}"))


@dataclass(frozen=True)
class Minter:
    """Names the resources that messages do not name.

    ``own`` is the base of the party that speaks: what two parties call ``1`` stays apart. ``shared`` is the base that a
    whole network agrees on, for what is the same resource to all (a node with a template). A template that begins with
    ``./`` is for what is the same resource in all exchanges of one party.
    """

    own: str
    shared: str = "https://w3id.org/gridlingua/id/"

    def node(self, exchange: str, node: Node, path: str, row: Row) -> Term:
        """The IRI of a node at an element whose keys are ``path``."""
        if node.template:
            values = {slot: segment(lexical(row[slot])) for slot in node.slots}
            name = node.template.format_map(values)
            return f"<{self.own}{name[2:]}>" if name.startswith("./") else f"<{self.shared}{name}>"
        return f"<{self.own}{exchange}/{node.variable}{path}>"


def segment(text: str) -> str:
    """A text as one segment of an IRI path; dots alone would mean another path."""
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe="")


def digest(row: Row, variables: Sequence[str]) -> str:
    """A short, stable name for a message that has no key: a digest of what it says."""
    text = "\n".join(row[name] for name in variables)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
