"""Time things in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True)
class Timing:
    """The median of ``runs`` runs of one thing, in seconds; in MB where a group is of memory."""

    what: str
    seconds: float
    runs: int


@dataclass(frozen=True)
class Group:
    """Timings that compare: each is told as a ratio to the first one. ``measures`` heads their column."""

    title: str
    timings: list[Timing]
    measures: Literal["time", "memory"] = "time"


@dataclass(frozen=True)
class Plan:
    """How often to run, and whether only to see that everything works.

    ``engine`` is the URL of a runtime to measure in place of our own, where a benchmark is of one.
    """

    runs: int = 5
    quick: bool = False
    engine: str = ""

    def compare(self, title: str, things: Mapping[str, Callable[[], Any]], runs: int = 0, burst: int = 1) -> Group:
        """Time things in turns: every one once, then every one again; the first one is the baseline.

        ``runs`` for what takes so long that fewer must do; ``burst`` for what takes milliseconds: so many times in
        a run, without a pause. What runs more than once is warmed up by a run that does not count.
        """
        times = 1 if self.quick else runs or self.runs
        burst = 1 if self.quick else burst
        taken: dict[str, list[float]] = {what: [] for what in things}
        for turn in range(times + (times > 1)):
            for what, thing in things.items():
                seconds = _seconds(thing, burst)
                if turn or times == 1:
                    taken[what].append(seconds)
        return Group(title, [Timing(what, median(seconds), len(seconds) * burst) for what, seconds in taken.items()])


def _seconds(thing: Callable[[], Any], burst: int) -> float:
    gc.collect()
    gc.freeze()  # what others left alive must not slow the collector down
    started = time.perf_counter()
    for _ in range(burst):
        thing()
    seconds = (time.perf_counter() - started) / burst
    gc.unfreeze()
    return seconds


@dataclass
class Report:
    """What a benchmark module brought; ``heading`` and ``explanation`` are its docstring."""

    heading: str
    explanation: str
    groups: list[Group] = field(default_factory=list)
