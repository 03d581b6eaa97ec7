"""What keeps a folder from being read is told by the loader, with all the rest, at its place."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gridlingua.catalogue import Content, load
from gridlingua.catalogue.checking import run
from gridlingua.errors import CatalogueError
from gridlingua.semantics.schema import conform

NEEDS = "graph_patterns/flexibility/needs"
OFFERS = "graph_patterns/flexibility/offers"


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "at", "message"),
    [
        ("exchange.yaml", "kind: ask", "kind: tell", "structure", "kind:", "'tell' is not one of ['ask', 'post']"),
        ("exchange.yaml", "kind: ask", "kind: ask\nmood: good", "structure", "", "'mood' was unexpected"),
        ("exchange.yaml", "kind: ask\n", "", "structure", "", "'kind' is a required property"),
        ("exchange.yaml", "kind: ask", "kind: [", "structure", "responder:", "not YAML"),
        ("exchange.yaml", "title: Flex", "title: 2026-13-45\nnote: Flex", "structure", "", "not YAML"),
        ("exchange.yaml", "request:\n", "request: [1]\nreply_:\n", "structure", "", "is not of type 'object'"),
        ("exchange.yaml", "/Needs", "/{Needs", "structure", "rest:", "does not match"),
        ("exchange.yaml", '"meter/{meterId}"', '"meter/{meterId"', "structure", "", "does not match"),
        ("exchange.yaml", '"meter/{meterId}"', '"meter/{}"', "structure", "", "does not match"),
        (
            *("exchange.yaml", "codes: {Up: s4ener:Upflex, Down:", "codes: {Yes: s4ener:Upflex, No:"),
            *("structure", "direction:", 'YAML reads a bare Yes, No, On or Off as a boolean: write "Yes"'),
        ),
        ("exchange.yaml", "as: decimal", "as: float", "mapping", "quantity:", "there is no datatype 'float'"),
        ("exchange.yaml", "    /*: requestId\n", "", "mapping", "", "the array /* has no key"),
        (
            "exchange.yaml",
            "kind: ask",
            "kind: post",
            "pattern",
            "",
            "an exchange of kind post has saref4.argument.rq",
        ),
        ("saref4.rq", "?window a", "FILTER (1) ?window a", "filters", "FILTER", "FILTER (1) is no triple"),
        ("saref4.rq", "PREFIX gl:", "PREFIX gl2:", "pattern", "gl:Flex", "the prefix gl: is not declared"),
        ("reply.schema.json", '"type": "array",', '"type": "array"', "structure", '"items"', "not JSON"),
        ("reply.schema.json", '"type": "array",', '"type": "list",', "structure", "", "not a JSON Schema"),
        ("examples/day_ahead.json", '"request"', '"question"', "examples", "", "a case is an object with request"),
        ("examples/day_ahead.json", "{", "", "examples", "", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_place(
    file: str, old: str, new: str, check: str, at: str, message: str, copy: Any
) -> None:
    made = copy(NEEDS)
    made.edit(f"{NEEDS}/{file}", old, new)
    found = [problem for problem in made.problems() if message in problem.message]
    assert found, made.problems()
    assert found[0].check == check
    assert found[0].path.startswith(NEEDS)
    if at:
        assert (found[0].path, found[0].line) == (f"{NEEDS}/{file}", made.line(f"{NEEDS}/{file}", at))
    with pytest.raises(CatalogueError) as refusal:
        load(made.content)
    assert found[0] in refusal.value.problems
    assert len(set(refusal.value.problems)) == len(refusal.value.problems)


@pytest.mark.parametrize(
    "file",
    ["exchange.yaml", "saref4.rq", "reply.schema.json", "examples/day_ahead.json", "rejects/quantity_of_zero.txt"],
)
def test_a_file_that_is_no_utf8_is_a_problem(file: str, copy: Any) -> None:
    made = copy(NEEDS)
    made.write(f"{NEEDS}/{file}", b"\xff\xfe\x00")
    assert any(problem.path == f"{NEEDS}/{file}" for problem in made.problems())


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {"type": "array", "items": True},
        {"type": "array", "items": {"$ref": "#/$defs/none"}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"type": "array", "items": {"$ref": "#"}},
    ],
    ids=["true", "items true", "a reference to nowhere", "a reference to it", "a schema within it"],
)
def test_a_schema_beyond_what_rows_can_say_is_a_problem(schema: object, copy: Any) -> None:
    made = copy(NEEDS)
    made.write(f"{NEEDS}/reply.schema.json", json.dumps(schema))
    assert (f"{NEEDS}/reply.schema.json", "structure") in {(one.path, one.check) for one in made.problems()}


@pytest.mark.parametrize("file", ["exchange.yaml", "saref4.rq", "reply.schema.json", "request.schema.json"])
def test_a_missing_file_is_a_problem_that_names_it_once(file: str, copy: Any) -> None:
    made = copy(NEEDS)
    (made.root / NEEDS / file).unlink()
    with pytest.raises(CatalogueError) as refusal:
        load(made.content)
    assert [problem.message for problem in refusal.value.problems] == [f"the folder has no {file}"]


def test_the_numbers_of_a_schema_are_exact(copy: Any) -> None:
    made = copy(OFFERS)
    made.edit(f"{OFFERS}/request.schema.json", '"description": "Price', '"minimum": 0.1, "description": "Price')
    schema = load(made.content)["flexibility/offers"].request_schema
    price = schema["items"]["properties"]["price"]
    assert conform(price, Decimal("0.1")) == []


def test_every_problem_of_a_folder_is_told(copy: Any) -> None:
    made = copy(NEEDS)
    made.edit(f"{NEEDS}/exchange.yaml", "as: decimal", "as: float")
    made.edit(f"{NEEDS}/saref4.rq", "?window a", "FILTER (1) ?window a")
    (made.root / NEEDS / "request.schema.json").unlink()
    assert {problem.check for problem in made.problems()} == {"mapping", "filters", "structure"}


def test_a_root_without_exchanges_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no folder graph_patterns here"):
        load(Content(tmp_path))


def test_the_namespace_of_our_terms_can_be_configured(copy: Any) -> None:
    made = copy(OFFERS)
    content = Content(made.root, "https://dso.example.org/terms#")
    exchange = load(content)["flexibility/offers"]
    text = str(exchange.profiles["saref4"].request)
    assert "<https://dso.example.org/terms#pricePerUnit>" in text
    assert "w3id.org/gridlingua#" not in text
    assert [problem for problem in run(content) if problem.check != "size"] == []


def test_an_exchange_that_is_not_there_is_told_with_those_that_are(copy: Any) -> None:
    with pytest.raises(KeyError, match="no exchange flexibility/nodes; there are flexibility/needs"):
        load(copy(NEEDS).content)["flexibility/nodes"]
