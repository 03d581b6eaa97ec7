"""A knowledge network for tests: the one that is shipped, without its threads."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from gridlingua.engine import Network
from gridlingua.testing.clockwork import Clockwork

if TYPE_CHECKING:
    from gridlingua.testing.peers import Peer

T = TypeVar("T")


class FakeNetwork(Network):
    """Where fake engines meet: ``FakeEngine(network)`` for each party.

    It matches, reasons and refuses as ``Network``, which it is, and takes the same settings. Nothing happens but while
    somebody asks or posts, on the thread that does; so what happens has one order. ``peers`` are the parties that tests
    wrote, by name.
    """

    def __init__(self, **settings: Any) -> None:
        self.clockwork = Clockwork()
        self.peers: dict[str, Peer] = {}
        super().__init__(timers=self.clockwork, apart=self.clockwork.submit, **settings)

    def advance(self, seconds: float) -> None:
        """Let so many seconds go by at once: leases end, silent parties are given up."""
        self.clockwork.advance(seconds)

    def wait_for(self, future: Future[T]) -> T:
        """The result of ``ask``, ``post`` or ``poll``; meanwhile the parties do their work on this thread."""
        return self.clockwork.wait_for(future)
