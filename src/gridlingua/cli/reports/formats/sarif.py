"""For code scanning (GitHub, GitLab, Azure, SonarQube and editors): SARIF 2.1.0, the standard of OASIS."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

import gridlingua
from gridlingua.cli.reports.report import REPOSITORY, Report, Rule
from gridlingua.errors import Problem

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "%SRCROOT%"


def write(report: Report) -> str:
    """One log of one run."""
    rules = {rule.name: rule for rule in _rules(report)}
    run = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"gridlingua-{report.command}/"},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(report, list(rules))),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rules(report: Report) -> Iterator[Rule]:
    """Every rule that was asked for, and those that only a reader of files knows."""
    yield from report.rules.values()
    found = (*report.problems, *(one for one, _ in report.excepted))
    for name in sorted({one.check for one in found} - report.rules.keys()):
        yield Rule(name, f"A problem of the kind {name}.", "", "docs/checks/README.md")


def _driver(rules: dict[str, Rule]) -> dict[str, Any]:
    return {
        "name": "gridlingua",
        "informationUri": REPOSITORY,
        "version": gridlingua.__version__,
        "rules": [_rule(one) for one in rules.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    demand = " ".join(rule.demand.split())
    return {
        "id": rule.name,
        "name": rule.name,
        "shortDescription": {"text": demand},
        "fullDescription": {"text": f"{demand} {' '.join(rule.reason.split())}".strip()},
        "help": {
            "text": "\n\n".join(filter(None, (demand, rule.reason, f"See {rule.address}"))),
            "markdown": "\n\n".join(filter(None, (demand, rule.reason, f"[The page of this check]({rule.address})"))),
        },
        "helpUri": rule.address,
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["gridlingua"]},
    }


def _results(report: Report, names: list[str]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for one, reason in (*((one, "") for one in report.problems), *report.excepted):
        same = hashlib.sha256("\n".join((one.path, one.check, one.message)).encode()).hexdigest()[:32]
        seen[same] += 1
        yield {
            "ruleId": one.check,
            "ruleIndex": names.index(one.check),
            "level": one.severity,
            "message": {"text": one.message},
            "locations": [{"physicalLocation": _place(one)}],
            # By what is said and not by its line, so that an alert stays the same when lines above it come or go.
            "partialFingerprints": {"primaryLocationLineHash": f"{same}:{seen[same]}"},
            **({"suppressions": [{"kind": "external", "justification": reason}]} if reason else {}),
        }


def _place(problem: Problem) -> dict[str, Any]:
    region = {"startLine": problem.line} | ({"startColumn": problem.column} if problem.column else {})
    if PurePosixPath(problem.path).is_absolute() or problem.path[1:2] == ":":
        return {"artifactLocation": {"uri": _file(problem.path)}, "region": region}
    return {"artifactLocation": {"uri": quote(problem.path), "uriBaseId": _ROOT}, "region": region}


def _file(path: str) -> str:
    return "file://" + quote(path if path.startswith("/") else f"/{path}", safe="/:")
