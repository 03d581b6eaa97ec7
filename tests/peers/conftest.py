"""A network of processes, and TNO's own client beside it in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from gridlingua.demo.processes import Processes, free_ports
from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.storage import Database
from gridlingua.web.services import available, load

HERE = Path(__file__).parent
PINS = HERE / "knowledge-mapper.txt"
CACHE = HERE.parents[1] / ".build" / "peers"
PATIENCE = 30.0

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
OTHER_DSO = "https://other-dso.example.org/kb"
OTHER_AGGREGATOR = "https://other-aggregator.example.org/kb"


@pytest.fixture(scope="session")
def knowledge_mapper() -> Path:
    """The interpreter of an environment that has knowledge-mapper, made once and kept."""
    home = CACHE / f"knowledge-mapper-{_fingerprint()}"
    if not home.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            _install(Path(made) / "home")
            try:
                (Path(made) / "home").rename(home)
            except OSError:  # another session was faster
                assert home.exists()
    return home / "bin" / "python"


def _fingerprint() -> str:
    return hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()[:12]


def _install(home: Path) -> None:
    python = home / "bin" / "python"
    quickly = ["--disable-pip-version-check", "--timeout", "20", "--retries", "1"]
    for command in (
        [sys.executable, "-m", "venv", str(home)],
        [str(python), "-m", "pip", "install", "--quiet", *quickly, "--requirement", str(PINS)],
    ):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
            told = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        except subprocess.TimeoutExpired:
            told = "it takes more than 180 s"
        if told:
            shutil.rmtree(home, ignore_errors=True)
            pytest.skip(f"NOT TESTED WITH TNO'S CLIENT: knowledge-mapper cannot be installed: {told}")


@dataclass(frozen=True)
class Staff:
    """The DSO's control room at its service."""

    url: str
    key: str

    def call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """A call below ``/operator/flexibility``."""
        place = f"{self.url}/1.0/operator/flexibility{path}"
        return requests.request(method, place, headers={"X-API-Key": self.key}, timeout=20, **arguments)


@dataclass(frozen=True)
class Parties:
    """Our processes: an engine, a DSO's service and adapter, an aggregator's adapter; and where they are."""

    engine: str
    dso_service: Staff
    dso_adapter: str
    aggregator_adapter: str

    def left_over(self) -> set[str]:
        """The ids of peers that did not leave the network; they are taken off, so that one failure stays one."""
        known = {one["knowledgeBaseId"] for one in requests.get(f"{self.engine}/sc", timeout=PATIENCE).json()}
        strangers = known - {DSO, AGGREGATOR}
        for one in strangers:
            requests.delete(f"{self.engine}/sc", headers={"Knowledge-Base-Id": one}, timeout=PATIENCE)
        return strangers


@pytest.fixture(scope="session")
def parties(knowledge_mapper: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parties]:
    folder = tmp_path_factory.mktemp("parties")
    engine, service, dso, aggregator = free_ports(4)
    here = "http://127.0.0.1"
    url = f"{here}:{engine}/rest"
    database = f"sqlite:///{folder / 'dso.sqlite'}"
    staff, adapter = let_in(database)
    clock = folder / "clock"
    clock.write_text("2026-11-20T06:00:00Z")  # the day before that of the examples, while offers are possible
    with Processes(folder) as processes:
        processes.start("engine", "engine", "--port", str(engine))
        processes.start(
            "dso service",
            *("services", "flexibility", "--port", str(service), "--database", database),
            *("--network", f"{here}:{dso}", "--name", "DSO North", "--clock", str(clock)),
        )
        processes.ready("engine")
        processes.start(
            "dso adapter",
            *("adapter", "--party", "dso", "--knowledge-base", DSO, "--responder", OTHER_AGGREGATOR),
            *("--engine", url, "--service", f"{here}:{service}/1.0", "--port", str(dso)),
            secrets={"GRIDLINGUA_SERVICE_KEY": adapter},
        )
        processes.start(
            "aggregator adapter",
            *("adapter", "--party", "service_provider", "--knowledge-base", AGGREGATOR, "--responder", OTHER_DSO),
            *("--engine", url, "--port", str(aggregator), "--deadline", "5"),
        )
        room, *adapters = (processes.ready(name) for name in ("dso service", "dso adapter", "aggregator adapter"))
        desk = Staff(room, staff)
        desk.call("PUT", "/calendar", json={"gates": "open"}).raise_for_status()
        yield Parties(url, desk, *adapters)


def let_in(url: str) -> tuple[str, str]:
    """Enter the DSO and the aggregator of the page; returns the API keys of the control room and of the adapter."""
    database, now = Database(url), datetime.now(UTC)
    try:
        database.upgrade(*(load(name).metadata for name in available()))
        with database.writing() as connection:
            for one in (
                {"id": "dso", "name": "DSO North", "roles": ["operator", "adapter"]},
                {
                    "id": "other-aggregator",
                    "name": "Other Aggregator",
                    "roles": ["service_provider"],
                    "knowledgeBases": [OTHER_AGGREGATOR],
                },
            ):
                organisations.put(connection, NewOrganisation.model_validate(one), now)
            keys = [credentials.issue(connection, "key", "dso", now, roles=[one]) for one in ("operator", "adapter")]
    finally:
        database.close()
    return keys[0].key, keys[1].key


@dataclass
class Peer:
    """A process of knowledge-mapper that is on the network; leaving the context takes it off."""

    process: subprocess.Popen[str]
    log: Path
    asked: list[dict[str, Any]] = field(default_factory=list)
    died: str = ""
    _thread: threading.Thread | None = None

    def ask(self, interaction: str, rows: object) -> Any:
        return self._call("ask", interaction, rows)

    def post(self, interaction: str, rows: object) -> Any:
        return self._call("post", interaction, rows)

    def serve(self, answer: Callable[[list[dict[str, str]]], object]) -> None:
        """Let a function of the rows that come answer whatever comes from now on; a text is raised by the handler."""
        self.say({"serve": True})
        self._thread = threading.Thread(target=self._serve, args=(answer,))
        self._thread.start()

    def _serve(self, answer: Callable[[list[dict[str, str]]], object]) -> None:
        while heard := self.hear():
            if "died" in heard:
                self.died = heard["died"]
                return
            self.asked.append(heard)
            self.say(answer(heard["rows"]))

    def _call(self, kind: str, interaction: str, rows: object) -> Any:
        self.say({"call": kind, "interaction": interaction, "rows": rows})
        return self.hear()

    def say(self, what: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def last(self) -> str:
        """Why its loop died, once it has."""
        self.wait()
        return self.died

    def wait(self) -> None:
        """Until it serves no more."""
        if self._thread:
            self._thread.join(PATIENCE)


def terminate(process: subprocess.Popen[str]) -> None:
    """End a process of the client. One signal in twenty is lost: what its handler raises while ``requests`` closes a
    connection goes no further than the finalizer that did so."""
    for _ in range(5):
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    raise AssertionError("the peer does not end on SIGTERM")


@pytest.fixture
def end() -> Callable[[subprocess.Popen[str]], None]:
    return terminate


@pytest.fixture
def peer(knowledge_mapper: Path, parties: Parties, tmp_path: Path) -> Iterator[Callable[..., Peer]]:
    """Makes a peer of a knowledge base id and its interactions, by name, as knowledge-mapper wants them."""
    with ExitStack() as stack:

        def make(knowledge_base: str, **interactions: dict[str, Any]) -> Peer:
            log = stack.enter_context((tmp_path / "peer.log").open("w"))
            process = stack.enter_context(
                subprocess.Popen(
                    [knowledge_mapper, HERE / "knowledge_base.py"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    env={**os.environ, "NO_PROXY": "127.0.0.1"},  # the client knows no other way round a proxy
                )
            )
            made = Peer(process, tmp_path / "peer.log")
            stack.callback(made.wait)
            stack.callback(terminate, process)
            watch = threading.Timer(PATIENCE, process.kill)
            stack.callback(watch.cancel)
            watch.start()
            made.say({"url": parties.engine, "id": knowledge_base, "interactions": interactions})
            assert made.hear() == {"joined": knowledge_base}, made.log.read_text()
            return made

        yield make
    assert parties.left_over() == set()
