"""An exchange from an example, from words, and from answers on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridlingua.catalogue import shipped
from gridlingua.cli import app

from .conftest import Workshop

CASE = {
    "request": {"deviceId": "D-17", "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"},
    "reply": {
        "deviceId": "D-17",
        "measurementUnit": "kW",
        "status": "Active",
        "homepage": "https://device.example.org/17",
        "installed": "2024-05-01",
        "values": [
            {"time": "2026-01-01T00:00:00Z", "value": 1.25, "estimated": False},
            {"time": "2026-01-01T00:15:00Z", "value": 2, "estimated": True},
        ],
    },
}


def test_a_schema_is_inferred_from_an_example_and_the_example_is_kept(workshop: Workshop) -> None:
    path = workshop.file("case.json", json.dumps(CASE))
    said = workshop.new("grid/load", "--example", path, "--rest", "GET /Devices/{deviceId}/Load").output
    workshop.passes("grid/load")
    fields = workshop.declared("grid/load")["reply"]["fields"]
    assert fields["homepage"]["as"] == "anyURI"
    assert fields["installed"]["as"] == "date"
    assert fields["value"]["as"] == "decimal"
    assert fields["estimated"]["as"] == "boolean"
    assert fields["measurementUnit"]["with"] == "unit"
    assert json.loads(workshop.read("graph_patterns/grid/load/examples/example.json")) == CASE
    assert "the example has Active: is it a list of codes" in said
    assert "which units may this be?" in said
    assert workshop.schema("grid/load", "reply")["properties"]["measurementUnit"]["enum"] == ["W", "kW", "MW", "GW"]


def test_one_message_is_the_request_of_a_post(workshop: Workshop) -> None:
    path = workshop.file("offer.json", json.dumps([{"offerId": "O-1", "price": 0.25, "priceUnit": "EUR/kWh"}]))
    workshop.new("market/offers", "--example", path, "--rest", "POST /offers")
    workshop.passes("market/offers")
    assert "?offer a s4ener:FlexOffer" in workshop.pattern("market/offers", ".argument")
    assert workshop.declared("market/offers")["request"]["keys"] == {"/*": "offerId"}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("{", "not JSON"),
        ({"request": {"a": None}}, "null says nothing of what may stand here"),
        ({"request": {"a": []}}, "an empty array says nothing of its elements"),
        ({"request": [{"a": 1}, {"a": "x"}]}, "integer and string stand here; a field is of one type"),
        ({"request": {}}, "an empty object says nothing"),
    ],
)
def test_an_example_that_says_too_little_is_refused(workshop: Workshop, message: object, said: str) -> None:
    path = workshop.file("case.json", message if isinstance(message, str) else json.dumps(message))
    result = workshop.new("a/b", "--example", path, "--rest", "POST /x", status=1)
    assert said in " ".join(result.output.split())
    assert workshop.is_untouched()


WORDS = (
    *("--request", "meterId, from: time, to: time"),
    *("--reply", "meterId, readings[].time: time, readings[].power: number kW, readings[].phase: A|B|C"),
    *("--rest", "GET /Meters/{meterId}/Load"),
)
ALL = (
    *("--title", "Load of a meter", "--source", "our own", "--initiator", "dso", "--responder", "third_party"),
    *("--access", "granted"),
)


def test_words_and_options_leave_nothing_undecided_that_they_say(workshop: Workshop) -> None:
    workshop.new("metering/load", *WORDS, *ALL)
    warnings = [one for one in workshop.passes("metering/load") if Path(one.path).name == "exchange.yaml"]
    assert warnings == []
    declared = workshop.declared("metering/load")
    assert {key: declared[key] for key in ("title", "source", "kind", "initiator", "responder", "access")} == {
        "title": "Load of a meter",
        "source": "our own",
        "kind": "ask",
        "initiator": "dso",
        "responder": "third_party",
        "access": "granted",
    }


def test_without_a_terminal_guesses_are_marked_with_the_option_that_decides(workshop: Workshop) -> None:
    said = workshop.new("metering/load", *WORDS).output
    for option in ("--initiator", "--responder", "--access"):
        assert f"It is a guess ({option})" in said or f"own is a guess ({option})" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load",), "an id is service/name in small letters, digits and _"),
        (("Metering/LoadOfMeter", *WORDS), "such as metering/load_of_meter"),
        (("a/b",), "give --openapi FILE with --operation, --example FILE, or --request and --reply"),
        (("a/b", *WORDS, "--access", "secret"), "'secret' is none of open, own, granted, aggregated"),
        (("a/b", *WORDS, "--initiator", "The DSO"), "'The DSO' is no party"),
        (("a/b", *WORDS, "--kind", "tell"), "'tell' is none of ask, post"),
        (("a/b", "--reply", "x: numbr", "--rest", "GET /x"), "there is no type 'numbr'; there are text, number"),
        (("a/b", "--reply", "x", "--rest", "FETCH /x"), "'FETCH /x' is no operation: write the method and the path"),
        (("a/b", *WORDS, "--drop", "/x"), "--keep and --drop are for operations of --openapi"),
    ],
)
def test_wrong_usage_is_told_with_what_is_right(workshop: Workshop, arguments: Sequence[str], said: str) -> None:
    status = 1 if "numbr" in " ".join(arguments) else 2
    result = workshop.new(*arguments, status=status)
    assert said in " ".join(result.output.replace("│", " ").split())
    assert workshop.is_untouched()


def test_a_folder_that_is_there_is_never_overwritten(workshop: Workshop) -> None:
    workshop.new("metering/load", *WORDS)
    before = {path: path.read_bytes() for path in workshop.catalogue.rglob("*") if path.is_file()}
    result = workshop.new("metering/load", *WORDS, status=1)
    assert "is there already, and is not overwritten" in result.output
    assert {path: path.read_bytes() for path in workshop.catalogue.rglob("*") if path.is_file()} == before


def test_a_catalogue_whose_ontologies_lack_a_term_is_told_which(workshop: Workshop) -> None:
    (workshop.catalogue / "ontologies").mkdir()
    for path in (shipped().root / "ontologies").glob("saref-*.json"):
        shutil.copy(path, workshop.catalogue / "ontologies")
    result = workshop.new("metering/load", *WORDS, status=1)
    assert "the ontologies of this catalogue have no gl:Query" in result.output
    assert not (workshop.catalogue / "graph_patterns").exists()


def test_a_second_exchange_of_the_same_meaning_is_refused(workshop: Workshop) -> None:
    workshop.new("metering/load", *WORDS)
    result = workshop.new("metering/again", *WORDS[:4], "--rest", "GET /Again/{meterId}", status=1)
    assert "metering/load asks for the same" in result.output
    assert not (workshop.catalogue / "graph_patterns/metering/again").exists()
    assert not (workshop.catalogue / "shapes/metering/again.ttl").exists()


class Terminal:
    """A terminal with the command on it."""

    def __init__(self, workshop: Workshop, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "gridlingua", "new", *arguments, "--catalogue", str(workshop.catalogue)]
        environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            # a shell's background jobs, and what they start, ignore Ctrl-C
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(theirs)
        self.seen = ""

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, and answer it."""
        before = len(self.seen)
        limit = time.monotonic() + 30
        while question not in self.seen[before:]:
            assert time.monotonic() < limit, self.seen
            if select.select([self._ours], [], [], 0.2)[0]:
                self.seen += os.read(self._ours, 4096).decode()
        os.write(self._ours, f"{text}\n".encode())

    def end(self) -> int:
        """The status when the command is done."""
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            try:
                if select.select([self._ours], [], [], 0.2)[0]:
                    self.seen += os.read(self._ours, 4096).decode()
            except OSError:  # the other end is closed
                break
        status = self.process.wait(30)
        os.close(self._ours)
        return status


def test_a_terminal_is_asked_and_a_wrong_answer_is_asked_again(workshop: Workshop) -> None:
    terminal = Terminal(workshop, "metering/load", "--access", "own")
    terminal.answer("What does the request say", "meterId: nothing")
    terminal.answer("there is no type 'nothing'", "meterId")
    terminal.answer("What does the reply say", "meterId, power: number kW, time: time")
    terminal.answer("REST operation? [GET /metering/load]", "somewhere")
    terminal.answer("is no operation: write the method and the path", "GET /Meters/{meterId}/Load")
    terminal.answer("What is it, in a few words? [Load]", "")
    assert workshop.is_untouched()
    terminal.answer("Which passage describes it? [not said]", "our own")
    terminal.answer("Which party asks or posts? [service_provider]", "")
    terminal.answer("Which party answers or reacts? [dso]", "")
    assert terminal.end() == 0, terminal.seen
    assert "UNDECIDED" not in workshop.read("graph_patterns/metering/load/exchange.yaml")
    workshop.passes("metering/load")


def test_the_postal_code_of_a_zone_is_said_as_the_catalogue_says_it(workshop: Workshop) -> None:
    words = ("--request", "", "--reply", "[].zoneId, [].postalCode, [].country", "--rest", "GET /Zones")
    workshop.new("grid/zones", *words)
    workshop.passes("grid/zones")
    assert "gn:postalCode ?postalCode ; gn:countryCode ?country" in workshop.pattern("grid/zones")


def test_ctrl_c_leaves_nothing(workshop: Workshop) -> None:
    terminal = Terminal(workshop, "metering/load", *WORDS)
    terminal.answer("What is it, in a few words?", "")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() in (1, 130)
    assert "Traceback" not in terminal.seen
    assert workshop.is_untouched()


@pytest.mark.parametrize(("is_there", "first"), [(True, "# yaml-language-server: $schema="), (False, "title: ")])
def test_the_declaration_leads_an_editor_to_the_schema_where_the_catalogue_has_it(
    is_there: bool, first: str, workshop: Workshop
) -> None:
    if is_there:
        workshop.file("catalogue/exchange.schema.json", CliRunner().invoke(app, ["schema", "exchange"]).stdout)
    workshop.new("grid/load", "--rest", "GET /Load", "--request", "", "--reply", "meterId, power: number kW", "--yes")
    path = "graph_patterns/grid/load/exchange.yaml"
    line = workshop.read(path).splitlines()[0]
    assert line.startswith(first)
    named = (workshop.catalogue / path).parent / line.partition("$schema=")[2]
    assert named.exists()


def test_the_number_of_an_acknowledgement_is_its_own_and_no_second_acknowledgement(workshop: Workshop) -> None:
    said = ("--request", "meterId, power: number kW", "--reply", "ackId, receivedAt: time")
    workshop.new("grid/limit", "--rest", "POST /Limits", *said, "--yes")
    pattern = workshop.pattern("grid/limit", ".result")
    assert pattern.count("gl:Acknowledgement") == 1
    assert "?acknowledgement a gl:Acknowledgement ; gl:acknowledges ?limit ; saref:hasIdentifier ?ackId" in pattern
    workshop.passes("grid/limit")
