"""`gridlingua match` reads patterns where other projects keep them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gridlingua.cli import app

PREFIXES = {"saref": "https://saref.etsi.org/core/", "s4ener": "https://saref.etsi.org/saref4ener/"}
DEVICE, SENSOR = "?d a saref:Device .", "?s a saref:Sensor ; saref:hasIdentifier ?i ."
KE_JSON = {
    "knowledgeInteractions": [
        {
            "knowledgeInteractionType": "AnswerKnowledgeInteraction",
            "knowledgeInteractionName": "devices",
            "prefixes": PREFIXES,
            "graphPattern": DEVICE,
        },
        {
            "knowledgeInteractionType": "ReactKnowledgeInteraction",
            "knowledgeInteractionName": "switch",
            "prefixes": PREFIXES,
            "argumentGraphPattern": DEVICE,
            "resultGraphPattern": SENSOR,
        },
    ]
}


def match(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["match", *map(str, arguments)], env={"COLUMNS": "160"})


@pytest.fixture
def peer(tmp_path: Path) -> Path:
    file = tmp_path / "peer.json"
    file.write_text(json.dumps(KE_JSON, indent=1))
    return file


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    file = tmp_path / "ours.rq"
    file.write_text("PREFIX saref: <https://saref.etsi.org/core/>\n?x a saref:Device .")
    return file


def test_a_registration_is_named_after_its_file(peer: Path, ours: Path) -> None:
    done = match(ours, f"{peer}#devices")
    assert done.exit_code == 0, done.output
    assert f"B answers: {peer}#devices" in done.stdout


def test_argument_and_result_of_a_registration_belong_together(peer: Path) -> None:
    done = match(f"{peer}#switch", f"{peer}#switch")
    assert done.exit_code == 0, done.output
    for text in ("A posts:", "B reacts:", "argument: 1 triples", "result: 2 triples"):
        assert text in done.stdout


def test_of_several_patterns_one_must_be_named(peer: Path, ours: Path) -> None:
    done = match(ours, peer)
    assert done.exit_code == 2
    assert f"there are {peer}#devices, {peer}#switch" in done.stderr
    done = match(ours, f"{peer}#nothing")
    assert f"there is no pattern 'nothing'; there are {peer}#devices" in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kb.yaml", "graphPattern: |\n  ?d a saref:Device .\nprefixes:\n  saref: https://saref.etsi.org/core/\n"),
        ("kb.properties", "graph.pattern = ?d a <https://saref.etsi.org/core/Device> .\n"),
    ],
)
def test_a_file_with_one_pattern_needs_no_name(tmp_path: Path, ours: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    done = match(ours, file)
    assert done.exit_code == 0, done.output


def test_a_pattern_that_cannot_be_read_is_told_with_the_line_of_its_file(tmp_path: Path, ours: Path) -> None:
    file = tmp_path / "kb.yaml"
    file.write_text("name: x\ngraphPattern: |\n  ?d a saref:Device .\n  FILTER(?d > 1)\n")
    done = match(ours, file)
    assert done.exit_code == 2
    assert f"{file}:4: a graph pattern holds triples only, not FILTER" in done.stderr.replace("\n", "")


def test_files_without_a_pattern_are_told_in_a_sentence(tmp_path: Path, ours: Path) -> None:
    for name, text, said in (
        ("none.json", "{}", "there is no graph pattern in this file"),
        ("broken.json", '{"graphPattern": "?a a <b:c> ."', "broken.json:1: not JSON"),
    ):
        (tmp_path / name).write_text(text)
        done = match(ours, tmp_path / name)
        assert done.exit_code == 2
        assert said in done.stderr
