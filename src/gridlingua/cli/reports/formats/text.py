"""For people: one problem a line, ``path:line:column: [check] message``, and at the end the pages to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import typer

from gridlingua.cli.reports.report import REPOSITORY, Report
from gridlingua.errors import Severity

_COLOURS: Final[dict[Severity, str]] = {"error": "red", "warning": "yellow", "note": "blue"}


def write(report: Report) -> str:
    """The problems; coloured where the report says so."""
    style = typer.style if report.coloured else _plain
    return "\n".join(_lines(report, style))


def _lines(report: Report, style: Callable[..., str]) -> Iterator[str]:
    for one in report.problems:
        column = f":{one.column}" if one.column else ""
        place = style(f"{one.path}:{one.line}{column}:", bold=True)
        said = "" if one.severity == "error" else f"{one.severity}: "
        message = " ".join(one.message.splitlines()).replace("##[", "## [")  # GitHub's runner would obey it
        yield f"{place} {style(f'[{one.check}]', fg=_COLOURS[one.severity])} {said}{message}"
    if pages := [rule.page for rule in report.broken_rules]:
        yield style(f"see {', '.join(dict.fromkeys(pages))} in {REPOSITORY}", dim=True)


def _plain(text: str, **_: object) -> str:
    return text
