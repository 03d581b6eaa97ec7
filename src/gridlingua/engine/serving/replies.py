"""Replies as the KE REST API writes them (contract 1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


def json_reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Anything as compact JSON."""
    try:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair, from a party in this process: only an escape can say it
        body = json.dumps(content, separators=(",", ":")).encode()
    return Response(body, status, headers, media_type="application/json;charset=utf-8")


def text_reply(status: int, message: str) -> Response:
    """What runtime 1.4.0 says of a body that it cannot read."""
    return Response(message, status, {"Content-Type": "text/plain"})


def error_reply(status: int, message: str, kind: str = "error", headers: Mapping[str, str] | None = None) -> Response:
    """What the API says when it has nothing else to say; ``kind`` is its messageType."""
    return json_reply({"messageType": kind, "message": message}, status, headers)
