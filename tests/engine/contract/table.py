"""Writes what became of the cases into docs/conformance.md: ``python tests/engine/contract/table.py``.

``--check`` writes nothing and fails if the page is out of date.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "conformance.md"
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"
SECTIONS = {
    "8.1 Life cycle": "C",
    "8.2 Leases, suspension": "L",
    "8.3 Knowledge interactions": "K",
    "8.4 Input of asks and posts": "I",
    "8.5 Long polls and answers": "H",
    "8.6 Asks": "A",
    "8.7 Posts": "P",
    "8.8 Values": "V",
    "8.9 Communicative acts": "M",
    "8.10 Gaps, rules, metadata": "GDX",
}
TARGETS = ["embedded", "over HTTP", "compat 1.4", "fake", "stock 1.4", "stock 1.5"]


def main() -> int:
    """Returns what the process ends with."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    new = f"{before}{BEGIN}{_results()}{END}{rest.partition(END)[2]}"
    if "--check" in sys.argv:
        return int(text != new)
    PAGE.write_text(new, "utf-8")
    return 0


def _results() -> str:
    outcomes: dict[str, dict[str, str]] = json.loads((HERE / "results.json").read_text("utf-8"))
    found = {target: outcomes.get(target, {}) for target in TARGETS}
    rows = [["section", "cases", *TARGETS], ["---"] * (2 + len(TARGETS))]
    for title, letters in SECTIONS.items():
        known = {case for one in found.values() for case in one if case[0] in letters}
        rows.append([title, str(len(known)), *(_cell(known, found[target]) for target in TARGETS)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows) + f"\n{_exceptions()}"


def _cell(known: set[str], outcomes: dict[str, str]) -> str:
    """``41 + 2 listed``: so many hold, and so many are listed as exceptions, in whole or in part."""
    ran = [(case, outcome) for case, outcome in outcomes.items() if case in known]
    counts = [(sum(outcome == kind for _, outcome in ran), name) for kind, name in _NAMES.items()]
    failed = sorted(case for case, outcome in ran if outcome == "failed")
    parts = [f"{count}{name}" for count, name in counts if count] + ([f"FAILED: {', '.join(failed)}"] if failed else [])
    return " + ".join(parts) or "-"


_NAMES = {"passed": "", "excepted": " listed", "not run": " not run"}


def _exceptions() -> str:
    listed = tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))["exception"]
    rows = [["cases", "targets", "reason"], ["---"] * 3]
    for one in listed:
        part = f" (a part: {one['only'].replace('_', ' ')})" if "only" in one else ""
        rows.append([", ".join(one["cases"]) + part, ", ".join(one["targets"]), one["reason"]])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
