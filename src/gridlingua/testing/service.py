"""A service for tests: real HTTP on a free loopback port, no framework."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from requests.structures import CaseInsensitiveDict

from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import read_json, write_json


@dataclass(frozen=True)
class Heard:
    """A call that reached the service: path decoded, query in its order, body read as JSON (None: there was none)."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: Json


@dataclass(frozen=True)
class Said:
    """What the service answers: ``text`` with a status and a media type, after ``delay`` seconds."""

    text: str
    status: int = 200
    media_type: str = "application/json"
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(status: int, detail: str) -> Said:
    """A refusal as a problem document (RFC 9457)."""
    document = {"type": "about:blank", "title": "Refused", "status": status, "detail": detail}
    return Said(write_json(document), status, "application/problem+json")


class Service:
    """Answers every operation with the same thing, and remembers the calls it heard. A context manager.

    ``reply`` is a message, or ``Said`` for anything else than JSON with status 200, or a function of ``Heard`` to
    either. It may be set while the service runs.
    """

    def __init__(self, reply: Json | Said | Callable[[Heard], Json | Said]) -> None:
        self.reply = reply
        self.calls: list[Heard] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._started = False

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, heard: Heard) -> Said:
        """What is said to a call, which is remembered."""
        self.calls.append(heard)
        reply: Any = self.reply(heard) if callable(self.reply) else self.reply
        return reply if isinstance(reply, Said) else Said(write_json(reply))

    def close(self) -> None:
        """Stop; the port refuses connections from then on. A second call does nothing."""
        if self._started:
            self._started = False
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self._started = True
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a call that is answered late must not hold up the test

    def __init__(self, service: Service) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:  # who asked is gone
            self.close_connection = True

    def _serve(self) -> None:
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = parse_qsl(target.query, keep_blank_values=True)
        headers = CaseInsensitiveDict(self.headers.items())
        heard = Heard(self.command, unquote(target.path), query, headers, read_json(body) if body else None)
        said = self.server.service.answer(heard)
        time.sleep(said.delay)
        content = said.text.encode()
        self.send_response(said.status)
        for name, value in {"Content-Type": said.media_type, **said.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Nothing: a test's output is the test's."""
