"""`gridlingua map`."""

import json
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from typer.testing import CliRunner

from gridlingua.catalogue import load, request_rows, shipped
from gridlingua.catalogue.checking.subject import MINTER
from gridlingua.cli import app
from gridlingua.semantics.patterns import instantiate

run = CliRunner().invoke
EXAMPLE = shipped().patterns / "flexibility" / "offers" / "examples" / "day_ahead.json"


def test_a_case_shows_rows_triples_and_verdict_of_both_parts() -> None:
    result = run(app, ["map", "flexibility/offers", str(EXAMPLE)])
    assert result.exit_code == 0, result.output
    assert "flexibility/offers request: 3 rows" in result.output
    assert "flexibility/offers reply: 2 rows" in result.output
    assert result.output.count("SHACL: conforms") == 2


def test_the_turtle_shown_is_the_graph_that_is_judged(tmp_path: Path) -> None:
    exchange = load(shipped())["flexibility/offers"]
    request = exchange.examples[0].messages["request"]
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request, default=float))
    shown = run(app, ["map", "flexibility/offers", str(file), "--resource-base", MINTER.own]).output
    turtle = shown[shown.index("@prefix") : shown.index("SHACL:")]
    judged = instantiate(exchange.judged["request"], request_rows(exchange, request, MINTER).rows)
    written = judged.serialize(format="turtle")  # writes the decimal 20 as 20.0
    assert isomorphic(Graph().parse(data=turtle, format="turtle"), Graph().parse(data=written, format="turtle"))


def test_explain_says_which_field_filled_which_variable() -> None:
    result = run(app, ["map", "flexibility/offers", str(EXAMPLE), "--explain"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if "/*/measurementUnit" in line)
    assert "?unit" in line
    assert "om:kilowatt" in line


def test_a_refused_message_is_still_shown_with_what_is_wrong() -> None:
    reject = shipped().patterns / "flexibility" / "offers" / "rejects" / "unit_of_energy.json"
    result = run(app, ["map", "flexibility/offers", str(reject)])
    assert result.exit_code == 1
    assert "om:kilowattHour" in result.output
    assert "refused" in result.output
    assert "The unit must be one of power" in result.output


@pytest.mark.parametrize(
    ("exchange", "text", "status", "said"),
    [
        ("flexibility/nothing", "{}", 2, "there is no exchange 'flexibility/nothing'"),
        ("flexibility/offers", "{", 1, "not JSON"),
        ("flexibility/offers", '[{"offerId": "1"}]', 1, "/0/requestId: is missing"),
    ],
)
def test_what_cannot_be_mapped_is_told_in_a_sentence(
    tmp_path: Path, exchange: str, text: str, status: int, said: str
) -> None:
    file = tmp_path / "message.json"
    file.write_text(text)
    result = run(app, ["map", exchange, str(file)])
    assert result.exit_code == status
    assert said in result.output


def test_a_fault_names_the_line_where_the_field_stands(tmp_path: Path) -> None:
    offers = json.loads(EXAMPLE.read_text("utf-8"))
    offers["request"][1]["price"] = -1
    file = tmp_path / "case.json"
    file.write_text(json.dumps(offers, indent=2))
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if '"price": -1' in text)
    result = run(app, ["map", "flexibility/offers", str(file), "--format", "rows"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{file}:{line}: /*/price: -1 ")


def test_a_field_that_is_missing_is_told_at_the_object_that_lacks_it(tmp_path: Path) -> None:
    file = tmp_path / "offers.json"
    file.write_text('[\n{"requestId": "1",\n"offerId": "1"}\n]')
    result = run(app, ["map", "flexibility/offers", str(file), "--format", "json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["accepted"] is False
    assert f"{file}:2: /0/offer: is missing" in told["faults"]


def test_rows_are_those_that_a_knowledge_engine_carries_in_any_profile() -> None:
    exchange = load(shipped())["flexibility/activation_response"]
    for profile, status in (("saref4", "saref4ener/Accepted"), ("interconnect", "s2#accepted")):
        options = ["--format", "rows", "--part", "request", "--profile", profile]
        result = run(app, ["map", exchange.id, str(exchange.examples[0].path), *options])
        assert result.exit_code == 0, result.output
        rows = json.loads(result.stdout)
        assert {frozenset(row) for row in rows} == {frozenset(exchange.profiles[profile].request.variables)}
        assert rows[0]["status"].endswith(f"{status}>")


def test_a_message_may_come_from_the_standard_input_and_an_exchange_by_its_folder() -> None:
    folder = EXAMPLE.parents[1]
    result = run(app, ["map", str(folder), "-", "--format", "turtle", "--part", "request"], input=EXAMPLE.read_text())
    assert result.exit_code == 0, result.output
    graph = Graph().parse(data=result.stdout, format="turtle")
    assert len(set(graph.subjects(predicate=None, object=None))) > 10


def test_a_reply_alone_is_mapped_with_the_request_that_it_is_about(tmp_path: Path) -> None:
    case = json.loads(EXAMPLE.read_text("utf-8"))
    file = tmp_path / "reply.json"
    file.write_text(json.dumps(case["reply"]))
    alone = run(app, ["map", "flexibility/offers", str(file), "--part", "reply", "--format", "rows"])
    assert alone.exit_code == 2
    assert "--given" in alone.stderr
    given = ["--part", "reply", "--format", "rows", "--given", str(EXAMPLE)]
    result = run(app, ["map", "flexibility/offers", str(file), *given])
    whole = run(app, ["map", "flexibility/offers", str(EXAMPLE), "--format", "rows"])
    assert (result.exit_code, result.stdout) == (0, whole.stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flexibility/offers", "nowhere.json"], "nowhere.json: No such file"),
        (["flexibility/offers", str(EXAMPLE), "--profile", "saref9"], "flexibility/offers has no profile 'saref9'"),
        (["docs", str(EXAMPLE)], "there is no exchange 'docs'"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    result = run(app, ["map", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
