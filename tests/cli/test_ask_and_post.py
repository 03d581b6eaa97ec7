"""`gridlingua ask` and `gridlingua post`, against a real engine."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.cli import app
from gridlingua.engine import Request
from gridlingua.errors import MessageError

EX = ("--prefix", "ex=http://example.org/")
PATTERN = "?room ex:temperature ?value"
ROOMS = [{"room": f"<http://example.org/room/{n}>", "value": f'"{n}"'} for n in (1, 2)]


@pytest.fixture
def run(town: Any) -> Callable[..., Result]:
    def command(name: str, *arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(app, [name, *arguments, *EX, "--engine", town.url], **options)

    return command


def rooms(request: Request) -> list[dict[str, str]]:
    return [row for row in ROOMS if not request.rows or any(one.items() <= row.items() for one in request.rows)]


def acknowledged(request: Request) -> list[dict[str, str]]:
    return [{"room": row["room"], "by": '"me"'} for row in request.rows]


def refusing(request: Request) -> list[dict[str, str]]:
    raise MessageError("the sensor is being painted")


def test_the_rows_and_who_gave_them_are_shown(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", PATTERN, name="rooms"), handler=rooms)
    done = run("ask", PATTERN)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("2 rows\n")
    assert "ex:room" not in done.output.splitlines()[2]
    assert "http://example.org/room/2" in done.output
    assert "http://example.org/house rooms succeeded in " in done.output


def test_a_row_restricts_what_is_asked_for(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", PATTERN), handler=rooms)
    for row in ("room=<http://example.org/room/2>", ' ?room=<http://example.org/room/2>  value="2" '):
        done = run("ask", PATTERN, "--row", row, "--json")
        assert json.loads(done.output)["rows"] == [ROOMS[1]]


def test_several_rows_are_alternatives_and_may_come_from_a_file(town: Any, say: Any, run: Any, tmp_path: Path) -> None:
    town.join("house", say("answer", PATTERN), handler=rooms)
    done = run("ask", PATTERN, "--row", 'value="1"', "--row", 'value="2"', "--json")
    assert json.loads(done.output)["rows"] == ROOMS
    (tmp_path / "rows.json").write_text(json.dumps([{"value": '"2"'}]))
    done = run("ask", PATTERN, "--rows", str(tmp_path / "rows.json"), "--json")
    assert json.loads(done.output)["rows"] == ROOMS[1:]
    done = run("ask", PATTERN, "--rows", "-", "--json", input='[{"value": "\\"1\\""}]')
    assert json.loads(done.output)["rows"] == ROOMS[:1]


def test_a_party_that_fails_is_told_and_is_the_status(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", PATTERN), handler=rooms)
    town.join("shed", say("answer", PATTERN), handler=refusing)
    done = run("ask", PATTERN)
    assert done.exit_code == 1
    assert done.output.startswith("2 rows\n")
    assert "http://example.org/shed q failed after " in done.output
    assert "the sensor is being painted" in done.output


def test_a_stranger_does_not_write_escape_sequences_into_a_terminal(town: Any, say: Any, run: Any) -> None:
    def red(_: Request) -> list[dict[str, str]]:
        raise MessageError("\x1b[31mRED\x9b1m")

    red_rows = [{"room": "<http://example.org/r>", "value": '"\x1b]0;title\x07"'}]
    town.join("house", say("answer", PATTERN), handler=lambda _: red_rows)
    town.join("shed", say("answer", PATTERN), handler=red)
    done = run("ask", PATTERN)
    assert "\ufffd]0;title\ufffd" in done.output
    assert "\ufffd[31mRED\ufffd1m" in done.output
    told = run("ask", PATTERN, "--json").output
    assert "RED\\u009b1m" in told
    assert json.loads(told)["rows"] == red_rows
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.output + told)


def test_only_whom_it_is_for_is_asked(town: Any, say: Any, run: Any) -> None:
    house = town.join("house", say("answer", PATTERN), handler=rooms)
    town.join("shed", say("answer", PATTERN), handler=refusing)
    done = run("ask", PATTERN, "--to", house)
    assert done.exit_code == 0, done.output


def test_nobody_is_no_failure_but_it_is_said(run: Any) -> None:
    done = run("ask", PATTERN)
    assert done.exit_code == 0, done.output
    assert "nobody on the network answers this pattern at reasoner level 1" in done.output
    assert "nobody on the network reacts to this pattern" in run("post", PATTERN, "--row", 'room=ex:a value="1"').output


@pytest.mark.parametrize(
    "town", [{"knowledge": "-> (<http://example.org/a> <http://example.org/temperature> 1) ."}], indirect=True
)
def test_who_has_rows_from_domain_knowledge_is_not_told_that_nobody_answers(run: Any) -> None:
    done = run("ask", PATTERN, "--level", "2")
    assert "1 row\n" in done.output
    assert done.output.endswith("concluded from domain knowledge\n")
    assert "nobody" not in done.output


def test_parties_complete_one_another_from_level_2_on(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", PATTERN), handler=rooms)
    name = [{"room": ROOMS[0]["room"], "name": '"hall"'}]
    town.join("names", say("answer", "?room ex:name ?name"), handler=lambda _: name)
    asked = f"{PATTERN} . ?room ex:name ?name"
    assert json.loads(run("ask", asked, "--json").output)["exchanges"] == []
    done = run("ask", asked, "--json", "--level", "2")
    assert json.loads(done.output)["rows"] == [ROOMS[0] | name[0]]


def test_what_is_missing_is_told_on_request(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", PATTERN), handler=rooms)
    asked = ("ask", f"{PATTERN} . ?room ex:name ?name", "--gaps")
    assert "somebody would have to bring ?room <http://example.org/name> ?name" in run(*asked).output
    assert json.loads(run(*asked, "--json").output)["gaps"] == [["?room <http://example.org/name> ?name"]]
    assert json.loads(run("ask", PATTERN, "--json").output).keys() == {"rows", "exchanges"}


def test_purposes_decide_who_is_contacted(town: Any, say: Any, run: Any) -> None:
    actuation = ("https://w3id.org/knowledge-engine/ActuationPurpose",)
    town.join("house", say("react", PATTERN, required=actuation, satisfied=actuation), handler=lambda _: [])
    post = ("post", PATTERN, "--row", 'room=ex:a value="1"', "--json")
    assert json.loads(run(*post).output)["exchanges"] == []
    for purpose in ("ke:ActuationPurpose", actuation[0], f"<{actuation[0]}>"):
        assert len(json.loads(run(*post, "--purpose", purpose).output)["exchanges"]) == 1


def test_a_post_shows_what_came_back(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("react", PATTERN, "?room ex:acknowledgedBy ?by", name="set"), handler=acknowledged)
    done = run("post", PATTERN, "--row", 'room=ex:hall value="21"', "--result", "?room ex:acknowledgedBy ?by")
    assert done.exit_code == 0, done.output
    assert "1 row\n" in done.output
    assert "ex:hall" in done.output
    assert "http://example.org/house set succeeded in " in done.output
    assert ": 1 row there, 1 row back" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "?s foo:p ?o"], "the pattern: the prefix foo: is not declared: add --prefix foo=IRI"),
        (
            ["ask", "?s ex:p ?o .\n FILTER(?o > 1)"],
            "the pattern, line 2: a graph pattern holds triples only",
        ),
        (["ask", "?s ex:p"], "the pattern: "),
        (["ask", PATTERN, "--row", "value=1", "--row", "value=abc"], "--row 2, ?value: 'abc' is not an RDF term"),
        (["ask", PATTERN, "--row", 'value="open'], "--row 1, at 'value=\"open': not variable=term"),
        (
            ["ask", PATTERN, "--row", "value=foo:a"],
            "--row 1, ?value: the prefix foo: is not declared: add",
        ),
        (["ask", PATTERN, "--row", "value=1 value=2"], "--row 1: ?value is bound twice"),
        (
            ["ask", PATTERN, "--row", "other=1"],
            "row 1 binds ?other, which the pattern has not; its variables are",
        ),
        (["post", PATTERN, "--row", "value=1"], "row 1 leaves ?room open; a post binds every variable: ?room, ?value"),
        (["post", PATTERN], "nothing to post: give at least one --row"),
        (["post", PATTERN, "--row", "value=1 room=ex:a", "--result", "?a zz:b ?c"], "--result: the prefix zz: is not"),
        (["ask", PATTERN, "--rows", "nowhere.json"], "--rows nowhere.json: "),
        (["ask", PATTERN, "--prefix", "foo"], "--prefix 'foo' is not prefix=IRI"),
        (["ask", PATTERN, "--purpose", "Actuation"], "--purpose 'Actuation' is neither an IRI nor a name"),
        (
            ["ask", PATTERN, "--engine", "localhost:8280"],
            "the engine's URL 'localhost:8280' does not start with http://",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence_with_its_place(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, [*arguments, *EX])
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert done.stderr.startswith(f"gridlingua {arguments[0]}: ")
    assert done.stderr.count("\n") == 1


def test_rows_of_a_file_are_told_by_their_number(run: Any) -> None:
    done = run("ask", PATTERN, "--rows", "-", input='[{"value": 1}, {"value": "x"}]')
    assert (done.exit_code, "--rows -, row 2, ?value: 'x' is not an RDF term" in done.stderr) == (2, True)
    done = run("ask", PATTERN, "--rows", "-", input='{"value": 1}')
    assert (done.exit_code, "--rows -: not an array of objects" in done.stderr) == (2, True)


def test_no_engine_is_a_status_of_its_own() -> None:
    done = CliRunner().invoke(app, ["ask", PATTERN, *EX, "--engine", "http://127.0.0.1:1/rest"])
    assert done.exit_code == 3
    assert "http://127.0.0.1:1/rest cannot be reached" in done.stderr


def test_a_token_that_does_not_cover_the_temporary_id_is_told_what_to_give(
    guarded: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = guarded
    monkeypatch.setenv("GRIDLINGUA_ENGINE_TOKEN", token)
    asked = ["ask", PATTERN, *EX, "--engine", url]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 3, done.output
    assert "may act for https://dso.example.org/kb and not for https://w3id.org/gridlingua/command/" in done.stderr
    assert done.stderr.endswith(". Give --as an id that your token covers.\n")
    assert CliRunner().invoke(app, [*asked, "--as", "https://dso.example.org/kb"]).exit_code == 0
    monkeypatch.setenv("GRIDLINGUA_ENGINE_TOKEN", "wr0ng")
    done = CliRunner().invoke(app, asked)
    assert (done.exit_code, "--as" in done.stderr) == (3, False)


@pytest.mark.parametrize(
    "command", [["ask", PATTERN, *EX], ["post", PATTERN, *EX, "--row", "room=1 value=1"], ["network"]]
)
def test_where_something_else_answers_the_end_of_the_url_is_told(town: Any, command: list[str]) -> None:
    for url, hinted in ((town.url.removesuffix("/rest"), True), (f"{town.url}/no/rest", False)):
        done = CliRunner().invoke(app, [*command, "--engine", url])
        assert done.exit_code == 3, done.output
        assert "404" in done.stderr
        assert done.stderr.endswith("; its URL ends in /rest\n") == hinted


def test_nobody_is_pushed_off_the_network(town: Any, say: Any, run: Any) -> None:
    house = town.join("house", say("answer", PATTERN), handler=rooms)
    done = run("ask", PATTERN, "--as", house)
    assert done.exit_code == 2
    assert f"--as {house}: a knowledge base of that id is on the network already" in done.stderr
    assert town.names == [house]


def test_nobody_stays_behind(town: Any, say: Any, run: Any) -> None:
    house = town.join("house", say("answer", PATTERN), handler=rooms)
    seen: list[str] = []
    town.join("witness", say("answer", "?x ex:seen ?y"), handler=lambda _: seen.extend(town.names) or [])
    assert run("ask", "?x ex:seen ?y", "--as", "http://example.org/me").exit_code == 0
    assert "http://example.org/me" in seen
    assert town.names == [house, "http://example.org/witness"]


def hear_interrupts() -> None:
    """Whoever started the tests in the background made all their processes deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_who_is_interrupted_leaves_too(town: Any, say: Any, sign: signal.Signals) -> None:
    asked = []
    silent = town.join("silent", say("answer", PATTERN), handler=lambda request: asked.append(request) or time.sleep(1))
    command = [sys.executable, "-m", "gridlingua", "ask", PATTERN, *EX, "--engine", town.url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_interrupts
    ) as process:
        while not asked and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(sign)
        out, error = process.communicate(timeout=20)
    assert (process.returncode, out, error) == (130, "", "")
    assert town.names == [silent]


def test_it_has_a_lease_so_that_what_is_killed_is_forgotten(town: Any, say: Any) -> None:
    leases: list[int | None] = []

    def noting(_: Request) -> list[dict[str, str]]:
        leases.extend(one.lease for one in town.network.knowledge_bases() if "command" in one.id)
        return []

    town.join("house", say("answer", PATTERN), handler=noting)
    CliRunner().invoke(app, ["ask", PATTERN, *EX, "--engine", town.url])
    assert leases == [30]
