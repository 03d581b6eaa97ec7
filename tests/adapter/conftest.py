"""Networks to meet on, in process and over HTTP, and adapters behind a real port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import uvicorn
from fastapi import FastAPI

from gridlingua.adapter import Adapter, AdapterSettings
from gridlingua.catalogue import Catalogue
from gridlingua.engine import EmbeddedEngine, Engine, Handler, Interaction, KnowledgeBase, Network, RemoteEngine
from gridlingua.engine.server import EngineServer
from gridlingua.testing import Service
from gridlingua.web.adapter import create_app

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"


@dataclass
class Meeting:
    """A network, and how to get onto it; what is made here is closed after the test."""

    catalogue: Catalogue
    engine: Callable[[], Engine]
    stack: ExitStack

    def adapter(
        self,
        party: str,
        knowledge_base: str,
        *responders: str,
        service: Service | None = None,
        deadline: float = 5.0,
        catalogue: Catalogue | None = None,
    ) -> Adapter:
        """An adapter on the network."""
        settings = self.settings(party, knowledge_base, *responders, service=service, deadline=deadline)
        return self.stack.enter_context(Adapter(catalogue or self.catalogue, self.engine(), settings))

    def app(self, party: str, knowledge_base: str, *responders: str, catalogue: Catalogue | None = None) -> str:
        """The base URL of an adapter's app."""
        settings = self.settings(party, knowledge_base, *responders)
        adapter = Adapter(catalogue or self.catalogue, self.engine(), settings)
        return self.stack.enter_context(running(create_app(adapter)))

    def settings(
        self,
        party: str,
        knowledge_base: str,
        *responders: str,
        service: Service | None = None,
        deadline: float = 5.0,
    ) -> AdapterSettings:
        services = {"*": service.url} if service else {}
        name = knowledge_base.split("/")[2]
        return AdapterSettings(party, knowledge_base, name, responders, services, deadline, lease=None)

    def service(self, reply: object) -> Service:
        """A running service."""
        return self.stack.enter_context(Service(reply))

    def peer(self, knowledge_base: str, *interactions: Interaction, handler: Handler | None = None) -> Engine:
        """A knowledge base that does not use gridlingua."""
        engine = self.stack.enter_context(self.engine())
        engine.register(KnowledgeBase(knowledge_base, "peer", "a peer"), interactions)
        if handler is not None:
            engine.handle(knowledge_base, handler)
        return engine


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """An app on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served(network: Network) -> Iterator[str]:
    """A network behind the KE REST API on a free port."""
    ready = threading.Event()
    server = EngineServer(network, port=0, heartbeat=1.0, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert ready.wait(10)
        yield server.url
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(params=["embedded", "over HTTP"])
def meeting(request: pytest.FixtureRequest, catalogue: Catalogue) -> Iterator[Meeting]:
    """A network in process, and one behind the KE REST API."""
    with ExitStack() as stack:
        network = stack.enter_context(closing(Network()))
        if request.param == "embedded":
            yield Meeting(catalogue, lambda: EmbeddedEngine(network), stack)
        else:
            url = stack.enter_context(served(network))
            yield Meeting(catalogue, lambda: RemoteEngine(url), stack)


@pytest.fixture
def served_network(catalogue: Catalogue) -> Iterator[Meeting]:
    """A network behind the KE REST API only, for what has been seen in process."""
    with ExitStack() as stack:
        url = stack.enter_context(served(stack.enter_context(closing(Network()))))
        yield Meeting(catalogue, lambda: RemoteEngine(url), stack)


@pytest.fixture
def embedded(catalogue: Catalogue) -> Iterator[Meeting]:
    """A network in process only, for what does not depend on the engine."""
    with ExitStack() as stack:
        network = stack.enter_context(closing(Network()))
        yield Meeting(catalogue, lambda: EmbeddedEngine(network), stack)


@contextmanager
def closing(network: Network) -> Iterator[Network]:
    yield network
    network.close()


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """Calls on loopback, past any proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def page() -> Path:
    """The worked example, whose exchange has a path parameter."""
    return Path(__file__).parents[2] / "docs" / "add-an-exchange.md"
