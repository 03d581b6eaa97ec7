"""An exchange from an OpenAPI operation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from gridlingua.catalogue import Content, load
from gridlingua.semantics.schema import conform
from gridlingua.testing import Said, loopback, messages

from .conftest import Workshop

READINGS = """
openapi: 3.1.0
info: {title: Metering, version: "2"}
paths:
  /meters/{meter-id}/readings:
    parameters:
      - {name: meter-id, in: path, required: true, schema: {$ref: "types.yaml#/MeterId"}}
    get:
      operationId: getReadings
      summary: Readings of a meter
      parameters:
        - {name: from, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: to, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: page, in: query, schema: {type: integer, default: 1}}
        - {name: If-None-Match, in: header, schema: {type: string}}
      responses:
        "200":
          headers: {ETag: {schema: {type: string}}}
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Readings"}
components:
  schemas:
    Readings:
      type: object
      required: [meterId, unit, readings]
      properties:
        meterId: {$ref: "types.yaml#/MeterId"}
        unit: {type: string, enum: [kW, W]}
        comment: {type: [string, "null"], maxLength: 40}
        readings:
          type: array
          items:
            allOf:
              - {$ref: "#/components/schemas/Timed"}
              - required: [value]
                properties: {value: {type: number, minimum: 0, exclusiveMaximum: 500}}
    Timed:
      type: object
      required: [time]
      properties: {time: {type: string, format: date-time, description: When it was measured}}
"""
TYPES = "MeterId: {type: string, pattern: '^[A-Z]{2}[0-9]{4}$', description: The meter}\n"


@pytest.fixture
def readings(workshop: Workshop) -> Workshop:
    workshop.file("types.yaml", TYPES)
    path = workshop.file("metering.yaml", READINGS)
    result = workshop.new("metering/readings", "--openapi", path, "--operation", "getReadings")
    workshop.file("output.txt", result.output)
    return workshop


def test_an_ask_passes_the_whole_check_and_goes_round(readings: Workshop) -> None:
    warnings = readings.passes("metering/readings")
    assert {one.check for one in warnings} == {"undecided"}


def test_path_query_and_reply_become_fields_with_their_datatypes(readings: Workshop) -> None:
    declared = readings.declared("metering/readings")
    assert declared["rest"] == "GET /meters/{meterId}/readings"
    assert declared["kind"] == "ask"
    assert declared["title"] == "Readings of a meter"
    assert declared["source"] == "Metering 2 (OpenAPI), getReadings"
    assert declared["request"]["fields"] == {
        "meterId": {"at": "/meterId"},
        "from": {"at": "/from", "as": "dateTimeStamp"},
        "to": {"at": "/to", "as": "dateTimeStamp"},
    }
    assert declared["reply"]["fields"]["value"] == {"at": "/readings/*/value", "as": "decimal"}
    assert declared["reply"]["fields"]["unit"] == {"at": "/unit", "with": "unit"}
    assert declared["reply"]["keys"]["/readings/*"] == "time"


def test_the_pattern_is_put_together_from_the_blocks(readings: Workshop) -> None:
    pattern = readings.pattern("metering/readings")
    for part in (
        "?query a gl:Query ; s4ener:hasEffectivePeriod ?period ; gl:concerns ?meter ; gl:answeredBy ?reading",
        "?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId .",
        "?period a time:Interval ; time:hasBeginning ?begin ; time:hasEnd ?finish .",
        "saref:hasValue ?value ; saref:isMeasuredIn ?unit ; saref:isValueOfProperty s4grid:ActivePower .",
    ):
        assert part in pattern


def test_what_is_left_out_is_said(readings: Workshop) -> None:
    said = (readings.root / "output.txt").read_text()
    assert "the optional query parameters page are left out; --keep NAME carries one" in said
    assert "the headers and cookies If-None-Match are no part of a message" in said
    assert "the headers ETag are no part of a message" in said
    assert "comment may be null in the document, but not here: rows have no null" in said
    assert "the optional query parameters page are left out" in " ".join(
        readings.declared("metering/readings")["note"].split()
    )


def test_every_mark_is_told_with_its_line(readings: Workshop) -> None:
    said = (readings.root / "output.txt").read_text()
    marks = [one for one in readings.problems("metering/readings") if one.check == "undecided"]
    assert {Path(one.path).name for one in marks} == {"exchange.yaml", "reply.schema.json", "saref4.rq"}
    for mark in marks:
        assert f"{mark.path}:{mark.line}: {mark.message}" in said
        assert "UNDECIDED" in readings.read(mark.path).splitlines()[mark.line - 1]
    assert "gridlingua check metering/readings --catalogue" in said


def test_every_constraint_has_a_reject_with_what_its_sender_is_told(readings: Workshop) -> None:
    told = readings.told("metering/readings")
    assert told["request_to_before_from"].endswith("The end must be after the start.")
    assert told["request_meter_id_not_matching"].endswith('/meterId: "?" does not match ^[A-Z]{2}[0-9]{4}$')
    assert told["reply_value_too_small"].endswith("/readings/0/value: -1 is not allowed, it must be at least 0")
    assert told["reply_value_not_below"].endswith("500 is not allowed, it must be below 500")
    assert told["reply_unit_unknown"].endswith('/unit: "unknown" is not allowed, it must be one of kW, W')
    assert told["reply_readings_empty"].endswith("/readings: at least 1 element needed")
    assert "request_from_without_zone" in told
    assert "reply_comment_too_long" in told
    assert told["request_without_meter_id"].endswith("'meterId' is a required property")


def test_the_shapes_judge_the_graph_as_the_schema_judges_the_message(readings: Workshop) -> None:
    """The schema is made lax, so that SHACL alone refuses."""
    path = readings.catalogue / "graph_patterns/metering/readings/reply.schema.json"
    schema = json.loads(path.read_text())
    value = schema["properties"]["readings"]["items"]["properties"]["value"]
    del value["minimum"], value["exclusiveMaximum"]
    del schema["properties"]["unit"]["enum"]
    path.write_text(json.dumps(schema))
    said = " ".join(one.message for one in readings.problems("metering/readings") if one.check == "rejects")
    assert "The value of a reading must be at least 0." in said
    assert "The value of a reading must be below 500." in said


def test_an_optional_parameter_is_kept_on_demand(workshop: Workshop) -> None:
    workshop.file("types.yaml", TYPES)
    path = workshop.file("metering.yaml", READINGS)
    workshop.new("m/r", "--openapi", path, "--operation", "GET /meters/{meter-id}/readings", "--keep", "page")
    assert workshop.declared("m/r")["request"]["fields"]["page"] == {"at": "/page", "as": "integer", "default": 1}
    workshop.passes("m/r")


ORDERS = {
    "openapi": "3.0.3",
    "info": {"title": "Market", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "operationId": "createOrder",
                "requestBody": {"$ref": "#/components/requestBodies/Order"},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}}}
                },
            }
        },
        "/orders/{id}": {
            "delete": {
                "operationId": "deleteOrder",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"204": {"description": "gone"}},
            }
        },
    },
    "components": {
        "requestBodies": {
            "Order": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}
        },
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["orderId", "quantity", "side", "validFrom", "validTo", "price"],
                "properties": {
                    "orderId": {"type": "string", "minLength": 1, "example": "O-1"},
                    "created": {"type": "string", "format": "date-time", "readOnly": True},
                    "quantity": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "description": "in MW"},
                    "price": {"type": "number", "multipleOf": 0.01, "description": "The price in EUR/kWh"},
                    "side": {"type": "string", "enum": ["Buy", "Sell"]},
                    "regulation_type": {"type": "string", "enum": ["UP", "DOWN"], "default": "UP"},
                    "validFrom": {"type": "string", "format": "date-time"},
                    "validTo": {"type": "string", "format": "date-time"},
                    "anything": {"type": "object"},
                    "lots": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["meterId"],
                            "properties": {"meterId": {"type": "string"}},
                        },
                    },
                },
            },
            "Receipt": {
                "type": "object",
                "required": ["orderId", "acceptedAt", "status"],
                "properties": {
                    "orderId": {"type": "string"},
                    "receivedAt": {"type": "string", "format": "date-time"},
                    "status": {"oneOf": [{"type": "string", "enum": ["New", "Known"]}, {"type": "integer"}]},
                    "password": {"type": "string", "writeOnly": True},
                },
            },
        },
    },
}


def test_a_post_has_an_acknowledgement_of_what_was_posted(workshop: Workshop) -> None:
    path = workshop.file("market.json", json.dumps(ORDERS))
    said = workshop.new("market/orders", "--openapi", path, "--operation", "createOrder").output
    workshop.passes("market/orders")
    declared = workshop.declared("market/orders")
    assert declared["kind"] == "post"
    assert "created" not in declared["request"]["fields"]
    assert "password" not in declared["reply"]["fields"]
    assert "/created is readOnly, so it is left out" in said
    assert "/anything is left out: an object without properties may hold anything" in said
    assert declared["request"]["fields"]["regulation_type".replace("_t", "T")] == {
        "at": "/regulation_type",
        "codes": {"UP": "s4ener:Upflex", "DOWN": "s4ener:Downflex"},
        "default": "UP",
    }
    argument, result = workshop.pattern("market/orders", ".argument"), workshop.pattern("market/orders", ".result")
    assert "saref:isMeasuredIn om:megawatt ; saref:isValueOfProperty s4grid:ActivePower" in argument
    assert "gl:pricePerUnit ?" in argument
    assert "saref:isMeasuredIn s4ener:EuroPerKilowattHour" in argument
    assert "?acknowledgement a gl:Acknowledgement ; gl:acknowledges ?order" in result
    assert "?order saref:hasIdentifier ?orderId" in result
    assert "the document allows 2 alternatives" in said


def test_an_operation_that_answers_nothing_is_acknowledged_all_the_same(workshop: Workshop) -> None:
    path = workshop.file("market.json", json.dumps(ORDERS))
    said = workshop.new("market/deletion", "--openapi", path, "--operation", "deleteOrder").output
    workshop.passes("market/deletion")
    assert "204 has no content" in said
    assert workshop.schema("market/deletion", "reply")["properties"] == {}
    found = load(Content(workshop.catalogue))
    with loopback(found["market/deletion"], found, Said("", 204)) as call:
        assert call({"id": "O-1"}).only().message == {}


def test_messages_are_generated_from_schemas_with_marks(readings: Workshop) -> None:
    exchange = load(Content(readings.catalogue))["metering/readings"]
    assert "UNDECIDED" in json.dumps(exchange.reply_schema, default=str)

    @settings(max_examples=5, database=None)
    @given(messages(exchange, "reply"))
    def conforms(message: object) -> None:
        assert conform(exchange.reply_schema, message) == []

    conforms()


def test_names_that_clash_with_yaml_with_each_other_and_with_nodes_are_told_apart(workshop: Workshop) -> None:
    text = {"type": "string"}
    said = {
        "on": text, "no": text, "1st": text, "a-b": text, "aB": text, "größe": text, "period": text, "query": text,
        "data.value": {"type": "number"}, "state": text, "inner": {"type": "object", "properties": {"no": text}},
    }  # fmt: skip
    names = list(said)
    schema = {"type": "object", "required": names, "properties": said}
    operation = {"operationId": "odd", "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/odd": {"get": operation}}}
    path = workshop.file("odd.json", json.dumps(document))
    workshop.new("odd/names", "--openapi", path, "--operation", "odd")
    workshop.passes("odd/names")
    fields = workshop.declared("odd/names")["reply"]["fields"]
    assert {one["at"] for one in fields.values()} == {f"/{name}" for name in names if name != "inner"} | {"/inner/no"}
    assert all(isinstance(name, str) and name.isalnum() for name in fields)


SWITCH = """
openapi: 3.0.0
info: {title: Switches, version: 1.0}
paths:
  /switches/{switchId}:
    put:
      operationId: setSwitch
      parameters: [{name: switchId, in: path, required: true, schema: {type: string}, example: S-9}]
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [on, since], properties: {on: {type: boolean}, since: {type: string}}}
            example: {switchId: S-9, on: true, since: 2026-03-01T10:00:00Z, unknown: 1}
      responses:
        200:
          content:
            application/json:
              schema:
                type: object
                required: [switchId, changed]
                properties: {switchId: {type: string}, changed: {type: string, format: date-time}}
              examples: {usual: {value: {switchId: S-9, changed: 2026-03-01T10:00:01Z}}}
"""


def test_the_examples_of_the_document_are_used_as_far_as_its_schemas_know_them(workshop: Workshop) -> None:
    path = workshop.file("switches.yaml", SWITCH)
    workshop.new("grid/switching", "--openapi", path, "--operation", "setSwitch")
    workshop.passes("grid/switching")
    assert json.loads(workshop.read("graph_patterns/grid/switching/examples/example.json")) == {
        "request": {"switchId": "S-9", "on": True, "since": "2026-03-01T10:00:00Z"},
        "reply": {"switchId": "S-9", "changed": "2026-03-01T10:00:01Z"},
    }
    assert workshop.declared("grid/switching")["source"] == "Switches 1.0 (OpenAPI), setSwitch"


def _refused(workshop: Workshop, schema: dict[str, object], *more: str) -> str:
    operation = {"operationId": "op", "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    document = {
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": operation}},
        "components": {"schemas": {"Tree": schema}},
    }
    path = workshop.file("x.json", json.dumps(document))
    result = workshop.new("a/b", "--openapi", path, "--operation", "op", *more, status=1)
    assert workshop.is_untouched()
    return " ".join(result.output.split())


def _array(**properties: object) -> dict[str, object]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def test_arrays_beside_each_other_are_refused_with_the_options_that_help(workshop: Workshop) -> None:
    text = {"type": "string"}
    schema = {"type": "object", "properties": {"items": _array(id=text, name=text), "links": _array(href=text)}}
    told = _refused(workshop, schema)
    assert "arrays beside each other (/items and /links)" in told
    assert "as in --drop /links" in told
    path = workshop.root / "x.json"
    workshop.new("a/b", "--openapi", path, "--operation", "op", "--drop", "/links")
    workshop.passes("a/b")


def test_what_holds_itself_is_refused_where_it_is_required(workshop: Workshop) -> None:
    schema = {
        "type": "object",
        "required": ["id", "child"],
        "properties": {"id": {"type": "string"}, "child": {"$ref": "#/components/schemas/Tree"}},
    }
    assert "it contains itself, and rows have no end of levels" in _refused(workshop, schema)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string"}, "the reply is a bare value: wrap it in an object"),
        ({"type": "object"}, "may hold anything"),
        ({"type": "array", "items": {"type": "number"}}, "holds bare numbers: make them objects"),
        (
            {"type": "object", "required": ["x"], "properties": {"x": {"type": "object"}}},
            "leave it out with --drop /x",
        ),
    ],
)
def test_what_rows_cannot_say_is_refused_with_a_remedy(
    workshop: Workshop, schema: dict[str, object], said: str
) -> None:
    assert said in _refused(workshop, schema)


def test_deep_arrays_become_levels_with_keys(workshop: Workshop) -> None:
    time = {"type": "string", "format": "date-time"}
    points = _array(time=time, value={"type": "number", "description": "in kWh"})
    meters = _array(meterId={"type": "string"}, readings=points)
    zones = _array(zoneId={"type": "string"}, meters=meters)
    operation = {"operationId": "op", "responses": {"200": {"content": {"application/json": {"schema": zones}}}}}
    document = {"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {"/zones": {"get": operation}}}
    path = workshop.file("deep.json", json.dumps(document))
    workshop.new("grid/zones", "--openapi", path, "--operation", "op")
    workshop.passes("grid/zones")
    assert workshop.declared("grid/zones")["reply"]["keys"] == {
        "/*": "zoneId",
        "/*/meters/*": "meterId",
        "/*/meters/*/readings/*": "time",
    }
    assert "?zone a gl:GridZone" in workshop.pattern("grid/zones")
    assert "saref:isValueOfProperty s4grid:ActiveEnergy" in workshop.pattern("grid/zones")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("swagger: '2.0'\n", "this is no OpenAPI 3 document: it has no openapi: 3.…"),
        ("openapi: 3.0.0\npaths: {\n", "bad.yaml:3: not YAML"),
        ('{"openapi": "3.0.0",}', "bad.yaml:1: not JSON"),
        ("openapi: 3.0.0\npaths: {/x: {get: {operationId: other}}}\n", "there is no operation 'op'; there are other"),
        (
            "openapi: 3.0.0\npaths: {/x: {get: {operationId: op, responses: {'200': {$ref: '#/nowhere'}}}}}\n",
            "#/nowhere leads nowhere",
        ),
        (
            "openapi: 3.0.0\npaths: {/x: {get: {operationId: op, responses: {'200': {$ref: 'https://e.org/x'}}}}}\n",
            "is on the network: download it",
        ),
        ("openapi: 3.0.0\npaths: {/x: {get: {operationId: op, responses: {'404': {}}}}}\n", "no response says"),
    ],
)
def test_a_document_that_cannot_be_used_is_told_with_its_place(workshop: Workshop, text: str, said: str) -> None:
    path = workshop.file("bad.yaml", text)
    result = workshop.new("a/b", "--openapi", path, "--operation", "op", status=1)
    assert said in " ".join(result.output.split())
    assert workshop.is_untouched()
