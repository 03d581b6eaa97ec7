"""Lift and lower are inverses, for every exchange there is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.catalogue import Exchange, load, shipped
from gridlingua.catalogue.exchange import Part
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Mapping, Minter
from gridlingua.semantics.rows import Row
from gridlingua.semantics.schema import conform, read_json, write_json
from gridlingua.semantics.units import UNITS
from gridlingua.testing import messages

MINTER = Minter("https://party.example.org/")
EXCHANGES = load(shipped()).exchanges
PARTS = [
    pytest.param(exchange, part, id=f"{exchange.id} {part}")
    for exchange in EXCHANGES.values()
    for part in ("request", "reply")
]


def mapping_of(exchange: Exchange, part: Part) -> Mapping:
    return exchange.request if part == "request" else exchange.reply


def declared(exchange: Exchange, part: Part) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((exchange.folder / "exchange.yaml").read_text())[part]
    return found


def asked(exchange: Exchange, part: Part) -> Row:
    """Terms of a request, for replies that take keys or node names from it."""
    if part == "request":
        return {}
    example = next(case.messages["request"] for case in exchange.examples)
    return lift(exchange.request, example, MINTER)[0] if exchange.kind == "ask" else {}


@pytest.mark.parametrize(("exchange", "part"), PARTS)
def test_a_lifted_message_is_lowered_to_itself(exchange: Exchange, part: Part) -> None:
    mapping, given_terms = mapping_of(exchange, part), asked(exchange, part)

    @settings(max_examples=30)
    @given(messages(exchange, part))
    def check(message: Any) -> None:
        rows = lift(mapping, message, MINTER, given_terms)
        assert lower(mapping, rows) == canonical(declared_part, message)

    declared_part = declared(exchange, part)
    check()


@pytest.mark.parametrize(("exchange", "part"), PARTS)
def test_the_order_of_rows_says_nothing(exchange: Exchange, part: Part) -> None:
    mapping, given_terms = mapping_of(exchange, part), asked(exchange, part)

    @settings(max_examples=15)
    @given(messages(exchange, part), st.randoms(use_true_random=False))
    def check(message: Any, random: Any) -> None:
        rows = lift(mapping, message, MINTER, given_terms)
        shuffled = [*rows, *rows[:1]]
        random.shuffle(shuffled)
        assert lower(mapping, shuffled) == lower(mapping, rows)

    check()


@pytest.mark.parametrize(("exchange", "part"), PARTS)
def test_a_lowered_message_conforms_and_survives_its_text(exchange: Exchange, part: Part) -> None:
    mapping = mapping_of(exchange, part)
    schema = exchange.request_schema if part == "request" else exchange.reply_schema

    @settings(max_examples=15)
    @given(messages(exchange, part))
    def check(message: Any) -> None:
        lowered = lower(mapping, lift(mapping, message, MINTER, asked(exchange, part)))
        assert conform(schema, lowered) == []
        assert read_json(write_json(lowered)) == lowered

    check()


@pytest.mark.parametrize(("exchange", "part"), PARTS)
def test_what_lifts_to_the_same_rows_is_the_same_message(exchange: Exchange, part: Part) -> None:
    mapping, given_terms = mapping_of(exchange, part), asked(exchange, part)

    @settings(max_examples=15)
    @given(messages(exchange, part), messages(exchange, part))
    def check(one: Any, other: Any) -> None:
        same_rows = lift(mapping, one, MINTER, given_terms) == lift(mapping, other, MINTER, given_terms)
        assert same_rows or one != other
        assert not same_rows or canonical(declared_part, one) == canonical(declared_part, other)

    declared_part = declared(exchange, part)
    check()


# The canonical form of a message, written from exchange.yaml and DESIGN.md 5 and not from the code that lowers: it
# must be able to disagree with it.


def canonical(part: dict[str, Any], message: Any) -> Any:
    """``part`` is ``request`` or ``reply`` of exchange.yaml, as YAML."""
    return _canonical(part, message, "")


def _canonical(part: dict[str, Any], value: Any, at: str) -> Any:
    if isinstance(value, dict):
        value = _in_order_of_columns(part, value, at)
        inner = {name: _canonical(part, one, f"{at}/{name}") for name, one in value.items()}
        return {name: one for name, one in inner.items() if not _is_default(part, f"{at}/{name}", one)}
    if isinstance(value, list):
        elements = [_canonical(part, one, f"{at}/*") for one in value]
        if any(f"{at}/*" in group for group in part.get("columns", [])):
            return elements
        ranked = sorted((_rank(part, one, f"{at}/*"), position) for position, one in enumerate(elements))
        return [elements[position] for _, position in ranked]
    return value


def _in_order_of_columns(part: dict[str, Any], value: dict[str, Any], at: str) -> dict[str, Any]:
    """An object whose parallel arrays stand in the order of their keys."""
    for group in part.get("columns", []):
        names = [pointer.removeprefix(f"{at}/").removesuffix("/*") for pointer in group]
        if names[0] in value:
            keys = _names((part.get("keys") or {}).get(group[0], []))
            fields = [part["fields"][key] for key in keys if key in part["fields"]]
            columns = [(one, value[names[group.index(one["at"])]]) for one in fields]
            size = range(len(value[names[0]]))
            order = sorted(size, key=lambda position: [_sortable(one, column[position]) for one, column in columns])
            value = value | {name: [value[name][position] for position in order] for name in names}
    return value


def _is_default(part: dict[str, Any], at: str, value: Any) -> bool:
    return any(one["at"] == at and "default" in one and one["default"] == value for one in part["fields"].values())


def _rank(part: dict[str, Any], element: Any, at: str) -> list[Any]:
    """What an element is sorted by: the declared order, then its keys."""
    names = [name for section in ("order", "keys") for name in _names((part.get(section) or {}).get(at, []))]
    fields = [part["fields"][name] for name in names if name in part["fields"]]
    return [_sortable(field, _leaf(element, field["at"].removeprefix(at))) for field in fields]


def _names(declared: str | list[str]) -> list[str]:
    return [declared] if isinstance(declared, str) else declared


def _leaf(element: Any, pointer: str) -> Any:
    for step in filter(None, pointer.split("/")):
        element = element[step]
    return element


def _sortable(field: dict[str, Any], value: Any) -> Any:
    if "codes" in field:
        return list(field["codes"]).index(value)
    if field.get("with") == "unit":
        return list(UNITS).index(value)
    match field.get("as", "string"):
        case "dateTimeStamp":
            return datetime.fromisoformat(value)
        case "decimal" | "integer":
            return Decimal(value)
    return value
