"""The OpenAPI document that the engine serves says what TNO's does, and what this engine does."""

import json
from pathlib import Path

import pytest

from gridlingua.engine import Network
from gridlingua.engine.serving.api import INTERACTION, TIMEOUT, VERSION, Api
from gridlingua.engine.serving.openapi import OPEN_TO_ALL, build_document
from gridlingua.engine.serving.words import KNOWLEDGE_BASE

REFERENCE = json.loads((Path(__file__).parent / "openapi-1.5.0.json").read_text("utf-8"))
MORE_STATUSES = {
    "GET /sc/ki": {"400"},  # a runtime 1.5.0 breaks down there with a 500
    "POST /sc": {"410"},  # while the engine stops
}
DOCUMENT = build_document(VERSION, "/rest", takes_tokens=True)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
SCHEMAS = DOCUMENT["components"]["schemas"]


def resolved(part):
    """What a reference leads to."""
    found = part
    for name in part["$ref"].split("/")[1:] if "$ref" in part else ():
        found = DOCUMENT[name] if found is part else found[name]
    return found


def name_of(schema):
    """A schema as the list of facts writes it: its name, its type, or these in a list."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if schema.get("type") == "array":
        return [name_of(schema["items"])]
    if "oneOf" in schema:
        return {"oneOf": [name_of(one) for one in schema["oneOf"]]}
    return schema["type"]


def body_of(part):
    """Media type and schema of a request or a response; None when it has no body."""
    content = resolved(part).get("content")
    if content is None:
        return None
    ((kind, value),) = content.items()
    return {"type": kind, "schema": name_of(value["schema"])}


def flat(schema):
    """The properties and the required ones of a schema with all that it is made of."""
    properties, required = {}, set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        more, needed = flat(resolved(part))
        properties |= more
        required |= needed
    properties |= {name: name_of(one) for name, one in schema.get("properties", {}).items()}
    return properties, required


@pytest.mark.parametrize("name", REFERENCE["operations"])
def test_an_operation_has_the_parameters_and_the_body_of_the_runtimes(name):
    ours, theirs = OPERATIONS[name], REFERENCE["operations"][name]
    parameters = {one["name"]: one for one in map(resolved, ours.get("parameters", ()))}
    assert all(one["in"] == "header" for one in parameters.values())
    assert {key: one["required"] for key, one in parameters.items() if key != TIMEOUT} == theirs["parameters"]
    assert body_of(ours.get("requestBody", {})) == theirs["body"]
    assert (TIMEOUT in parameters) == (name in ("POST /sc/ask", "POST /sc/post"))


@pytest.mark.parametrize("name", REFERENCE["operations"])
def test_an_operation_has_the_status_codes_of_the_runtimes_and_of_the_protection(name):
    ours, theirs = OPERATIONS[name]["responses"], REFERENCE["operations"][name]
    for status, schema in theirs["documented"].items():
        assert (body_of(ours[status]) or {}).get("schema") == schema, status
    guarded = set() if name == "GET /version" else {"401", "403", "429"}
    guarded |= {"413"} if theirs["body"] else set()
    expected = {*theirs["documented"], *theirs["observed"], *guarded, *MORE_STATUSES.get(name, ())}
    assert set(ours) == expected
    for status in expected - {"406", "415"}:
        if status[0] in "45":
            assert body_of(ours[status])["schema"] == "ResponseMessage"


def test_a_status_that_only_a_runtime_answers_with_is_marked():
    for name, operation in OPERATIONS.items():
        if "500" in operation["responses"]:
            assert resolved(operation["responses"]["500"])["description"].startswith("*Runtime only*"), name


@pytest.mark.parametrize("name", REFERENCE["schemas"])
def test_a_schema_has_the_properties_of_the_runtimes(name):
    ours, theirs = SCHEMAS[name], REFERENCE["schemas"][name]
    properties, required = flat(ours)
    assert ours.get("type", "object") == theirs["type"]
    assert properties == theirs.get("properties", {})
    assert sorted(required) == theirs.get("required", [])
    if "items" in theirs:
        assert name_of(ours["items"]) == theirs["items"]
    if "oneOf" in theirs:
        assert [one["required"] for one in ours["oneOf"]] == theirs["oneOf"]
    if "anyOf" in theirs:
        assert [name_of(one) for one in ours["allOf"][0]["anyOf"]] == theirs["anyOf"]


def test_there_is_nothing_else_but_the_document_itself():
    assert set(OPERATIONS) == {*REFERENCE["operations"], "GET /openapi.json"}
    assert set(SCHEMAS) == set(REFERENCE["schemas"])


def test_the_document_has_the_operations_that_are_served():
    with_handlers = Api(Network(), 1, {}).operations()
    assert {f"{method} {path}" for path, methods in with_handlers.items() for method in methods} == set(OPERATIONS)


def test_the_document_names_the_headers_that_are_read():
    names = {one["name"] for one in DOCUMENT["components"]["parameters"].values()}
    assert names == {KNOWLEDGE_BASE, INTERACTION, TIMEOUT}


def test_every_operation_says_what_it_is_for():
    for operation in OPERATIONS.values():
        assert operation["summary"]
        assert operation["operationId"]
        assert all(resolved(one)["description"] for one in operation["responses"].values())
    assert len({one["operationId"] for one in OPERATIONS.values()}) == len(OPERATIONS)


def test_every_part_is_used():
    text = json.dumps(DOCUMENT)
    for kind, parts in DOCUMENT["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text or kind == "securitySchemes", name


def test_tokens_are_demanded_in_the_document_where_the_engine_demands_them():
    for name, operation in OPERATIONS.items():
        assert ("security" not in operation) == (name.split()[1] in OPEN_TO_ALL)
    free = json.dumps(build_document(VERSION, "/rest", takes_tokens=False))
    assert "securitySchemes" not in free
    assert '"security"' not in free
