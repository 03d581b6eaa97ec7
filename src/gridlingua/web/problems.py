"""The one place that decides what an error is on HTTP: problem documents of RFC 9457."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import simplejson
from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridlingua.errors import Fault, MessageError, RemoteError
from gridlingua.semantics.schema import NotJsonError
from gridlingua.services.network import RelayedError
from gridlingua.services.refusals import RefusedError, UnauthorizedError
from gridlingua.services.routes import IDEMPOTENCY_KEY

MEDIA_TYPE = "application/problem+json"
UNPROCESSABLE = 422
_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem document of RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "faults": {
            "description": "what is wrong in the message, each with the JSON Pointer of its place",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "party": {"type": "string", "description": "who failed"},
        "retry": {"type": "boolean", "description": "whether the same call may help later"},
    },
    "example": {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": UNPROCESSABLE,
        "detail": "/endTime: 2026-11-21T10:00:00Z is not after the start",
        "faults": [{"pointer": "/endTime", "message": "2026-11-21T10:00:00Z is not after the start"}],
    },
}
_UNEXPECTED = "this failed for a reason that only the operator can see, in the log"
_TITLES = {413: "Content Too Large", UNPROCESSABLE: "Unprocessable Content"}  # RFC 9110; older Pythons say otherwise


def problem(status: int, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """A problem document; further ``members`` are added as they are."""
    document: dict[str, Any] = {"type": "about:blank", "title": _title(status), "status": status}
    if detail:
        document["detail"] = detail
    return _response(status, document | members, headers)


def _title(status: int) -> str:
    try:
        return _TITLES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _response(status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    text = simplejson.dumps(document, use_decimal=True, ensure_ascii=False)
    return Response(text, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def of_message(error: MessageError) -> Response:
    """422, 400 for what is no JSON, or the status a service's refusal names; every fault with its place."""
    status = (
        error.status if isinstance(error, RefusedError) else 400 if isinstance(error, NotJsonError) else UNPROCESSABLE
    )
    about = {name: value for name in ("exchange", "part") if (value := getattr(error, name))}
    headers = _challenge(error) if isinstance(error, UnauthorizedError) else {}
    return problem(status, _detail(error.faults), headers=headers, faults=_members(error.faults), **about)


def _challenge(error: UnauthorizedError) -> dict[str, str]:
    """How to sign in (RFC 6750, 3)."""
    said = f', error="{error.error}"' if error.error else ""
    return {"WWW-Authenticate": f'Bearer realm="gridlingua"{said}'}


def _detail(faults: Sequence[Fault]) -> str:
    return "; ".join(str(fault) if fault.pointer else fault.message for fault in faults)


def _members(faults: Sequence[Fault]) -> list[dict[str, str]]:
    return [{"pointer": fault.pointer, "message": fault.message} for fault in faults]


def of_remote(error: RemoteError) -> Response:
    """The status the error names, who failed, and whether a retry may help; a relayed document stays as it was."""
    if isinstance(error, RelayedError):
        status = error.status
        complete = {"type": "about:blank", "title": _title(status)} | error.document | {"status": status}
        return _response(status, complete, error.headers)
    return problem(error.status, str(error), party=error.party, retry=error.retry)


def of_validation(error: RequestValidationError) -> Response:
    """400 for a body that is no JSON, else 422 with every field that does not fit."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        reasons = "; ".join(f"at character {one['loc'][-1]}: {one['ctx']['error']}" for one in found)
        return problem(400, f"the body is not JSON: {reasons}")
    faults = [_fault(one) for one in found]
    return problem(UNPROCESSABLE, _detail(faults), faults=_members(faults))


def _fault(found: Mapping[str, Any]) -> Fault:
    where, *path = found["loc"]
    said = str(found["msg"]).removeprefix("Value error, ")
    value = found.get("input")
    if isinstance(value, str | int | float) and found["type"] not in {"missing", "value_error"}:
        said = f"{said}, not {_short(value)}"
    if where == "header":
        return Fault("", f"header {'/'.join(map(str, path))}: {said}")
    return Fault("".join(f"/{_escape(part)}" for part in path), said)


def _short(value: object, most: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _escape(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def of_http(error: HTTPException) -> Response:
    """What Starlette and FastAPI refuse: no such path, method, or body."""
    said = str(error.detail)
    has_only_title = said in {phrase.phrase for phrase in HTTPStatus if phrase == error.status_code}
    return problem(error.status_code, "" if has_only_title else said, headers=error.headers)


_TOO_LONG = 413


def _is_problem(start: Message) -> bool:
    return any(name.lower() == b"content-type" and value == MEDIA_TYPE.encode() for name, value in start["headers"])


class _Unexpected:
    """Turns what nobody expected into a 500 inside the app: a server that sees it closes the caller's connection."""

    def __init__(self, app: ASGIApp, log: logging.Logger) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = replaced = False

        async def watched(message: Message) -> None:
            nonlocal begun, replaced
            if not begun and message.get("status") == _TOO_LONG and not _is_problem(message):
                begun = replaced = True  # Starlette's own, in plain text
                await problem(_TOO_LONG, "the body is longer than this operation takes")(scope, receive, send)
            begun = True
            if not replaced:
                await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            # the path as it was declared: one that is filled may hold a secret
            path = getattr(scope.get("route"), "path_format", scope["path"])
            self._log.exception("%s %s failed", scope["method"], path)
            await problem(500, _UNEXPECTED)(scope, receive, send)


def install(app: FastAPI, log: logging.Logger) -> None:
    """Let every error of ``app`` leave as a problem document, and let its OpenAPI say so.

    What nobody expected is logged to ``log`` with its trace, and leaves as a 500 that tells nothing of the inside.
    """
    handlers: dict[type[Exception], Any] = {
        MessageError: lambda _request, error: of_message(error),
        RemoteError: lambda _request, error: of_remote(error),
        RequestValidationError: lambda _request, error: of_validation(error),
        HTTPException: lambda _request, error: of_http(error),
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(_Unexpected, log=log)
    describe = app.openapi
    app.openapi = lambda: _with_problems(describe())  # type: ignore[method-assign]


def _with_problems(openapi: dict[str, Any]) -> dict[str, Any]:
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _SCHEMA
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in openapi.get("paths", {}).values():
        for operation in path.values():
            _describe(operation, content)
    return openapi


def _describe(operation: dict[str, Any], content: dict[str, Any]) -> None:
    responses = operation["responses"]
    takes_key = any(one.get("name") == IDEMPOTENCY_KEY for one in operation.get("parameters", []))
    if responses.pop(str(UNPROCESSABLE), None) or takes_key:
        responses[str(UNPROCESSABLE)] = {"description": "the message breaks a rule; `faults` says which and where"}
    if "requestBody" in operation:
        responses.setdefault("400", {"description": "the body is not JSON"})
    if operation.get("security"):
        responses.setdefault("401", {"description": "who asks does not say who it is, or not by a good credential"})
        responses.setdefault("403", {"description": "who asks may not do this"})
    if takes_key:
        responses.setdefault("409", {"description": "the first request with this Idempotency-Key is still under way"})
        responses.setdefault("413", {"description": "the body is longer than this operation takes"})
    responses.setdefault("500", {"description": "a failure that only the operator can see"})
    responses.setdefault("503", {"description": "something that is needed cannot be reached at the moment"})
    for status, response in responses.items():
        if not status.startswith(("2", "3")):
            response["content"] = response.get("content", {}) | content  # OAuth has a refusal of its own
