"""The cases of the contract, section 8: which hold where, and what became of them.

A case is known by its number in the name of its test (``test_a33_a34_…``) or, where one test has several, in the name
of its parameters. ``exceptions.toml`` lists what cannot hold; a listed case that holds all the same fails.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RANK = ["passed", "not run", "excepted", "failed"]
"""Outcomes from best to worst: a case is as good as the worst of its tests."""


def cases(item: pytest.Item) -> list[str]:
    """The numbers of the cases that a test is about."""
    parameters = getattr(item, "callspec", None)
    named = re.findall(r"(?:^|-)([A-Z]\d+)\b", parameters.id) if parameters else []
    numbers = re.match(r"test((?:_[a-z]\d+)+)_", item.name)
    return named or [one.upper() for one in (numbers[1].split("_")[1:] if numbers else [])]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes on a foreign runtime; run there with KE_SLOW=1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    listed = tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))["exception"]
    for item in items:
        if HERE not in item.path.parents or "target" not in getattr(item, "fixturenames", ()):
            continue
        if "[runtime" in item.name and item.get_closest_marker("slow") and not os.environ.get("KE_SLOW"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; KE_SLOW=1 runs it"))
        item.stash[LISTED] = [one for one in listed if set(one["cases"]) & set(cases(item))]


LISTED: pytest.StashKey[list[dict[str, Any]]] = pytest.StashKey()
OUTCOMES: pytest.StashKey[dict[str, str]] = pytest.StashKey()
LABEL: pytest.StashKey[str] = pytest.StashKey()


@pytest.fixture(autouse=True)
def _exceptions(request: pytest.FixtureRequest) -> None:
    """A case that is listed for this target must fail."""
    if "target" not in request.fixturenames:
        return
    label = request.getfixturevalue("target").label
    request.node.stash[LABEL] = label
    for one in request.node.stash[LISTED]:
        if label in one["targets"] and one.get("only", "") in request.node.name:
            request.node.add_marker(pytest.mark.xfail(reason=one["reason"], strict=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    outcomes = item.config.stash.setdefault(OUTCOMES, {})
    for case in cases(item) if LABEL in item.stash else []:
        key = f"{item.stash[LABEL]}/{case}"
        outcomes[key] = max(outcomes.get(key, RANK[0]), _outcome(report), key=RANK.index)
    return report


def _outcome(report: pytest.TestReport) -> str:
    if report.failed:
        return "failed"
    if report.skipped:
        return "excepted" if hasattr(report, "wasxfail") else "not run"
    return "passed"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With ``CONFORMANCE=file`` what became of every case is put there; targets that did not run keep their place."""
    path = os.environ.get("CONFORMANCE")
    if not path:
        return
    file = Path(path)
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    fresh: dict[str, dict[str, str]] = {}
    for key, outcome in session.config.stash.get(OUTCOMES, {}).items():
        label, case = key.rsplit("/", 1)
        fresh.setdefault(label, {})[case] = outcome
    merged = {label: dict(sorted(found.items(), key=_order)) for label, found in sorted((known | fresh).items())}
    file.write_text(json.dumps(merged, indent=1) + "\n", "utf-8")


def _order(pair: tuple[str, str]) -> tuple[str, int]:
    return pair[0][0], int(pair[0][1:])
