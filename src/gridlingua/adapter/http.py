"""A request message as HTTP and back: path and query parameters, and the body (DESIGN.md 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from gridlingua.catalogue import Exchange
from gridlingua.errors import Fault, MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import Schema, read_json, resolve, write_json

_BODILESS = ("GET", "DELETE")
_FORMS = {
    "boolean": ("true|false", "true or false"),
    "integer": (r"-?(?:0|[1-9]\d*)", "a whole number"),
    "number": (r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", "a number"),
}


@dataclass(frozen=True)
class Call:
    """An operation on its way: path below the base URL, query parameters, JSON text of the body (None: no body)."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: str | None = None


def to_call(exchange: Exchange, message: Json) -> Call:
    """The call that a request message makes; MessageError for a value that would lead to another path."""
    operation = exchange.operation
    query = list(operation.constants.items())
    rest = message
    path = operation.path
    if operation.parameters:
        path = path.format_map({name: _segment(exchange, name, message[name]) for name in operation.parameters})
        rest = {name: value for name, value in message.items() if name not in operation.parameters}
    if operation.method in _BODILESS:
        for name, value in rest.items():
            query += [(name, _written(one)) for one in (value if isinstance(value, list) else [value])]
        return Call(operation.method, path, query)
    return Call(operation.method, path, query, write_json(rest))


def _segment(exchange: Exchange, name: str, value: Json) -> str:
    text = _written(value)
    if text in ("", ".", ".."):  # HTTP clients and servers take these for the way to another path
        fault = Fault(f"/{name}", f'"{text}" cannot stand in a path')
        raise MessageError([fault], exchange=exchange.id, part="request")
    return quote(text, safe="")


def from_call(exchange: Exchange, path: Mapping[str, str], query: Iterable[tuple[str, str]], body: bytes) -> Json:
    """The request message of a call; MessageError names the parameter that is not of its type."""
    operation = exchange.operation
    schema = exchange.request_schema
    given = [(name, value) for name, value in query if name not in operation.constants]
    if operation.method in _BODILESS:
        return _parameters(exchange, schema, [*path.items(), *given])
    if given:
        names = " and ".join(name for name, _ in given)
        raise MessageError(f"unknown query parameter {names}", exchange=exchange.id, part="request")
    in_body = schema.get("properties", {}).keys() - path.keys()
    message = read_json(body) if body.strip() or in_body or not path else {}
    if path and isinstance(message, dict):
        message |= _parameters(exchange, schema, list(path.items()))
    return message


def _parameters(exchange: Exchange, schema: Schema, given: list[tuple[str, str]]) -> dict[str, Json]:
    properties = schema.get("properties", {})
    message: dict[str, Json] = {}
    faults = []
    for name, text in given:
        if name not in properties:
            allowed = ", ".join(properties) or "none"
            faults.append(Fault(f"/{name}", f"unknown parameter; there are {allowed}"))
            continue
        expected = resolve(schema, properties[name])
        is_list = expected.get("type") == "array"
        try:
            value = _read(text, resolve(schema, expected["items"]) if is_list else expected)
        except ValueError as error:
            faults.append(Fault(f"/{name}", f'"{text}" is not {error}'))
            continue
        if is_list:
            message.setdefault(name, []).append(value)
        elif name in message:
            faults.append(Fault(f"/{name}", "is given twice"))
        else:
            message[name] = value
    if faults:
        raise MessageError(faults, exchange=exchange.id, part="request")
    return message


def _read(text: str, schema: Schema) -> Json:
    """A parameter as JSON has it; ValueError with what is allowed."""
    form, meaning = _FORMS.get(schema.get("type", "string"), ("", ""))
    if not form:
        return text
    try:
        if re.fullmatch(form, text, re.ASCII):
            return read_json(text)
    except MessageError:  # more digits than a number may have
        pass
    raise ValueError(meaning)


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
