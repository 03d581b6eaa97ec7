"""What the catalogue's exchanges say is what the service takes and gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from gridlingua.services.flexibility.changes import ActivationAnswer, Suspension
from gridlingua.services.flexibility.domain import answer_faults, suspension_faults

from .conftest import Market

FLEXIBILITY = Path(__file__).parents[3] / "graph_patterns" / "flexibility"
MODELS: dict[str, Any] = {"offer_suspension": Suspension, "activation_response": ActivationAnswer}
RULES: dict[str, Any] = {"offer_suspension": suspension_faults, "activation_response": answer_faults}
CASES = [path for exchange in MODELS for path in sorted((FLEXIBILITY / exchange / "examples").glob("*.json"))]


def schema(exchange: str, which: str) -> Any:
    return json.loads((FLEXIBILITY / exchange / f"{which}.schema.json").read_text())


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_every_example_of_the_catalogue_is_taken(path: Path) -> None:
    exchange = path.parts[-3]
    request = json.loads(path.read_text())["request"]
    read = TypeAdapter(list[MODELS[exchange]]).validate_python(request)
    assert RULES[exchange](read) == []
    assert [{k: v for k, v in one.plain().items() if v} for one in read] == request


@pytest.mark.parametrize("exchange", MODELS)
def test_the_fields_are_those_of_the_schema(exchange: str) -> None:
    ours = MODELS[exchange].model_json_schema()
    theirs = schema(exchange, "request")["items"]
    assert (set(ours["properties"]), set(ours["required"])) == (set(theirs["properties"]), set(theirs["required"]))


def test_what_is_given_back_fits_the_schemas(market: Market) -> None:
    market.offer()
    suspended = market.suspend("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z").json()
    jsonschema.validate(suspended, schema("offer_suspension", "reply"))
    market.offer("O2")
    market.plan()
    jsonschema.validate(market.answer("Accepted", "O2").json(), schema("activation_response", "reply"))
    period = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
    found = market.aggregator.get("/Flexibility/Needs", params=period).json()
    jsonschema.validate(found, schema("needs", "reply"))
    assert len(found) == 1
