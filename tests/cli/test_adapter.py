"""`gridlingua adapter`, as a process."""

import os
import socket
import subprocess
import sys

import pytest

KB = "https://dso.example.org/kb"


def adapter(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gridlingua", "adapter", *arguments]
    whole = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=whole)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--party", "dsos", "--port", "0"], "no exchange has a party 'dsos'; there are data_service_provider, dso"),
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


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "refuses our credentials: This engine serves callers with a token"),
        ({"TOKEN": "wr0ng"}, "refuses our credentials: This engine does not know the token."),
        ({"TOKEN": "wr0ng", "USER": "dso"}, "GRIDLINGUA_ENGINE_TOKEN and GRIDLINGUA_ENGINE_USER are both set"),
    ],
)
def test_an_adapter_without_the_right_token_ends_with_a_sentence(
    guarded: tuple[str, str], environment: dict[str, str], said: str
) -> None:
    variables = {f"GRIDLINGUA_ENGINE_{name}": value for name, value in environment.items()}
    done = adapter("--party", "dso", "--knowledge-base", KB, "--port", "0", "--engine", guarded[0], **variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "wr0ng" not in done.stderr


def test_an_adapter_takes_its_token_from_the_environment(guarded: tuple[str, str]) -> None:
    url, token = guarded
    command = [sys.executable, "-m", "gridlingua", "adapter", "--party", "service_provider", "--knowledge-base", KB]
    environment = {**os.environ, "GRIDLINGUA_ENGINE_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--port", "0", "--engine", url], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith(f"Adapter of {KB} (service_provider) at http://127.0.0.1:")
        finally:
            process.terminate()
