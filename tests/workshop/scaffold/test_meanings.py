"""What a proposal must not claim of a field: what its words say, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Workshop

REST = ("--rest", "GET /sites/{siteId}/state", "--yes")


def openapi(workshop: Workshop, title: str = "Site", **properties: Any) -> str:
    """The pattern of an array of what has these properties."""
    item = {"type": "object", "required": list(properties), "properties": properties}
    schema = {"type": "array", "items": item}
    operation = {"operationId": "list", "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1"},
        "paths": {"/connectors": {"get": operation}},
    }
    path = workshop.file("site.json", json.dumps(document))
    workshop.new("grid/connectors", "--openapi", path, "--operation", "list")
    workshop.passes("grid/connectors")
    return workshop.pattern("grid/connectors")


ID = {"type": "string", "minLength": 1}
NUMBER = {"type": "number"}
TIME = {"type": "string", "format": "date-time"}
DIRECTION = {"type": "string", "enum": ["Up", "Down"]}


@pytest.mark.parametrize(
    ("title", "description"), [("UMEI", ""), ("Market", "increased production or reduced consumption")]
)
def test_a_direction_that_may_be_the_markets_is_left_to_decide(
    title: str, description: str, workshop: Workshop
) -> None:
    said = openapi(workshop, title, orderId=ID, regulationType={**DIRECTION, "description": description})
    assert "UNDECIDED: ?regulationType: which way is up? s4ener:Upflex is more drawn from the grid" in said


def test_a_direction_that_says_no_more_is_taken_as_ours(workshop: Workshop) -> None:
    assert "which way is up" not in openapi(workshop, "Flexibility", orderId=ID, direction=DIRECTION)


@pytest.mark.parametrize("name", ["cosPhi", "größe"])
def test_a_number_whose_words_tell_of_nothing_has_not_the_unit_of_a_power(name: str, workshop: Workshop) -> None:
    unit = {"type": "string", "enum": ["kW"]}
    said = openapi(workshop, connectorId=ID, power=NUMBER, unit=unit, **{name: NUMBER})
    assert said.count("saref:isMeasuredIn ?unit") == 1
    assert "which property says this?" in said


@pytest.mark.parametrize("name", ["updatedAt", "lastUpdated", "modified", "createdAt"])
def test_the_time_of_a_record_makes_it_no_measurement(name: str, workshop: Workshop) -> None:
    said = openapi(workshop, connectorId=ID, sessions={"type": "integer"}, **{name: TIME})
    assert "s4ener:DataPoint" not in said
    assert "saref:Observation" not in said
    assert "saref:hasTimestamp" not in said


@pytest.mark.parametrize("name", ["maxPower", "nominalPower", "ratedPower"])
def test_a_bound_is_asked_what_limit_it_is(name: str, workshop: Workshop) -> None:
    said = openapi(workshop, connectorId=ID, **{name: {**NUMBER, "description": "Charging power in kW"}})
    assert f"UNDECIDED: ?{name}: a bound or a rating is no measurement" in said
    assert "s4ener:NominalPowerLimit" in said


@pytest.mark.parametrize("name", ["gridNodeId", "substationId", "feederId"])
def test_a_piece_of_the_grid_is_no_zone(name: str, workshop: Workshop) -> None:
    said = openapi(workshop, connectorId=ID, flexibilityZoneId=ID, **{name: ID})
    assert said.count(" a gl:GridZone ") == 1
    assert str(workshop.declared("grid/connectors")).count("zone/{") == 1


def test_a_field_that_names_the_quantity_is_told_beside_the_number(workshop: Workshop) -> None:
    kinds = {"type": "string", "enum": ["ActivePower", "ReactivePower", "Energy"]}
    unit = {"type": "string", "enum": ["kW", "kvar", "kWh"]}
    said = openapi(workshop, meterId=ID, time=TIME, quantity=NUMBER, quantityType=kinds, unit=unit)
    assert "?quantityType tells it: give that field codes (ActivePower: s4grid:ActivePower" in said
