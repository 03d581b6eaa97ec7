"""Break an example in every way that its exchange refuses."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from gridlingua.catalogue.checks.rejects import refusal
from gridlingua.catalogue.exchange import Case, Exchange, Part
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.catalogue.scaffold.texts import not_matching
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.mapping import ABSENT, Pointer

_LONGEST = 300


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
    schema = leaf.schema
    if leaf.datatype == "dateTimeStamp":
        yield "without_zone", "2026-01-27T10:00:00"
    elif leaf.datatype in ("date", "duration"):
        yield f"no_{leaf.datatype}", "soon"
    elif leaf.datatype == "anyURI":
        yield "no_iri", "not an IRI"
    elif leaf.datatype in ("decimal", "integer", "boolean"):
        yield "as_text", "much"
    if "enum" in schema:
        yield "unknown", "unknown" if isinstance(schema["enum"][0], str) else 1 + max(schema["enum"])
        return
    step = 1
    for key, name, value in (
        ("minimum", "too_small", lambda bound: bound - step),
        ("maximum", "too_great", lambda bound: bound + step),
        ("exclusiveMinimum", "not_above", lambda bound: bound),
        ("exclusiveMaximum", "not_below", lambda bound: bound),
        ("multipleOf", "between_steps", lambda bound: bound / 2),
    ):
        if key in schema and leaf.datatype in ("decimal", "integer"):
            yield name, _plain(value(Decimal(str(schema[key]))))
    if schema.get("minLength") and leaf.datatype == "string":
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
