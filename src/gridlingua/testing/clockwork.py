"""Time and work without threads: whoever waits for a result does what is to be done meanwhile."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from gridlingua.engine.timers import Timer, Timers

T = TypeVar("T")
Task = Callable[[], None]


class Clockwork(Timers):
    """Timers that have no thread, and a queue of tasks. Both are carried out, in order, by those who ``wait_for``.

    Time goes by as elsewhere, and may be moved on: ``advance`` skips seconds, ``skip`` goes to the next deadline as
    soon as nobody has anything else to do. Thread-safe.
    """

    def __init__(self) -> None:
        super().__init__("gridlingua-clockwork")
        self._tasks: deque[Task] = deque()
        self._calls: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._skips: list[float] = []
        self.skipped = 0.0
        """Seconds that were skipped so far."""

    def now(self) -> float:
        """Seconds, those skipped included."""
        return time.monotonic() + self.skipped

    def after(self, seconds: float, call: Task) -> Timer:
        """Call it once, so many seconds from now, when somebody waits."""
        timer = Timer(call)
        with self._changed:
            heapq.heappush(self._calls, (self.now() + seconds, next(self._numbers), timer))
            self._changed.notify_all()
        return timer

    def submit(self, task: Task) -> None:
        """Let whoever waits carry it out."""
        with self._changed:
            self._tasks.append(task)
            self._changed.notify_all()

    def advance(self, seconds: float) -> None:
        """Let so many seconds go by at once, and do what falls due in them."""
        with self._changed:
            self.skipped += seconds
            self._changed.notify_all()
        self.settle()

    def skip(self, moment: float) -> None:
        """Go to a moment, unless it is past, as soon as there is nothing else to do."""
        with self._changed:
            heapq.heappush(self._skips, moment)
            self._changed.notify_all()

    def settle(self) -> None:
        """Do what can be done without waiting."""
        while (task := self._take()) is not None:
            task()

    def wait_for(self, future: Future[T]) -> T:
        """The result of a future; meanwhile this thread does whatever is to be done."""
        future.add_done_callback(lambda _: self._notify())
        while not future.done():
            task = self._take()
            if task is not None:
                task()
                continue
            with self._changed:
                if not (future.done() or self._tasks or self._skips or self._left() <= 0):
                    self._changed.wait(self._left())
        return future.result()

    def close(self) -> None:
        """Forget what is not done yet."""
        with self._changed:
            self._tasks.clear()
            self._calls.clear()
            self._skips.clear()

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _left(self) -> float:
        """Seconds until the next call is due; an hour when there is none."""
        return self._calls[0][0] - self.now() if self._calls else 3600.0

    def _take(self) -> Task | None:
        """What falls due, then what waits, then a skip of time with what falls due by that."""
        with self._changed:
            while True:
                while self._calls and self._left() <= 0:
                    call = heapq.heappop(self._calls)[2].call
                    if call is not None:
                        return call
                if self._tasks:
                    return self._tasks.popleft()
                if not self._skips:
                    return None
                self.skipped += max(0.0, heapq.heappop(self._skips) - self.now())


class Bench(Executor):
    """A pool without threads: what is submitted goes to a clockwork, until it is shut down."""

    def __init__(self, clockwork: Clockwork) -> None:
        self._clockwork = clockwork
        self._is_open = True

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        self._clockwork.submit(lambda: self._run(future, lambda: fn(*args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - Executor's
        self._is_open = False

    def _run(self, future: Future[T], call: Callable[[], T]) -> None:
        if self._is_open and future.set_running_or_notify_cancel():
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)
