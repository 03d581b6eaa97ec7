"""What to do about two interactions, in sentences for who runs one of the parties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.engine.bindings import value_key
from gridlingua.engine.comparison import nodes, terms
from gridlingua.engine.comparison.comparison import Comparison, Part
from gridlingua.engine.comparison.hint import Hint, Write, and_, said
from gridlingua.engine.comparison.verdict import Side
from gridlingua.semantics.matching import matches
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.search import TooInterchangeableError

_DOES: Final = {"ask": "asks", "answer": "answers", "post": "posts", "react": "reacts"}


def hints(comparison: Comparison, kinship: Kinship, write: Write) -> tuple[Hint, ...]:
    """What keeps the two from matching, and what to beware of when they match; the most telling first."""
    return tuple(dict.fromkeys(_hints(comparison, kinship, write)))


def _hints(comparison: Comparison, kinship: Kinship, write: Write) -> Iterator[Hint]:
    yield from _parties(comparison)
    yield from _purposes(comparison, kinship)
    yield from terms.kin_hints(comparison, write)
    for part in comparison.parts:
        yield from terms.constant_hints(part, kinship, write)
        yield from nodes.one_to_one_hints(part, write)
        yield from nodes.never_hints(part, write)
        yield from _lone_triples(comparison, part, write)
        yield from nodes.structure_hints(part, kinship, write)
        yield from terms.reshaped_hints(part, kinship, write)
        yield from terms.unsucceeded_hints(part, kinship, write)
        yield from nodes.constant_for_variable_hints(comparison, part, write)
        if comparison.kinds_meet:
            yield from _ambiguity(part)
    yield from terms.unknown_hints(comparison, kinship, write)
    yield from nodes.fixed_subject_hints(comparison, write)
    yield from _profiles(comparison)


def _parties(comparison: Comparison) -> Iterator[Hint]:
    first, second = comparison.initiator.interaction, comparison.responder.interaction
    if comparison.is_same_party:
        yield Hint("party", "Both are of one knowledge base, which never answers or reacts to itself.")
    if comparison.kinds_meet:
        if first.result and not second.result:
            yield Hint(
                "result", "The post wants a result and the react has none: it is triggered, and nothing returns."
            )
        if second.result and not first.result and first.kind == "post" and not comparison.responder.part:
            yield Hint("result", "The react has a result that the post does not ask for: it is triggered all the same.")
        return
    both = {first.kind, second.kind}
    if len(both) == 1:
        verb = _DOES[first.kind]
        other = "answer" if first.kind in ("ask", "answer") else "react"
        other = {"answer": "ask", "react": "post"}[first.kind] if first.is_reactive else other
        yield Hint("kind", f"Both sides {verb[:-1]}: one of the two must {other} instead.")
    elif both == {"ask", "react"}:
        yield Hint(
            "kind",
            "An ask meets answers. A react is used for an ask only if it has a result pattern and others answer its "
            "whole argument; register an answer for the pattern, or post instead of asking.",
        )
    else:
        yield Hint("kind", f"One side {_DOES[first.kind]} and the other {_DOES[second.kind]}: these never meet.")


def _purposes(comparison: Comparison, kinship: Kinship) -> Iterator[Hint]:
    sides = {"A": comparison.a.interaction, "B": comparison.b.interaction}
    for label, one in sides.items():
        for purpose in dict.fromkeys((*one.required, *one.satisfied)):
            for step in kinship.meant(purpose):
                text = f"{label} writes its purpose <{step.found}>, in a namespace that has moved: <{step.meant}> now."
                yield Hint("purpose", text)
    if not comparison.purposes_fit:
        acts = [
            f"{label} requires {_iris(one.required)} and satisfies {_iris(one.satisfied)}"
            for label, one in sides.items()
        ]
        yield Hint(
            "purpose",
            f"The communicative acts exclude each other: {'; '.join(acts)}. Each side must satisfy what the other "
            "requires; who says nothing requires and satisfies ke:InformPurpose.",
        )


def _iris(iris: Sequence[str]) -> str:
    return and_([f"<{one}>" for one in iris])


def _lone_triples(comparison: Comparison, part: Part, write: Write) -> Iterator[Hint]:
    alignment = part.alignment
    sides = (
        ("A", "B", alignment.left, alignment.left_alone, comparison.a),
        ("B", "A", alignment.right, alignment.right_alone, comparison.b),
    )
    for label, other, pattern, alone, side in sides:
        if alone:
            told = said([pattern.triples[position] for position in alone], write)
            text = _lone(label, other, part, side, len(alone))
            yield Hint("missing" if _is_wanted(part, side) else "extra", f"{text}: {told}.")


def _is_wanted(part: Part, side: Side) -> bool:
    """Whether a side's triples must come from the other: what is asked for, what a react takes, what a post wants."""
    return side.is_initiator != (part.name == "argument")


def _lone(label: str, other: str, part: Part, side: Side, count: int) -> str:
    what = f"{count} triple{'s' if count != 1 else ''}"
    if part.name == "argument":
        if _is_wanted(part, side):
            return f"{label} reacts only to posts with {what} more than {other} has"
        return f"{label} posts {what} more than {other} takes, which matches from level 2 on but not at level 1"
    verb = "asks for" if part.name == "pattern" else "wants back"
    if _is_wanted(part, side):
        return f"{label} {verb} {what} that {other} has not"
    if part.name == "result":
        return f"{label} brings {what} more than {other} wants back, which matches from level 2 on but not at level 1"
    return f"{label} has {what} more than {other} {verb}, which keeps nothing from matching"


def _ambiguity(part: Part) -> Iterator[Hint]:
    left, right = part.alignment.left, part.alignment.right
    try:
        several = _many(left, right) or _many(right, left)
        too_many = several and part.level is None
    except TooInterchangeableError:
        several = too_many = True
    if too_many and part.name != "result":
        yield Hint(
            "ambiguous",
            "So many triples could stand for each other that an engine gives up: give them something that tells them "
            "apart, such as a class or a constant.",
        )
    elif several and part.level:
        yield Hint(
            "ambiguous",
            "The patterns correspond in several ways: rows come back more than once, with values exchanged. Give what "
            "trades places a class or a constant that tells it apart.",
        )


def _many(target: Pattern, source: Pattern) -> bool:
    found = [frozenset(match.nodes) for match in islice(matches(target, source, value_key), 2)]
    return len(set(found)) > 1


def _profiles(comparison: Comparison) -> Iterator[Hint]:
    if not any(step.relation == "generation" for kin in comparison.kin for step in (*kin.from_left, *kin.from_right)):
        return
    bases = [side.name.partition(":")[0].partition(".")[0] for side in (comparison.a, comparison.b)]
    for label, side, base in zip("AB", (comparison.a, comparison.b), bases, strict=True):
        if side.profiles and bases[0] != bases[1]:
            others = and_([f"{base}:{one}" for one in side.profiles], "or")
            yield Hint("profile", f"The exchange of {label} has other generations of vocabulary: compare {others}.")
