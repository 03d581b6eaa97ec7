"""How two JSON Schemas differ: place by place, whether a message may say less than before, or more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from gridlingua.catalogue.difference.change import Way
from gridlingua.semantics.mapping import Pointer, write_pointer
from gridlingua.semantics.schema import Schema, resolve, write_json

Matter = Literal["value", "presence", "shape"]
"""What of a place changed: what may stand there, whether something must, or of what kind it is."""

_WORDS: Final = frozenset(
    ("$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default", "deprecated", "format")
)
_STRUCTURE: Final = frozenset(("$ref", "properties", "required", "items", "type", "enum", "const"))
_LOWER: Final = {"minimum": "at least", "exclusiveMinimum": "above", "minLength": "a length of at least"}
_LOWER_COUNT: Final = {"minItems": "elements, at least", "minProperties": "properties, at least"}
_UPPER: Final = {"maximum": "at most", "exclusiveMaximum": "below", "maxLength": "a length of at most"}
_UPPER_COUNT: Final = {"maxItems": "elements, at most", "maxProperties": "properties, at most"}
_AT_LEAST: Final = {**_LOWER, **_LOWER_COUNT}
_AT_MOST: Final = {**_UPPER, **_UPPER_COUNT}


@dataclass(frozen=True)
class Step:
    """A difference at a place: ``way`` says what that does to the messages."""

    pointer: Pointer
    matter: Matter
    way: Way
    text: str

    @property
    def place(self) -> str:
        return write_pointer(self.pointer) or "/"


def steps(old: Schema, new: Schema) -> Iterator[Step]:
    """Every difference of two schemas of messages, from the root on."""
    yield from _Walk(old, new).at(old, new, ())


class _Walk:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new

    def at(self, old: Any, new: Any, pointer: Pointer) -> Iterator[Step]:
        if not isinstance(old, dict) or not isinstance(new, dict):
            return
        old, new = resolve(self._old, old), resolve(self._new, new)
        kinds = [frozenset(_as_list(one.get("type"))) for one in (old, new)]
        if kinds[0] != kinds[1]:
            yield _of_types(pointer, *kinds)
        yield from _of_values(pointer, old, new)
        yield from _of_bounds(pointer, old, new)
        yield from self._members(old, new, pointer)
        if "items" in old and "items" in new:
            yield from self.at(old["items"], new["items"], (*pointer, "*"))

    def _members(self, old: Schema, new: Schema, pointer: Pointer) -> Iterator[Step]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in dict.fromkeys([*before, *after]):
            place = (*pointer, name)
            was, is_ = name in old.get("required", ()), name in new.get("required", ())
            if name not in after:
                yield Step(place, "presence", "other", "is gone")
            elif name not in before:
                yield Step(place, "presence", "narrower" if is_ else "wider", f"is new, and {_need(is_)}")
            else:
                if was != is_:
                    yield Step(place, "presence", "narrower" if is_ else "wider", f"{_need(is_)} now")
                yield from self.at(before[name], after[name], place)


def _need(required: bool) -> str:
    return "must be there" if required else "may be left out"


def _of_types(pointer: Pointer, old: frozenset[str], new: frozenset[str]) -> Step:
    wide_old, wide_new = (one | {"integer"} if "number" in one else one for one in (old, new))
    way = _way(wide_old, wide_new) if old and new else ("wider" if old else "narrower")
    kinds = [" or ".join(sorted(one)) or "anything" for one in (old, new)]
    return Step(pointer, "value" if way != "other" else "shape", way, f"{kinds[1]} instead of {kinds[0]}")


def _of_values(pointer: Pointer, old: Schema, new: Schema) -> Iterator[Step]:
    """Finite lists; ``const`` is a list of one."""
    lists = [one.get("enum", [one["const"]] if "const" in one else None) for one in (old, new)]
    if lists[0] == lists[1] or (lists[0] is not None and lists[1] is not None and _set(lists[0]) == _set(lists[1])):
        return
    if lists[0] is None:
        yield Step(pointer, "value", "narrower", f"one of {_listed(lists[1])} now")
    elif lists[1] is None:
        yield Step(pointer, "value", "wider", f"no longer one of {_listed(lists[0])}")
    else:
        before, after = _set(lists[0]), _set(lists[1])
        lost, won = [one for one in before if one not in after], [one for one in after if one not in before]
        said = [f"no longer {', '.join(lost)}"] if lost else []
        said += [f"{', '.join(won)} too"] if won else []
        yield Step(pointer, "value", _way(set(before), set(after)), "; ".join(said))


def _of_bounds(pointer: Pointer, old: Schema, new: Schema) -> Iterator[Step]:
    for name in sorted((old.keys() | new.keys()) - _WORDS - _STRUCTURE):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name in _AT_LEAST or name in _AT_MOST:
            yield _of_bound(pointer, name, before, after)
        elif name == "additionalProperties":
            way: Way = "narrower" if after is False else "wider" if before is False else "other"
            yield Step(
                pointer, "value", way, "other properties are refused now" if after is False else "other properties"
            )
        elif name == "multipleOf":
            yield _of_multiple(pointer, before, after)
        else:
            way = "narrower" if before is None else "wider" if after is None else "other"
            yield Step(pointer, "value", way, f"{name} is {_shown(after)} instead of {_shown(before)}")


def _of_bound(pointer: Pointer, name: str, before: Any, after: Any) -> Step:
    text = {**_AT_LEAST, **_AT_MOST}[name]
    up = before is None or (after is not None and after > before)
    narrower = (before is None) or (after is not None and (up if name in _AT_LEAST else not up))
    instead = "" if before is None else f" instead of {before}"
    return Step(
        pointer,
        "value",
        "narrower" if narrower else "wider",
        f"no longer {text} {before}" if after is None else f"{text} {after}{instead}",
    )


def _of_multiple(pointer: Pointer, before: Any, after: Any) -> Step:
    if before is None or after is None:
        way: Way = "narrower" if before is None else "wider"
    else:
        finer = Decimal(str(before)) % Decimal(str(after)) == 0
        coarser = Decimal(str(after)) % Decimal(str(before)) == 0
        way = "wider" if finer else "narrower" if coarser else "other"
    said = f"a multiple of {after}" if after is not None else "a multiple of anything"
    return Step(pointer, "value", way, said + (f" instead of {before}" if before is not None else ""))


def _way(old: Mapping[Any, Any] | frozenset[str] | set[str], new: frozenset[str] | set[str]) -> Way:
    before, after = set(old), set(new)
    return "narrower" if after < before else "wider" if before < after else "other"


def _shown(value: Any) -> str:
    return "none" if value is None else write_json(value)


def _as_list(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _set(values: list[Any]) -> dict[str, None]:
    return dict.fromkeys(write_json(one) for one in values)


def _listed(values: Any) -> str:
    return ", ".join(_set(values))
