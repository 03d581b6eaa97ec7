"""For programs: one object, whose shape docs/ci.md describes and which changes only with its ``version``."""

from __future__ import annotations

import json
from typing import Any, Final

import gridlingua
from gridlingua.cli.reports.report import Report
from gridlingua.errors import Problem

VERSION: Final = 1


def write(report: Report) -> str:
    """``{version, tool, command, passed, counts, files, problems: [{path, line, column, check, severity, …}]}``."""
    said = {
        "version": VERSION,
        "tool": {"name": "gridlingua", "version": gridlingua.__version__},
        "command": report.command,
        "passed": not report.failed,
        "counts": report.counts,
        "files": list(report.files),
        "problems": [_problem(report, one) for one in report.problems],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def _problem(report: Report, problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column or None,
        "check": problem.check,
        "severity": problem.severity,
        "message": problem.message,
        "page": report.page(problem) or None,
    }
