"""Many folders put to checks, by several processes where that is worth it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from gridlingua.catalogue.checking.record import Record, record
from gridlingua.catalogue.checking.registry import checks
from gridlingua.catalogue.content import Content
from gridlingua.catalogue.load import read
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem
from gridlingua.semantics.patience import SECONDS, TooLongError, limited

_WORTH_A_PROCESS: Final = 6
"""Fewer folders than these are done before another process has begun."""


@dataclass(frozen=True)
class Task:
    """A folder to be put to checks; ``whole`` stands for the term lists, ``key`` for the folder."""

    content: Content
    folder: Path
    whole: str
    key: str
    names: tuple[str, ...]
    patience: float = SECONDS

    def done(self) -> Record:
        """Read the folder and put it to the checks."""
        vocabulary = _vocabulary(self.content, self.whole)
        known = checks()
        try:
            with limited(self.patience):
                draft = read(self.content, self.folder, vocabulary.prefixes)
                return record(self.key, draft, vocabulary, [known[name] for name in self.names])
        except TooLongError as error:
            said = f"the exchange {error} to check"
        except OSError as error:
            said = f"{self.content.shown(Path(error.filename or self.folder))} cannot be read: {error.strerror}"
        problem = Problem(self.content.shown(self.folder / "exchange.yaml"), 1, "structure", said)
        return Record("", (problem,), dict.fromkeys(self.names, ()))  # without a key: to be looked at again


@lru_cache(maxsize=1)
def _vocabulary(content: Content, whole: str) -> Vocabulary:
    """The vocabulary of a process; ``whole`` changes whenever the term lists do."""
    del whole
    return Vocabulary.load(content.ontologies, content.extension_base)


def done(tasks: Sequence[Task], processes: int = 1) -> list[Record]:
    """Every task done, in order; by several processes where there are many tasks and the system lets us.

    Raises CatalogueError when the term lists cannot be read.
    """
    if tasks:
        _vocabulary(tasks[0].content, tasks[0].whole)  # before processes are forked, which then have it
    helpers = min(processes - 1, len(tasks) // _WORTH_A_PROCESS)
    if helpers < 1:
        return [task.done() for task in tasks]
    try:
        pool = ProcessPoolExecutor(helpers, multiprocessing.get_context(_way()), _ignore_interrupts)
    except (OSError, ImportError, ValueError):  # no semaphores, no processes
        return [task.done() for task in tasks]
    try:
        return list(_shared(pool, tasks))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shared(pool: Executor, tasks: Sequence[Task]) -> Iterator[Record]:
    """The helpers begin at the front, we at the back, until we meet."""
    try:
        waiting: list[Future[Record]] = [pool.submit(task.done) for task in tasks]
    except (OSError, BrokenProcessPool):
        waiting = []
    ours = {at: tasks[at].done() for at in reversed(range(len(waiting))) if waiting[at].cancel()}
    for at, task in enumerate(tasks):
        if at in ours or at >= len(waiting):
            yield ours[at] if at in ours else task.done()
            continue
        try:
            yield waiting[at].result()
        except BrokenProcessPool:  # a helper was killed
            yield task.done()


def _way() -> str:
    """How processes begin: by a fork where it is safe, for they need not import anew what is imported."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _ignore_interrupts() -> None:
    """Ctrl-C is for the process that the user started; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
