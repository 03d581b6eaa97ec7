"""Slips of the hand, made at random in what is clean: each is told at its line, with the term that was meant."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import Written, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.names import complete
from gridlingua.catalogue.passages import passages
from gridlingua.errors import Problem

HERE = Path(__file__).parent
WHOLE = ("saref", "s4ener", "s4grid", "s4syst", "time", "om", "unit")
"""The ontologies of which every name is known."""
NAMED = re.compile(
    rf"(?<![\w:/<#.-])(?P<prefix>{'|'.join(WHOLE)}):(?P<short>[A-Za-z][\w-]{{4,}})|<(?P<space>https?://[^<>\s]+[/#])(?P<long>[A-Za-z][\w-]{{4,}})>"
)
DECLARED = re.compile(r"\s*(?:@?prefix\b|#)", re.IGNORECASE)


@dataclass(frozen=True)
class Slip:
    """A text with one name that went wrong: what it was, what it is, and where."""

    path: Path
    text: str
    meant: str
    written: str
    line: int


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


@cache
def clean_files() -> list[Path]:
    files = [*HERE.glob("*/*/clean.*"), *(HERE / "clean").iterdir(), *shipped().patterns.glob("*/*/*.rq")]
    return sorted(files)


def exists(iri: str) -> bool:
    known = complete().get(re.split(r"(?<=[/#])(?=[^/#]*$)", iri)[0])
    views = (vocabulary(), vocabulary().of("interconnect"))
    return any(view.find(iri) for view in views) or bool(known and re.split("[/#]", iri)[-1] in known.names)


def misspelt(name: str, dice: random.Random) -> str:
    """A letter lost, doubled, changed or exchanged with its neighbour, or a capital."""
    k = dice.randrange(1, len(name))
    return dice.choice(
        [
            name[:k] + name[k + 1 :],
            name[:k] + name[k] + name[k:],
            name[:k] + dice.choice("aeinrst") + name[k + 1 :],
            name[: k - 1] + name[k] + name[k - 1] + name[k + 1 :],
            name[0].swapcase() + name[1:],
        ]
    )


def slips(seed: int, count: int) -> Iterator[Slip]:
    dice = random.Random(seed)
    spaces = {vocabulary().prefixes[one] for one in WHOLE}
    while count:
        path = dice.choice(clean_files())
        text = path.read_bytes().decode()
        found = dice.choice(list(NAMED.finditer(text)) or [None])
        if found is None or DECLARED.match(text, text.rfind("\n", 0, found.start()) + 1):
            continue
        group = "short" if found["short"] else "long"
        space = vocabulary().prefixes[found["prefix"]] if found["short"] else found["space"]
        wrong = misspelt(found[group], dice)
        if space not in spaces or not exists(space + found[group]) or exists(space + wrong):
            continue
        count -= 1
        broken = text[: found.start(group)] + wrong + text[found.end(group) :]
        yield Slip(path, broken, found[group], wrong, broken.count("\n", 0, found.start(group)) + 1)


def told_of(slip: Slip) -> list[Problem]:
    found = passages(slip.path, slip.text)
    written = [Written.of(slip.path.name, one, vocabulary(), "") for one in found]
    return [one for one in run_written(written, ["terms"]) if re.search(rf":{re.escape(slip.written)} ", one.message)]


@pytest.mark.parametrize("seed", range(10))
def test_a_slip_of_the_hand_is_told_with_what_was_meant(seed: int) -> None:
    for slip in slips(seed, 20):
        told = told_of(slip)
        assert [one.line for one in told] == [slip.line], slip
        assert re.search(rf"[:/#]{re.escape(slip.meant)}\b", told[0].message.partition("did you mean")[2]), told[0]


def test_of_an_ontology_of_which_every_name_is_known_the_list_has_no_others() -> None:
    for view in (vocabulary(), vocabulary().of("interconnect")):
        for namespace, known in complete().items():
            listed = {iri.removeprefix(namespace) for iri in view.terms if iri.startswith(namespace)}
            assert listed <= known.names
