"""`gridlingua match`: files, exchanges, and interactions on a real engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.adapter.interactions import interaction
from gridlingua.catalogue import Catalogue
from gridlingua.cli import app
from gridlingua.cli.match_sides import Reader, sides
from gridlingua.engine.comparison.verdict import serving_level
from gridlingua.semantics.patterns import Pattern

NEEDS, OFFERS = "flexibility/needs", "flexibility/offers"
ACTUATION = ("https://w3id.org/knowledge-engine/ActuationPurpose",)
SERIES = "?ts a s4ener:TimeSeries ; s4ener:hasUsage s4ener:Upflex ; s4ener:hasDataPoint ?p .\n?p a s4ener:DataPoint .\n"
POINTS = "?t a s4ener:TimeSeries ; s4ener:hasUsage ?u .\n?q a s4ener:DataPoint ; s4ener:belongsToTimeSeries ?t .\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["match", *map(str, arguments)], env={"COLUMNS": "160"})


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes a pattern file; its path."""

    def write(text: str, name: str = "peer.gp") -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def on(town: Any) -> Callable[..., Result]:
    """Runs the command against the town's engine."""
    return lambda *arguments: run(*arguments, "--engine", town.url)


def told(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code in (0, 1), done.output
    return dict(json.loads(done.stdout))


def test_the_verdict_comes_first_then_what_differs_then_what_to_do(file: Any) -> None:
    ours, theirs = file(SERIES, "ours.gp"), file(POINTS)
    done = run(ours, theirs)
    assert done.exit_code == 1
    lines = [line.strip() for line in done.output.splitlines() if line.strip()]
    assert lines[:4] == [
        f"A asks: {ours}",
        f"B answers: {theirs}",
        "They do not match at any reasoner level.",
        "With the same terms on both sides they would match at level 1 and above.",
    ]
    assert lines[4] == "pattern: 4 triples in A, 4 in B, 3 the same"
    assert lines[7].split("  ", 1)[0] == "other words"
    assert "?ts s4ener:hasDataPoint ?p" in lines[7]
    assert "?q s4ener:belongsToTimeSeries ?t" in lines[7]
    assert lines[-2].startswith("- A says s4ener:hasDataPoint and B says its inverse, s4ener:belongsToTimeSeries")
    assert lines[-1].startswith("- A says s4ener:Upflex where B has ?u, and that matches")


def test_machines_get_the_same_as_json(file: Any) -> None:
    found = told(file(SERIES, "ours.gp"), file(POINTS))
    assert (found["match"], found["level"], found["levelWithSameTerms"], found["initiator"]) == (False, None, 1, "A")
    (part,) = found["patterns"]
    assert part["nodes"]["?ts"] == "?t"
    assert [one["what"] for one in part["differences"]] == ["other words"]
    assert [hint["about"] for hint in found["hints"]] == ["inverse", "constant-variable"]


def test_an_exchange_matches_itself_in_the_same_words(catalogue: Catalogue) -> None:
    done = run(NEEDS, NEEDS)
    assert done.exit_code == 0, done.output
    assert "They match at reasoner level 1 and above." in done.output
    assert "The variables have the same names." in done.output


def test_of_a_post_argument_and_result_are_compared() -> None:
    found = told(OFFERS, f"{OFFERS}:saref4")
    assert (found["a"]["kind"], found["b"]["kind"], found["level"]) == ("post", "react", 1)
    assert [part["pattern"] for part in found["patterns"]] == ["argument", "result"]


def test_another_generation_of_the_exchange_is_offered_where_the_vocabulary_differs(
    file: Any, catalogue: Catalogue
) -> None:
    one = next(one for one in catalogue.exchanges.values() if len(one.profiles) > 1 and one.kind == "ask")
    first, second = one.profiles
    found = told(f"{one.id}:{first}", file(str(one.profiles[second].request)))
    assert found["match"] is False
    assert [hint["text"] for hint in found["hints"] if hint["about"] == "profile"] == [
        f"The exchange of A has other generations of vocabulary: compare {one.id}:{second}."
    ]


@pytest.mark.parametrize("part", ["argument", "result"])
def test_a_part_of_an_exchange_is_held_against_the_same_part_of_the_other(part: str) -> None:
    for a, b in ((f"{OFFERS}.{part}", OFFERS), (OFFERS, f"{OFFERS}:saref4.{part}")):
        found = told(a, b)
        assert ([one["pattern"] for one in found["patterns"]], found["level"]) == ([part], 1)


def test_a_file_says_by_its_name_which_part_it_is(file: Any, catalogue: Catalogue) -> None:
    profile = catalogue[OFFERS].profiles["saref4"]
    for part, pattern in (("argument", profile.request), ("result", profile.result)):
        found = told(file(str(pattern), f"theirs.{part}.gp"), OFFERS)
        assert ([one["pattern"] for one in found["patterns"]], found["level"]) == ([part], 1)
    assert told(file(str(profile.request), "theirs.gp"), OFFERS)["a"]["kind"] == "post"


def test_every_profile_of_an_exchange_can_be_named(catalogue: Catalogue) -> None:
    reader = Reader(catalogue.content, catalogue.vocabulary, tuple)
    for exchange in catalogue.exchanges.values():
        for profile, patterns in exchange.profiles.items():
            one = reader.read(f"{exchange.id}:{profile}")
            assert (one.pattern, one.result) == (patterns.request, patterns.result)
            first, second = sides(one, one)
            assert serving_level(first.interaction, second.interaction) == 1


def test_the_level_that_counts_can_be_lowered(file: Any) -> None:
    arguments = (
        file("?s a s4ener:TimeSeries ; s4ener:hasUsage ?u", "long.argument.gp"),
        file("?s a s4ener:TimeSeries"),
    )
    assert "They match at reasoner level 2 and above, not at 1." in run(*arguments).output
    assert run(*arguments).exit_code == 0
    done = run(*arguments, "--level", "1")
    assert "They do not match at reasoner level 1, but at 2 and above." in done.output
    assert done.exit_code == 1


def test_level_3_counts_only_for_who_asks_for_it(file: Any) -> None:
    arguments = (file("?a saref:consistsOf ?b . ?b saref:consistsOf ?c", "chain.gp"), file("?x saref:consistsOf ?y"))
    done = run(*arguments)
    assert done.exit_code == 1
    assert "They do not match at reasoner level 2, but at 3 and above." in done.output
    assert "a triple of one side may stand for several" in done.output
    assert run(*arguments, "--level", "3").exit_code == 0


def test_the_level_of_who_is_on_the_network_is_its_own(town: Any, say: Any, on: Any) -> None:
    house = town.join("house", say("react", "?s ex:p ?o"))
    for level, status in ((1, 1), (2, 0)):
        poster = town.join(f"poster{level}", say("post", "?s ex:p ?o . ?s ex:q ?z"), level=level)
        assert on(f"{poster}#q", f"{house}#q").exit_code == status


def test_what_is_registered_is_compared_by_its_name_or_its_id(town: Any, on: Any, catalogue: Catalogue) -> None:
    ours = interaction(catalogue[NEEDS], "saref4", answering=True)
    dso = town.join("dso", ours)
    for name in (f"{dso}#{ours.name}", f"{dso}/interaction/{ours.name}"):
        done = on(NEEDS, name)
        assert done.exit_code == 0, done.output
        assert f"B answers: {name}" in done.output


def test_two_that_are_registered_are_compared_as_they_are(town: Any, say: Any, on: Any) -> None:
    house = town.join("house", say("answer", "?s ex:p ?o"), say("react", "?s ex:p ?o", name="set"))
    screen = town.join("screen", say("ask", "?x ex:p ?y"))
    assert on(f"{screen}#q", f"{house}#q").exit_code == 0
    assert "A answers" in on(f"{house}#q", f"{screen}#q").output
    done = on(f"{screen}#q", f"{house}#set")
    assert done.exit_code == 1
    assert "They do not match at any reasoner level: their kinds never meet." in done.output
    assert "By itself, the pattern" not in done.output
    assert "they are of one knowledge base" in on(f"{house}#q", f"{house}#set").output


def test_a_file_does_the_opposite_of_what_is_registered(town: Any, say: Any, on: Any, file: Any) -> None:
    screen = town.join("screen", say("ask", "?x ex:p ?y"), say("post", "?x ex:p ?y", name="tell"))
    ours = file("PREFIX ex: <http://example.org/>\n?s ex:p ?o .")
    for name, kind in (("q", "answers"), ("tell", "reacts")):
        done = on(f"{screen}#{name}", ours)
        assert (done.exit_code, f"B {kind}: " in done.output) == (0, True)
        assert f"A {kind}: " in on(ours, f"{screen}#{name}").output


def test_purposes_of_what_is_registered_count(town: Any, on: Any, catalogue: Catalogue) -> None:
    ours = interaction(catalogue[NEEDS], "saref4", answering=True)
    dso = town.join("dso", replace(ours, required=ACTUATION, satisfied=ACTUATION))
    done = on(NEEDS, f"{dso}#{ours.name}")
    assert done.exit_code == 1
    assert "their communicative acts exclude each other." in done.output
    assert "By itself, the pattern matches at level 1 and above." in done.output


def test_the_command_says_what_the_engine_does(town: Any, on: Any, catalogue: Catalogue) -> None:
    whole = interaction(catalogue[NEEDS], "saref4", answering=True)
    for name, triples in (("all", whole.pattern.triples), ("some", whole.pattern.triples[:-1])):
        town.join(name, replace(whole, pattern=Pattern(triples)))
    asker = town.join("asker", interaction(catalogue[NEEDS], "saref4", answering=False))
    asked = town.network.ask(asker, f"{asker}/interaction/{whole.name}", [{}], timeout=0.1).result(5)
    contacted = {one.knowledge_base.rpartition("/")[2] for one in asked.exchanges}
    served = {
        name
        for name in ("all", "some")
        if on(f"{asker}#{whole.name}", f"http://example.org/{name}#{whole.name}").exit_code == 0
    }
    assert served == contacted == {"all"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("?s saref:hasValue ?o .\nFILTER(?o > 1)\n", "peer.gp:2: a graph pattern holds triples only, not FILTER"),
        ("?s saref:hasResult/saref:hasValue ?o", "peer.gp:1: a property path near"),
        ("?s saref:hasResult [ saref:hasValue ?o ]", "peer.gp:1: a blank node: give it a variable"),
        ("?s nowhere:p ?o", "peer.gp:1: the prefix nowhere: is not declared"),
        ("SELECT * WHERE { ?s ?p ?o }", "peer.gp:1: a query (SELECT): a pattern is what stands between the braces"),
        ("", "peer.gp:1: an empty graph pattern"),
    ],
)
def test_a_file_that_is_no_pattern_is_told_with_its_line(file: Any, text: str, said: str) -> None:
    done = run(file(text), NEEDS)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("nothing.gp", NEEDS), 2, "'nothing.gp' is no file that is there, no exchange such as"),
        (("flexibility/nothing", NEEDS), 2, "there is no exchange 'flexibility/nothing'; there are "),
        ((f"{NEEDS}:saref9", NEEDS), 2, "flexibility/needs has no profile 'saref9'; it has "),
        ((f"{NEEDS}.result", NEEDS), 2, "flexibility/needs is an ask, which has one pattern and no result"),
        ((f"{OFFERS}.result", f"{OFFERS}.argument"), 2, "compare like with like"),
        ((NEEDS, "http://example.org/kb#q", "--engine", "http://127.0.0.1:1/rest"), 3, "cannot be reached"),
        ((NEEDS, "http://example.org/kb#q", "--engine", "localhost"), 2, "does not start with http://"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(arguments: tuple[str, ...], status: int, said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == status, done.output
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_interaction_that_is_not_there_is_told_with_those_that_are(town: Any, say: Any, on: Any) -> None:
    house = town.join("house", say("answer", "?s ex:p ?o"))
    done = on(NEEDS, f"{house}#nothing")
    assert done.exit_code == 2
    assert f"no interaction {house}#nothing on the network; there is {house}#q" in done.stderr


def test_an_exchange_that_cannot_be_read_is_told_with_its_problems(tmp_path: Path) -> None:
    folder = tmp_path / "graph_patterns" / "flexibility" / "broken"
    folder.mkdir(parents=True)
    done = run("flexibility/broken", NEEDS, "--catalogue", str(tmp_path))
    assert done.exit_code == 2
    assert "the folder has no exchange.yaml" in done.stderr
