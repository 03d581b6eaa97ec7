"""Deadlines of many things on one thread."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

Call = Callable[[], None]


class Timer:
    """A call that will be made unless it is cancelled first."""

    def __init__(self, call: Call) -> None:
        self.call: Call | None = call

    def cancel(self) -> None:
        """Forget the call, and with it what it holds on to."""
        self.call = None


class Timers:
    """Calls functions when their time has come, on a thread that starts with the first and ends with ``close``.

    Calls must be short and must not raise.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._due: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def now(self) -> float:
        """The time that deadlines are told in, in seconds."""
        return time.monotonic()

    def after(self, seconds: float, call: Call) -> Timer:
        """Call it once, so many seconds from now; never after ``close``."""
        timer = Timer(call)
        due = self.now() + seconds
        with self._wake:
            if self._closed:
                return timer
            heapq.heappush(self._due, (due, next(self._order), timer))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            elif self._due[0][2] is timer:
                self._wake.notify()
        return timer

    def close(self) -> None:
        """Drop every call that is not due yet and end the thread."""
        with self._wake:
            self._closed = True
            self._due.clear()
            self._wake.notify()
            thread = self._thread
        if thread and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while (timer := self._next()) is not None:
            call = timer.call
            if call is not None:
                call()

    def _next(self) -> Timer | None:
        with self._wake:
            while not self._closed:
                if not self._due:
                    self._wake.wait()
                elif (left := self._due[0][0] - self.now()) > 0:
                    self._wake.wait(left)
                else:
                    return heapq.heappop(self._due)[2]
            return None
