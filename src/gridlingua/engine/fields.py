"""Fields of JSON bodies as a runtime reads them: scalars are coerced, null is nothing (contract 1.1)."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from gridlingua.engine.errors import EngineError

_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class BodyError(EngineError):
    """A body that is not the JSON that an operation takes; its text begins like a runtime's."""


def read_json(body: bytes) -> Any:
    """Any JSON value; BodyError for what is none."""
    if not body.strip():
        raise BodyError("ConstraintViolationException: the body must not be empty")
    try:
        text = body.decode(json.detect_encoding(body))
        value = json.loads(text)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # half a pair is no text: nobody could be told of it
    except (ValueError, RecursionError) as error:
        raise BodyError(f"JsonParseException: {error}") from None
    return value


def read_plain(body: bytes) -> str:
    """Plain text; BodyError for bytes that are no UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BodyError(f"MalformedInputException: the body must be UTF-8: {error}") from None


def read_object(body: bytes) -> dict[str, Any]:
    """A JSON object; BodyError for anything else."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise BodyError(f"MismatchedInputException: a JSON object is needed, not {json.dumps(value)[:60]}")
    return value


def read_required(body: dict[str, Any], name: str) -> str:
    """A text that must be there."""
    value = read_text(body, name)
    if value is None:
        raise BodyError(f"ConstraintViolationException: {name} must not be null")
    return value


def read_text(body: dict[str, Any], name: str) -> str | None:
    """A text, or the text of a number or boolean; None when it is null or not there."""
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        raise BodyError(f"MismatchedInputException: {name} must be a text")
    return json.dumps(value)


def read_integer(body: dict[str, Any], name: str) -> int | None:
    """A whole number, or a text that is one; None when it is null or not there."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,18}\s*", value):
        return int(value)
    raise BodyError(f"InvalidFormatException: {name} must be a whole number, not {json.dumps(value)[:60]}")


def read_boolean(body: dict[str, Any], name: str) -> bool:
    """True or false, or a text that is one; false when it is null or not there."""
    value = body.get(name)
    if value in (None, True, False, "true", "false", ""):
        return value in (True, "true")
    raise BodyError(f"InvalidFormatException: {name} must be true or false, not {json.dumps(value)[:60]}")
