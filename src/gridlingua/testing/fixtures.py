"""Fixtures for tests of adapters, knowledge bases and catalogues; the plugin brings them along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from gridlingua.testing.options import catalogue_folder

if TYPE_CHECKING:
    from gridlingua.catalogue import Catalogue, Exchange
    from gridlingua.testing import FakeEngine, Heard, Loopback, Said, Service


@pytest.fixture(scope="session")
def catalogue(pytestconfig: pytest.Config) -> Catalogue:
    """The catalogue under test, whole and valid: that of the option or setting, or the one that comes with gridlingua.

    Raises CatalogueError with everything that is wrong with it.
    """
    from gridlingua.catalogue import Content, load, shipped

    folder = catalogue_folder(pytestconfig)
    return load(Content(folder) if folder else shipped())


@pytest.fixture
def fake_engine() -> Iterator[FakeEngine]:
    """A ``FakeEngine``, closed after the test."""
    from gridlingua.testing import FakeEngine

    with FakeEngine() as engine:
        yield engine


@pytest.fixture
def service() -> Iterator[Callable[..., Service]]:
    """Starts a ``Service`` that gives a reply: ``service({"status": "ok"})``; stopped after the test."""
    from gridlingua.testing import Service

    with ExitStack() as stack:

        def start(reply: Any | Said | Callable[[Heard], Any]) -> Service:
            return stack.enter_context(Service(reply))

        yield start


@pytest.fixture
def loopback(catalogue: Catalogue) -> Iterator[Callable[..., Loopback]]:
    """Both parties of an exchange: ``loopback("flexibility/needs", reply)`` is called with a request. The options are
    those of ``gridlingua.testing.loopback``; closed after the test."""
    from gridlingua.testing import loopback as parties

    with ExitStack() as stack:

        def start(exchange: str | Exchange, reply: Any, **options: Any) -> Loopback:
            found = catalogue.exchanges[exchange] if isinstance(exchange, str) else exchange
            return stack.enter_context(parties(found, catalogue, reply, **options))

        yield start
