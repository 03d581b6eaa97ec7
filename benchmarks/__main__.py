"""``python -m benchmarks [NAME]...``: run every benchmark, or some; all of them write docs/performance.md."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.report import machine, page
from benchmarks.running import found, report
from benchmarks.timing import Plan

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Benchmarks to run; all when absent.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of which the median counts.")] = 5,
    quick: Annotated[bool, typer.Option("--quick", help="See that all works: little data, one run.")] = False,
    engine: Annotated[
        str, typer.Option(help="Base URL of a runtime to measure instead of our own: only with NAME.")
    ] = "",
) -> None:
    """Measure, and tell ratios."""
    console = Console()
    known = found()
    if unknown := set(names or ()) - known.keys():
        raise typer.BadParameter(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    console.print(f"{machine()}")
    if engine and not names:
        raise typer.BadParameter("--engine is for the benchmarks you name: the page is of our own engine")
    # Each in a process of its own: what one leaves behind in a library must not change another's times.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as apart:
        reports = [apart.submit(report, name, Plan(runs, quick, engine)).result() for name in names or known]
    if not names and not quick:
        PAGE.write_text(page(reports), encoding="utf-8", newline="\n")
        console.print(f"written to {PAGE.parent.name}/{PAGE.name}")


if __name__ == "__main__":
    typer.run(main)
