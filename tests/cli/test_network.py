"""`gridlingua network`, against a real engine."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.adapter.interactions import interaction
from gridlingua.catalogue import Catalogue, shipped
from gridlingua.cli import app
from gridlingua.engine import EmbeddedEngine, KnowledgeBase
from gridlingua.semantics.patterns import Pattern

NEEDS = "flexibility/needs"
ACTUATION = ("https://w3id.org/knowledge-engine/ActuationPurpose",)


@pytest.fixture
def run(town: Any) -> Callable[..., Result]:
    def command(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["network", "--engine", town.url, *arguments])

    return command


@pytest.fixture
def mine(run: Any) -> Callable[..., dict[str, Any]]:
    """What the service provider is told of an exchange."""

    def told(exchange: str) -> dict[str, Any]:
        done = run("--party", "service_provider", "--json")
        (found,) = [one for one in json.loads(done.stdout)["mine"] if one["exchange"] == exchange]
        return dict(found)

    return told


def test_everybody_is_shown_with_what_matches(town: Any, say: Any, run: Any) -> None:
    town.join("house", say("answer", "?s ex:p ?o . ?s ex:q ?z", name="both"), say("react", "?s ex:r ?o", name="set"))
    town.join("screen", say("ask", "?s ex:p ?o", name="p"), say("ask", "?s ex:w ?o", name="w"), level=2)
    town.join("quiet")
    done = run()
    assert done.exit_code == 0, done.output
    assert done.output == (
        f"Knowledge engine 1.5.0 at {town.url}: 3 knowledge bases, 4 interactions\n\n"
        "http://example.org/house  House  (reasoner level 1)\n"
        "  answer  both  2 triples  ← http://example.org/screen p\n"
        "  react   set   1 triple   ← nobody\n\n"
        "http://example.org/quiet  Quiet  (reasoner level 1)\n"
        "  no interactions\n\n"
        "http://example.org/screen  Screen  (reasoner level 2)\n"
        "  ask  p  1 triple  → http://example.org/house both\n"
        "  ask  w  1 triple  → nobody\n"
    )


def test_machines_get_the_same_as_json(town: Any, say: Any, run: Any) -> None:
    house = town.join("house", say("answer", "?s ex:p ?o"))
    screen = town.join("screen", say("ask", "?s ex:p ?o"))
    told = json.loads(run("--json").output)
    assert (told["engine"], told["version"]) == (town.url, "1.5.0")
    first, second = told["knowledgeBases"]
    assert (first["id"], first["interactions"][0]["serves"]) == (house, [f"{screen}/interaction/q"])
    assert (second["id"], second["interactions"][0]["servedBy"]) == (screen, [f"{house}/interaction/q"])
    assert second["interactions"][0]["pattern"] == "?s <http://example.org/p> ?o . "


def test_a_drawing_has_everybody(town: Any, say: Any, run: Any, tmp_path: Path) -> None:
    town.join("house", say("answer", "?s ex:p ?o"))
    town.join("screen", say("ask", "?s ex:p ?o"))
    assert run("--svg", str(tmp_path / "network.svg")).exit_code == 0
    cards = ET.parse(tmp_path / "network.svg").iter("{http://www.w3.org/2000/svg}g")
    assert [one.get("data-id") for one in cards if one.get("data-id")] == [
        "http://example.org/screen",
        "http://example.org/house",
    ]


def test_each_of_our_exchanges_says_who_would_serve_it(town: Any, catalogue: Catalogue, run: Any) -> None:
    answered = [
        interaction(one, "saref4", answering=True) for one in catalogue.of_party("dso") if one.responder == "dso"
    ]
    dso = town.join("dso", *answered)
    done = run("--party", "service_provider")
    assert done.exit_code == 0, done.output
    assert f"ask {NEEDS} (saref4)  → {dso} flexibility--needs--saref4" in done.output
    assert "react flexibility/activation_plan (saref4)  ← nobody so far" in done.output


def test_what_we_answer_says_who_asks_for_it(town: Any, catalogue: Catalogue, run: Any) -> None:
    asker = town.join("asker", interaction(catalogue[NEEDS], "saref4", answering=False))
    done = run("--party", "dso")
    assert f"answer {NEEDS} (saref4)  ← {asker} flexibility--needs--saref4" in done.output


def test_what_we_registered_ourselves_is_nobody_else(town: Any, catalogue: Catalogue, run: Any) -> None:
    me = town.join("me", interaction(catalogue[NEEDS], "saref4", answering=True))
    done = run("--mine", str(shipped().root), "--knowledge-base", me)
    assert done.exit_code == 1
    assert (
        f"ask {NEEDS} (saref4)  nobody would serve it\n    - nobody else on the network answers anything" in done.output
    )


def test_missing_triples_are_named(town: Any, catalogue: Catalogue, mine: Any) -> None:
    whole = interaction(catalogue[NEEDS], "saref4", answering=True)
    town.join("dso", replace(whole, pattern=Pattern(whole.pattern.triples[:-2])))
    told = mine(NEEDS)
    count = len(whole.pattern.triples)
    assert (told["level"], told["servedBy"]) == (None, [])
    assert told["reasons"][0].startswith("nobody has ?")
    assert told["reasons"][1].startswith(
        f"nearest: http://example.org/dso/interaction/{whole.name} has {count - 2} of {count} triples, but it lacks ?"
    )


def test_a_constant_that_differs_is_named_with_both_values(town: Any, catalogue: Catalogue, mine: Any) -> None:
    whole = interaction(catalogue[NEEDS], "saref4", answering=True)
    (subject, predicate, _), *rest = whole.pattern.triples
    other = (subject, predicate, "<http://example.org/Query>")
    town.join("dso", replace(whole, pattern=Pattern((other, *rest))))
    assert (
        "it has ?query a <http://example.org/Query> where we ask ?query a gl:FlexibilityQuery"
        in mine(NEEDS)["reasons"][1]
    )


def test_purposes_that_do_not_fit_are_named(town: Any, catalogue: Catalogue, mine: Any) -> None:
    whole = interaction(catalogue[NEEDS], "saref4", answering=True)
    town.join("dso", replace(whole, required=ACTUATION, satisfied=ACTUATION))
    (reason,) = mine(NEEDS)["reasons"]
    assert f"the purposes do not fit: it requires <{ACTUATION[0]}>" in reason


def test_a_network_that_speaks_of_other_things_is_told_what_it_does_not_know(town: Any, say: Any, mine: Any) -> None:
    town.join("house", say("answer", "?s ex:p ?o"))
    (reason,) = mine(NEEDS)["reasons"]
    assert reason.startswith("nobody answers any of its triples; nobody knows gl:FlexibilityQuery, ")


def test_two_who_could_only_together_are_told_to_be_no_help_to_an_adapter(
    town: Any, catalogue: Catalogue, run: Any
) -> None:
    whole = interaction(catalogue[NEEDS], "saref4", answering=True)
    for name, triples in (("one", whole.pattern.triples[:-2]), ("two", whole.pattern.triples[-2:])):
        town.join(name, replace(whole, pattern=Pattern(triples)))
    done = run("--party", "service_provider")
    assert done.exit_code == 1
    assert (
        "nobody would serve it alone, which an adapter wants; at level 2 together: http://example.org/one"
        in done.output
    )
    assert "nearest: http://example.org/one/interaction/flexibility--needs--saref4 has " in done.output


def test_a_post_says_what_the_nearest_react_needs_beyond_it(town: Any, catalogue: Catalogue, mine: Any) -> None:
    whole = interaction(catalogue["flexibility/offers"], "saref4", answering=True)
    more = (*whole.pattern.triples, ("?offer", "<http://example.org/colour>", "?colour"))
    town.join("dso", replace(whole, pattern=Pattern(more)))
    assert "but it also needs ?offer <http://example.org/colour> ?colour" in mine("flexibility/offers")["reasons"][0]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--engine", "http://127.0.0.1:1/rest"], 3, "http://127.0.0.1:1/rest cannot be reached"),
        (["--engine", "localhost"], 2, "the engine's URL 'localhost' does not start with http://"),
        (["--svg", "no-such-folder/network.svg"], 2, "--svg: [Errno 2] No such file or directory"),
        (["--party", "baker"], 2, "no exchange has a party 'baker'; there are data_service_provider, dso"),
    ],
)
def test_what_goes_wrong_is_a_sentence(run: Any, arguments: list[str], status: int, said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == status
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_stranger_does_not_write_escape_sequences_into_a_terminal(town: Any, run: Any, tmp_path: Path) -> None:
    engine = EmbeddedEngine(town.network)
    town.engines.append(engine)
    engine.register(KnowledgeBase("http://example.org/red", "a\x1b[31mRED\x1b]0;title\x07\x9b1m", "\x1b[2J"), [])
    done = run("--svg", str(tmp_path / "network.svg"))
    assert "  a\ufffd[31mRED\ufffd]0;title\ufffd\ufffd1m  " in done.output
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.output)
    ET.parse(tmp_path / "network.svg")
