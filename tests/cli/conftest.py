"""A network behind a real server, and knowledge bases that join it in process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gridlingua.engine import EmbeddedEngine, Handler, Interaction, KnowledgeBase, Network
from gridlingua.engine.server import EngineServer
from gridlingua.engine.serving.protection import Protection
from gridlingua.engine.serving.tokens import TokenFile, new_grant
from gridlingua.semantics.patterns import Pattern, parse_body

GUARDED = "https://dso.example.org/kb"
PREFIXES = {"ex": "http://example.org/"}


@dataclass
class Town:
    """A network with a REST API at ``url``."""

    network: Network
    url: str
    engines: list[EmbeddedEngine] = field(default_factory=list)

    def join(self, name: str, *interactions: Interaction, handler: Handler | None = None, level: int = 1) -> str:
        """Let a knowledge base join; its id."""
        engine = EmbeddedEngine(self.network)
        self.engines.append(engine)
        made = KnowledgeBase(f"http://example.org/{name}", name.title(), "a test", level)
        engine.register(made, interactions)
        if handler:
            engine.handle(made.id, handler)
        return made.id

    @property
    def names(self) -> list[str]:
        """Who is on the network."""
        return [one.id for one in self.network.knowledge_bases()]


@pytest.fixture
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """A parameter, if there is one, says what the network is made with."""
    network = Network(wait_timeout=5, **getattr(request, "param", {}))
    ready = threading.Event()
    server = EngineServer(network, port=0, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    made = Town(network, server.url)
    yield made
    for engine in made.engines:
        engine.close()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URL of an engine that demands a token, and a token for the adapter's knowledge base."""
    token, grant = new_grant("dso", [GUARDED])
    (tmp_path / "tokens").write_text(str(grant), "utf-8")
    ready = threading.Event()
    protection = Protection(TokenFile(tmp_path / "tokens"))
    server = EngineServer(Network(), port=0, protection=protection, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    yield server.url, token
    server.should_exit = True
    thread.join(10)


def interaction(kind: Any, pattern: str, result: str | None = None, name: str = "q", **more: Any) -> Interaction:
    return Interaction(name, kind, written(pattern), None if result is None else written(result), **more)


def written(text: str) -> Pattern:
    return parse_body(text, PREFIXES)


@pytest.fixture
def say() -> Callable[..., Interaction]:
    """Makes interactions of patterns over ``ex:``."""
    return interaction
