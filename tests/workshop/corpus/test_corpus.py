"""Seeded defects, each beside its clean original: ``check`` finds every one, and nothing in what is clean.

``<check>/<case>/`` holds ``clean.*``, ``defect.*`` and ``expected.toml``: the findings (check, line or lines that will
do, texts that the message must contain), a text that messages must ``never`` repeat, the checks that may find
something ``also``, and the ``profile`` where the repository pins one. ``clean/`` holds larger files, as projects of
both generations have them. All are ours.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.toml"))
CLEAN = sorted((HERE / "clean").iterdir())
Findings = Mapping[str, list[dict[str, Any]]]


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(HERE).as_posix() for path in paths]


def expected(case: Path) -> dict[str, Any]:
    return tomllib.loads((case / "expected.toml").read_text("utf-8"))


def found_in(folder: Path) -> Findings:
    """What ``gridlingua check`` tells of a folder, by the path of the file within it."""
    result = CliRunner().invoke(app, ["check", str(folder), "--format", "json"])
    assert result.exit_code in (0, 1), result.output
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for problem in json.loads(result.stdout)["problems"]:
        path = Path(problem["path"])
        found[path.relative_to(folder).as_posix() if path.is_absolute() else path.as_posix()].append(problem)
    return found


@pytest.fixture(scope="session")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The findings in all files, of one run for each profile that a repository may pin, and one for those without."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for case in CASES:
        groups[expected(case).get("profile", "")].append(case)
    told: dict[str, list[dict[str, Any]]] = {}
    for profile, cases in groups.items():
        folder = tmp_path_factory.mktemp("repository").resolve()
        for case in cases:
            shutil.copytree(case, folder / case.relative_to(HERE), ignore=shutil.ignore_patterns("*.toml"))
        if profile:
            (folder / "gridlingua.toml").write_text(f'profile = "{profile}"\n')
        else:
            shutil.copytree(HERE / "clean", folder / "clean")
        told |= found_in(folder)
    return told


def of(findings: Findings, case: Path, kind: str) -> list[dict[str, Any]]:
    (path,) = case.glob(f"{kind}.*")
    return findings.get(path.relative_to(HERE).as_posix(), [])


def test_the_corpus_is_as_large_and_as_wide_as_it_must_be() -> None:
    assert len(CASES) >= 100
    assert {path.suffix for case in CASES for path in case.glob("defect.*")} == {
        ".rq", ".gp", ".json", ".yaml", ".properties", ".ttl"
    }  # fmt: skip
    assert {case.parent.name for case in CASES} == {
        "terms", "namespaces", "generations", "kinds", "consistency", "units", "told_apart", "constants",
        "blank_nodes", "paths", "filters", "size", "privacy", "pattern",
    }  # fmt: skip
    assert len(CLEAN) >= 20


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_a_defect_is_found_where_it_is_and_told_with_what_was_meant(case: Path, findings: Findings) -> None:
    wanted = expected(case)
    told = of(findings, case, "defect")
    left = list(told)
    for finding in wanted["finding"]:
        lines = finding["line"] if isinstance(finding["line"], list) else [finding["line"]]
        hits = [
            one
            for one in left
            if one["check"] == finding["check"]
            and one["line"] in lines
            and all(text in one["message"] for text in finding["says"])
        ]
        assert hits, f"not found: {finding}; told: {told}"
        left.remove(hits[0])
    assert not any(wanted["never"] in one["message"] for one in told if "never" in wanted)
    also = {one["check"] for one in wanted.get("also", [])}
    assert [one for one in left if one["check"] not in also] == []


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_its_clean_original_has_no_finding(case: Path, findings: Findings) -> None:
    assert of(findings, case, "clean") == []


@pytest.mark.parametrize("path", CLEAN, ids=names(CLEAN))
def test_what_projects_of_both_generations_wrote_well_has_no_finding(path: Path, findings: Findings) -> None:
    assert findings.get(path.relative_to(HERE).as_posix(), []) == []


def test_our_own_content_has_no_finding_as_bare_files_either(tmp_path: Path) -> None:
    content = shipped()
    shutil.copy(content.root / "gridlingua.toml", tmp_path)
    graphs = [*content.shapes.glob("**/*.ttl"), *content.ontologies.glob("*.ttl")]
    for path in [*content.patterns.glob("*/*/*.rq"), *graphs]:
        # below folders of other names: these are no catalogue
        copy = tmp_path / "bare" / path.relative_to(content.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    shutil.move(tmp_path / "bare" / "shapes", tmp_path / "constraints")
    assert found_in(tmp_path.resolve()) == {}
