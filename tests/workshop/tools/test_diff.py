"""`gridlingua diff`: what a change of a pattern, schema, shape or declaration means for peers of the old."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gridlingua.catalogue import shipped
from gridlingua.catalogue.difference.schemas import steps
from gridlingua.cli import app

OFFERS, NEEDS = "flexibility/offers", "flexibility/needs"
RESPONSE = "flexibility/activation_response"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["diff", *map(str, arguments)], env={"COLUMNS": "200"})


@pytest.fixture
def two(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """Makes two equal catalogues of one exchange: the old and the new one."""

    def make(exchange: str) -> tuple[Path, Path]:
        for name in ("old", "new"):
            shutil.copytree(shipped().patterns / exchange, tmp_path / name / "graph_patterns" / exchange)
            shutil.copytree(shipped().shapes / "concepts", tmp_path / name / "shapes" / "concepts")
            shape = tmp_path / name / "shapes" / f"{exchange}.ttl"
            shape.parent.mkdir(parents=True)
            shutil.copy(shipped().shapes / f"{exchange}.ttl", shape)
        return tmp_path / "old", tmp_path / "new"

    return make


def change(root: Path, exchange: str, file: str, old: str, new: str) -> None:
    path = root / "shapes" / f"{exchange}.ttl" if file == "shapes" else root / "graph_patterns" / exchange / file
    path = root / "shapes" / file if file.startswith("concepts/") else path
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new), "utf-8")


def told(old: Path, new: Path, *options: str) -> dict[str, Any]:
    done = run(old, new, "--format", "json", *options)
    assert done.exit_code in (0, 1), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["verdict"] == "compatible") == (done.exit_code == 0)
    return found


BOTH, JSON = ["initiators", "responders"], ["callers", "services"]
ARGUMENT, REQUEST, REPLY = "saref4.argument.rq", "request.schema.json", "reply.schema.json"
CHANGES = [
    # exchange, [(file, old, new)], who breaks, what is said
    (OFFERS, [("exchange.yaml", "title: Flex", "title: All flex")], [], "title: they are for people"),
    (
        OFFERS,
        [(one, "?period", "?time") for one in (ARGUMENT, "interconnect.argument.rq")]
        + [("exchange.yaml", " period,", " time,")],
        [],
        "?time instead of ?period",
    ),
    (
        OFFERS,
        [(ARGUMENT, "s4ener:FlexOffer", "s4ener:FlexRequest")],
        BOTH,
        "match at reasoner level 3 only; a new initiator and an old responder do not match",
    ),
    (OFFERS, [(ARGUMENT, "?series a s4ener:TimeSeries .", "")], BOTH, "no longer ?series a s4ener:TimeSeries"),
    (
        NEEDS,
        [("saref4.rq", "CONSTRUCT WHERE {", "CONSTRUCT WHERE {\n  ?need a saref:Commodity .")],
        ["responders"],
        "now ?need a saref:Commodity: a new initiator and an old responder do not match",
    ),
    (OFFERS, [("exchange.yaml", "POST /Flexibility/Offers", "PUT /Offers")], JSON, "PUT /Offers instead of POST"),
    (OFFERS, [("exchange.yaml", "initiator: service_provider", "initiator: retailer")], BOTH, "is retailer instead of"),
    (
        OFFERS,
        [("exchange.yaml", "access: own", "access: granted")],
        ["callers", "initiators"],
        "granted instead of own",
    ),
    (OFFERS, [("exchange.yaml", "access: own", "access: open")], [], "more are let in"),
    (
        OFFERS,
        [("exchange.yaml", "at: /*/acknowledgedBy", "at: /*/by"), (REPLY, '"acknowledgedBy"', '"by"')],
        JSON,
        "reply: ?acknowledgedBy stands at /*/by instead of /*/acknowledgedBy",
    ),
    (
        OFFERS,
        [("exchange.yaml", "{at: /*/offer, as: decimal}", "{at: /*/offer, as: integer}")],
        BOTH,
        "?quantity is written integer instead of decimal",
    ),
    (
        OFFERS,
        [("exchange.yaml", '"meter/{meterId}"', '"meters/{meterId}"')],
        BOTH,
        "?meter is named meters/{meterId} instead of meter/{meterId}",
    ),
    (OFFERS, [("exchange.yaml", '"./offer/', '"./offers/')], [], "?offer is named ./offers/"),
    (
        OFFERS,
        [("exchange.yaml", "    /*: [requestId, offerId]\n    /*/meterIds", "    /*: [offerId]\n    /*/meterIds")],
        ["initiators"],
        "the keys are ?offerId instead of ?requestId, ?offerId",
    ),
    (OFFERS, [(REQUEST, '"minItems": 1', '"minItems": 2')], ["initiators"], "elements, at least 2 instead of 1"),
    (OFFERS, [(REQUEST, "{1,64}", "{1,9}")], BOTH, "new responders refuse the request of examples/"),
    (OFFERS, [(REPLY, '"$schema"', '"maxItems": 1, "$schema"')], ["responders"], "new initiators refuse the reply of"),
    (NEEDS, [(REPLY, '"kWh",', "")], [], 'no longer "kWh": peers\' quantities in other units are converted exactly'),
    (NEEDS, [(REPLY, '"Down"', '"Down", "Sideways"')], ["initiators"], '"Sideways" too: new responders send what old'),
    (
        RESPONSE,
        [("exchange.yaml", "Cancelled: s4ener:Rejected", "Cancelled: s4ener:Revoked")],
        BOTH,
        "Cancelled means <https://saref.etsi.org/saref4ener/Revoked> instead of",
    ),
    (RESPONSE, [("exchange.yaml", 'default: ""', "default: none")], JSON, 'says "none" instead of ""'),
    (
        OFFERS,
        [("shapes", "sh:maxInclusive 9.999", "sh:maxInclusive 5")],
        ["initiators"],
        "maxInclusive 5 instead of 9.99",
    ),
    (
        OFFERS,
        [("shapes", "sh:maxInclusive 9.999", "sh:maxInclusive 99")],
        ["responders"],
        "the request of rejects/price_of",
    ),
    (OFFERS, [("shapes", "The price must be in", "A price is in")], [], "what senders are told reads otherwise"),
    (OFFERS, [("rejects/no_meter.txt", "at least", "At least")], [], "what senders of no_meter are told"),
    (
        OFFERS,
        [("concepts/acknowledgement.ttl", "sh:minCount 1", "sh:minCount 0")],
        ["initiators"],
        "minCount 0 instead of 1: new responders send what old initiators refuse",
    ),
]


@pytest.mark.parametrize(("exchange", "changes", "breaks", "said"), CHANGES[:-1], ids=lambda one: str(one)[:60])
def test_a_change_is_judged_by_whom_it_breaks(
    two: Any, exchange: str, changes: list[tuple[str, str, str]], breaks: list[str], said: str
) -> None:
    old, new = two(exchange)
    for file, before, after in changes:
        change(new, exchange, file, before, after)
    found = told(old, new)["changed"]
    assert [one["breaks"] for one in found] == [breaks], json.dumps(found, indent=1)
    assert said in "\n".join(f"{one['what']}: {one['why']}" for one in found[0]["changes"]), json.dumps(found, indent=1)


def test_what_breaks_one_side_breaks_the_other_on_the_way_back(two: Any) -> None:
    old, new = two(OFFERS)
    change(new, OFFERS, "shapes", "sh:maxInclusive 9.999", "sh:maxInclusive 5")
    assert told(old, new)["changed"][0]["breaks"] == ["initiators"]
    assert told(new, old)["changed"][0]["breaks"] == ["responders"]


def test_nothing_changed_is_compatible(two: Any) -> None:
    done = run(*two(OFFERS))
    assert (done.exit_code, done.stdout) == (0, "1 exchange, 0 changed: compatible\n")


def test_the_page_tells_whom_it_breaks_why_and_who_goes_first(two: Any) -> None:
    old, new = two(OFFERS)
    change(new, OFFERS, REQUEST, '"minItems": 1', '"minItems": 3')
    done = run(old, new)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"{OFFERS}: breaks initiators; initiators take the new first, responders after them"
    assert "  schema: request /: elements, at least 3 instead of 1" in lines
    assert "    breaks initiators: old initiators send what new responders refuse" in lines
    assert any(one.startswith("  cases: saref4: new responders refuse the request of examples/") for one in lines)
    assert lines[-1] == "1 exchange, 1 changed: breaks initiators"


def test_a_party_that_takes_the_new_alone_counts_whom_it_meets(two: Any) -> None:
    old, new = two(OFFERS)
    change(new, OFFERS, "shapes", "sh:maxInclusive 9.999", "sh:maxInclusive 99")
    assert told(old, new)["verdict"] == "breaks responders"
    assert told(old, new, "--party", "dso")["verdict"] == "compatible"  # it takes more than before
    assert told(old, new, "--party", "service_provider")["verdict"] == "breaks responders"  # it sends more than before


def test_a_profile_that_is_gone_breaks_its_peers_and_a_new_one_nobody(two: Any) -> None:
    old, new = two(OFFERS)
    for path in (new / "graph_patterns" / OFFERS).glob("interconnect*"):
        path.unlink()
    assert told(old, new)["verdict"] == "breaks initiators and responders"
    assert told(new, old)["verdict"] == "compatible"


def test_an_exchange_may_come_go_and_get_another_name(two: Any) -> None:
    old, new = two(OFFERS)
    for root in (old, new):
        shutil.copytree(shipped().patterns / NEEDS, root / "graph_patterns" / NEEDS)
        shutil.copy(shipped().shapes / f"{NEEDS}.ttl", root / "shapes" / f"{NEEDS}.ttl")
    for kind, end in (("graph_patterns", ""), ("shapes", ".ttl")):
        (new / kind / f"{OFFERS}{end}").rename(new / kind / f"flexibility/bids{end}")
    renamed = told(old, new)
    assert renamed["exchanges"] == 2
    assert [(one["exchange"], one["changes"][0]["what"]) for one in renamed["changed"]] == [
        ("flexibility/bids", f"it was called {OFFERS}")
    ]
    assert renamed["verdict"] == "compatible"
    shutil.rmtree(new / "graph_patterns" / "flexibility" / "bids")
    assert told(new, old)["changed"][0]["changes"][0]["what"] == "the exchange is new"
    gone = told(old, new)
    assert gone["changed"][0]["changes"][0]["what"] == "the exchange is gone"
    assert gone["verdict"] == "breaks callers and initiators and responders and services"


def test_one_exchange_alone_may_be_compared(two: Any) -> None:
    old, new = two(OFFERS)
    change(new, OFFERS, "exchange.yaml", "title: Flex", "title: All flex")
    done = run(old / "graph_patterns" / OFFERS, new / "graph_patterns" / OFFERS)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{OFFERS}: compatible")


def test_the_old_one_may_be_a_revision_of_git(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, new = two(OFFERS)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(new.parent)]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], check=True)
    change(new, OFFERS, REQUEST, '"minItems": 1', '"minItems": 3')
    monkeypatch.chdir(new)
    for arguments in (
        ["--git", "HEAD"],
        ["HEAD:.", "."],
        ["HEAD:", "."],
        ["--git", "HEAD", f"graph_patterns/{OFFERS}"],
    ):
        done = run(*arguments)
        assert done.exit_code == 1, done.output
        assert "1 exchange, 1 changed: breaks initiators" in done.stdout
    monkeypatch.chdir(new.parent)
    assert run("--git", "HEAD", "new").exit_code == 1
    for arguments, said in (
        (["--git", "nowhere", "new"], "git ls-tree:"),
        (["--git", "HEAD", "."], "has no folder graph_patterns"),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr


def test_a_catalogue_that_cannot_be_read_is_told_with_its_place(two: Any) -> None:
    old, new = two(OFFERS)
    change(new, OFFERS, "exchange.yaml", "kind: post", "kind: pots")
    done = run(old, new)
    assert done.exit_code == 2
    assert f"{new}/graph_patterns/{OFFERS}/exchange.yaml:3: [structure] kind: 'pots'" in done.stderr
    change(new, OFFERS, "exchange.yaml", "kind: pots", "kind: post")
    (new / "shapes" / f"{OFFERS}.ttl").unlink()
    done = run(old, new)
    assert done.exit_code == 2
    assert f"{new}/shapes/{OFFERS}.ttl:1: [shapes] there is no " in done.stderr


def test_a_party_that_nobody_has_is_wrong_usage(two: Any) -> None:
    done = run(*two(OFFERS), "--party", "dos")
    assert done.exit_code == 2
    assert "no exchange has the party 'dos'; there are dso, service_provider" in done.stderr


def test_another_kind_never_meets_the_old_one(two: Any) -> None:
    old, new = two(NEEDS)
    folder = new / "graph_patterns" / NEEDS
    change(new, NEEDS, "exchange.yaml", "kind: ask", "kind: post")
    shutil.copy(folder / "saref4.rq", folder / "saref4.result.rq")
    (folder / "saref4.rq").rename(folder / "saref4.argument.rq")
    found = told(old, new)["changed"][0]
    assert found["breaks"] == BOTH
    assert [one["what"] for one in found["changes"]] == ["it is a post instead of an ask"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name the old catalogue"),
        (["nowhere", "."], "nowhere: there is no catalogue here"),
        (["HEAD~1", "."], "of a revision of git it is HEAD~1:. or --git HEAD~1"),
        (["docs", "."], "docs: there is no catalogue here"),
        (["pyproject.toml", "b.rq"], "pyproject.toml is a file: gridlingua match compares two"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "ways"),
    [
        ({"minimum": 1}, {"minimum": 2}, ["narrower"]),
        ({"minimum": 2}, {}, ["wider"]),
        ({}, {"maximum": 2}, ["narrower"]),
        ({"maximum": 2}, {"maximum": 3}, ["wider"]),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, []),
        ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, ["other"]),
        ({"const": "a"}, {"enum": ["a", "c"]}, ["wider"]),
        ({"type": "integer"}, {"type": "number"}, ["wider"]),
        ({"type": "string"}, {"type": ["string", "null"]}, ["wider"]),
        ({"type": "string"}, {"type": "number"}, ["other"]),
        ({"pattern": "a"}, {"pattern": "b"}, ["other"]),
        ({"multipleOf": 1}, {"multipleOf": 0.5}, ["wider"]),
        ({"multipleOf": 2}, {"multipleOf": 4}, ["narrower"]),
        ({"title": "a", "description": "b", "examples": []}, {"title": "c"}, []),
        ({"additionalProperties": False}, {}, ["wider"]),
    ],
)
def test_a_schema_says_less_or_more(old: dict[str, Any], new: dict[str, Any], ways: list[str]) -> None:
    assert [one.way for one in steps(old, new)] == ways
    back = {"narrower": "wider", "wider": "narrower", "other": "other"}
    assert [one.way for one in steps(new, old)] == [back[way] for way in ways]


def test_members_and_elements_are_compared_through_references() -> None:
    old = {"items": {"$ref": "#/$defs/one"}, "$defs": {"one": {"properties": {"a": {}, "b": {}}, "required": ["a"]}}}
    new = {"items": {"properties": {"a": {"maximum": 3}, "c": {}}, "required": ["c"]}}
    assert [(one.place, one.matter, one.way) for one in steps(old, new)] == [
        ("/*/a", "presence", "wider"),
        ("/*/a", "value", "narrower"),
        ("/*/b", "presence", "other"),
        ("/*/c", "presence", "narrower"),
    ]
