"""`gridlingua validate --exchange`: messages and graphs are refused where the adapters of the exchange refuse them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gridlingua.catalogue import Catalogue, shipped
from gridlingua.cli.message_gate import judge_reply_alone
from gridlingua.errors import MessageError

from .conftest import Run

NEEDS = shipped().patterns / "flexibility" / "needs"


@pytest.fixture
def case() -> dict[str, Any]:
    """The request and reply of an example: two needs of a day."""
    found: dict[str, Any] = json.loads((NEEDS / "examples" / "day_ahead.json").read_text())
    return found


def judged(run: Run, file: str, message: Any, status: int = 1) -> str:
    """What is told of a message that is written to a file."""
    Path(file).write_text(json.dumps(message, indent=2) if not isinstance(message, str) else message)
    result = run("validate", file, "--exchange", "flexibility/needs")
    assert result.exit_code == status, result.output
    return "\n".join(line for line in result.stdout.splitlines() if not line.startswith("see "))


@pytest.mark.parametrize("part", ["case", "request", "reply"])
def test_a_case_a_request_and_a_reply_pass(repository: Path, run: Run, case: dict[str, Any], part: str) -> None:
    assert judged(run, "m.json", case if part == "case" else case[part], status=0) == ""


def test_a_violation_is_told_at_the_field_and_at_its_line(repository: Path, run: Run, case: dict[str, Any]) -> None:
    case["reply"][1]["needs"] = -3
    line = next(n for n, text in enumerate(json.dumps(case, indent=2).split("\n"), 1) if '"needs": -3' in text)
    assert judged(run, "m.json", case) == (
        f'm.json:{line}: [shacl] reply /*/needs: -3 (requestId "{case["reply"][1]["requestId"]}"): '
        "The quantity must be above zero."
    )


def test_what_a_schema_forbids_is_told_at_its_element(repository: Path, run: Run, case: dict[str, Any]) -> None:
    case["reply"][1]["direction"] = "Sideways"
    line = next(n for n, text in enumerate(json.dumps(case["reply"], indent=2).split("\n"), 1) if "Sideways" in text)
    assert judged(run, "m.json", case["reply"]).startswith(f"m.json:{line}: [message] reply /1/direction: ")


def test_a_text_that_is_no_json_is_told_at_its_line(repository: Path, run: Run) -> None:
    assert judged(run, "m.json", '{"startTime":\n oops}').startswith("m.json:2: [message] not JSON: ")


def test_a_folder_of_rejects_is_refused_file_by_file_and_examples_pass(repository: Path, run: Run) -> None:
    for name in ("examples", "rejects"):
        shutil.copytree(NEEDS / name, repository / name)
    assert run("validate", "examples", "--exchange", "flexibility/needs").exit_code == 0
    result = run("validate", "rejects", "--exchange", "flexibility/needs", "--format", "json")
    assert result.exit_code == 1
    refused = {one["path"] for one in json.loads(result.stdout)["problems"]}
    assert refused == {f"rejects/{one.name}" for one in NEEDS.glob("rejects/*.json")}


def test_no_reply_is_refused_for_a_request_that_it_was_not_the_reply_to(catalogue: Catalogue) -> None:
    judged = 0
    for exchange in catalogue.exchanges.values():
        replies = [one.messages["reply"] for one in exchange.examples if "reply" in one.messages]
        for reply in [one for one in replies if len(json.dumps(one, default=str)) < 2000]:
            judge_reply_alone(exchange, reply)
            judged += 1
    assert judged > len(catalogue.exchanges)


@pytest.mark.parametrize(
    ("exchange", "reject"),
    [
        ("flexibility/needs", "need_ends_before_it_starts"),
        ("flexibility/needs", "kilowatts_of_reactive_power"),
        ("observability/hems_status", "abnormal_while_off"),
        ("data_sharing/anonymized_metering", "mean_that_is_not_of_the_sum"),
    ],
)
def test_a_reply_is_refused_alone_for_what_is_wrong_whatever_was_asked(
    catalogue: Catalogue, exchange: str, reject: str
) -> None:
    found = catalogue[exchange]
    (case,) = [one for one in found.rejects if one.name == reject]
    with pytest.raises(MessageError) as error:
        judge_reply_alone(found, case.messages["reply"])
    assert str(error.value) == case.told


@pytest.fixture
def graph(run: Run) -> str:
    """The graph of the example's reply in Turtle, as `gridlingua map` writes it."""
    result = run("map", "flexibility/needs", NEEDS / "examples" / "day_ahead.json", "--format", "turtle")
    assert result.exit_code == 0
    return result.stdout


def test_a_graph_of_an_exchange_passes_and_a_broken_one_is_told_at_its_line(
    repository: Path, run: Run, graph: str
) -> None:
    assert judged(run, "g.ttl", graph, status=0) == ""
    broken = graph.replace("saref:hasValue 100.0", "saref:hasValue -100.0")
    assert broken != graph
    told = judged(run, "g.ttl", broken)
    assert "[shacl]" in told
    assert "The quantity must be above zero." in told
    line = int(told.split(":")[1])
    assert "/flexibility/needs/" in broken.split("\n")[line - 1]


def test_a_graph_that_has_nothing_of_the_exchange_is_not_passed(repository: Path, run: Run) -> None:
    told = judged(run, "g.ttl", "<https://example.org/a> a <https://example.org/B> .\n")
    assert told.startswith("g.ttl:1: [focus] there is no ")
    assert "its shapes judge nothing here" in told


def test_an_exchange_of_somebodys_catalogue_is_named_by_its_folder(
    repository: Path, run: Run, case: dict[str, Any]
) -> None:
    for part in ("graph_patterns", "shapes"):
        shutil.copytree(shipped().root / part / "flexibility", repository / "mine" / part / "flexibility")
    shutil.copytree(shipped().shapes / "concepts", repository / "mine" / "shapes" / "concepts")
    Path("m.json").write_text(json.dumps(case))
    result = run("validate", "m.json", "--exchange", "mine/graph_patterns/flexibility/needs")
    assert result.exit_code == 0, result.output
    (repository / "mine" / "shapes" / "flexibility" / "needs.ttl").write_text("oops")
    result = run("validate", "m.json", "--exchange", "flexibility/needs", "--catalogue", "mine", "--format", "json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["check"], problem["path"]) == ("shapes", "mine/shapes/flexibility/needs.ttl")
