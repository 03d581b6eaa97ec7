"""One piece of work at a time, and few that wait: judging is all CPU, so more at once would only all be slower."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gridlingua.errors import RemoteError


class Turns:
    """At most ``waiting`` callers wait at a time, each no longer than ``patience`` seconds."""

    def __init__(self, waiting: int = 8, patience: float = 5.0) -> None:
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._turn = threading.Lock()
        self._patience = patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn. Raises RemoteError (503, a retry may help) when too many wait, or for too long."""
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise _busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


def _busy() -> RemoteError:
    text = "the playground is busy with other messages; try again in a second"
    return RemoteError(text, party="playground", status=503, retry=True)
