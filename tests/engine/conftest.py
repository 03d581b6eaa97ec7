"""A network that tests meet on, and two ways onto it: in process, and over HTTP."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from gridlingua.engine import (
    EmbeddedEngine,
    Engine,
    Handler,
    Interaction,
    KnowledgeBase,
    Network,
    RemoteEngine,
    Request,
)
from gridlingua.engine.server import EngineServer
from gridlingua.semantics.patterns import parse_body
from gridlingua.semantics.rows import Rows

WAIT = 5.0
HEARTBEAT = 0.6


@dataclass
class Served:
    """A network behind a server on a free loopback port."""

    network: Network
    url: str


@pytest.fixture(scope="session")
def session_server() -> Iterator[Served]:
    network = Network(wait_timeout=WAIT, sweep_interval=0.2, shortest_lease=1)
    ready = threading.Event()
    server = EngineServer(network, port=0, heartbeat=HEARTBEAT, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    yield Served(network, server.url)
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def served(session_server: Served) -> Iterator[Served]:
    """The server, with nobody on its network."""
    yield session_server
    for one in session_server.network.knowledge_bases():
        session_server.network.leave(one.id)


@dataclass
class Party:
    """One knowledge base with an engine of its own; it notes what it was asked."""

    engine: Engine
    id: str
    received: list[Request] = field(default_factory=list)

    def ask(self, rows: Rows, name: str = "q", **options: Any) -> Any:
        return self.engine.ask(self.id, name, rows, **options)

    def post(self, rows: Rows, name: str = "q", **options: Any) -> Any:
        return self.engine.post(self.id, name, rows, **options)

    def incoming(self) -> Rows:
        """The rows of the only request that came."""
        (request,) = self.received
        return request.rows


Site = Callable[..., Party]


def interaction(kind: str, pattern: str, result: str | None = None, name: str = "q", **purposes: Any) -> Interaction:
    """An interaction with patterns in the contract's shorthand: ``p`` is ``<http://example.org/p>``."""
    return Interaction(name, kind, shorthand(pattern), None if result is None else shorthand(result), **purposes)  # type: ignore[arg-type]


def shorthand(text: str) -> Any:
    words = (f"<http://example.org/{w}>" if w.isalpha() and w != "a" else w for w in text.split())
    return parse_body(" ".join(words))


@pytest.fixture(params=["embedded", "over HTTP"])
def site(request: pytest.FixtureRequest, served: Served) -> Iterator[Site]:
    """Makes parties, each with an engine of its own, all on one network.

    ``site("A", interaction("answer", "?x p ?y"), answers=rows or handler)``.
    """
    engines: list[Engine] = []

    def party(
        name: str,
        *interactions: Interaction,
        answers: Handler | Rows | None = None,
        level: int = 1,
        lease: int | None = None,
    ) -> Party:
        engine: Engine = RemoteEngine(served.url) if request.param == "over HTTP" else EmbeddedEngine(served.network)
        engines.append(engine)
        made = Party(engine, f"http://ex.org/{name}")
        engine.register(KnowledgeBase(made.id, name, "a test", level, lease), interactions)
        if answers is not None:
            engine.handle(made.id, _noting(made, answers))
        return made

    yield party
    for engine in engines:
        engine.close()


def _noting(party: Party, answers: Handler | Rows) -> Handler:
    def handler(request: Request) -> Rows:
        party.received.append(request)
        return answers(request) if callable(answers) else _fitting(answers, request)

    return handler


def _fitting(rows: Rows, request: Request) -> Rows:
    """Those of some fixed rows that the contract lets an answerer send: they extend a row that was asked for."""
    if request.interaction.kind == "react":
        return rows
    return [row for row in rows if not request.rows or any(one.items() <= row.items() for one in request.rows)]


@pytest.fixture
def say() -> Callable[..., Interaction]:
    return interaction


@pytest.fixture
def call(served: Served) -> Callable[..., requests.Response]:
    """Calls the REST API by hand: ``call("POST", "/sc/ask", "A", "A/q", [{}])``."""

    def send(
        method: str, path: str, kb: str | None = None, ki: str | None = None, body: Any = None, **options: Any
    ) -> requests.Response:
        headers = dict(options.pop("headers", {}))
        if kb is not None:
            headers["Knowledge-Base-Id"] = f"http://ex.org/{kb}" if kb.isalnum() else kb
        if ki is not None:
            owner, _, name = ki.partition("/")
            headers["Knowledge-Interaction-Id"] = f"http://ex.org/{owner}/interaction/{name}" if owner.isalnum() else ki
        if method == "POST" and "data" not in options:
            options["data"] = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        return requests.request(method, served.url + path, headers=headers, timeout=10, **options)

    return send


@pytest.fixture
def join(call: Callable[..., requests.Response]) -> Callable[..., None]:
    """Registers a knowledge base by hand: ``join("A", ask={"q": "?s <http://e/p> ?o"})``."""

    def register(name: str, *, body: dict[str, Any] | None = None, **kinds: dict[str, Any]) -> None:
        made = call("POST", "/sc", body=knowledge_base(name) | (body or {}))
        assert (made.status_code, made.content) == (200, b"")
        for kind, named in kinds.items():
            for ki, patterns in named.items():
                keys = ["graphPattern"] if kind in ("ask", "answer") else ["argumentGraphPattern", "resultGraphPattern"]
                texts: Sequence[str] = [patterns] if isinstance(patterns, str) else patterns
                sent = {
                    "knowledgeInteractionType": f"{kind.title()}KnowledgeInteraction",
                    "knowledgeInteractionName": ki,
                    **dict(zip(keys, texts, strict=False)),
                }
                assert call("POST", "/sc/ki", name, body=sent).status_code == 200

    return register


def knowledge_base(name: str) -> dict[str, Any]:
    return {
        "knowledgeBaseId": f"http://ex.org/{name}" if name.isalnum() else name,
        "knowledgeBaseName": "n",
        "knowledgeBaseDescription": "d",
    }


@pytest.fixture
def kb_body() -> Callable[[str], dict[str, Any]]:
    return knowledge_base


@pytest.fixture
def background() -> Iterator[Callable[..., threading.Thread]]:
    """Runs a call on a thread; ``.result()`` waits for it."""
    tasks: list[Task] = []

    def start(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        task = Task(lambda: function(*args, **kwargs))
        tasks.append(task)
        return task

    yield start
    for task in tasks:
        task.join(15)


class Task(threading.Thread):
    """A thread with a result."""

    def __init__(self, function: Callable[[], Any]) -> None:
        super().__init__(name=f"test-{uuid.uuid4()}")
        self._function = function
        self._outcome: Any = None
        self._error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._outcome = self._function()
        except Exception as error:
            self._error = error

    def result(self) -> Any:
        self.join(15)
        assert not self.is_alive(), "still running"
        if self._error:
            raise self._error
        return self._outcome


@pytest.fixture
def hang_up(served: Served) -> Callable[[str, str], None]:
    """Sends a GET and closes the connection without waiting for the reply."""

    def send(path: str, kb: str) -> None:
        address = urlsplit(served.url)
        with socket.create_connection((address.hostname, address.port)) as connection:
            head = f"GET {address.path}{path} HTTP/1.1\r\nHost: x\r\nKnowledge-Base-Id: http://ex.org/{kb}\r\n\r\n"
            connection.sendall(head.encode())
            time.sleep(0.05)

    return send
