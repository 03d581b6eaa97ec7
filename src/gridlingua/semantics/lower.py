"""Rows → message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.datatypes import Converter, Json
from gridlingua.semantics.mapping import ABSENT, Field, Level, Mapping, Place, Pointer, write_pointer
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import Term

_MOST_FAULTS = 20

_MISSING: Any = object()

_Key = tuple[Term | None, ...]


class _Element:
    """One element of a level: the terms of its fields, and its elements of the next level by key."""

    __slots__ = ("inner", "terms")

    def __init__(self, terms: _Key) -> None:
        self.terms = terms
        self.inner: dict[_Key, _Element] = {}


def lower(mapping: Mapping, rows: Sequence[Row]) -> Json:
    """The message that rows say; the order of the rows does not matter, arrays come out in the order of their keys.

    Raises MessageError when a row lacks a field, a term is not of the field's kind, or two rows agree on a key and
    differ in a field.
    """
    return _Lowering(mapping).message(rows)


class _Lowering:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.faults: list[Fault] = []

    def message(self, rows: Sequence[Row]) -> Json:
        root = self._group(rows)
        message = self._write(0, [root] if root else [])[0] if root else self._nothing()
        if self.faults:
            raise MessageError(self.faults, exchange=self.mapping.exchange, part=self.mapping.part)
        return message

    def _nothing(self) -> Json:
        """No rows say an empty array where the message is one, an empty object where it has no field."""
        levels = self.mapping.levels
        if len(levels) == 1 and not levels[0].fields:
            return {}
        if len(levels) > 1 and not levels[0].fields and not levels[1].arrays[0].steps:
            return []
        raise MessageError(
            "no rows, so there is nothing to say", exchange=self.mapping.exchange, part=self.mapping.part
        )

    def _group(self, rows: Sequence[Row]) -> _Element | None:
        levels = [
            (level, tuple(one.variable for one, _ in level.fields), self._identities(level))
            for level in self.mapping.levels
        ]
        top: dict[_Key, _Element] = {}
        for row in rows:
            elements = top
            for level, names, keys in levels:
                terms = tuple([row.get(name) for name in names])
                key = tuple([identity(row.get(name)) for name, identity in keys])
                element = elements.get(key)
                if element is None:
                    element = elements[key] = _Element(terms)
                elif element.terms != terms:
                    self._clash(level, element, terms, key)
                elements = element.inner
        return top.get(())

    def _identities(self, level: Level) -> list[tuple[str, Callable[[Term | None], str | None]]]:
        if not level.pointer:
            return []  # there is one message, whatever its keys
        fields = self.mapping.fields
        return [(key, _identity(fields[key].converter) if key in fields else _itself) for key in level.keys]

    def _clash(self, level: Level, element: _Element, terms: _Key, key: _Key) -> None:
        for (field, _), one, other in zip(level.fields, element.terms, terms, strict=True):
            if one != other:
                said = " and ".join(f"{name} {term}" for name, term in zip(level.keys[: len(key)], key, strict=True))
                self._fault(field.pointer, f"two values for {said or 'one message'}: {one} and {other}")

    def _write(self, depth: int, elements: Sequence[_Element]) -> list[Json]:
        """The JSON of elements of one level; with ``columns``, each is the tuple of its parallel values."""
        level = self.mapping.levels[depth]
        width = max(1, len(level.arrays))
        written: list[tuple[Any, list[Any]]] = []
        for element in elements:
            holders: list[Any] = [_MISSING] * width
            values: dict[str, Json] = {}
            for (field, place), term in zip(level.fields, element.terms, strict=True):
                value = values[field.variable] = self._read(field, term)
                if field.default is ABSENT or value != field.default:
                    _put(holders, place, value)
            if depth + 1 < len(self.mapping.levels):
                self._write_inner(depth + 1, element, holders)
            written.append((self._rank(level, values), holders))
        if level.order and not self.faults:
            written.sort(key=lambda pair: pair[0])
        if width == 1:
            return [{} if holders[0] is _MISSING else holders[0] for _, holders in written]
        return [holders for _, holders in written]

    def _write_inner(self, depth: int, element: _Element, holders: list[Any]) -> None:
        level = self.mapping.levels[depth]
        inner = self._write(depth, list(element.inner.values()))
        if len(level.arrays) == 1:
            _put(holders, level.arrays[0], inner)
        else:
            for position, place in enumerate(level.arrays):
                _put(holders, place, [values[position] for values in inner])

    def _read(self, field: Field, term: Term | None) -> Json:
        if term is None:
            self._fault(field.pointer, f"no term for ?{field.variable}")
            return None
        try:
            return field.converter.read(term)
        except ValueError as error:
            self._fault(field.pointer, f"{term} is not allowed for ?{field.variable}, it must be {error}")
            return None

    def _rank(self, level: Level, values: dict[str, Json]) -> tuple[Any, ...]:
        if self.faults:
            return ()
        fields = self.mapping.fields
        return tuple(fields[name].converter.order(values[name]) for name in level.order if name in values)

    def _fault(self, pointer: Pointer, message: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(write_pointer(pointer), message))


def _itself(term: Term | None) -> Term | None:
    return term


def _identity(converter: Converter) -> Callable[[Term | None], str | None]:
    """What a key means; a term that cannot be read stands for itself and is told where it is read."""

    def identity(term: Term | None) -> str | None:
        try:
            return converter.identity(term) if term is not None else None
        except (ValueError, MessageError):
            return term

    return identity


def _put(holders: list[Any], place: Place, value: Json) -> None:
    """Set a value below the element of one of the parallel arrays, making objects on the way."""
    if not place.steps:
        holders[place.array] = value
        return
    target = holders[place.array]
    if target is _MISSING:
        target = holders[place.array] = {}
    for step in place.steps[:-1]:
        target = target.setdefault(step, {})
    target[place.steps[-1]] = value
