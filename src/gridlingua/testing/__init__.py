"""For tests of catalogues, ours and other people's.

``loopback`` carries an exchange from one adapter to another and back; ``Service`` is a small real HTTP service;
``FakeEngine`` is an engine whose other parties are written in the test; ``messages`` generates messages (it needs
hypothesis); ``exchanges_of`` and ``pytest --gridlingua-catalogue DIR`` test a catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gridlingua.testing.collection import ExchangesOf, exchanges_of
    from gridlingua.testing.fake_engine import FakeEngine, Sent
    from gridlingua.testing.fake_network import FakeNetwork
    from gridlingua.testing.parties import INITIATOR, RESPONDER, Loopback, loopback
    from gridlingua.testing.peers import SILENCE, Nonsense, Peer, Refusal, Silence
    from gridlingua.testing.service import Heard, Said, Service, problem
    from gridlingua.testing.strategies import messages

__all__ = [
    "INITIATOR",
    "RESPONDER",
    "SILENCE",
    "ExchangesOf",
    "FakeEngine",
    "FakeNetwork",
    "Heard",
    "Loopback",
    "Nonsense",
    "Peer",
    "Refusal",
    "Said",
    "Sent",
    "Service",
    "Silence",
    "exchanges_of",
    "loopback",
    "messages",
    "problem",
]

_MODULES = ("collection", "parties", "service", "fake_engine", "fake_network", "peers", "strategies")


def __getattr__(name: str) -> Any:
    """Import on demand: pytest loads the plugin, and with it this package, in every session of whoever has it."""
    if name in __all__:
        for module in _MODULES:
            found = import_module(f"{__name__}.{module}")
            if name in vars(found):
                return vars(found)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
