"""For GitHub Actions: workflow commands, which become annotations beside the lines of a pull request."""

from __future__ import annotations

from typing import Final

from gridlingua.cli.reports.report import Report
from gridlingua.errors import Problem, Severity

_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "note": "notice"}


def write(report: Report) -> str:
    """One ``::error file=…,line=…,col=…,title=…::message`` a problem."""
    return "\n".join(_command(report, one) for one in report.problems)


def _command(report: Report, problem: Problem) -> str:
    place = {"file": problem.path, "line": str(problem.line)}
    if problem.column:
        place["col"] = str(problem.column)
    place["title"] = f"gridlingua {report.command}: {problem.check}"
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    page = report.page(problem)
    message = problem.message + (f"\nsee {page}" if page else "")
    return f"::{_COMMANDS[problem.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """What GitHub's runner reads back: github.com/actions/toolkit, packages/core/src/command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
