"""On which lines of a JSON file what a fault is about stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gridlingua.errors import Fault
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import Mapping as MessageMapping
from gridlingua.semantics.mapping import Pointer, parse_pointer

Place = tuple[str, ...]
"""The keys and indexes that lead to a value."""

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_STRUCTURE: Final = re.compile(r"[{\[]")


def lines_of(text: str) -> dict[Place, int]:
    """The line, from 1, of every value of a JSON text; of a member of an object that of its name. The text is JSON."""
    return dict(_Walk(text).value(0, (), 1)[0])


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.decoder = json.JSONDecoder()

    def value(self, at: int, place: Place, line: int) -> tuple[list[tuple[Place, int]], int, int]:
        """The places of the value that begins at or after a character, where it ends, and on which line."""
        at, line = self._over_blanks(at, line)
        found = [(place, line)]
        if not _STRUCTURE.match(self.text, at):
            return found, self.decoder.raw_decode(self.text, at)[1], line
        is_object, at, number = self.text[at] == "{", at + 1, 0
        while True:
            at, line = self._over_blanks(at, line)
            if self.text[at] in "}]":
                return found, at + 1, line
            if self.text[at] == ",":
                at += 1
                continue
            named = line
            inner = (*place, str(number))
            if is_object:
                name, at = self.decoder.raw_decode(self.text, at)
                inner = (*place, name)
                at, line = self._over_blanks(at, line)
                at += 1  # the colon
            places, at, line = self.value(at, inner, line)
            found += [(inner, named), *places[1:]] if is_object else places
            number += 1

    def _over_blanks(self, at: int, line: int) -> tuple[int, int]:
        end = _BLANK.match(self.text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        return end, line + self.text.count("\n", at, end)


def fault_lines(
    fault: Fault, message: Json, mapping: MessageMapping, lines: Mapping[Place, int], within: Place = ()
) -> list[int]:
    """The lines that a fault of a message is about: of a pointer with ``*`` those elements whose value and keys the
    fault names; of a field that is missing the object that lacks it. ``within``: where the message stands in the file.
    """
    if not fault.pointer:
        return []
    pointer = parse_pointer(fault.pointer)
    found = list(_places(message, pointer))
    named = [place for place in found if _is_named(fault, message, place, pointer, mapping)]
    return sorted({_line(lines, (*within, *place)) for place in named or found or [pointer]})


def _line(lines: Mapping[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _places(value: Json, pointer: Pointer) -> Iterator[Place]:
    """The places of a message that a pointer may mean, as deep as they are there."""
    if not pointer:
        yield ()
        return
    step, rest = pointer[0], pointer[1:]
    if isinstance(value, list):
        wanted = range(len(value)) if step == "*" else [int(step)] if step.isdigit() and int(step) < len(value) else []
        for index in wanted:
            yield from ((str(index), *inner) for inner in _places(value[index], rest))
    elif isinstance(value, dict) and step in value:
        yield from ((step, *inner) for inner in _places(value[step], rest))


def _is_named(fault: Fault, message: Json, place: Place, pointer: Pointer, mapping: MessageMapping) -> bool:
    """Whether a fault names the value at a place and the keys of the elements around it, as ``shacl.faults`` does."""
    if "*" not in pointer:
        return True
    value = _shown(_at(message, place))
    if not fault.message.startswith((f"{value} ", f"{value}:", "(")):
        return False
    said = fault.message.removeprefix(value).lstrip()
    indexes = [step for step, general in zip(place, pointer, strict=True) if general == "*"]
    keys = [mapping.fields[key].pointer for level in mapping.levels for key in level.keys if key in mapping.fields]
    around = [key for key in keys if key != pointer and key[: _last_star(key)] == pointer[: _last_star(key)]]
    return not said.startswith("(") or all(_shown(_at(message, _filled(key, indexes))) in said for key in around)


def _last_star(pointer: Pointer) -> int:
    return max((n + 1 for n, step in enumerate(pointer) if step == "*"), default=0)


def _filled(pointer: Pointer, indexes: Sequence[str]) -> Place:
    waiting = iter(indexes)
    return tuple(next(waiting) if step == "*" else step for step in pointer)


def _at(value: Json, place: Place) -> Any:
    for step in place:
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return None
    return value


def _shown(value: Json) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
