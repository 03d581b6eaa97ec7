"""Who does not poll is taken off the network, as runtime 1.4.0 does (contract 1.6)."""

from __future__ import annotations

import threading
from collections.abc import Callable

from gridlingua.engine.timers import Timer, Timers


class Suspension:
    """A clock for each knowledge base that others could contact; ``suspend`` is called with its id when nothing was
    heard of it for ``after`` seconds. Without ``after`` nobody is watched."""

    def __init__(self, timers: Timers, after: float | None, suspend: Callable[[str], None]) -> None:
        self._timers = timers
        self._after = after
        self._suspend = suspend
        self._lock = threading.Lock()
        self._clocks: dict[str, Timer] = {}

    def watch(self, knowledge_base_id: str) -> None:
        """Start its clock."""
        if self._after is not None:
            self._start(knowledge_base_id, self._after)

    def heard_of(self, knowledge_base_id: str) -> None:
        """Start its clock anew, if it has one."""
        if self._after is not None and knowledge_base_id in self._clocks:
            self._start(knowledge_base_id, self._after)

    def forget(self, knowledge_base_id: str) -> None:
        """It left."""
        with self._lock:
            clock = self._clocks.pop(knowledge_base_id, None)
        if clock is not None:
            clock.cancel()

    def _start(self, knowledge_base_id: str, after: float) -> None:
        self.forget(knowledge_base_id)
        with self._lock:
            self._clocks[knowledge_base_id] = self._timers.after(after, lambda: self._suspend(knowledge_base_id))
