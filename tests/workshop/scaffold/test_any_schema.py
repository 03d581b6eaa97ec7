"""Whatever a document says: ``new`` refuses with a sentence, or writes a folder without errors."""

from __future__ import annotations

import json
import shutil
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Workshop

_NAMES: Final = (
    "id",
    "name",
    "start",
    "endTime",
    "from",
    "to",
    "power",
    "power_kw",
    "energyKWh",
    "unit",
    "measurementUnit",
    "status",
    "direction",
    "price",
    "priceUnit",
    "meterId",
    "zone_id",
    "userId",
    "createdAt",
    "timestamp",
    "value",
    "quantity",
    "accepted",
    "reason",
    "type",
    "on",
    "no",
    "1st",
    "@type",
    "größe",
    "data.value",
    "query",
    "period",
    "state",
    "carrier",
    "title",
    "duration",
    "callback",
    "offerId",
    "requestId",
    "index",
    "link",
    "true",
)

_TEXTS = st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": st.just(2), "maxLength": st.just(9)})
_FORMATS = st.sampled_from(["date-time", "date", "duration", "uri", "uuid", "email"]).map(
    lambda one: {"type": "string", "format": one}
)
_PATTERNS = st.sampled_from(["^[A-Z]{2}[0-9]{4}$", r"^\d+$", "^(a|b)c?$"]).map(
    lambda one: {"type": "string", "pattern": one}
)
_CODES = st.sampled_from([["Up", "Down"], ["kW", "MW"], ["kW", "kWh"], ["Yes", "No"], [1, 2]]).map(
    lambda one: {"enum": one}
)
_NUMBERS = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "integer"])},
    optional={
        "minimum": st.sampled_from([0, -5]),
        "maximum": st.sampled_from([10, 100]),
        "multipleOf": st.sampled_from([1, 5]),
        "description": st.sampled_from(["in kW", "energy in kWh", "EUR/kWh", ""]),
    },
)
_LEAVES = st.one_of(_TEXTS, _FORMATS, _PATTERNS, _CODES, _NUMBERS, st.just({"type": "boolean"}))


@st.composite
def _objects(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5, unique=True))
    properties = {name: draw(_LEAVES) for name in names}
    if depth < 2 and draw(st.booleans()):
        inner = draw(_objects(depth + 1))
        array = {"type": "array", "items": draw(st.sampled_from([inner, {"type": "string"}]))}
        properties[draw(st.sampled_from(_NAMES))] = draw(st.sampled_from([inner, array]))
    required = [name for name in properties if draw(st.booleans())]
    return {"type": "object", "properties": properties, "required": required}


def _document(method: str, request: dict[str, Any], reply: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": "op", "parameters": []}
    if method == "get":
        named = request["properties"].items()
        flat = [(name, one) for name, one in named if one.get("type") not in ("object", "array")]
        operation["parameters"] = [{"name": name, "in": "query", "required": True, "schema": one} for name, one in flat]
    else:
        operation["requestBody"] = {"content": {"application/json": {"schema": request}}}
    operation["responses"] = {"200": {"content": {"application/json": {"schema": reply}}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/meters": {method: operation}}}


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(method=st.sampled_from(["get", "post"]), request=_objects(), reply=_objects(), several=st.booleans())
def test_any_schema_is_refused_with_a_sentence_or_becomes_a_folder_without_errors(
    workshop: Workshop, method: str, request: dict[str, Any], reply: dict[str, Any], several: bool
) -> None:
    shutil.rmtree(workshop.catalogue)
    workshop.catalogue.mkdir()
    body = {"type": "array", "items": reply} if several else reply
    path = workshop.file("any.json", json.dumps(_document(method, request, body)))
    arguments = ("metering/any", "--openapi", path, "--operation", "op")
    try:
        workshop.new(*arguments)
    except AssertionError:
        told = workshop.new(*arguments, status=1).output
        assert told.startswith("gridlingua new: ")
        assert "passes the checks" not in told  # what it proposes is right, where it proposes
        assert workshop.is_untouched()
    else:
        workshop.passes("metering/any")
