"""``gridlingua engine`` as an operator runs it."""

import signal
import socket
import subprocess
import sys

import pytest
import requests

COMMAND = [sys.executable, "-c", "import typer; from gridlingua.cli.engine import engine; typer.run(engine)"]


@pytest.fixture
def start():
    processes = []

    def run(*arguments, **environment):
        process = subprocess.Popen(
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment or None
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        with process:
            process.kill()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_once_it_answers_and_ends_cleanly_on_a_signal(start, sign):
    process = start("--port", "0")
    line = process.stdout.readline()
    assert line.startswith("Knowledge engine at http://127.0.0.1:")
    url = line.split()[-1]
    assert requests.get(f"{url}/version", timeout=5).json() == {"version": "1.5.0"}
    process.send_signal(sign)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_a_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert err == (
        f"gridlingua engine: cannot listen on 127.0.0.1 port {port} (Address already in use); "
        "choose another with --port\n"
    )


def test_options_come_from_the_environment_too(start):
    process = start(GRIDLINGUA_ENGINE_PORT="0", PATH="")
    assert "127.0.0.1" in process.stdout.readline()
