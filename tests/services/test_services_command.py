"""The command that runs services, as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

RUN = "import typer; from gridlingua.cli.services import services; app = typer.Typer(); app.command()(services); app()"


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts the command in a folder of its own, where its database falls."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = command(tmp_path, "flexibility", "data_sharing", GRIDLINGUA_SERVICES_PORT="0", GRIDLINGUA_NAME="dso")
    with process:
        yield process
        process.kill()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_in_order_when_told_to(
    running: subprocess.Popen[str], tmp_path: Path, told: signal.Signals
) -> None:
    assert running.stdout is not None
    line = running.stdout.readline().strip()
    said, _, url = line.rpartition(" ")
    assert said == "Services flexibility, data_sharing at"
    assert url.startswith("http://127.0.0.1:")
    assert requests.get(f"{url}/ping", timeout=5).json() == {"name": "dso", "services": ["flexibility", "data_sharing"]}
    running.send_signal(told)
    assert (running.wait(10), running.communicate()) == (0, ("", ""))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gridlingua.sqlite"]  # the log is folded in


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with command(tmp_path, "flexibility", "--port", str(port)) as process:
            _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said == (
        f"gridlingua services: cannot listen on 127.0.0.1 port {port} (Address already in use); "
        "choose another with --port\n"
    )


def test_a_service_there_is_not_is_told_with_those_there_are(tmp_path: Path) -> None:
    with command(tmp_path, "nonsense") as process:
        _, said = process.communicate(timeout=20)
    assert (process.returncode, "there are accounts, aggregator, consent" in said) == (1, True)
