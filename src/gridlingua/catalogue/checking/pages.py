"""The page of each check: why, example, remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Final

from gridlingua.catalogue.checking.registry import Check

_WRITTEN: Final = "<!-- Written by `gridlingua docs` from gridlingua/catalogue/checks. -->"
_INTRODUCTION: Final = """
# What is checked

`gridlingua check` tells everything that is wrong at once, one line each: `path:line: [check] message`. What an
exchange's folder holds and cannot be read is told under `structure` (YAML, schemas), `pattern`, `mapping`, `examples`
or `rejects`; what can be read is put to the checks below, `--only NAME` to one of them. Those for *patterns* also
judge graph patterns and triples of projects that do not use gridlingua. How to set severities, and to except a finding
with a reason: [ci.md](../ci.md).

| check | severity | judges | demands |
|---|---|---|---|
"""


def check_pages(checks: Mapping[str, Check]) -> dict[str, str]:
    """Every page by its path below the folder of the documentation, and an index of them."""
    index = "\n".join([_WRITTEN + _INTRODUCTION.rstrip(), *map(_row, checks.values()), ""])
    return {"checks/README.md": index} | {f"checks/{one.name}.md": _page(one) for one in checks.values()}


def _page(check: Check) -> str:
    return "\n".join([_WRITTEN, f"# {check.name}", "", *_paragraphs(check)])


def _paragraphs(check: Check) -> Iterator[str]:
    yield from (check.demand, "", f"Severity: {check.severity}. Judges: {_judges(check)}.", "")
    if check.reason:
        yield from ("## Why", "", check.reason, "")
    if check.example:
        for title, text in (("Example", check.example.wrong), ("Remedy", check.example.right)):
            yield from (f"## {title}", "", f"```{check.example.language}", cleandoc(text), "```", "")


def _row(check: Check) -> str:
    demand = " ".join(check.demand.split())
    return f"| [{check.name}]({check.name}.md) | {check.severity} | {_judges(check)} | {demand} |"


def _judges(check: Check) -> str:
    both = ("patterns" if check.of_pattern else "", "exchanges" if check.of_exchange else "")
    return " and ".join(filter(None, both))
