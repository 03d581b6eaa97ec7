"""Everything on one machine with sample data: what is printed works, and what was there goes on."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

RUN = "import typer; from gridlingua.cli.serve import serve; app = typer.Typer(); app.command()(serve); app()"


def hear_interrupts() -> None:
    """Whoever started the tests in the background made all their processes deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(folder: Path, end: signal.Signals = signal.SIGINT) -> Iterator[str]:
    """What the command says once everything runs."""
    options = ["--port", "0", "--customers", "10", "--zones", "1", "--folder", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *options], stdout=subprocess.PIPE, text=True, preexec_fn=hear_interrupts
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "/consent/" in line:
            break
    try:
        yield said
    finally:
        process.send_signal(end)
        process.communicate(timeout=60)
    assert process.returncode == 0


def tried(said: str) -> list[tuple[str, str]]:
    """Body and status of what is answered to the calls that are printed, made by a shell with curl."""
    lines = [line.strip() for line in said.splitlines() if line.startswith(("   TOKEN=", "   curl "))]
    script = "\n".join(line.replace("curl -H", "curl -s -w '\\n%{http_code}\\n' -H") for line in lines)
    answers = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
    return re.findall(r"(.*)\n(\d{3})\n", answers)


def metered_ahead(folder: Path) -> int:
    """How many readings there are of quarter-hours that are not over."""
    with closing(sqlite3.connect(folder / "dso.sqlite")) as database:
        (count,) = database.execute(
            "SELECT count(*) FROM data_sharing_readings WHERE (quarter + 1) * 900 > ?", [time.time()]
        ).fetchone()
    return int(count)


def consent(said: str) -> str:
    return said.split()[-1]


def test_what_is_printed_works_and_a_second_start_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path / "kept") as said:
        (needs, status), (metering, granted), (over_the_network, carried) = tried(said)
        assert (status, granted, carried) == ("200", "200", "200")
        assert needs.count("requestId") >= 1
        assert json.loads(needs) == json.loads(over_the_network)
        assert metering.count("measurement") in (92, 96, 100)
        assert "U000003" in requests.get(consent(said), timeout=20).text
        playground = re.search(r"playground +(http\S+)", said)
        assert playground is not None
        assert "<title>gridlingua playground</title>" in requests.get(playground[1], timeout=20).text
        secret = re.search(r"secret +(\S+)", said)
        assert not metered_ahead(tmp_path / "kept")
    with serving(tmp_path / "kept", signal.SIGTERM) as said:
        assert [status for _, status in tried(said)] == ["200"] * 3
        assert tried(said)[0][0] == needs
        assert secret is not None
        assert secret[1] not in said
        assert requests.get(consent(said), timeout=20).status_code == 200
    for url in re.findall(r"(http://\S+)/docs", said):
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=5)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    command = [sys.executable, "-c", RUN, "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "holds something else" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]
