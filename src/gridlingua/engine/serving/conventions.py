"""What holds for every path of the KE REST API (contract 1.1), as one ASGI layer."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CROSS_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, HEAD",
    "Access-Control-Allow-Headers": "Accept, Content-Type, Knowledge-Base-Id, Knowledge-Interaction-Id",
}


def page(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that the operation itself did not write: a client must survive that it is no JSON."""
    return PlainTextResponse(f"{status} {HTTPStatus(status).phrase}\n", status, headers)


class Conventions:
    """Trailing slashes, CORS headers, OPTIONS, and the media types that a request may send and accept.

    ``operations`` gives the methods of each path, ``text_paths`` those that take text/plain instead of JSON.
    ``takes_tokens``: a page in a browser may send one.
    """

    def __init__(
        self,
        app: ASGIApp,
        operations: Mapping[str, tuple[str, ...]],
        text_paths: frozenset[str],
        *,
        takes_tokens: bool = False,
    ) -> None:
        self._app = app
        name = "Access-Control-Allow-Headers"
        self._cross_origin = CROSS_ORIGIN | ({name: f"{CROSS_ORIGIN[name]}, Authorization"} if takes_tokens else {})
        self._operations = operations
        self._text_paths = text_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._cross_origin)
            await send(message)

        path = scope["path"].rstrip("/")
        refusal = self._refusal(scope["method"], path, Headers(scope=scope))
        app = self._app if refusal is None else refusal
        await app({**scope, "path": path}, receive, send_with_headers)

    def _refusal(self, method: str, path: str, headers: Headers) -> Response | None:
        methods = self._operations.get(path)
        if methods is None:
            return page(404)
        allowed = ", ".join((*methods, "OPTIONS"))
        if method == "OPTIONS":
            return PlainTextResponse(allowed, headers={"Allow": allowed})
        if method not in methods:
            return page(405, {"Allow": allowed})
        if not _accepts_json(headers.get("accept", "*/*")):
            return page(406)
        wanted = "text/plain" if path in self._text_paths else "application/json"
        sent = headers.get("content-type", "").split(";")[0].strip().lower()
        return page(415) if method == "POST" and sent != wanted else None


def _accepts_json(accept: str) -> bool:
    kinds = [kind.split(";")[0].strip().lower() for kind in accept.split(",")]
    return any(kind in ("", "*/*", "application/*", "application/json") for kind in kinds)
