"""The demonstration, small, with its real processes."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridlingua.demo import Demonstration, Setting, let_in
from gridlingua.demo.calls import call
from gridlingua.demo.databases import make_ready
from gridlingua.demo.processes import Processes
from gridlingua.demo.readings import load_readings
from gridlingua.demo.setting import AGGREGATOR, DSO

WINDOW = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
DEADLINE = 15.0  # the adapter's own is 10 s


def test_the_demonstration_ends_well_and_shows_every_step(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gridlingua", "demo", "--customers", "20", "--folder", str(tmp_path / "demo")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("SHACL: request conforms") >= 6
    assert "reply=288" in done.stdout
    for refusal in ("The unit must be one of power", "The end must be after the start", "it was withdrawn at"):
        assert refusal in done.stdout
    assert done.stdout.count("could come until") == 2
    for outcome in ("the plan is the same both ways (3)", "delivery and settlement are the same both ways (2)"):
        assert outcome in done.stdout
    assert "Everything was as it should be." in done.stdout


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dso.sqlite").write_text("mine")
    command = [sys.executable, "-m", "gridlingua", "demo", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert (tmp_path / "dso.sqlite").read_text() == "mine"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Demonstration]:
    setting = Setting(tmp_path, customers=10, zones=1)
    make_ready(setting)
    load_readings(setting, lambda _: None)
    with Processes(tmp_path) as processes:
        demonstration = Demonstration(setting, processes, let_in(setting))
        demonstration.start()
        assert call(demonstration, "aggregator adapter", "GET", "/Flexibility/Needs", query=WINDOW).json() == []
        yield demonstration


def refused(demonstration: Demonstration) -> dict[str, object]:
    """What the aggregator is told when it asks for needs; the answer must come within the deadline."""
    started = time.monotonic()
    response = call(demonstration, "aggregator adapter", "GET", "/Flexibility/Needs", query=WINDOW)
    assert time.monotonic() - started < DEADLINE
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    document: dict[str, object] = response.json()
    assert document["status"] == response.status_code
    return document


def test_a_killed_service_adapter_or_engine_is_named_within_the_deadline(running: Demonstration) -> None:
    running.processes.stop("dso services", how=signal.SIGKILL)
    document = refused(running)
    assert (document["status"], document["party"], document["retry"]) == (503, DSO, True)
    assert "flexibility service cannot be reached" in str(document["detail"])

    running.processes.stop("dso adapter", how=signal.SIGKILL)
    document = refused(running)
    assert document["status"] in (503, 504)
    assert document["party"] == DSO

    running.processes.stop("engine", how=signal.SIGKILL)
    document = refused(running)
    assert document["status"] == 503
    assert "engine" in str(document["detail"])

    running.processes.stop("aggregator adapter", how=signal.SIGTERM)
    response = call(running, "aggregator services", "POST", "/operator/aggregator/offers", body=WINDOW)
    assert response.status_code == 503
    assert AGGREGATOR not in response.text
