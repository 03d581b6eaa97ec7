"""Generated messages are messages: they conform to their schema, and differ in their keys."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import find, given, settings

import gridlingua.testing
from gridlingua.catalogue import Catalogue, Exchange, load, shipped
from gridlingua.catalogue.declaration import declaration
from gridlingua.errors import GridlinguaError
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Minter, build
from gridlingua.semantics.schema import conform
from gridlingua.testing import messages

EXCHANGES = list(load(shipped()).exchanges.values())


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.id)
def test_what_is_generated_conforms(exchange: Exchange) -> None:
    @settings(max_examples=15)
    @given(messages(exchange, "request"), messages(exchange, "reply"))
    def check(request: Any, reply: Any) -> None:
        assert conform(exchange.request_schema, request) == []
        assert conform(exchange.reply_schema, reply) == []

    check()


def test_arrays_are_generated_full_and_empty(catalogue: Catalogue) -> None:
    lengths = set()

    @settings(max_examples=50, derandomize=True)
    @given(messages(catalogue["flexibility/needs"], "reply"))
    def check(message: Any) -> None:
        lengths.add(len(message))

    check()
    assert {0, 1, 2} <= lengths


@pytest.fixture
def made(catalogue: Catalogue) -> Any:
    """An exchange with another request: ``made(declaration, schema)``."""

    def make(text: str, schema: dict[str, Any]) -> Exchange:
        declared = declaration(yaml.safe_load(text), {})
        request = build("a/b", "request", declared)
        return replace(catalogue["flexibility/needs"], request=request, request_schema=schema)

    return make


def one(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": ["a"], "additionalProperties": False, "properties": {"a": schema}}


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        ("as: integer", {"type": "integer", "minimum": 3, "exclusiveMaximum": 10, "multipleOf": 2}),
        ("as: decimal", {"type": "number", "exclusiveMinimum": 0, "maximum": Decimal("0.001")}),
        ("as: decimal", {"type": "number", "multipleOf": Decimal("0.25"), "minimum": -1, "maximum": 1}),
        ("as: boolean", {"type": "boolean"}),
        ("as: date", {"type": "string"}),
        ("as: duration", {"type": "string", "maxLength": 5}),
        ("with: iri", {"type": "string"}),
        ("with: unit", {"type": "string"}),
        ("codes: {x: '1', y: '2'}", {"$ref": "#/$defs/xy", "$defs": {"xy": {"type": "string"}}}),
        ("as: string", {"type": "string", "minLength": 2, "maxLength": 3}),
        ("as: string", {"type": "string", "pattern": "^[ab]{2,9}$", "maxLength": 4}),
        ("as: string", {"const": "x"}),
        ("as: dateTimeStamp", {"type": "string", "format": "date-time"}),
    ],
)
def test_a_leaf_has_its_kind_and_its_bounds(field: str, schema: dict[str, Any], made: Any) -> None:
    whole = one({name: value for name, value in schema.items() if name != "$defs"})
    whole |= {name: value for name, value in schema.items() if name == "$defs"}
    exchange = made(f"fields: {{a: {{at: /a, {field}}}}}", whole)

    @settings(max_examples=25)
    @given(messages(exchange, "request"))
    def check(message: Any) -> None:
        assert conform(whole, message) == []
        lift(exchange.request, message, Minter("https://e/"))

    check()


def test_fractions_are_decimals_and_never_floats(made: Any) -> None:
    exchange = made("fields: {a: {at: /a, as: decimal}}", one({"type": "number"}))
    assert find(messages(exchange, "request"), lambda message: not isinstance(message["a"], int))["a"] % 1
    assert isinstance(find(messages(exchange, "request"), lambda message: message["a"] % 1 != 0)["a"], Decimal)


def test_columns_are_equally_long_and_differ_in_their_keys(made: Any) -> None:
    text = "fields: {a: {at: /a/*}, b: {at: /b/*}}\nkeys: {/a/*: a}\ncolumns: [[/a/*, /b/*]]"
    array = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["x", "y", "z"]}}
    schema = {**one(array), "required": ["a", "b"]}
    schema["properties"] = {"a": array, "b": array}

    @settings(max_examples=40)
    @given(messages(made(text, schema), "request"))
    def check(message: Any) -> None:
        assert len(message["a"]) == len(message["b"]) == len(set(message["a"]))

    check()


def test_a_default_may_be_left_out_and_be_said(made: Any) -> None:
    exchange = made("fields: {a: {at: /a, as: boolean, default: false}}", {**one({"type": "boolean"}), "required": []})
    assert find(messages(exchange, "request"), lambda message: message == {}) == {}
    assert find(messages(exchange, "request"), lambda message: "a" in message) == {"a": False}


@pytest.mark.parametrize("schema", [{"type": "string", "contentEncoding": "base64"}, {"type": "null"}])
def test_what_cannot_be_generated_is_said_so(schema: dict[str, Any], made: Any) -> None:
    with pytest.raises(GridlinguaError, match="/a: no messages can be made"):
        messages(made("fields: {a: {at: /a}}", one(schema)), "request")


def test_the_public_names_are_there_and_no_others() -> None:
    assert sorted(gridlingua.testing.__all__) == sorted(
        [
            "INITIATOR",
            "RESPONDER",
            "SILENCE",
            "ExchangesOf",
            "FakeEngine",
            "FakeNetwork",
            "Heard",
            "Loopback",
            "Nonsense",
            "Peer",
            "Refusal",
            "Said",
            "Sent",
            "Service",
            "Silence",
            "exchanges_of",
            "loopback",
            "messages",
            "problem",
        ]
    )
    assert all(getattr(gridlingua.testing, name) for name in gridlingua.testing.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'mock'"):
        gridlingua.testing.mock  # noqa: B018 - the look-up is what fails
