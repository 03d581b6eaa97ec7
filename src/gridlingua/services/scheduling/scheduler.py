"""The threads that do what falls due, while the services run."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from gridlingua.services.context import Context
from gridlingua.services.scheduling import operations, store
from gridlingua.services.scheduling.domain import Job

_LOG = logging.getLogger(__name__)


class Scheduler:
    """Does the jobs of a process that fall due by ``here.clock``, a few at a time.

    It looks every ``poll`` seconds, earlier when something is known to be due, and at once when it is told to ``wake``.
    Any number of processes may have one on the same database. ``threads`` are how many jobs go on at once, so that
    a party that is slow to answer does not hold up the others.
    """

    def __init__(self, here: Context, jobs: Sequence[Job], *, threads: int = 4, poll: float = 10.0) -> None:
        self.jobs = tuple(jobs)
        self._here = here
        self._poll = poll
        self._changed = threading.Condition()
        self._woken = 0
        self._stopping = False
        self._works: list[Callable[[], object]] = [self._plan_and_work, *[self._work] * (threads - 1)]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin, for the first time or after a stop; nothing to do when there are no jobs."""
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._loop, args=(work,), name=f"scheduler-{number}", daemon=True)
            for number, work in enumerate(self._works if self.jobs else ())
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """End after the jobs that are under way; one that takes longer than ``timeout`` seconds is left behind."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))

    def wake(self) -> None:
        """Look now what is due."""
        with self._changed:
            self._woken += 1
            self._changed.notify_all()

    def _loop(self, work: Callable[[], object]) -> None:
        while not self._stopping:
            seen = self._woken
            try:
                work()
                seconds = self._seconds()
            except Exception:  # the database may be away for a while: whatever happens, the threads live on
                _LOG.exception("the scheduler failed, and goes on in %g s", self._poll)
                seconds = self._poll
            with self._changed:
                if not self._stopping and self._woken == seen:
                    self._changed.wait(seconds)

    def _plan_and_work(self) -> None:
        operations.plan(self._here, self.jobs)
        operations.tell_missed(self._here, self.jobs)
        self._work()

    def _work(self) -> None:
        while not self._stopping and operations.run_next(self._here, self.jobs):
            pass

    def _seconds(self) -> float:
        """How long there is nothing to do."""
        with self._here.database.reading() as connection:
            due = store.next_at(connection, [job.kind for job in self.jobs], self._here.clock())
        until_due = self._poll if due is None else (due - self._here.clock()).total_seconds()
        return min(max(until_due, 0.05), self._poll)
