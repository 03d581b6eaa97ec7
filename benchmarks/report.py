"""Tell the results: tables on the terminal, and a page of the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.timing import Group, Report

LIBRARIES = ("gridlingua", "rdflib", "pyshacl", "pyoxigraph", "jsonschema", "fastapi", "uvicorn", "requests")


def show(console: Console, group: Group) -> None:
    """Print one table."""
    table = Table(title=group.title, title_justify="left")
    table.add_column("what")
    for name in (group.measures, "ratio", "runs"):
        table.add_column(name, justify="right")
    for row in rows(group):
        table.add_row(*row)
    console.print(table)


def rows(group: Group) -> Iterator[tuple[str, str, str, str]]:
    """What, time or memory, ratio to the first, number of runs."""
    baseline = group.timings[0].seconds
    write = duration if group.measures == "time" else megabytes
    for number, one in enumerate(group.timings):
        yield one.what, write(one.seconds), ratio(one.seconds / baseline) if number else "1", str(one.runs)


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def megabytes(value: float) -> str:
    """Three digits and a unit."""
    return f"{value:.3g} MB"


def ratio(value: float) -> str:
    """Two or three digits."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def page(reports: Sequence[Report]) -> str:
    """The page of Markdown."""
    lines = [
        "<!-- Written by `make bench`. -->",
        "# Performance",
        "",
        "Ratios to a baseline, measured in one run and in turns. Times are medians of as many runs as is said, of one",
        "machine. Nothing is asserted by the clock.",
        "",
        f"Machine: {machine()}. {platform.python_implementation()} {platform.python_version()}; "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        + ".",
        "",
    ]
    for report in reports:
        lines += [f"## {report.heading}", "", report.explanation, ""]
        for group in report.groups:
            lines += [f"### {group.title}", "", f"| what | {group.measures} | ratio | runs |", "|---|--:|--:|--:|"]
            lines += [f"| {' | '.join(row)} |" for row in rows(group)]
            lines.append("")
    return "\n".join(lines)


def machine() -> str:
    """Processor, cores and system."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}"


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    for line in listed.read_text().splitlines() if listed.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
