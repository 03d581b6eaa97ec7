"""OpenAPI of an operation, from its exchanges: parameters, bodies and examples are the catalogue's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gridlingua.catalogue import Case, Exchange
from gridlingua.semantics.schema import Schema, write_json


def describe(exchanges: Sequence[Exchange], *, enveloped: bool) -> dict[str, Any]:
    """The OpenAPI object of one path and method, which several exchanges may share, told apart by constants.

    ``enveloped`` when several responders may reply.
    """
    first = exchanges[0]
    described: dict[str, Any] = {
        "operationId": "-or-".join(one.interaction_name("")[:-2] for one in exchanges),
        "description": "\n\n".join(
            f"{one.id}: {one.title}. Source: {one.source}. {one.note}".strip() for one in exchanges
        ),
        "parameters": _parameters(exchanges),
        "responses": {"200": _reply(exchanges, enveloped=enveloped)},
    }
    if enveloped:
        described["responses"]["207"] = {**_reply(exchanges, enveloped=True), "description": "Some responders failed"}
    for status, meaning in _REFUSALS.items():
        described["responses"][status] = {"description": meaning}
    if first.operation.method not in ("GET", "DELETE"):
        described["requestBody"] = _body(exchanges)
    plain: dict[str, Any] = _plain(described)
    return plain


_ONE_RESPONDER = {
    "name": "Gridlingua-Responder",
    "in": "header",
    "required": False,
    "description": "Address this knowledge base only; the reply is then the message itself",
    "schema": {"type": "string", "format": "iri"},
}

_REFUSALS = {
    "403": "The responder refuses this party",
    "404": "The responder knows of no such thing",
    "422": "The message breaks a rule; `faults` says which and where",
    "502": "A responder failed or answered what may not be accepted; `party` names it",
    "503": "The engine or the responder is not there; `party` names it",
    "504": "A responder did not answer in time; `party` names it",
}


def _parameters(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for exchange in exchanges:
        operation = exchange.operation
        schema = exchange.request_schema
        for name in operation.constants:
            values = sorted(
                {value for one in exchanges for key, value in one.operation.constants.items() if key == name}
            )
            everywhere = all(name in one.operation.constants for one in exchanges)
            found[name] = {
                "name": name,
                "in": "query",
                "required": everywhere,
                "schema": {"type": "string", "enum": values},
            }
        in_query = operation.method in ("GET", "DELETE")
        for name, one in schema.get("properties", {}).items():
            if name in operation.parameters or in_query:
                everywhere = all(name in other.request_schema.get("required", ()) for other in exchanges)
                found[name] = {
                    "name": name,
                    "in": "path" if name in operation.parameters else "query",
                    "required": name in operation.parameters or everywhere,
                    "description": one.get("description", ""),
                    "schema": one,
                    **_example_of(exchange, name),
                }
    return [*found.values(), _ONE_RESPONDER]


def _example_of(exchange: Exchange, name: str) -> dict[str, Any]:
    for case in exchange.examples:
        if name in case.messages["request"]:
            return {"example": case.messages["request"][name]}
    return {}


def _body(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """The request without what stands in the path."""
    bodies = [_without(one, _without_dialect(one.request_schema)) for one in exchanges]
    schema = bodies[0] if len(bodies) == 1 else {"oneOf": bodies}
    examples = {
        _named(exchanges, one, case): {"value": _without(one, {"properties": case.messages["request"]})["properties"]}
        for one in exchanges
        for case in one.examples
    }
    required = any(one.get("required") or one.get("type") != "object" for one in bodies)
    return {"required": required, "content": {"application/json": {"schema": schema, "examples": examples}}}


def _without(exchange: Exchange, schema: Schema) -> Schema:
    """An object's schema without the parameters of the path."""
    names = exchange.operation.parameters
    if not names:
        return schema
    properties = {name: one for name, one in schema["properties"].items() if name not in names}
    required = [name for name in schema.get("required", ()) if name not in names]
    return {**schema, "properties": properties, "required": required}


def _schemas(exchanges: Sequence[Exchange], part: str = "request") -> Schema:
    found = [_without_dialect(one.request_schema if part == "request" else one.reply_schema) for one in exchanges]
    return found[0] if len(found) == 1 else {"oneOf": found}


def _without_dialect(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "$schema"}


def _reply(exchanges: Sequence[Exchange], *, enveloped: bool) -> dict[str, Any]:
    schema = _schemas(exchanges, "reply")
    if not enveloped:
        return {"description": schema.get("title", "Reply"), "content": _content(exchanges, "reply", schema)}
    party = {"type": "string", "description": "Knowledge base id"}
    reply = {"type": "object", "required": ["party", "message"], "properties": {"party": party, "message": schema}}
    failure = {
        "type": "object",
        "required": ["party", "status", "detail", "retry"],
        "properties": {
            "party": party,
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "retry": {"type": "boolean"},
        },
    }
    properties = {"replies": {"type": "array", "items": reply}, "failures": {"type": "array", "items": failure}}
    envelope = {"type": "object", "required": ["replies", "failures"], "properties": properties}
    return {"description": "Each responder's reply", "content": {"application/json": {"schema": envelope}}}


def _content(exchanges: Sequence[Exchange], part: str, schema: Schema) -> dict[str, Any]:
    examples = {
        _named(exchanges, one, case): {"value": case.messages[part]}
        for one in exchanges
        for case in one.examples
        if part in case.messages
    }
    return {"application/json": {"schema": schema, **({"examples": examples} if examples else {})}}


def _named(exchanges: Sequence[Exchange], exchange: Exchange, case: Case) -> str:
    """The name of an example: with its exchange's where several share an operation."""
    return case.name if len(exchanges) == 1 else f"{exchange.id}: {case.name}"


def _plain(value: Any) -> Any:
    """Decimals as JSON numbers, for FastAPI writes the document itself."""
    return json.loads(write_json(value))
