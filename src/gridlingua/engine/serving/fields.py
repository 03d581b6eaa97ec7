"""Fields of JSON bodies as a runtime reads them: scalars are coerced, null is nothing (contract 1.1)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from gridlingua.engine.errors import EngineError

_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class BodyError(EngineError):
    """A body that an operation does not take."""


class JsonError(BodyError):
    """A body that cannot be read; the text begins like a runtime's, with the kind of what it found wrong."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.reason = reason


class ConstraintError(BodyError):
    """Something that a runtime's own description of its API rules out, in its words; ``place`` counts arguments."""

    def __init__(self, place: str, rule: str = "must not be null") -> None:
        super().__init__(f"ConstraintViolationException: {place} {rule}\n ")


def read_json(body: bytes, place: str = "body") -> Any:
    """Any JSON value; JsonError for what is none, ConstraintError at ``place`` for nothing at all."""
    if not body.strip():
        raise ConstraintError(place)
    try:
        text = body.decode(json.detect_encoding(body))
        value = json.loads(text)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # half a pair is no text: nobody could be told of it
    except (ValueError, RecursionError) as error:
        ends = isinstance(error, json.JSONDecodeError) and not error.doc[error.pos :].strip()
        raise JsonError("JsonEOFException" if ends else "JsonParseException", str(error)) from None
    return value


def read_plain(body: bytes) -> str:
    """Plain text; BodyError for bytes that are no UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise JsonError("MalformedInputException", f"the body must be UTF-8: {error}") from None


def read_object(body: bytes, place: str = "body") -> dict[str, Any]:
    """A JSON object; JsonError for anything else, ConstraintError at ``place`` for null or nothing at all."""
    value = read_json(body, place)
    if value is None:
        raise ConstraintError(place)
    if not isinstance(value, dict):
        raise JsonError("MismatchedInputException", f"a JSON object is needed, not {json.dumps(value)[:60]}")
    return value


def read_required(body: dict[str, Any], name: str, place: str) -> str:
    """A text that must be there."""
    value = read_text(body, name)
    if value is None:
        raise ConstraintError(f"{place}.{name}")
    return value


def read_text(body: dict[str, Any], name: str) -> str | None:
    """A text, or the text of a number or boolean; None when it is null or not there."""
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        raise JsonError("MismatchedInputException", f"{name} must be a text")
    return json.dumps(value)


def read_integer(body: dict[str, Any], name: str) -> int | None:
    """A whole number, what is whole of another, or a text that is a whole one; None when it is null or not there."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,18}\s*", value):
        return int(value)
    raise JsonError("InvalidFormatException", f"{name} must be a whole number, not {json.dumps(value)[:60]}")


def read_boolean(body: dict[str, Any], name: str) -> bool:
    """True or false, or a text that is one; false when it is null or not there."""
    value = body.get(name)
    if value in (None, True, False, "true", "false", ""):
        return value in (True, "true")
    raise JsonError("InvalidFormatException", f"{name} must be true or false, not {json.dumps(value)[:60]}")
