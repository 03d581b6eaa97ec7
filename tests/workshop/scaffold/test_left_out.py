"""What a service sends and an exchange does not carry."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from gridlingua.catalogue import Content, load
from gridlingua.cli import app
from gridlingua.testing import loopback

from .conftest import Workshop

TEXT = {"type": "string"}
STATION = {
    "type": "object",
    "required": ["stationId"],
    "properties": {
        "stationId": {"type": "string", "minLength": 1},
        "vendor": {"type": "string", "nullable": True, "default": ""},
        "commissionedOn": {"type": "string", "format": "date"},
        "anything": {"type": "object"},
    },
}
REPLY = {
    "type": "object",
    "required": ["stations"],
    "properties": {
        "stations": {"type": "array", "items": STATION},
        "links": {"type": "array", "items": {"type": "object", "properties": {"href": TEXT}}},
    },
}
OPERATION = {
    "operationId": "list",
    "parameters": [{"name": "siteId", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}],
    "responses": {"200": {"content": {"application/json": {"schema": REPLY}}}},
}
PATH = "graph_patterns/charging/stations"


@pytest.fixture
def stations(workshop: Workshop) -> Workshop:
    paths = {"/sites/{siteId}/stations": {"get": OPERATION}}
    document = {"openapi": "3.0.3", "info": {"title": "Charging", "version": "1"}, "paths": paths}
    path = workshop.file("charging.json", json.dumps(document))
    drops = ("--drop", "/stations/*/commissionedOn", "--drop", "/links")
    workshop.new("charging/stations", "--openapi", path, "--operation", "list", *drops)
    return workshop


def declare(workshop: Workshop, *ignored: str) -> None:
    declared = workshop.declared("charging/stations")
    declared["reply"]["ignore"] = list(ignored)
    (workshop.catalogue / PATH / "exchange.yaml").write_text(yaml.safe_dump(declared, sort_keys=False))


def answered(workshop: Workshop, station: dict[str, Any], **more: Any) -> Any:
    found = load(Content(workshop.catalogue))
    with loopback(found["charging/stations"], found, {"stations": [station], **more}) as call:
        return call({"siteId": "S-1"}).only().message


def test_what_was_dropped_is_ignored_where_the_service_sends_it(stations: Workshop) -> None:
    stations.passes("charging/stations")
    ignored = stations.declared("charging/stations")["reply"]["ignore"]
    assert sorted(ignored) == ["/links", "/stations/*/anything", "/stations/*/commissionedOn"]
    sent = {"stationId": "X-1", "vendor": "Voltwerk", "commissionedOn": "2020-01-01", "anything": {"a": [1]}}
    assert answered(stations, sent, links=[{"href": "x"}]) == {"stations": [{"stationId": "X-1", "vendor": "Voltwerk"}]}


def test_null_where_a_default_is_given_is_as_good_as_absent(stations: Workshop) -> None:
    assert answered(stations, {"stationId": "X-1", "vendor": None}) == {"stations": [{"stationId": "X-1"}]}


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/stations/*/vendor", "/stations/*/vendor is ignored, and in the schema: a field is carried or it is not"),
        ("/stations", "/stations is ignored, and in the schema"),
        ("/unknown/href", "/unknown/href: /unknown is not in the schema: ignore that"),
    ],
)
def test_what_is_ignored_is_nowhere_in_the_schema(pointer: str, said: str, stations: Workshop) -> None:
    declare(stations, "/links", pointer)
    (problem,) = [one for one in stations.problems("charging/stations") if one.check == "pointers"]
    assert said in problem.message
    line = stations.read(f"{PATH}/exchange.yaml").splitlines()[problem.line - 1]
    assert pointer in line


def test_what_is_neither_carried_nor_ignored_is_refused(stations: Workshop) -> None:
    with pytest.raises(Exception, match="colour"):
        answered(stations, {"stationId": "X-1", "colour": "red"})


@pytest.mark.parametrize(
    "command", [("check", "charging/stations"), ("map", "charging/stations", "CASE"), ("test", "charging/stations")]
)
def test_a_variable_that_nothing_fills_is_told_and_breaks_nothing(command: tuple[str, ...], stations: Workshop) -> None:
    path = stations.catalogue / PATH / "saref4.rq"
    path.write_text(path.read_text().replace("gl:answeredBy", "gl:concerns ?another ; gl:answeredBy"))
    case = str(stations.catalogue / PATH / "examples/example.json")
    words = [case if one == "CASE" else one for one in command]
    result = CliRunner().invoke(app, [*words, "--catalogue", str(stations.catalogue)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "?another is neither a field nor a node" in " ".join(result.output.split())
