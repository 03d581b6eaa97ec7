"""The page of conformance says what became of the cases of the contract when they last ran."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

CONTRACT = Path("tests/engine/contract")


def test_the_page_has_the_results_that_were_recorded(root: Path) -> None:
    table = root / CONTRACT / "table.py"
    done = subprocess.run([sys.executable, str(table), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_case_held_or_is_listed(root: Path) -> None:
    results = json.loads((root / CONTRACT / "results.json").read_text("utf-8"))
    assert set(results) == {"embedded", "over HTTP", "compat 1.4", "fake", "stock 1.4", "stock 1.5"}
    listed = tomllib.loads((root / CONTRACT / "exceptions.toml").read_text("utf-8"))["exception"]
    excepted = {(target, case) for one in listed for target in one["targets"] for case in one["cases"]}
    for target, outcomes in results.items():
        assert set(outcomes.values()) <= {"passed", "excepted"}
        assert {case for case, outcome in outcomes.items() if outcome == "excepted"} == {
            case for name, case in excepted if name == target
        }


def test_every_target_ran_the_same_cases(root: Path) -> None:
    results = json.loads((root / CONTRACT / "results.json").read_text("utf-8"))
    embedded, fake = set(results.pop("embedded")), set(results.pop("fake"))
    over_http = set(results["over HTTP"])
    assert all(set(outcomes) == over_http for outcomes in results.values())
    assert embedded < over_http
    assert fake == embedded
