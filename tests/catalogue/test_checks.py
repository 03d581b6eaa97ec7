"""Every check finds what it is there for: a copy of a shipped exchange, broken in one place."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Any

import pytest

from gridlingua.catalogue import Content
from gridlingua.catalogue.checking import checks, run
from gridlingua.errors import CatalogueError

NEEDS = "graph_patterns/flexibility/needs"
OFFERS = "graph_patterns/flexibility/offers"
METERING = "graph_patterns/data_sharing/metering"
PUBLICATION = "graph_patterns/flexibility/needs_publication"


@dataclass(frozen=True)
class Breach:
    """What is broken, and what the check says: at which path, at the line of which text."""

    check: str
    folder: str
    edits: tuple[tuple[str, str, str], ...]
    path: str
    at: str
    message: str
    title: str

    def __str__(self) -> str:
        return f"{self.check}: {self.title}"


def breach(
    check: str, title: str, folder: str, file: str, old: str, new: str, message: str, *, at: str = "", path: str = ""
) -> Breach:
    """One edit in one file; ``file`` and ``path`` are in the folder unless they start with ``shapes``."""

    def below(name: str) -> str:
        return name if name.startswith("shapes") else f"{folder}/{name}"

    return Breach(check, folder, ((below(file), old, new),), below(path or file), at, message, title)


BREACHES = [
    breach(
        *("variables", "a variable that nothing fills", NEEDS, "saref4.rq"),
        *("gl:eligibleMeter ?meter", "gl:eligibleMeter ?meter , ?other"),
        "?other is neither a field nor a node",
        at="?other",
    ),
    breach(
        *("variables", "a field in no triple", NEEDS, "exchange.yaml"),
        *("    end: {at: /*/endTime", "    zone: {at: /*/zone}\n    end: {at: /*/endTime"),
        "the reply field ?zone is in no triple of the saref4 pattern",
        at="zone:",
    ),
    breach(
        *("variables", "a node in no pattern", NEEDS, "exchange.yaml"),
        *("period, begin, finish,", "period, feeder, begin, finish,"),
        "the reply node ?feeder is in no pattern",
        at="period, feeder",
    ),
    breach(
        *("variables", "a key that is no field", NEEDS, "exchange.yaml"),
        *("    /*: requestId", "    /*: needId"),
        "?needId is no field at /* or above",
        at="/*: needId",
    ),
    breach(
        *("pointers", "a pointer to nowhere", NEEDS, "exchange.yaml"),
        *("{at: /*/needs, as: decimal}", "{at: /*/need, as: decimal}"),
        "?quantity: /*/need is not in the schema",
        at="/*/need,",
    ),
    breach(
        *("pointers", "a leaf that would be lost", NEEDS, "reply.schema.json"),
        *('"direction": {', '"colour": {"type": "string"},\n      "direction": {'),
        "/*/colour is no field: it would be lost",
        at='"colour"',
    ),
    breach(
        *("pointers", "an open object", NEEDS, "request.schema.json"),
        *('"additionalProperties": false,', ""),
        "/ needs additionalProperties false: what is unknown would be lost",
    ),
    breach(
        *("pointers", "a datatype that does not carry the leaf", NEEDS, "exchange.yaml"),
        *("{at: /*/needs, as: decimal}", "{at: /*/needs}"),
        "?quantity: string does not carry JSON of type number",
        at="/*/needs}",
    ),
    breach(
        *("pointers", "an enum that stands for no term", NEEDS, "exchange.yaml"),
        *("codes: {Up: s4ener:Upflex, Down: s4ener:Downflex}", "codes: {Up: s4ener:Upflex}"),
        "?direction: 'Down' is in the schema's enum but stands for no term",
        at="direction:",
    ),
    breach(
        *("pointers", "a pointer to an object", NEEDS, "reply.schema.json"),
        *('"direction": {\n        "type": "string"', '"direction": {\n        "type": "object"'),
        "?direction: /*/direction is no leaf but object",
        path="exchange.yaml",
        at="direction:",
    ),
    breach(
        *("pointers", "a leaf of two fields", NEEDS, "exchange.yaml"),
        *("{at: /*/endTime, as", "{at: /*/startTime, as"),
        "?end: /*/startTime is ?start already: rows could contradict each other",
        at="    end:",
    ),
    breach(
        *("required", "a field that may be missing", NEEDS, "reply.schema.json"),
        *('"direction",', ""),
        "?direction: /*/direction may be missing: require it in the schema, or give a default",
        path="exchange.yaml",
        at="direction:",
    ),
    breach(
        *("required", "a default that can never be meant", NEEDS, "exchange.yaml"),
        *("{at: /*/needs, as: decimal}", "{at: /*/needs, as: decimal, default: 1}"),
        "?quantity: /*/needs is required, so its default can never be meant",
        at="default: 1",
    ),
    breach(
        *("required", "a default of another kind", NEEDS, "exchange.yaml"),
        *("{at: /*/needs, as: decimal}", "{at: /*/needs, as: decimal, default: many}"),
        "?quantity: the default 'many' is not allowed, it must be a number",
        at="default: many",
    ),
    breach(
        *("required", "an inner array that may be empty", NEEDS, "reply.schema.json"),
        *('"minItems": 1,', ""),
        "/*/eligibleClients may be empty, which rows cannot say: give it minItems 1",
        at='"eligibleClients"',
    ),
    breach(
        *("operation", "a parameter that the request has not", NEEDS, "exchange.yaml"),
        *("GET /Flexibility/Needs", "GET /Flexibility/{zone}/Needs"),
        "the path parameter {zone} is no property of the request",
        at="rest:",
    ),
    breach(
        *("operation", "a constant that is a property too", METERING, "exchange.yaml"),
        *("?type=User", "?grant=User"),
        "grant is both a constant and a property of the request",
        at="rest:",
    ),
    breach(
        *("operation", "a GET of an array", OFFERS, "exchange.yaml"),
        *("POST /Flexibility/Offers", "GET /Flexibility/Offers"),
        "a GET request is an object of parameters",
        at="rest:",
    ),
    breach(
        *("terms", "a property that does not exist", NEEDS, "saref4.rq"),
        *("s4ener:includes ?series", "s4ener:include ?series"),
        "did you mean s4ener:includes?",
        at="s4ener:include ",
    ),
    breach(
        *("kinds", "a class where a property belongs", NEEDS, "saref4.rq"),
        *("gl:eligibleMeter ?meter", "s4grid:GridMeter ?meter"),
        "s4grid:GridMeter is a class and stands where a property belongs",
        at="s4grid:GridMeter",
    ),
    breach(
        *("terms", "a code that stands for nothing", NEEDS, "exchange.yaml"),
        *("Up: s4ener:Upflex", "Up: s4ener:UpFlexx"),
        "?direction: s4ener:UpFlexx is in no ontology in use",
        at="direction:",
    ),
    breach(
        *("terms", "a shape that speaks of nothing", OFFERS, "shapes/flexibility/offers.ttl"),
        *("sh:path gl:deliveredAt", "sh:path gl:deliveredAtt"),
        "gl:deliveredAtt is in no ontology in use: did you mean gl:deliveredAt?",
        at=":deliveredAtt",
    ),
    breach(
        *("shapes", "a file that is imported and not there", OFFERS, "shapes/flexibility/offers.ttl"),
        *("<../concepts/power_point.ttl>", "<../concepts/power.ttl>"),
        "there is no shapes/concepts/power.ttl",
    ),
    breach(
        *("shapes", "a file that is no Turtle", OFFERS, "shapes/flexibility/offers.ttl"),
        *("sh:path gl:deliveredAt ;", "sh:path gl:deliveredAt ; ;; ("),
        "not Turtle",
        at="sh:class s4grid:GridMeter",
    ),
    breach(
        *("shapes", "a target that no pattern has", OFFERS, "shapes/flexibility/offers.ttl"),
        *(
            "shape:FlexibilityOffer a sh:NodeShape ;\n    sh:targetClass s4ener:FlexOffer",
            "shape:FlexibilityOffer a sh:NodeShape ;\n    sh:targetClass s4ener:Tariff",
        ),
        "a shape targets s4ener:Tariff, which no pattern of the exchange has an instance of",
        at="s4ener:Tariff",
    ),
    breach(
        *("shapes", "a part that nothing judges", PUBLICATION, "shapes/flexibility/needs_publication.ttl"),
        *("<../concepts/acknowledgement.ttl> ,", ""),
        "no shape targets a class of the reply, so nothing would be judged",
    ),
    breach(
        *("ambiguity", "two times that nothing tells apart", NEEDS, "saref4.rq"),
        *(
            "time:hasBeginning ?windowBegin ; time:hasEnd ?windowEnd",
            "time:hasBeginning ?windowBegin ; time:hasBeginning ?windowEnd",
        ),
        "the pattern is symmetric in ?from, ?to, ?windowBegin, ?windowEnd",
    ),
    breach(
        *("ambiguity", "a pattern of two pieces", NEEDS, "saref4.rq"),
        *(" ; gl:answeredBy ?need", ""),
        "the pattern falls into 2 pieces: no triple ties ?from, ?query, ?to, ?window, ?windowBegin, ?windowEnd",
    ),
    breach(
        *("consistency", "a node of two disjoint classes", NEEDS, "saref4.rq"),
        *("?begin a time:Instant", "?begin a time:Instant , time:ProperInterval"),
        "?begin is both time:Instant and time:ProperInterval, which are disjoint",
    ),
    breach(
        *("examples", "an example that does not come back", NEEDS, "examples/day_ahead.json"),
        *('"PT0002000000000001",\n        "PT0002000000000002"', '"PT0002000000000002",\n        "PT0002000000000001"'),
        "write its arrays in the order of their keys",
    ),
    breach(
        *("examples", "an example that SHACL refuses", NEEDS, "examples/day_ahead.json"),
        *('"measurementUnit": "kW"', '"measurementUnit": "kWh"'),
        'flexibility/needs reply: /*/measurementUnit: "kWh"',
    ),
    breach(
        *("rejects", "a reject that passes", NEEDS, "rejects/quantity_of_zero.json"),
        *('"needs": 0', '"needs": 1'),
        "this message is not refused",
    ),
    breach(
        *("rejects", "a sender who is told something else", NEEDS, "rejects/quantity_of_zero.txt"),
        *("above zero", "positive"),
        "the sender is told something else: flexibility/needs reply: /*/needs: 0",
    ),
]


def test_the_shipped_catalogue_has_no_problem(content: Content) -> None:
    # gridlingua.toml takes size off: our parties work at reasoner level 1.
    assert [problem for problem in run(content) if problem.check != "size"] == []


@pytest.mark.parametrize("broken", BREACHES, ids=str)
def test_a_check_finds_what_is_broken_and_says_where(broken: Breach, copy: Any) -> None:
    made = copy(broken.folder)
    for edit in broken.edits:
        made.edit(*edit)
    found = [problem for problem in made.problems(broken.check) if broken.message in problem.message]
    assert found, made.problems(broken.check)
    line = made.line(broken.path, broken.at) if broken.at else found[0].line
    assert {(problem.path, problem.line, problem.check) for problem in found} == {(broken.path, line, broken.check)}


@pytest.mark.parametrize("name", sorted(checks()))
def test_every_check_says_what_it_demands_and_has_a_test(name: str) -> None:
    check = checks()[name]
    assert len(check.demand + check.reason) > 60
    shown = check.example and check.example.language == "sparql"  # tests/workshop runs it
    assert shown or any(broken.check == name for broken in BREACHES), f"nothing shows that {name} finds anything"


def test_a_missing_shape_file_is_found(copy: Any) -> None:
    made = copy(NEEDS)
    (made.root / "shapes/flexibility/needs.ttl").unlink()
    assert "there is no shapes/flexibility/needs.ttl" in [problem.message for problem in made.problems("shapes")]


@pytest.mark.parametrize("kind", ["examples", "rejects"])
def test_a_folder_without_cases_is_found(kind: str, copy: Any) -> None:
    made = copy(NEEDS)
    shutil.rmtree(made.root / NEEDS / kind)
    (problem,) = made.problems(kind)
    assert f"the folder has no {kind}/<case>.json" in problem.message


def test_a_reject_without_a_text_is_found_with_the_text_to_write(copy: Any) -> None:
    made = copy(NEEDS)
    (made.root / NEEDS / "rejects/quantity_of_zero.txt").unlink()
    (problem,) = made.problems("rejects")
    assert f"there is no {NEEDS}/rejects/quantity_of_zero.txt; the sender is told: flexibility/needs" in problem.message


def test_two_exchanges_at_one_operation_are_found_and_constants_tell_them_apart(copy: Any) -> None:
    made = copy(METERING, NEEDS)
    made.edit(f"{NEEDS}/exchange.yaml", "GET /Flexibility/Needs", "GET /Data/Metering?type=User")
    problems = made.problems("operation")
    assert {problem.path for problem in problems} == {f"{NEEDS}/exchange.yaml", f"{METERING}/exchange.yaml"}
    assert "tell them apart by a constant" in problems[0].message
    made.edit(f"{NEEDS}/exchange.yaml", "type=User", "type=Zone")
    assert made.problems("operation") == []


def test_two_exchanges_that_a_network_cannot_tell_apart_are_found(copy: Any) -> None:
    made = copy(METERING)
    other = "graph_patterns/data_sharing/injection"
    shutil.copytree(made.root / METERING, made.root / other)
    made.edit(f"{other}/exchange.yaml", "type=User", "type=Injection")
    problems = made.problems("ambiguity")
    patterns = ("saref4.rq", "interconnect.rq")
    assert {problem.path for problem in problems} == {f"{one}/{name}" for one in (METERING, other) for name in patterns}
    assert "this reaches data_sharing/metering too" in problems[0].message
    made.edit(f"{other}/saref4.rq", "s4ener:Consumption", "s4ener:Production")
    made.edit(f"{other}/interconnect.rq", "ic-data:consumption", "ic-data:production")
    assert made.problems("ambiguity") == []


def test_all_problems_are_told_at_once_in_the_order_of_their_places(copy: Any) -> None:
    made = copy(NEEDS, OFFERS)
    made.edit(f"{NEEDS}/saref4.rq", "s4ener:includes ?series", "s4ener:include ?series")
    made.edit(f"{NEEDS}/exchange.yaml", "/*/needs, as", "/*/need, as")
    made.edit(f"{OFFERS}/rejects/quantity_below_zero.json", '"offer": -20', '"offer": 20')
    problems = made.problems()
    assert problems == sorted(problems)
    assert {"terms", "pointers", "rejects"} <= {problem.check for problem in problems}
    assert {problem.path.split("/")[2] for problem in problems} == {"needs", "offers"}


def test_one_exchange_and_one_check_can_be_run_alone(copy: Any) -> None:
    made = copy(NEEDS, OFFERS)
    made.edit(f"{NEEDS}/saref4.rq", "s4ener:includes ?series", "s4ener:include ?series")
    assert {problem.check for problem in run(made.content, ["flexibility/offers"])} == {"size"}
    assert run(made.content, only=["shapes"]) == []
    assert [problem.check for problem in run(made.content, ["flexibility/needs"], ["terms"])] == ["terms"]


@pytest.mark.parametrize(
    ("ids", "only", "told"), [(["x/y"], [], "there is no exchange 'x/y'"), ([], ["z"], "no check 'z'")]
)
def test_an_exchange_or_check_that_does_not_exist_is_refused(
    ids: list[str], only: list[str], told: str, content: Content
) -> None:
    with pytest.raises(CatalogueError, match=told):
        run(content, ids, only)
