"""``gridlingua engine`` as an operator runs it."""

import signal
import socket
import subprocess
import sys

import pytest
import requests
from typer.testing import CliRunner

from gridlingua.cli import app
from gridlingua.cli.engine import Version
from gridlingua.engine.compat import VERSIONS

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


@pytest.mark.parametrize(
    ("arguments", "environment", "version"),
    [([], {}, "1.5.0"), (["--compat", "1.4"], {}, "1.4.0"), ([], {"GRIDLINGUA_ENGINE_COMPAT": "1.4"}, "1.4.0")],
    ids=["by itself", "option", "environment"],
)
def test_it_behaves_like_the_version_it_is_told(start, arguments, environment, version):
    process = start("--port", "0", *arguments, PATH="", **environment)
    url = process.stdout.readline().split()[-1]
    assert requests.get(f"{url}/version", timeout=5).json() == {"version": version}


def test_it_can_be_told_every_version_there_is():
    assert list(Version) == list(VERSIONS)


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


def make_token(*arguments):
    result = CliRunner().invoke(app, ["engine-token", *map(str, arguments)])
    return result.exit_code, result.stdout.strip(), result.stderr.strip()


def test_a_token_that_was_made_opens_the_engine_that_has_its_file(start, tmp_path):
    path = tmp_path / "tokens"
    path.write_text("# ours", "utf-8")
    status, token, told = make_token("--tokens", path, "dso", "http://dso.example/kb")
    assert (status, told) == (0, "")
    assert token not in path.read_text("utf-8")
    url = start("--port", "0", "--tokens", path).stdout.readline().split()[-1]
    assert requests.get(f"{url}/sc", timeout=5).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{url}/sc", headers=headers, timeout=5).json() == []
    headers["Knowledge-Base-Id"] = "http://other.example/kb"
    assert requests.delete(f"{url}/sc", headers=headers, timeout=5).status_code == 403


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["dso", "kb1"], "kb1 is no knowledge base id"),
        (["the dso", "http://dso.example/kb"], "the name is one word"),
        (["#dso", "http://dso.example/kb"], "the name is one word"),
    ],
)
def test_a_token_for_nobody_is_not_made(tmp_path, arguments, told):
    status, token, said = make_token("--tokens", tmp_path / "tokens", *arguments)
    assert (status, token, (tmp_path / "tokens").exists()) == (1, "", False)
    assert told in said


def test_a_token_is_not_added_to_a_file_that_is_none_of_tokens(tmp_path):
    path = tmp_path / "letter"
    path.write_text("Dear Sirs\n", "utf-8")
    status, _, said = make_token("--tokens", path, "dso", "http://dso.example/kb")
    assert (status, path.read_text("utf-8")) == (1, "Dear Sirs\n")
    assert f"{path}:1: " in said


def test_a_file_of_tokens_that_is_wrong_is_a_sentence(start, tmp_path):
    path = tmp_path / "tokens"
    path.write_text("dso\n", "utf-8")
    out, err = start("--port", "0", "--tokens", path).communicate(timeout=20)
    assert out == ""
    assert err.startswith(f"gridlingua engine: {path}:1: after the name dso comes the SHA-256")


def test_listening_to_others_without_tokens_is_warned_of(start):
    process = start("--port", "0", "--host", "0.0.0.0")
    assert process.stdout.readline().startswith("Knowledge engine at http://0.0.0.0:")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=10)
    assert err == (
        "gridlingua engine: warning: anybody who reaches 0.0.0.0 can act for any knowledge base. "
        "Give --tokens, or listen on 127.0.0.1 behind a proxy that asks who calls.\n"
    )


def test_listening_to_others_with_tokens_is_not(start, tmp_path):
    path = tmp_path / "tokens"
    path.touch()
    process = start("--port", "0", "--host", "0.0.0.0", "--tokens", path)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=10)[1] == ""


def test_limits_are_off_or_on_as_the_options_say(start):
    url = start("--port", "0", "--max-body", "1", "--rate", "0.1", "--burst", "2").stdout.readline().split()[-1]
    headers = {"Content-Type": "application/json"}
    assert requests.post(f"{url}/sc", data=b" " * (2**20 + 1), headers=headers, timeout=5).status_code == 413
    assert requests.get(f"{url}/sc", timeout=5).status_code == 200
    assert requests.get(f"{url}/sc", timeout=5).status_code == 429


def test_a_file_of_knowledge_is_what_everybody_reasons_with_at_the_level_that_is_given(start, tmp_path):
    (tmp_path / "facts.rules").write_text("-> (<http://ex.org/a> <http://ex.org/p> 'one') .", "utf-8")
    process = start("--port", "0", "--knowledge", str(tmp_path / "facts.rules"), "--reasoner-level", "3")
    url = process.stdout.readline().split()[-1]
    body = {"knowledgeBaseId": "http://ex.org/A", "knowledgeBaseName": "n", "knowledgeBaseDescription": "d"}
    assert requests.post(f"{url}/sc", json=body, timeout=5).status_code == 200
    headers = {"Knowledge-Base-Id": "http://ex.org/A"}
    assert requests.get(f"{url}/sc", headers=headers, timeout=5).json()[0]["reasonerLevel"] == 3
    ask = {
        "knowledgeInteractionType": "AskKnowledgeInteraction",
        "knowledgeInteractionName": "q",
        "graphPattern": "?s <http://ex.org/p> ?o",
    }
    assert requests.post(f"{url}/sc/ki", json=ask, headers=headers, timeout=5).status_code == 200
    headers["Knowledge-Interaction-Id"] = "http://ex.org/A/interaction/q"
    told = requests.post(f"{url}/sc/ask", json=[], headers=headers, timeout=5).json()
    assert told["bindingSet"] == [{"s": "<http://ex.org/a>", "o": '"one"'}]


def test_knowledge_that_does_not_read_ends_the_command_with_the_line(start, tmp_path):
    (tmp_path / "facts.rules").write_text("# facts\n-> (?a <http://ex.org/p> 1) .", "utf-8")
    process = start("--port", "0", "--knowledge", str(tmp_path / "facts.rules"))
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"{tmp_path / 'facts.rules'}: " in err
    assert "line 2: the head has the variable ?a, which a fact cannot have" in err


def test_a_file_of_knowledge_that_is_no_text_ends_the_command_with_a_sentence(start, tmp_path):
    (tmp_path / "facts.rules").write_bytes(b"\xff\xfe")
    process = start("--port", "0", "--knowledge", str(tmp_path / "facts.rules"))
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.startswith(f"gridlingua engine: {tmp_path / 'facts.rules'} cannot be read as text in UTF-8: ")


def test_a_caller_cannot_say_that_it_is_somebody_else(start):
    process = start("--port", "0", "--rate", "0.1", "--burst", "2")
    url = process.stdout.readline().split()[-1]
    calls = [requests.get(f"{url}/sc", headers={"X-Forwarded-For": f"10.0.0.{n}"}, timeout=5) for n in range(4)]
    assert [one.status_code for one in calls] == [200, 200, 429, 429]
