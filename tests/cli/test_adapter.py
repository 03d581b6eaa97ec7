"""`gridlingua adapter`, as a process."""

import socket
import subprocess
import sys

import pytest


def adapter(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gridlingua", "adapter", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--party", "dsos", "--port", "0"], "no exchange has a party 'dsos'; there are dso, service_provider"),
        (["--party", "dso", "--service", "flexibility=localhost:1"], "does not start with http:// or https://"),
        (["--party", "dso", "--service", "flexibilty=http://localhost:1"], "no exchange has a service 'flexibilty'"),
        (["--party", "dso", "--responder", "nonsense"], "responder 'nonsense' is no absolute IRI"),
        (["--party", "dso", "--resource-base", "a b"], "resource base 'a b' is no absolute IRI"),
        (["--party", "dso", "--engine", "nonsense"], "the engine's URL 'nonsense' does not start with http://"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    done = adapter("--knowledge-base", "https://dso.example.org/kb", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = adapter("--party", "dso", "--knowledge-base", "https://dso.example.org/kb", "--port", port)
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr
