"""What a level or an identifier is about: which block is the thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gridlingua.catalogue.exchange import Operation
from gridlingua.catalogue.scaffold.blocks import Library, Thing
from gridlingua.catalogue.scaffold.brief import Brief
from gridlingua.catalogue.scaffold.leaves import Leaf, Level
from gridlingua.catalogue.scaffold.proposal import Placed, Proposal
from gridlingua.catalogue.scaffold.words import Words, contain, words

_CONTAINERS: Final = frozenset(
    words("item data result element entry list hit record row content body payload collection")
)
_VAGUE: Final = (("value",), ("time",), ("number",))
_START: Final = tuple(words(one) for one in ("start", "begin", "from", "since", "valid from"))
_END: Final = tuple(words(one) for one in ("end", "finish", "to", "until", "till", "valid to", "duration"))
_SERIES: Final = "TimeSeries"


class Nouns:
    """What the levels of an exchange are called: by their arrays, the exchange, the path."""

    def __init__(self, brief: Brief, operation: Operation) -> None:
        fixed = [one for one in operation.path.split("/") if one and not one.startswith("{")]
        self._name = words(brief.name)
        self.path = words(fixed[-1]) if fixed else self._name

    def of(self, level: Level) -> list[Words]:
        """The nouns that a level may be meant by, the likeliest first."""
        own = [level.noun] if level.noun and not set(level.noun) <= _CONTAINERS else []
        inner = level.pointer.count("*") > 1 or (level.pointer and own)
        return own if inner and own else [*own, self._name, self.path]

    def names_a_thing(self, library: Library, leaf: Leaf) -> bool:
        """Whether a text's name is that of a thing, so that its value is the thing's identifier."""
        if leaf.datatype != "string" or "enum" in leaf.schema:
            return False
        return any(leaf.said in one.words for one in library.things if one.template)


def choose(
    library: Library, level: Level, nouns: Sequence[Words], proposal: Proposal, parent: Placed | None
) -> tuple[Thing, Words]:
    """The thing of a level and its noun: by the nouns, else by what the level holds, else a thing of no known kind."""
    held = _held(level, proposal, parent)
    for noun in nouns:
        if (thing := _named(library, noun, held)) is not None:
            return thing, words(thing.name) if noun in _VAGUE else noun
    fitting = [one for one in library.things if one.by_needs and one.needs <= held]
    noun = nouns[0] if nouns else ("thing",)
    if fitting:
        best = max(fitting, key=lambda one: one.by_needs)
        noun = words(best.name) if noun in _VAGUE else noun
        return replace(best, undecided=best.undecided or f"is it {best.title}, as it looks?"), noun
    return next(one for one in library.things if one.role == "anything"), noun


def of_identifier(library: Library, leaf: Leaf, nouns: Nouns) -> tuple[Thing, Words]:
    """The thing that an identifier is of: ``meterId`` of a meter, ``id`` of what the path says."""
    noun = (
        leaf.said[:-1]
        if leaf.is_identifier and leaf.said[-1] in ("id", "identifier", "mrid", "uuid", "guid")
        else leaf.said
    )
    noun = noun or nouns.path
    thing = _named(library, noun, None)
    return thing or next(one for one in library.things if one.role == "anything"), noun


def _named(library: Library, noun: Words, held: frozenset[str] | None) -> Thing | None:
    """The thing whose words a noun ends in; of several the one with the longest."""
    scored = [
        (len(said), len(thing.needs), thing)
        for thing in library.things
        for said in thing.words
        if noun[-len(said) :] == said and (held is None or thing.needs <= held)
    ]
    return max(scored, key=lambda one: one[:2], default=(0, 0, None))[2]


def _held(level: Level, proposal: Proposal, parent: Placed | None) -> frozenset[str]:
    """What a level holds, as blocks need it."""
    chain = proposal.levels[level.part]
    below = next((one for one in chain if len(one.pointer) > len(level.pointer)), None)
    held = set(_of_leaves(level.leaves))
    if level.has_more_below:
        held.add("below")
    if below is not None and not below.has_more_below and {"number", "time"} <= set(_of_leaves(below.leaves)):
        held.add("points below")
    if parent is not None and any(one.endswith(_SERIES) for one in parent.types):
        held.add("in series")
    return frozenset(held)


def _of_leaves(leaves: Sequence[Leaf]) -> set[str]:
    times = [one for one in leaves if one.datatype == "dateTimeStamp" and not one.is_of_record]
    ends = [one for one in leaves if one.datatype in ("dateTimeStamp", "duration")]
    held = {"number"} if any(one.is_number and not one.is_identifier for one in leaves) else set()
    if times:
        held.add("time")
    if _any(times, _START) and _any(ends, _END):
        held.add("period")
    if any(one.datatype == "boolean" and {"accepted", "approved"} & set(one.said) for one in leaves):
        held.add("verdict")
    return held


def _any(leaves: Sequence[Leaf], wanted: Sequence[Words]) -> bool:
    return any(contain(leaf.said, one) for leaf in leaves for one in wanted)
