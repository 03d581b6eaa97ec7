"""Make a proposal unambiguous: by itself, and beside the other exchanges of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from gridlingua.catalogue.exchange import JUDGED_PROFILE, Exchange
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.scaffold.brief import Brief, ScaffoldError
from gridlingua.catalogue.scaffold.fitting import Fitting
from gridlingua.catalogue.scaffold.proposal import Mark, Proposal, Side, constant
from gridlingua.catalogue.scaffold.words import fresh
from gridlingua.semantics.matching import matches, symmetry
from gridlingua.semantics.patterns import Pattern

_SAYS: Final = "s4city:hasDescription"


def tell_apart(proposal: Proposal, vocabulary: Vocabulary) -> None:
    """Describe the nodes that are interchangeable by the words of the message, until none is.

    Raises ScaffoldError when words do not do.
    """
    says = f"<{Fitting(vocabulary).iri(_SAYS)}>"
    for side in proposal.sides:
        for name in _overlooked(proposal, side):
            _describe(proposal, side, name, says, proposal.words[name])
        while moved := symmetry(proposal.pattern(side)):
            nodes = {one[1:] for pair in moved.items() for one in pair if one[1:] in proposal.words}
            new = [one for one in sorted(nodes) if not _is_described(proposal, side, one, says)]
            if not new:
                names = ", ".join(sorted(moved))
                raise ScaffoldError(
                    f"nothing tells {names} apart: give their fields other names, or drop one with --drop"
                )
            for name in new:
                _describe(proposal, side, name, says, proposal.words[name])


def _overlooked(proposal: Proposal, side: Side) -> list[str]:
    """The nodes that a rule about them would not tell from one beside them, which has all their constants and more."""
    triples = proposal.triples[side]
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject, predicate, target in triples:
        if target[1:] in proposal.words:
            beside[subject, predicate].append(target)
    constants = {
        node: {one[1:] for one in triples if one[0] == node and one[2][0] != "?"}
        for group in beside.values()
        for node in group
    }
    return [
        one[1:]
        for group in beside.values()
        for one in group
        if any(other != one and constants[one] <= constants[other] for other in group)
    ]


def tell_from_others(proposal: Proposal, brief: Brief, vocabulary: Vocabulary, others: Iterable[Exchange]) -> None:
    """See that the pattern reaches no other exchange, nor is reached by one.

    Raises ScaffoldError when an exchange of the catalogue asks what this one would answer too.
    """
    side: Side = "pattern" if proposal.kind == "ask" else "argument"
    for other in others:
        theirs = other.profiles.get(JUDGED_PROFILE)
        if theirs is None or other.kind != proposal.kind or other.id == brief.id:
            continue
        pattern = proposal.pattern(side)
        there, back = _covers(pattern, theirs.request), _covers(theirs.request, pattern)
        if back and (proposal.kind == "ask" or there):
            raise ScaffoldError(
                f"{other.id} asks for the same, so whoever asks it would reach this exchange too: "
                "is it not the same exchange?"
                if proposal.kind == "ask"
                else f"{other.id} says the same: is it not the same exchange?"
            )
        if there and proposal.kind == "ask":
            first = proposal.things[0].variable
            _describe(proposal, side, first, f"<{Fitting(vocabulary).iri(_SAYS)}>", brief.name.replace("_", " "))
            sentence = f"only its description tells this from {other.id}: which term does?"
            proposal.marks.append(Mark(side, first, sentence))


def _covers(target: Pattern, source: Pattern) -> bool:
    return next(matches(target, source), None) is not None


def _is_described(proposal: Proposal, side: Side, name: str, says: str) -> bool:
    return any(one[0] == f"?{name}" and one[1] == says for one in proposal.triples[side])


def _describe(proposal: Proposal, side: Side, name: str, says: str, text: str) -> None:
    used = {one[2][1:-1] for one in proposal.triples[side] if one[1] == says}
    proposal.add(side, (f"?{name}", says, constant(_unlike(proposal, name, text, used))))


def _unlike(proposal: Proposal, name: str, text: str, used: Collection[str]) -> str:
    """A text that nothing else is described by, in words as long as they do."""
    part = next((part for part, found in proposal.nodes.items() if any(name in one for one in found.values())), "reply")
    texts = (text, f"{text} of the {part}", f"other {text}", f"other {text} of the {part}")
    return next((one for one in texts if one not in used), "") or fresh(f"{text} ", used)
