"""Why nobody serves an ask or a post, in words for who runs one of the parties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gridlingua.engine.survey.overview import Lack, Prospect
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, Term

Write = Callable[[Term], str]
"""A term as people write it."""

_MOST: Final = 4


def reasons(prospect: Prospect, write: Write) -> list[str]:
    """Why nobody serves it alone: sentences, the most telling first; none when somebody does."""
    return [] if prospect.level == 1 else list(_reasons(prospect, write))


def _reasons(prospect: Prospect, write: Write) -> Iterator[str]:
    interaction = prospect.initiator.interaction
    verb = "answers" if interaction.kind == "ask" else "reacts to"
    if not prospect.lacks and not prospect.absent:
        yield f"nobody else on the network {verb} anything"
        return
    if not prospect.lacks:
        yield f"nobody {verb} any of its triples; nobody knows {_terms(interaction.pattern.triples, write)}"
        return
    if prospect.absent and interaction.kind == "ask":
        yield f"nobody has {_triples(prospect.absent, write)}"
    for number, lack in enumerate(prospect.lacks):
        yield f"{'nearest' if number == 0 else 'then'}: {in_words(lack, write, asked=interaction.kind == 'ask')}"


def in_words(lack: Lack, write: Write, *, asked: bool) -> str:
    """What an interaction lacks, with its id and how near it comes; ``asked``: of an ask, else of a post."""
    parts = list(_faults(lack, write, asked=asked))
    whole = lack.covered == len(lack.wanted)
    share = f"all {len(lack.wanted)}" if whole else f"{lack.covered} of {len(lack.wanted)}"
    said = "has" if asked else "finds in the post"
    return f"{lack.entry.id} {said} {share} triples" + (f", but {'; '.join(parts)}" if parts else "")


def _faults(lack: Lack, write: Write, *, asked: bool) -> Iterator[str]:
    for ours, theirs in lack.differing[:_MOST]:
        where, other = ("we ask", "it has") if asked else ("it needs", "we post")
        yield f"{other} {_triple(theirs, write)} where {where} {_triple(ours, write)}"
    if (more := len(lack.differing) - _MOST) > 0:
        yield f"{more} more constants differ"
    if lack.missing:
        yield f"{'it lacks' if asked else 'it also needs'} {_triples(lack.missing, write)}"
    if lack.apart:
        yield f"{_triples(lack.apart, write)} does not fit the others: one node here is two there, or two are one"
    if lack.purposes:
        required, satisfied = _purposes(lack.entry.interaction.required), _purposes(lack.entry.interaction.satisfied)
        yield f"the purposes do not fit: it requires {required} and satisfies {satisfied}"


def _purposes(iris: Sequence[str]) -> str:
    return " and ".join(f"<{one}>" for one in iris)


def _triples(triples: Sequence[Triple], write: Write) -> str:
    shown = " . ".join(_triple(triple, write) for triple in triples[:_MOST])
    more = len(triples) - _MOST
    return f"{shown}" + (f" and {more} more" if more > 0 else "")


def _triple(triple: Triple, write: Write) -> str:
    subject, predicate, value = triple
    return f"{write(subject)} {'a' if predicate == RDF_TYPE else write(predicate)} {write(value)}"


def _terms(triples: Sequence[Triple], write: Write) -> str:
    """The predicates, and the classes where the predicate is rdf:type."""
    named = dict.fromkeys(value if predicate == RDF_TYPE else predicate for _, predicate, value in triples)
    known = [write(term) for term in named if not term.startswith("?")]
    more = len(known) - _MOST * 2
    return ", ".join(known[: _MOST * 2]) + (f" and {more} more" if more > 0 else "") or "a triple of variables"
