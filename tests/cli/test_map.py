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
    ("exchange", "text", "said"),
    [
        ("flexibility/nothing", "{}", "there is no exchange 'flexibility/nothing'"),
        ("flexibility/offers", "{", "not JSON"),
        ("flexibility/offers", '[{"offerId": "1"}]', "/0/requestId: is missing"),
    ],
)
def test_what_cannot_be_mapped_is_told_in_a_sentence(tmp_path: Path, exchange: str, text: str, said: str) -> None:
    file = tmp_path / "message.json"
    file.write_text(text)
    result = run(app, ["map", exchange, str(file)])
    assert result.exit_code == 1
    assert said in result.stderr
