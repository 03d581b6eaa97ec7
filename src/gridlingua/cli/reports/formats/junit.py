"""For build servers that show tests (GitLab, Jenkins, Azure DevOps): JUnit's XML, a suite a file, a case a problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from gridlingua.cli.reports.report import Report
from gridlingua.errors import Problem

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> str:
    """A file without a problem has one case, which passes; a problem that fails nothing is a case that passes and
    says it on its standard output."""
    files = dict.fromkeys([*report.files, *(one.path for one in report.problems)])
    root = ElementTree.Element("testsuites", name=f"gridlingua {report.command}")
    for file in files:
        root.append(_suite(report, file, [one for one in report.problems if one.path == file]))
    for count in ("tests", "failures"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _suite(report: Report, file: str, problems: Sequence[Problem]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_text(file))
    if not problems:
        ElementTree.SubElement(suite, "testcase", classname=_text(file), name=report.command, file=_text(file))
    seen: Counter[str] = Counter()
    for one in problems:
        suite.append(_case(report, one, seen))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(sum(map(report.fails, problems))))
    suite.set("errors", "0")
    return suite


def _case(report: Report, problem: Problem, seen: Counter[str]) -> ElementTree.Element:
    name = f"[{problem.check}] {problem.message}"
    seen[name] += 1
    again = f" ({seen[name]})" if seen[name] > 1 else ""  # a case is known by its name
    path = _text(problem.path)
    case = ElementTree.Element("testcase", classname=path, name=_text(name + again), file=path, line=str(problem.line))
    told = "\n".join(filter(None, (str(problem), f"see {report.page(problem)}" if report.page(problem) else "")))
    if report.fails(problem):
        failure = ElementTree.SubElement(case, "failure", message=_text(problem.message), type=problem.severity)
        failure.text = _text(told)
    else:
        ElementTree.SubElement(case, "system-out").text = _text(told)
    return case


def _text(text: str) -> str:
    """Without the characters that no XML document may have."""
    return _NO_XML.sub("\ufffd", text)
