"""The building blocks of patterns: one YAML file each under ``blocks/``, found by looking.

A block is a *thing* (what a level or an identifier is about, with its class) or a *statement* (what fields say of a
thing). Its triples are written as in a pattern, with ``?subject`` for the thing, ``?link`` for the first property of
``links`` that may stand there, and a variable for each field that it ``takes``; every other variable is a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml

from gridlingua.catalogue.scaffold.words import Words, contain, words

SUBJECT = "?subject"
LINK = "?link"


@dataclass(frozen=True)
class Slot:
    """What a field must be to be taken: words of its name, datatypes; ``codes`` are the terms of its values."""

    name: str
    words: tuple[Words, ...] = ()
    never: tuple[Words, ...] = ()
    datatypes: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)

    def score(self, said: Words) -> int:
        """How well a name fits, from 0: the longer the words that it has, and the nearer to its end, the better."""
        if any(contain(said, one) for one in self.never):
            return 0
        fitting = [one for one in self.words if contain(said, one)]
        return max((3 * len(one) + 2 * (said[-len(one) :] == one) + (said == one) for one in fitting), default=0)


@dataclass(frozen=True)
class Rule:
    """A field that must be later (or greater) than another."""

    later: str
    than: str
    message: str


@dataclass(frozen=True)
class Doubt:
    """What to ask where codes stand for one of these ``terms`` and the document has one of the ``words``."""

    terms: frozenset[str]
    words: frozenset[str]
    says: str


@dataclass(frozen=True)
class Thing:
    """A kind of thing: ``types`` are its classes, the first of which shapes target.

    ``needs`` is what a level must hold to be one (``number``, ``time``, ``period``, ``below``: an array inside).
    ``links`` are the properties by which others refer to it, ``inside`` those by which an element hangs on the thing
    around it: ``child`` from the element, ``parent`` from that thing.
    """

    name: str
    title: str
    types: tuple[str, ...]
    words: tuple[Words, ...] = ()
    says: str = ""
    template: str = ""
    needs: frozenset[str] = frozenset()
    by_needs: int = 0
    role: str = ""
    links: tuple[str, ...] = ()
    inside: tuple[tuple[Literal["child", "parent"], str], ...] = ()
    undecided: str = ""


@dataclass(frozen=True)
class Statement:
    """What some fields say of a thing; ``of`` are the classes of things that it is said of, any when empty."""

    name: str
    title: str
    order: int
    takes: tuple[Slot, ...]
    says: str
    of: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    rule: Rule | None = None
    undecided: str = ""
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Quantities:
    """How numbers with a unit are said: by the kind of their unit the property, the links and words that tell."""

    says: str
    property_says: str
    links: tuple[str, ...]
    kinds: Mapping[str, Mapping[str, Any]]
    spellings: Mapping[str, str]
    unit_words: tuple[Words, ...]


@dataclass(frozen=True)
class Library:
    """All blocks, statements in their order."""

    things: tuple[Thing, ...]
    statements: tuple[Statement, ...]
    quantities: Quantities

    def thing(self, name: str) -> Thing:
        return next(one for one in self.things if one.name == name)


@cache
def library() -> Library:
    """The blocks that come with gridlingua."""
    return read(resources.files("gridlingua.catalogue.scaffold").joinpath("blocks"))


def read(folder: Traversable) -> Library:
    """Every ``*.yaml`` of a folder: ``kind`` says which block it is, the file's name is the block's."""
    found = sorted(
        (one.name, yaml.safe_load(one.read_text("utf-8"))) for one in folder.iterdir() if one.name.endswith(".yaml")
    )
    things = tuple(_thing(name.removesuffix(".yaml"), one) for name, one in found if one["kind"] == "thing")
    statements = [_statement(name.removesuffix(".yaml"), one) for name, one in found if one["kind"] == "statement"]
    (quantities,) = (one for _, one in found if one["kind"] == "quantities")
    return Library(things, tuple(sorted(statements, key=lambda one: (one.order, one.name))), _quantities(quantities))


def _thing(name: str, said: Mapping[str, Any]) -> Thing:
    return Thing(
        name=name,
        title=said["title"],
        types=tuple(said["types"]),
        words=_alternatives(said.get("words")),
        says=said.get("says", ""),
        template=said.get("template", ""),
        needs=frozenset(said.get("needs", ())),
        by_needs=said.get("by_needs", 0),
        role=said.get("role", ""),
        links=tuple(said.get("links", ())),
        inside=tuple((side, one) for way in said.get("inside", ()) for side, one in way.items()),
        undecided=said.get("undecided", ""),
    )


def _statement(name: str, said: Mapping[str, Any]) -> Statement:
    return Statement(
        name=name,
        title=said["title"],
        order=said["order"],
        takes=tuple(_slots(said["takes"])),
        says=said["says"],
        of=tuple(said.get("of", ())),
        links=tuple(said.get("links", ())),
        rule=Rule(**said["rule"]) if "rule" in said else None,
        undecided=said.get("undecided", ""),
        doubt=_doubt(said["doubt"]) if "doubt" in said else None,
    )


def _doubt(said: Mapping[str, Any]) -> Doubt:
    return Doubt(frozenset(said["terms"]), frozenset(said["words"]), said["says"])


def _slots(said: Mapping[str, Any]) -> Iterator[Slot]:
    for name, one in said.items():
        yield Slot(
            name=name,
            words=_alternatives(one.get("words")),
            never=_alternatives(one.get("never")),
            datatypes=frozenset(one.get("as", ())),
            codes={str(code).casefold(): term for code, term in one.get("codes", {}).items()},
        )


def _quantities(said: Mapping[str, Any]) -> Quantities:
    return Quantities(
        says=said["says"],
        property_says=said["property_says"],
        links=tuple(said["links"]),
        kinds=said["kinds"],
        spellings={str(spelling).casefold(): symbol for spelling, symbol in said["spellings"].items()},
        unit_words=_alternatives(said["unit_words"]),
    )


def _alternatives(said: Any) -> tuple[Words, ...]:
    return tuple(words(str(one)) for one in said or ())
