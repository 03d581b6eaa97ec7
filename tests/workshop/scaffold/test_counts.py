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
