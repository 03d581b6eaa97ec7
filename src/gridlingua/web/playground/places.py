"""Where the rows of a message come from: the concrete JSON Pointer of each field."""

from __future__ import annotations

from collections.abc import Sequence

from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import Mapping, Pointer, parse_pointer, write_pointer
from gridlingua.semantics.rows import Row
from gridlingua.semantics.schema import write_json

Indexes = tuple[int, ...]
"""Which element of each array, outermost first."""


class Places:
    """The elements of a message that its rows were lifted from. ``rows`` are those of ``lift``, in its order."""

    def __init__(self, mapping: Mapping, message: Json, rows: Sequence[Row]) -> None:
        keys = [key for level in mapping.levels for key in level.keys if key in mapping.fields]
        self._keys = {key: mapping.fields[key].converter.identity for key in keys}
        self._pointers = {write_pointer(one.pointer) for one in mapping.fields.values()}
        self._pointers |= {write_pointer(level.pointer) for level in mapping.levels}
        self._message, self._rows = message, rows
        self._known = {self._key(row): at for row, at in zip(rows, _elements(mapping, message), strict=True)}

    def at(self, row: Row) -> Indexes | None:
        """The element that a row is of, be it of another profile or joined with a request; None when unknown."""
        return self._known.get(self._key(row))

    def has(self, pointer: str) -> bool:
        """Whether a field or an element of this message is declared at a pointer (``*`` = every element)."""
        return pointer in self._pointers

    def concrete(self, pointer: str, rows: Sequence[Row]) -> list[str]:
        """The places that a declared pointer means in these rows, without repetition."""
        found = dict.fromkeys(at for row in rows if (at := self.at(row)) is not None)
        return list(dict.fromkeys(write_pointer(_filled(parse_pointer(pointer), at)) for at in found))

    def saying(self, pointer: str, sentence: str) -> list[str]:
        """The places of a declared pointer at which the value stands that a sentence begins with."""
        return [
            place
            for place in self.concrete(pointer, self._rows)
            if sentence.startswith(f"{write_json(_follow_text(self._message, place))} ")
        ]

    def _key(self, row: Row) -> tuple[str, ...]:
        return tuple([meaning(row[key]) if key in row else "" for key, meaning in self._keys.items()])


def _elements(mapping: Mapping, message: Json) -> list[Indexes]:
    found: list[Indexes] = [()]
    for level in mapping.levels[1:]:
        found = [(*at, n) for at in found for n in range(len(_follow(message, _filled(level.pointer[:-1], at))))]
    return found


def _filled(pointer: Pointer, at: Indexes) -> tuple[str | int, ...]:
    indexes = iter(at)
    return tuple(next(indexes) if step == "*" else step for step in pointer)


def _follow_text(message: Json, place: str) -> Json:
    """What stands at a concrete pointer; None where a default is meant."""
    for step in parse_pointer(place):
        if isinstance(message, dict) and step not in message:
            return None
        message = message[int(step) if isinstance(message, list) else step]
    return message


def _follow(message: Json, steps: Sequence[str | int]) -> Json:
    for step in steps:
        message = message[step]
    return message
