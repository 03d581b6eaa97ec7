"""`gridlingua unmap`: rows and graphs say their messages again, and what is wrong with them is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.catalogue import Catalogue, Exchange, shipped
from gridlingua.catalogue.exchange import Case
from gridlingua.cli import app
from gridlingua.cli.map_page import pattern_of
from gridlingua.cli.unmap_rows import PARTS, graph_of, inspect, part_of, rows_of_graph
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Rows, join, project
from gridlingua.semantics.schema import read_json

OFFERS, NEEDS = "flexibility/offers", "flexibility/needs"
DAY = shipped().patterns / OFFERS / "examples" / "day_ahead.json"
HOURS = shipped().patterns / NEEDS / "examples" / "day_of_25_hours.json"
IDS = sorted(path.parent.relative_to(shipped().patterns).as_posix() for path in shipped().patterns.glob("*/*/*.yaml"))
MINTER = Minter("https://party.example.org/")


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=given)


def rows_of(case: Path, exchange: str = OFFERS, part: str = "request", profile: str = "saref4") -> list[dict[str, str]]:
    done = run("map", exchange, str(case), "--format", "rows", "--part", part, "--profile", profile)
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("exchange_id", IDS)
def test_every_example_comes_back_from_its_rows_and_from_its_graph(catalogue: Catalogue, exchange_id: str) -> None:
    exchange = catalogue[exchange_id]
    for case in exchange.examples:
        for profile in exchange.profiles:
            _round_trip(catalogue, exchange, profile, case)


def _round_trip(catalogue: Catalogue, exchange: Exchange, profile: str, case: Case) -> None:
    asked: Rows = []
    for part in (one for one in PARTS if one in case.messages):
        pattern, mapping = pattern_of(exchange, profile, part), exchange.mapping(part, profile)
        given = asked[0] if asked and exchange.kind == "ask" else {}
        lifted = [{**given, **row} for row in lift(mapping, case.messages[part], MINTER, given)]
        lifted = join(lifted, asked) if asked and exchange.kind == "post" else lifted
        asked = asked or lifted
        if not (rows := project(lifted, pattern.variables)):
            continue
        assert part_of(exchange, profile, frozenset(rows[0])) == part
        triples = {tuple(row.get(node[1:], node) for node in triple) for triple in pattern.triples for row in rows}
        ntriples = "".join(f"{' '.join(triple)} .\n" for triple in triples)
        for said in (rows, rows_of_graph(graph_of(ntriples), pattern, mapping, catalogue.vocabulary)):
            inspect(exchange, profile, part, said)
            assert lower(mapping, said) == case.messages[part], (case.path, profile)


@pytest.mark.parametrize(
    ("exchange", "case", "profile"),
    [(OFFERS, DAY, "saref4"), (OFFERS, DAY, "interconnect"), (NEEDS, HOURS, "saref4")],
)
@pytest.mark.parametrize("form", ["rows", "turtle"])
def test_what_map_writes_unmap_reads(exchange: str, case: Path, profile: str, form: str) -> None:
    for part in ("request", "reply"):
        mapped = run("map", exchange, str(case), "--format", form, "--part", part, "--profile", profile)
        given = ["--given", str(case)] if part == "reply" else []
        done = run("unmap", exchange, "-", "--profile", profile, *given, given=mapped.stdout)
        assert done.exit_code == 0, done.output
        assert read_json(done.stdout) == read_json(case.read_bytes())[part]


def test_an_ask_s_rows_say_a_whole_example() -> None:
    done = run("unmap", NEEDS, "-", "--case", given=json.dumps(rows_of(HOURS, NEEDS, "reply")))
    assert read_json(done.stdout) == read_json(HOURS.read_bytes())


def test_rows_are_read_as_a_runtime_answers_them() -> None:
    rows = [{**row, "quantity": row["quantity"].replace(row["quantity"], "20.0")} for row in rows_of(DAY)]
    done = run("unmap", OFFERS, "-", given=json.dumps({"bindingSet": rows, "exchangeInfo": []}))
    assert done.exit_code == 0, done.output
    assert [one["offer"] for one in read_json(done.stdout)] == [20, 20]


def test_a_peer_s_unit_is_converted_as_on_the_network() -> None:
    rows = rows_of(DAY)
    megawatt = "<http://qudt.org/vocab/unit/MegaW>"
    done = run("unmap", OFFERS, "-", given=json.dumps([{**row, "unit": megawatt} for row in rows]))
    assert done.exit_code == 0, done.output
    assert [(one["offer"], one["measurementUnit"]) for one in read_json(done.stdout)] == [
        (20_000_000, "W"),
        (35_500_000, "W"),
    ]


def _without(rows: list[dict[str, str]], name: str) -> Any:
    del rows[1][name]
    return rows


def _with(rows: list[dict[str, str]], name: str, term: Any) -> Any:
    rows[1][name] = term
    return rows


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: _without(rows, "quantity"), "row 2 does not bind ?quantity"),
        (lambda rows: _with(rows, "quantty", '"1"'), "row 2 binds ?quantty, which the pattern has not: is ?quantity"),
        (lambda rows: _with(rows, "quantity", 3), "row 2, ?quantity: 3 is not an RDF term"),
        (lambda rows: _with(rows, "quantity", "kW h"), "row 2, ?quantity: 'kW h' is not an RDF term"),
        (lambda rows: _with(rows, "quantity", '"much"'), 'row 2, ?quantity: "much" is not allowed, it must be a lit'),
        (lambda rows: _with(rows[1:], "quantity", "7.5"), "rows 1 and 2 are both about ?requestId"),
        (lambda rows: [{**row, "quantity": "-7.5"} for row in rows], "request /*/offer: -7.5"),
        (lambda rows: [], "say which with --part"),
        (lambda rows: {"rows": 1}, "not rows"),
    ],
)
def test_wrong_rows_are_told_with_row_and_variable(change: Any, said: str) -> None:
    done = run("unmap", OFFERS, "-", "--part", "request", given=json.dumps(change(rows_of(DAY))))
    if not change(rows_of(DAY)):
        done = run("unmap", OFFERS, "-", given="[]")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert said in done.stderr


def test_a_graph_that_lacks_something_is_refused_with_what_it_lacks() -> None:
    turtle = run("map", OFFERS, str(DAY), "--format", "turtle", "--part", "request").stdout
    nowhere = "\n".join(line for line in turtle.splitlines() if "hasIdentifier" not in line or "PT000" in line)
    lost = turtle.replace("gl:pricePerUnit", "gl:deliveredAt", 1)
    none = run("unmap", OFFERS, "-", given="@prefix gl: <https://w3id.org/gridlingua#> . gl:a gl:b gl:c .")
    assert none.exit_code == 1
    assert "the graph has nothing for" in none.stderr
    for text in (nowhere, lost):
        done = run("unmap", OFFERS, "-", "--part", "request", given=text)
        assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert "stands in no row, because something around it is missing" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["flexibility/none", "-"], 2, "there is no exchange"),
        ([OFFERS, "nowhere.json"], 2, "nowhere.json: No such file"),
        ([OFFERS, "-", "--profile", "saref9"], 2, "has no profile 'saref9'"),
        ([OFFERS, "-"], 1, "line 1: not Turtle"),
    ],
)
def test_what_cannot_be_unmapped_is_told_in_a_sentence(arguments: list[str], status: int, said: str) -> None:
    done = run("unmap", *arguments, given="no rows")
    assert done.exit_code == status
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_a_reply_to_a_post_in_another_profile_needs_its_request() -> None:
    rows = json.dumps(rows_of(DAY, OFFERS, "reply", "interconnect"))
    done = run("unmap", OFFERS, "-", "--profile", "interconnect", given=rows)
    assert done.exit_code == 2
    assert "--given" in done.stderr


def test_what_only_the_reply_s_triples_ask_for_is_in_the_request_s_rows(tmp_path: Path) -> None:
    shutil.copytree(shipped().patterns / NEEDS, tmp_path / "graph_patterns" / NEEDS)
    shutil.copytree(shipped().shapes, tmp_path / "shapes")
    folder = tmp_path / "graph_patterns" / NEEDS
    for name, old, new in (
        ("exchange.yaml", "    to:", "    label: {at: /label}\n    to:"),
        ("request.schema.json", '"properties": {', '"properties": {"label": {"type": "string"},'),
        ("saref4.rq", "CONSTRUCT WHERE {", "CONSTRUCT WHERE {\n  ?series saref:hasName ?label ."),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
    request = read_json(HOURS.read_bytes())["request"] | {"label": "a"}
    mapped = run("map", str(folder), "-", "--format", "rows", given=json.dumps(request))
    assert [row["label"] for row in json.loads(mapped.stdout)] == ['"a"']
    done = run("unmap", str(folder), "-", given=mapped.stdout)
    assert read_json(done.stdout) == request
    assert "not in this pattern" not in run("map", str(folder), "-", "--explain", given=json.dumps(request)).stdout
