"""For tests of catalogues, ours and other people's.

``loopback`` carries an exchange from one adapter to another and back; ``Service`` is a small real HTTP service;
``messages`` generates messages (it needs hypothesis); ``pytest --gridlingua-catalogue DIR`` collects a catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gridlingua.testing.parties import INITIATOR, RESPONDER, Loopback, loopback
    from gridlingua.testing.service import Heard, Said, Service, problem
    from gridlingua.testing.strategies import messages

__all__ = ["INITIATOR", "RESPONDER", "Heard", "Loopback", "Said", "Service", "loopback", "messages", "problem"]

_MODULES = ("parties", "service", "strategies")


def __getattr__(name: str) -> Any:
    """Import on demand: pytest loads the plugin, and with it this package, in every session of whoever has it."""
    if name in __all__:
        for module in _MODULES:
            found = import_module(f"{__name__}.{module}")
            if name in vars(found):
                return vars(found)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
