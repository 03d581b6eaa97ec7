"""What makes the first quarter of an hour with a proposal easy: examples, words, remedies."""

from __future__ import annotations

import json
from typing import Any

from .conftest import Workshop

TEXT = {"type": "string", "minLength": 1}
TIME = {"type": "string", "format": "date-time"}


def openapi(workshop: Workshop, reply: dict[str, Any], *more: str, parameters: tuple[str, ...] = ("from", "to")) -> str:
    """What is said of a GET with these times in its query."""
    given = [{"name": one, "in": "query", "required": True, "schema": TIME} for one in parameters]
    responses = {"200": {"content": {"application/json": {"schema": reply} if reply else {}}}}
    get = {"operationId": "list", "parameters": given, "responses": responses}
    paths = {"/sites": {"get": get}}
    document = {"openapi": "3.0.3", "info": {"title": "Sites", "version": "1"}, "paths": paths}
    path = workshop.file("sites.json", json.dumps(document))
    return workshop.new("grid/sites", "--openapi", path, "--operation", "list", *more).output


def reply(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def listed(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": reply(**properties)}


def example(workshop: Workshop) -> Any:
    return json.loads(workshop.read("graph_patterns/grid/sites/examples/example.json"))


def test_an_example_answers_within_the_window_that_it_asks_for(workshop: Workshop) -> None:
    openapi(workshop, listed(siteId=TEXT, startTime=TIME, endTime=TIME, updatedAt=TIME))
    workshop.passes("grid/sites")
    case = example(workshop)
    times = [one[name] for one in case["reply"] for name in ("startTime", "endTime", "updatedAt")]
    assert case["request"]["from"] <= min(times)
    assert max(times) <= case["request"]["to"]


def test_the_numbers_of_an_example_differ_and_its_counts_fit(workshop: Workshop) -> None:
    number = {"type": "number", "minimum": 0, "maximum": 100}
    items = listed(siteId=TEXT, load={**number, "description": "in kW"}, soc=number, height=number)
    said = openapi(workshop, reply(numberOfHits={"type": "integer"}, sites=items))
    workshop.passes("grid/sites")
    case = example(workshop)
    assert case["reply"]["numberOfHits"] == len(case["reply"]["sites"])
    for one in case["reply"]["sites"]:
        assert len({one["load"], one["soc"], one["height"]}) == 3
    assert not [one for one in said.splitlines() if "numberOfHits" in one and "which unit" in one]


def test_descriptions_are_words_that_people_write(workshop: Workshop) -> None:
    number = {"type": "number"}
    openapi(workshop, listed(siteId=TEXT, cosPhi=number, größe=number, market=TEXT, objectType=TEXT))
    workshop.passes("grid/sites")
    said = workshop.pattern("grid/sites")
    assert '"cos phi"' in said
    assert '"größe"' in said
    assert '"object type"' in said


def test_an_elements_own_field_is_not_the_parameter_of_the_path_of_the_same_name(workshop: Workshop) -> None:
    case = {"request": {"a": "x"}, "reply": [{"id": "1", "a": "y"}, {"id": "2", "a": "z"}]}
    path = workshop.file("case.json", json.dumps(case))
    workshop.new("grid/sites", "--example", path, "--rest", "GET /sites/{a}")
    assert example(workshop) == case


def test_the_example_that_new_writes_is_one_that_it_reads(workshop: Workshop) -> None:
    workshop.new("grid/sites", "--request", "", "--reply", "[].siteId", "--rest", "GET /Sites")
    path = workshop.file("case.json", json.dumps(example(workshop)))
    assert example(workshop)["request"] == {}
    again = Workshop(workshop.root / "again")
    again.catalogue.mkdir(parents=True)
    again.new("grid/sites", "--example", path, "--rest", "GET /Plots")
    again.passes("grid/sites")


def test_what_may_be_absent_says_where_its_default_goes_in_a_line_that_can_be_deleted(workshop: Workshop) -> None:
    said = openapi(workshop, {"type": "array", "items": {"type": "object", "properties": {"id": TEXT, "name": TEXT}}})
    assert "give its field a default in exchange.yaml" in said
    lines = workshop.read("graph_patterns/grid/sites/reply.schema.json").splitlines()
    kept = [one for one in lines if "UNDECIDED" not in one]
    assert len(kept) < len(lines)
    json.loads("\n".join(kept))


def test_an_array_inside_a_message_that_may_not_be_empty_is_told(workshop: Workshop) -> None:
    said = openapi(workshop, reply(sites=listed(siteId=TEXT)))
    assert "reply: /sites may not be empty (minItems 1)" in said


def test_what_the_document_has_is_said_beside_what_it_has_not(workshop: Workshop) -> None:
    assert "200 has no schema" in openapi(workshop, {})
    path = workshop.root / "sites.json"
    wrong = workshop.new("a/b", "--openapi", path, "--operation", "list", "--keep", "stat", status=1).output
    assert "the operation has no such query parameter; there are from, to" in " ".join(wrong.split())


def test_a_get_that_posts_is_left_to_decide(workshop: Workshop) -> None:
    said = openapi(workshop, listed(siteId=TEXT), "--kind", "post")
    assert "is a GET that posts meant?" in said


def test_a_large_post_says_what_to_do_about_its_size(workshop: Workshop) -> None:
    fields = "requestId, meterId, power: number kW, price: number EUR/kWh, start: time, end: time"
    said = workshop.new("grid/orders", "--request", fields, "--reply", "requestId", "--rest", "POST /Orders").output
    assert ("[size]" in said) == ("[checks]" in said)
    assert "Adapters of gridlingua work at level 1" in said
