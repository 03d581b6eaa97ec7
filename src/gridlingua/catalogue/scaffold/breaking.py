"""Break an example in every way that its exchange refuses."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from gridlingua.catalogue.checks.rejects import refusal
from gridlingua.catalogue.exchange import Case, Exchange, Part
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.catalogue.scaffold.texts import not_matching
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import ABSENT, Pointer
from gridlingua.semantics.schema import Schema

_LONGEST: Final = 300
_OTHERWISE: Final = {
    "dateTimeStamp": ("without_zone", "2026-01-27T10:00:00"),
    "date": ("no_date", "soon"),
    "duration": ("no_duration", "soon"),
    "anyURI": ("no_iri", "not an IRI"),
    "decimal": ("as_text", "much"),
    "integer": ("as_text", "much"),
    "boolean": ("as_text", "perhaps"),
}
"""For each datatype the name of a reject, and what is not of it."""


@dataclass(frozen=True)
class Break:
    """One thing to put wrong: where, and what stands there instead; ``None`` takes it away."""

    name: str
    part: Part
    pointer: Pointer
    value: Json


def rejects(proposal: Proposal, exchange: Exchange, good: dict[str, Json]) -> list[Case]:
    """One case for every constraint, with the sentence that the sender is told: each was really refused."""
    found: dict[str, Case] = {}
    for one in _breaks(proposal, good):
        messages = copy.deepcopy(good)
        if not _put(messages[one.part], one.pointer, one.value):
            continue
        if one.part == "request":
            messages.pop("reply", None)
        case = Case(one.name, Path(f"{one.name}.json"), messages)
        told = refusal(exchange, case)
        if told is not None:
            found.setdefault(one.name, replace(case, told=told))
    return list(found.values())


def _breaks(proposal: Proposal, good: dict[str, Json]) -> Iterator[Break]:
    for part in ("request", "reply"):
        leaves = list(proposal.leaves(part))
        required = next((one for one in leaves if one.default is ABSENT and one.pointer[-1] != "*"), None)
        if required:
            yield Break(f"{part}_without_{_name(required)}", part, required.pointer, None)
        for leaf in leaves:
            for what, value in _wrong(leaf):
                yield Break(f"{part}_{_name(leaf)}_{what}", part, leaf.pointer, value)
        for level in proposal.levels[part][1:]:
            array = level.pointer[:-1]
            if array or part == "request":
                yield Break(f"{part}_{_snake(array[-1]) if array else 'message'}_empty", part, array, [])
        for order in (one for one in proposal.orders if one.part == part):
            later, than = (proposal.leaf_of(one, part) for one in (order.later, order.than))
            if later and than:
                name = f"{part}_{_name(later)}_before_{_name(than)}"
                start = datetime.fromisoformat(_at(good[part], than.pointer)) - timedelta(hours=1)
                yield Break(name, part, later.pointer, start.isoformat().replace("+00:00", "Z"))
        if not leaves:
            yield Break(f"{part}_with_something_else", part, ("somethingElse",), "x")


def _wrong(leaf: Leaf) -> Iterator[tuple[str, Any]]:
    """Values that a field's schema forbids, one for each constraint."""
    if leaf.datatype in _OTHERWISE:
        yield _OTHERWISE[leaf.datatype]
    allowed = leaf.schema.get("enum")
    if allowed is not None:
        yield "unknown", "unknown" if isinstance(allowed[0], str) else 1 + max(allowed)
    elif leaf.datatype in ("decimal", "integer"):
        yield from _beyond(leaf.schema)
    elif leaf.datatype == "string":
        yield from _unfit(leaf.schema)


def _beyond(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Numbers outside the bounds."""
    for key, name, move in (
        ("minimum", "too_small", -1),
        ("maximum", "too_great", 1),
        ("exclusiveMinimum", "not_above", 0),
        ("exclusiveMaximum", "not_below", 0),
    ):
        if key in schema:
            yield name, _plain(Decimal(schema[key]) + move)
    if "multipleOf" in schema:
        yield "between_steps", _plain(Decimal(schema["multipleOf"]) / 2)


def _unfit(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Texts of the wrong length, or that do not match."""
    if schema.get("minLength"):
        yield "too_short", "x" * (schema["minLength"] - 1)
    if schema.get("maxLength", _LONGEST) < _LONGEST:
        yield "too_long", "x" * (schema["maxLength"] + 1)
    if "pattern" in schema and (text := not_matching(schema["pattern"])) is not None:
        yield "not_matching", text


def _put(message: Json, pointer: Pointer, value: Json) -> bool:
    """Set what stands at the first element of a pointer, or take it away; False where there is nothing."""
    at = message
    if not pointer:
        message.clear()
        return True
    steps = [0 if step == "*" else step for step in pointer]
    for step in steps[:-1]:
        if not _has(at, step):
            return False
        at = at[step]
    if value is None:
        if not _has(at, steps[-1]):
            return False
        del at[steps[-1]]
    elif isinstance(at, list) and not _has(at, steps[-1]):
        return False
    else:
        at[steps[-1]] = value
    return True


def _has(at: Json, step: str | int) -> bool:
    return step in at if isinstance(at, dict) else isinstance(at, list) and isinstance(step, int) and step < len(at)


def _at(message: Json, pointer: Pointer) -> Json:
    for step in pointer:
        message = message[0 if step == "*" else step]
    return message


def _plain(value: Decimal) -> Json:
    return int(value) if value == value.to_integral_value() else value


def _name(leaf: Leaf) -> str:
    return "_".join(leaf.said) or "value"


def _snake(name: str) -> str:
    return "".join(one if one.isalnum() else "_" for one in name).casefold()
