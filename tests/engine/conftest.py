"""Networks that tests meet on, and the ways onto them: in process, over HTTP, and, as ``KE_URL``, any runtime."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
import requests

from gridlingua.engine import (
    EmbeddedEngine,
    Engine,
    Exchange,
    Handler,
    Interaction,
    KnowledgeBase,
    Network,
    RemoteEngine,
    Request,
    Result,
)
from gridlingua.engine.compat import VERSIONS
from gridlingua.engine.server import EngineServer
from gridlingua.semantics.patterns import parse_body
from gridlingua.semantics.rows import Rows
from gridlingua.testing import FakeEngine, FakeNetwork

T = TypeVar("T")

KE_URL = os.environ.get("KE_URL", "").rstrip("/")
OURS = {"embedded": "1.5", "over HTTP": "1.5", "compat 1.4": "1.4", "fake": "1.5"}
"""Our own targets, and the version that each behaves like. ``fake`` is gridlingua.testing's."""

WITHOUT_HTTP = ("embedded", "fake")
"""Those that can only be reached by an engine, not by a call of the REST API."""


@dataclass(frozen=True)
class Target:
    """What a case runs against. ``version`` is ``1.4`` or ``1.5``; ``network`` only where we are inside; times in
    seconds: ``heartbeat`` of a poll, the shortest ``lease``, and the longest ``sweep`` between looks at leases."""

    name: str
    version: str
    url: str
    network: Network | None = None
    heartbeat: float = 29.0
    lease: int = 30
    sweep: float = 10.0

    @property
    def is_ours(self) -> bool:
        return self.network is not None

    @property
    def label(self) -> str:
        """How results and the list of exceptions call it."""
        return self.name if self.is_ours else f"stock {self.version}"

    def by_version(self, old: T, new: T) -> T:
        """What is expected of 1.4, or of 1.5."""
        return old if self.version == "1.4" else new

    def engine(self) -> Engine:
        """A way onto its network, for one party."""
        if self.name == "fake":
            assert isinstance(self.network, FakeNetwork)
            return FakeEngine(self.network)
        return EmbeddedEngine(self.network) if self.name == "embedded" else RemoteEngine(self.url)

    def clear(self) -> None:
        """Take everybody off the network."""
        if self.network is not None:
            for one in self.network.knowledge_bases():
                self.network.leave(one.id)
            return
        for one in requests.get(f"{self.url}/sc", timeout=30).json():
            requests.delete(f"{self.url}/sc", headers={"Knowledge-Base-Id": one["knowledgeBaseId"]}, timeout=30)


@contextmanager
def _serving(version: str, **changes: Any) -> Iterator[Target]:
    compat = replace(VERSIONS[version], **changes)
    network = Network(wait_timeout=5.0, sweep_interval=0.2, shortest_lease=1, compat=compat)
    ready = threading.Event()
    server = EngineServer(network, port=0, heartbeat=0.6, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    try:
        yield Target("over HTTP", version, server.url, network, heartbeat=0.6, lease=1, sweep=0.2)
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[Target]]:
    """Starts a server of its own that behaves like a version, with changes to its differences."""
    return _serving


@pytest.fixture(scope="session")
def server_1_4() -> Iterator[Target]:
    with _serving("1.4") as target:
        yield target


@pytest.fixture(scope="session")
def server_1_5() -> Iterator[Target]:
    with _serving("1.5") as target:
        yield target


@pytest.fixture(scope="session")
def foreign() -> Target:
    """The runtime at ``KE_URL``. Every case empties it, so it must be nobody else's."""
    try:
        there = requests.get(f"{KE_URL}/sc", timeout=10).json()
    except requests.RequestException as error:
        pytest.exit(f"KE_URL={KE_URL} cannot be reached: {error}", returncode=2)
    if there and not os.environ.get("KE_EMPTY"):
        ids = ", ".join(one["knowledgeBaseId"] for one in there[:3])
        pytest.exit(f"{KE_URL} is in use ({ids} …): the cases would empty it. KE_EMPTY=1 lets them.", returncode=2)
    version = ".".join(requests.get(f"{KE_URL}/version", timeout=10).json()["version"].split(".")[:2])
    return Target("runtime", version, KE_URL, lease=1 if version == "1.4" else 30)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case of the contract runs on every target, a test of our own parts in process and over HTTP."""
    if "target" not in metafunc.fixturenames:
        return
    names = list(OURS) if "contract" in metafunc.definition.path.parts else ["embedded", "over HTTP", "fake"]
    if "other_way" in metafunc.fixturenames:
        names.remove("embedded")
    elif not {"site", "way"} & set(metafunc.fixturenames):
        names = [name for name in names if name not in WITHOUT_HTTP]
    if KE_URL and "contract" in metafunc.definition.path.parts:
        names = ["runtime"]
    metafunc.parametrize("target", names, indirect=True)


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """What the test runs against, with nobody on its network."""
    if request.param == "fake":
        with contextlib.closing(FakeNetwork(wait_timeout=5.0, shortest_lease=1)) as network:
            yield Target("fake", OURS["fake"], "", network)
        return
    sources = {"runtime": "foreign", "compat 1.4": "server_1_4"}
    one: Target = request.getfixturevalue(sources.get(request.param, "server_1_5"))
    if request.param == "runtime":
        one.clear()
    yield Target(request.param, one.version, one.url, one.network, one.heartbeat, one.lease, one.sweep)
    one.clear()


@pytest.fixture
def way(target: Target) -> Callable[[], Engine]:
    """Makes ways onto the target's network."""
    return target.engine


@pytest.fixture
def other_way(target: Target) -> Callable[[], Engine]:
    """The same, for tests that hold others against our engine in process."""
    return target.engine


@pytest.fixture
def served(server_1_5: Target) -> Iterator[Target]:
    """Our server, with nobody on its network, for a test of what is ours alone."""
    yield server_1_5
    server_1_5.clear()


def _sorted(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: sorted(row.items()))


@dataclass(frozen=True)
class Told:
    """A result that is easy to compare: orders of rows and exchanges mean nothing in the contract."""

    result: Result

    @property
    def rows(self) -> Rows:
        """The rows, sorted by their variables and values."""
        return _sorted(self.result.rows)

    def column(self, name: str) -> list[str]:
        """The values of one variable, sorted, without the angle brackets and ``http://`` of IRIs."""
        return sorted(row[name].removeprefix("<http://").removesuffix(">") for row in self.result.rows)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.result.exchanges

    @property
    def exchange(self) -> Exchange:
        """The only one."""
        (one,) = self.result.exchanges
        return one

    @property
    def failures(self) -> tuple[Exchange, ...]:
        return self.result.failures

    @property
    def reached(self) -> list[str]:
        """The names of the knowledge bases that took part, one for each exchange, sorted."""
        return sorted(exchange.knowledge_base.rsplit("/", 1)[1] for exchange in self.result.exchanges)

    @property
    def gaps(self) -> set[frozenset[str]] | None:
        """Gaps as a set of sets of triples; None where none were looked for."""
        gaps = self.result.gaps
        return None if gaps is None else {frozenset(gap) for gap in gaps}


@dataclass
class Party:
    """One knowledge base with an engine of its own; it notes what it was asked."""

    engine: Engine
    id: str
    target: Target
    received: list[Request] = field(default_factory=list)

    def ask(self, rows: Rows, name: str = "q", **options: Any) -> Told:
        return Told(self.engine.ask(self.id, name, rows, **self._patient(options)))

    def post(self, rows: Rows, name: str = "q", **options: Any) -> Told:
        return Told(self.engine.post(self.id, name, rows, **self._patient(options)))

    def incoming(self) -> Rows:
        """The rows of the only request that came, sorted."""
        (request,) = self.received
        return _sorted(request.rows)

    def learn(self, rules: str) -> None:
        """Load domain knowledge."""
        if self.target.name in WITHOUT_HTTP:
            self.target.network.learn(self.id, rules)  # type: ignore[union-attr]
            return
        headers = {"Knowledge-Base-Id": self.id, "Content-Type": "text/plain"}
        sent = requests.post(f"{self.target.url}/sc/knowledge", headers=headers, data=rules.encode(), timeout=30)
        assert (sent.status_code, sent.content) == (200, b"")

    def _patient(self, options: dict[str, Any]) -> dict[str, Any]:
        """A foreign runtime has a time-out of its own, which no call can shorten."""
        return options if self.target.is_ours else options | {"timeout": 60.0}


Site = Callable[..., Party]


def interaction(kind: str, pattern: str, result: str | None = None, name: str = "q", **options: Any) -> Interaction:
    """An interaction with patterns in the contract's shorthand: ``p`` is ``<http://example.org/p>``."""
    return Interaction(name, kind, shorthand(pattern), None if result is None else shorthand(result), **options)  # type: ignore[arg-type]


def shorthand(text: str) -> Any:
    words = (f"<http://example.org/{w}>" if w.isalpha() and w != "a" else w for w in text.split())
    return parse_body(" ".join(words), {"ke": "https://w3id.org/knowledge-engine/", "ex": "http://example.org/"})


@pytest.fixture
def site(target: Target) -> Iterator[Site]:
    """Makes parties, each with an engine of its own, all on one network.

    ``site("A", interaction("answer", "?x p ?y"), answers=rows or handler)``.
    """
    engines: list[Engine] = []

    def party(
        name: str,
        *interactions: Interaction,
        answers: Handler | Rows | None = None,
        level: int = 2,
        lease: int | None = None,
    ) -> Party:
        engine = target.engine()
        engines.append(engine)
        made = Party(engine, f"http://ex.org/{name}", target)
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
    """Those of some fixed rows that the contract lets a party send: they extend a row that was asked for."""
    one = request.interaction
    pattern = one.pattern if one.kind == "answer" else one.result
    names = frozenset(pattern.variables if pattern else ())
    asked = [{name: row[name] for name in row.keys() & names} for row in request.rows]
    return [row for row in rows if not asked or any(given.items() <= row.items() for given in asked)]


@pytest.fixture
def say() -> Callable[..., Interaction]:
    return interaction


@dataclass(frozen=True)
class Reply:
    """What came back to a call by hand."""

    response: requests.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> bytes:
        return self.response.content

    @property
    def headers(self) -> Any:
        return self.response.headers

    def json(self) -> Any:
        return self.response.json()

    @property
    def message(self) -> str:
        """What the engine itself says; "" for a page of the server under it."""
        try:
            said = self.response.json()
        except requests.JSONDecodeError:
            return ""
        is_own = isinstance(said, dict) and "messageType" in said
        return str(said["message"]) if is_own else ""

    @property
    def unread(self) -> str:
        """Why a body could not be read at all: a bare text of 1.4.0, a message that names an exception from 1.5.0."""
        assert self.status == 400
        if self.headers["Content-Type"] == "text/plain":
            return "text"
        return self.error[1].split(": ")[0]

    @property
    def violation(self) -> str:
        """What a constraint of 1.5.0 found wrong."""
        status, message = self.error
        assert (status, message[-2:]) == (400, "\n ")
        return message.removeprefix("ConstraintViolationException: ").strip()

    @property
    def error(self) -> tuple[int, str]:
        """Status and message of a refusal in the engine's own form."""
        assert self.response.headers["Content-Type"] in ("application/json;charset=utf-8", "application/json")
        assert self.response.json() == {"messageType": "error", "message": self.message}
        return self.status, self.message


@pytest.fixture
def call(target: Target) -> Callable[..., Reply]:
    """Calls the REST API by hand: ``call("POST", "/sc/ask", "A", "A/q", [{}])``."""

    def send(
        method: str, path: str, kb: str | None = None, ki: str | None = None, body: Any = None, **options: Any
    ) -> Reply:
        headers = dict(options.pop("headers", {}))
        if kb is not None:
            headers["Knowledge-Base-Id"] = f"http://ex.org/{kb}" if kb.isalnum() else kb
        if ki is not None:
            owner, _, name = ki.partition("/")
            headers["Knowledge-Interaction-Id"] = f"http://ex.org/{owner}/interaction/{name}" if owner.isalnum() else ki
        if method == "POST" and "data" not in options:
            options["data"] = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        return Reply(requests.request(method, target.url + path, headers=headers, **({"timeout": 60} | options)))

    return send


@pytest.fixture
def join(call: Callable[..., Reply]) -> Callable[..., None]:
    """Registers a knowledge base by hand: ``join("A", ask={"q": "?s <http://e/p> ?o"})``."""

    def register(name: str, *, body: dict[str, Any] | None = None, **kinds: dict[str, Any]) -> None:
        made = call("POST", "/sc", body=knowledge_base(name) | (body or {}))
        assert (made.status, made.body) == (200, b"")
        for kind, named in kinds.items():
            for ki, patterns in named.items():
                keys = ["graphPattern"] if kind in ("ask", "answer") else ["argumentGraphPattern", "resultGraphPattern"]
                texts: Sequence[str] = [patterns] if isinstance(patterns, str) else patterns
                sent = {
                    "knowledgeInteractionType": f"{kind.title()}KnowledgeInteraction",
                    "knowledgeInteractionName": ki,
                    **dict(zip(keys, texts, strict=False)),
                }
                assert call("POST", "/sc/ki", name, body=sent).status == 200

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
        task.join(60)


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
        self.join(60)
        assert not self.is_alive(), "still running"
        if self._error:
            raise self._error
        return self._outcome


@pytest.fixture
def hang_up(target: Target) -> Callable[[str, str], None]:
    """Sends a GET and closes the connection without waiting for the reply."""

    def send(path: str, kb: str) -> None:
        address = urlsplit(target.url)
        with socket.create_connection((address.hostname, address.port)) as connection:
            head = f"GET {address.path}{path} HTTP/1.1\r\nHost: x\r\nKnowledge-Base-Id: http://ex.org/{kb}\r\n\r\n"
            connection.sendall(head.encode())
            time.sleep(0.05)

    return send
