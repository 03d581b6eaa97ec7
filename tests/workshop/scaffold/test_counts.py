"""One unit beside several numbers."""

from __future__ import annotations

import json

import pytest

from .conftest import Workshop

NUMBERS = {"areaId": "A-1", "lostPower": 120.5, "unit": "kW"}


def pattern(workshop: Workshop, **more: object) -> str:
    case = {"request": {"areaId": "A-1"}, "reply": {**NUMBERS, **more}}
    path = workshop.file("case.json", json.dumps(case))
    workshop.new("grid/outage", "--example", path, "--rest", "GET /areas/{areaId}/outage", "--yes")
    return workshop.pattern("grid/outage")


@pytest.mark.parametrize(("name", "value"), [("customers", 41), ("price", 0.25), ("voltage", 231.5)])
def test_a_number_of_another_kind_has_not_the_unit_beside_it(name: str, value: object, workshop: Workshop) -> None:
    said = pattern(workshop, **{name: value})
    assert said.count("saref:isMeasuredIn ?unit") == 1
    assert said.index("?lostPower ; saref:isMeasuredIn ?unit") > 0


def test_a_whole_number_alone_beside_a_unit_has_it(workshop: Workshop) -> None:
    path = workshop.file("case.json", json.dumps({"request": {"areaId": "A-1"}, "reply": {"load": 7, "unit": "kW"}}))
    workshop.new("grid/load", "--example", path, "--rest", "GET /areas/{areaId}/load", "--yes")
    assert "?load ; saref:isMeasuredIn ?unit" in workshop.pattern("grid/load")


def test_numbers_of_the_kind_of_the_unit_share_it(workshop: Workshop) -> None:
    assert pattern(workshop, load=80).count("saref:isMeasuredIn ?unit") == 2


@pytest.mark.parametrize(
    ("name", "term"),
    [("kW", "om:kilowatt"), ("MWh", "om:megawattHour"), ("kVA", "unit:KiloV-A"), ("energyKwh", "om:kilowattHour")],
)
def test_a_name_that_is_a_unit_has_that_unit_and_not_a_part_of_it(name: str, term: str, workshop: Workshop) -> None:
    path = workshop.file("case.json", json.dumps({"request": {"areaId": "A-1"}, "reply": {name: 7.5}}))
    workshop.new("grid/load", "--example", path, "--rest", "GET /areas/{areaId}/load", "--yes")
    assert f"saref:isMeasuredIn {term}" in workshop.pattern("grid/load")


def test_a_unit_written_out_in_a_description_is_known_and_what_it_measures_is_left_to_decide(
    workshop: Workshop,
) -> None:
    charge = {"type": "number", "description": "State of charge in percent"}
    schema = {"type": "object", "required": ["soc"], "properties": {"soc": charge}}
    reply = {"description": "how full it is", "content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "a", "responses": {"200": reply}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/batteries": {"get": operation}}}
    path = workshop.file("document.json", json.dumps(document))
    workshop.new("grid/charge", "--openapi", path, "--operation", "a", "--yes")
    said = workshop.pattern("grid/charge")
    assert "saref:isMeasuredIn om:percent" in said
    assert "UNDECIDED: ?soc: which property is this" in said
