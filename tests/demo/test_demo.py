"""The demonstration, small, with its real processes."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from gridlingua.demo import Demonstration, Setting
from gridlingua.demo.network import AGGREGATOR, DSO, load_readings
from gridlingua.demo.processes import Processes

WINDOW = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
DEADLINE = 15.0  # the adapter's own is 10 s


def test_the_demonstration_ends_well_and_shows_every_step(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gridlingua", "demo", "--customers", "20", "--folder", str(tmp_path / "demo")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("conforms") >= 10
    assert "reply=96" in done.stdout
    for refusal in ("The unit must be one of power", "The end must be after the start", "403 Forbidden"):
        assert refusal in done.stdout
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
    load_readings(setting, lambda _: None)
    with Processes(tmp_path) as processes:
        demonstration = Demonstration(setting, processes)
        demonstration.start()
        assert (
            requests.get(demonstration.url("aggregator adapter") + "/Flexibility/Needs", WINDOW, timeout=20).json()
            == []
        )
        yield demonstration


def refused(demonstration: Demonstration) -> dict[str, object]:
    """What the aggregator is told when it asks for needs; the answer must come within the deadline."""
    started = time.monotonic()
    response = requests.get(demonstration.url("aggregator adapter") + "/Flexibility/Needs", WINDOW, timeout=60)
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
    response = requests.post(
        running.url("aggregator services") + "/operator/aggregator/offers", json=WINDOW, timeout=20
    )
    assert response.status_code == 503
    assert AGGREGATOR not in response.text


def hear_interrupts() -> None:
    """Whoever started the tests in the background made all their processes deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_it_ends_all_its_processes(tmp_path: Path, how: signal.Signals) -> None:
    command = [
        sys.executable,
        "-m",
        "gridlingua",
        "demo",
        "--serve",
        "--customers",
        "10",
        "--folder",
        str(tmp_path / "d"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=hear_interrupts)
    assert process.stdout is not None
    urls = []
    for line in process.stdout:
        if "http://" in line:
            urls.append("http://" + line.split("http://")[1].split()[0].rstrip(","))
        if "aggregator adapter" in line:
            break
    process.send_signal(how)
    process.communicate(timeout=60)
    assert len(urls) == 5
    for url in urls:
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=5)
