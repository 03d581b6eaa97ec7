"""Message → rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.datatypes import Json, lexical
from gridlingua.semantics.mapping import ABSENT, Field, Level, Mapping, Minter, Place, digest, segment, write_pointer
from gridlingua.semantics.rows import Row, Rows

_MOST_FAULTS = 20  # a sender mends what is shown first; a broken year of readings must not print a book

_MISSING: Any = object()


def lift(mapping: Mapping, message: Json, minter: Minter, given: Row | None = None) -> Rows:
    """The rows of a message: one per element of the deepest array, parents repeated.

    ``given`` are terms known beforehand (the request, when a reply is lifted): keys and templates may name them, and a
    node that they bind keeps its name. Raises MessageError with every fault, by JSON Pointer.
    """
    lifting = _Lifting(mapping, minter, given or {})
    lifting.descend(0, (message,), {}, "", ())
    if lifting.faults:
        raise MessageError(lifting.faults, exchange=mapping.exchange, part=mapping.part)
    return lifting.rows


class _Lifting:
    def __init__(self, mapping: Mapping, minter: Minter, given: Row) -> None:
        self.mapping = mapping
        self.minter = minter
        self.given = given
        self.rows: Rows = []
        self.faults: list[Fault] = []

    def descend(self, depth: int, elements: tuple[Json, ...], above: Row, path: str, at: tuple[int, ...]) -> str:
        level = self.mapping.levels[depth]
        row = dict(above)
        for field, place in level.fields:
            self._fill(row, field, place, elements, at)
        if len(self.faults) >= _MOST_FAULTS:
            return path
        path = self._path(level, row, path)
        for node in level.nodes if not self.faults else ():
            known = self.given.get(node.variable)
            row[node.variable] = known or self.minter.node(
                self.mapping.exchange, node, path, {**self.given, **row} if node.slots else row
            )
        if depth + 1 < len(self.mapping.levels):
            self._elements(depth + 1, elements, row, path, at)
        else:
            self.rows.append(row)
        return path

    def _fill(self, row: Row, field: Field, place: Place, elements: tuple[Json, ...], at: tuple[int, ...]) -> None:
        value = _follow(elements[place.array], place.steps)
        if value is _MISSING:
            value = field.default
            if value is ABSENT:
                self._fault(field.pointer, at, "is missing")
                return
        try:
            row[field.variable] = field.converter.write(value)
        except ValueError as error:
            self._fault(field.pointer, at, f"{_shown(value)} is not allowed, it must be {error}")

    def _path(self, level: Level, row: Row, path: str) -> str:
        if not level.pointer and not level.keys:
            named = [one.variable for one, _ in level.fields if one.variable in row]
            return "/" + digest(row, named) if named and level.nodes else ""
        for key in level.keys:
            if key in row:
                path += "/" + segment(self.mapping.fields[key].converter.identity(row[key]))
            elif key in self.given:
                path += "/" + segment(lexical(self.given[key]))
        return path

    def _elements(self, depth: int, elements: tuple[Json, ...], row: Row, path: str, at: tuple[int, ...]) -> None:
        level = self.mapping.levels[depth]
        arrays = [_follow(elements[place.array], place.steps) for place in level.arrays]
        for array in arrays:
            if not isinstance(array, list):
                self._fault(level.pointer[:-1], at, "is missing" if array is _MISSING else "is not an array")
                return
        if len({len(array) for array in arrays}) > 1:
            sizes = ", ".join(str(len(array)) for array in arrays)
            self._fault(level.pointer[:-1], at, f"arrays that run in parallel differ in length: {sizes}")
            return
        if depth > 1 and not arrays[0]:
            self._fault(level.pointer[:-1], at, "is an empty array, which rows cannot say")
        seen: set[str] = set()
        for index, parts in enumerate(zip(*arrays, strict=True)):
            name = self.descend(depth, parts, row, path, (*at, index))
            if name in seen and not self.faults:
                self._fault(level.pointer, (*at, index), f"a second element with the same {self._key(level, parts)}")
            seen.add(name)

    def _key(self, level: Level, elements: tuple[Json, ...]) -> str:
        """What makes an element itself, as the message says it."""
        said = [
            (next((step for step in reversed(field.pointer) if step != "*"), ""), elements[place.array], place.steps)
            for field, place in level.fields
            if field.variable in level.keys
        ]
        values = [(name, _follow(element, steps)) for name, element, steps in said]
        return " and ".join(f"{name} {_shown(value)}".strip() for name, value in values if value is not _MISSING)

    def _fault(self, pointer: Sequence[str], at: tuple[int, ...], message: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            indexes = iter(at)
            steps = [next(indexes, "*") if step == "*" else step for step in pointer]
            self.faults.append(Fault(write_pointer(steps), message))


def _follow(value: Json, steps: Sequence[str]) -> Json:
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return _MISSING
        value = value[step]
    return value


def _shown(value: Json) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
