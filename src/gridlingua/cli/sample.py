"""What the commands share that run both parties on this machine: sample data, and ending in order."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gridlingua.demo import Setting
from gridlingua.demo.databases import make_ready
from gridlingua.demo.readings import PER_CUSTOMER, Expected, load_readings

T = TypeVar("T")


def end_in_order() -> None:
    """Told to end, or its terminal closed: end what was started, too. Unless whoever started us ignores it (nohup)."""
    for how in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")):  # Windows has no SIGHUP
        if how is not None and signal.getsignal(how) == signal.SIG_DFL:
            signal.signal(how, signal.default_int_handler)


def load(setting: Setting, console: Console) -> dict[str, Expected]:
    """Make the databases and fill the DSO's until this morning; returns, by zone, what is expected of tomorrow."""
    make_ready(setting)
    return with_progress(setting, console, lambda progress: load_readings(setting, progress))


def with_progress(setting: Setting, console: Console, work: Callable[[Callable[[int], object]], T]) -> T:
    """Do what loads a year of readings of every customer, with a bar that grows."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        total = setting.customers * PER_CUSTOMER
        task = progress.add_task(f"A year of quarter-hours of {setting.customers} customers", total=total)
        return work(lambda rows: progress.advance(task, rows))
