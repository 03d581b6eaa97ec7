"""Real databases, a real HTTP server where a service's adapter would be, and services on a clock that tests set."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import simplejson
import sqlalchemy
import uvicorn
from fastapi import FastAPI

from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.storage import Database
from gridlingua.web.services import Settings, available, create_app, load

from .samples import PRICES, Answer, answer, need

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VERSIONED = ("/Flexibility", "/Data", "/GridObservability", "/Forecast", "/Metering", "/Tariff", "/operator", "/admin")


def organisation(name: str, *roles: str, network: str = "") -> NewOrganisation:
    """A party, with its knowledge base when it is on the network."""
    return NewOrganisation(id=name, name=name.title(), roles=roles, knowledge_bases=(network,) if network else ())


ORGANISATIONS = (
    organisation("dso", "operator", "admin", "auditor", "adapter"),
    organisation("north-grid", "dso", network="https://dso.example.org/kb"),
    organisation("aggregator", "service_provider", network="https://aggregator.example.org/kb"),
    organisation("retailer", "service_provider", network="https://retailer.example.org/kb"),
    organisation("third", "third_party", network="https://third.example.org/kb"),
    organisation("analyst", "data_service_provider"),
    organisation("web-portal", "portal"),
)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Call:
    """A call that reached the adapter; fractions in its body are text, to be compared digit by digit.

    ``to`` is the one responder it is addressed to, or nothing.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    raw: bytes
    to: str = ""


@dataclass
class Adapter:
    """A small HTTP server that stands where a party's adapter would; ``answers`` decides what it says."""

    url: str = ""
    answers: Callable[[Call], Answer] = lambda _call: answer([])
    calls: list[Call] = field(default_factory=list)

    def say(self, content: object, status: int = 200, **headers: str) -> None:
        """Answer every call with this JSON; underscores in header names stand for hyphens."""
        self.answers = lambda _call: answer(content, status, **headers)

    def forward(self, neighbour: Client, requester: str) -> None:
        """Pass every call on to a neighbour's services, as the network does, on behalf of ``requester``."""

        def pass_on(call: Call) -> Answer:
            headers = {"Gridlingua-Requester": requester, "Content-Type": "application/json"}
            found = neighbour.request(call.method, call.path, params=call.query, data=call.raw, headers=headers)
            return (
                found.status_code,
                {"Content-Type": found.headers["Content-Type"], "Gridlingua-Rows": "1"},
                found.content,
            )

        self.answers = pass_on


def _handler(adapter: Adapter) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            to = self.headers.get("Gridlingua-Responder", "")
            body = json.loads(raw, parse_float=str) if raw else None
            call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), body, raw, to)
            adapter.calls.append(call)
            status, headers, content = adapter.answers(call)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _respond  # noqa: N815 - the names http.server calls

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def adapter() -> Iterator[Adapter]:
    adapter = Adapter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(adapter))
    adapter.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield adapter
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a throw-away PostgreSQL server, which has a socket in a folder and no port."""
    if find_spec("psycopg") is None:
        pytest.skip("PostgreSQL NOT TESTED: the driver psycopg is not installed")
    tools = [_tool(name) for name in ("initdb", "pg_ctl")]
    if None in tools:
        pytest.skip("PostgreSQL NOT TESTED: there is no initdb and pg_ctl on this machine")
    initdb, pg_ctl = tools
    folder = tempfile.mkdtemp(prefix="pg")
    user: dict[str, Any] = {"user": "postgres"} if os.getuid() == 0 else {}  # PostgreSQL refuses to run as root
    if user:
        shutil.chown(folder, "postgres")
    data = f"{folder}/data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **user}
    subprocess.run([initdb, "-D", data, "-U", "postgres", "-A", "trust", "-N"], **quiet)
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    subprocess.run([pg_ctl, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"], **quiet)
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"], **quiet)
        shutil.rmtree(folder)


def _tool(name: str) -> str | None:
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))
    return shutil.which(name) or (debian[-1] if debian else None)


def new_postgresql(server: str, template: str = "template1") -> str:
    """The URL of a new database on the server, which begins as a copy of another one."""
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"test_{os.urandom(6).hex()}"
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def upgraded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of every service, to be copied."""
    file = tmp_path_factory.mktemp("upgraded") / "services.sqlite"
    _upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def upgraded_postgresql(postgresql: str) -> str:
    """The name of a PostgreSQL database with the tables of every service, to be copied."""
    url = new_postgresql(postgresql)
    _upgrade(url)
    return str(sqlalchemy.make_url(url).database)


def _upgrade(url: str) -> None:
    database = Database(url)
    database.upgrade(*(load(name).metadata for name in available()))
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own for every test, with the tables of every service and nothing in them."""
    if request.param == "postgresql":
        server, template = map(request.getfixturevalue, ("postgresql", "upgraded_postgresql"))
        return new_postgresql(server, template)
    file = tmp_path / "services.sqlite"
    shutil.copyfile(request.getfixturevalue("upgraded_sqlite"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


class Client:
    """Calls a running app over HTTP as the organisation ``dso``, or as another with ``of``.

    Paths of the REST interface get the version before them; numbers come back as ``Decimal`` or ``int``.
    """

    def __init__(self, url: str, keys: Mapping[str, str] | None = None, organisation: str = "dso") -> None:
        self.url = url
        self.keys = keys or {}
        self._session = requests.Session()
        self._session.trust_env = False
        if organisation in self.keys:
            self._session.headers["X-API-Key"] = self.keys[organisation]

    def of(self, organisation: str) -> Client:
        """A client that calls directly as that organisation; as nobody when it is empty."""
        return Client(self.url, self.keys, organisation)

    def request(self, method: str, path: str, **arguments: Any) -> requests.Response:
        versioned = f"/1.0{path}" if path.startswith(VERSIONED) else path
        return self._session.request(method, self.url + versioned, timeout=30, allow_redirects=False, **arguments)

    def get(self, path: str, **arguments: Any) -> requests.Response:
        return self.request("GET", path, **arguments)

    def post(self, path: str, content: object = None, **arguments: Any) -> requests.Response:
        """``content`` as JSON, or bytes as they are."""
        data = content if isinstance(content, bytes) else simplejson.dumps(content, use_decimal=True).encode()
        headers = {"Content-Type": "application/json"} | arguments.pop("headers", {})
        return self.request(arguments.pop("method", "POST"), path, data=data, headers=headers, **arguments)

    def close(self) -> None:
        self._session.close()


def let_in(database: Database, now: datetime) -> dict[str, str]:
    """Enter the organisations, and make an API key for each of them."""
    keys = {}
    with database.writing() as connection:
        for one in ORGANISATIONS:
            organisations.put(connection, one, now)
            keys[one.id] = credentials.issue(connection, "key", one.id, now, roles=one.roles).key
    return keys


@contextmanager
def running(app: FastAPI) -> Iterator[Client]:
    """The app on a free port of this machine, with the organisations let in."""
    keys = let_in(app.state.context.database, NOON)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        client = Client(f"http://127.0.0.1:{listener.getsockname()[1]}", keys)
        try:
            yield client
        finally:
            client.close()
            server.should_exit = True
            thread.join()


@pytest.fixture
def services(database_url: str, adapter: Adapter, clock: Clock) -> Iterator[Callable[..., Client]]:
    """Starts the services named, on one database, with the test's adapter and clock."""
    with ExitStack() as stack:

        def start(*names: str, **settings: Any) -> Client:
            given = {"services": names, "database": database_url, "network": adapter.url, "name": "dso"} | settings
            return stack.enter_context(running(create_app(Settings(**given), clock)))

        yield start


@pytest.fixture
def dso(services: Any) -> Any:
    return services("flexibility")


@pytest.fixture
def with_need(dso: Any) -> Any:
    """A DSO with the need N1."""
    assert dso.post("/operator/flexibility/needs", [need()]).status_code == 201
    return dso


@pytest.fixture
def aggregator(services: Any) -> Any:
    client = services("aggregator", name="aggregator")
    assert client.post("/operator/aggregator/prices", PRICES, method="PUT").status_code == 200
    return client
