"""Who said which rows: a knowledge engine returns the rows of all responders together (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gridlingua.engine import Exchange as Contact
from gridlingua.engine import Result
from gridlingua.errors import MessageError
from gridlingua.semantics.rows import Rows, project
from gridlingua.semantics.terms import Term, parse


def by_responder(result: Result, kind: Literal["ask", "post"]) -> list[tuple[Contact, Rows]]:
    """Each knowledge base that succeeded, with the rows of the result, in our variable names, that it said.

    The exchange info repeats each one's rows in the names of its own pattern: rows are recognised by their terms. Every
    row is somebody's, also where a pattern of theirs has a constant for one of our variables; where the terms do not
    tell who said a row, it is everybody's who may have.
    """
    said = [contact for contact in result.exchanges if contact.succeeded]
    if len(said) == 1:
        return [(said[0], result.rows)]
    theirs = [_canonical(contact.rows if kind == "ask" else contact.result_rows) for contact in said]
    scores = [_scores(rows, result.rows) for rows in theirs]
    best = [max(column) for column in zip(*scores, strict=True)]
    return [
        (contact, [row for row, one, most in zip(result.rows, mine, best, strict=True) if one == most])
        for contact, mine in zip(said, scores, strict=True)
    ]


def _scores(theirs: Rows, rows: Rows) -> list[int]:
    """For every row how many of its terms one of their rows holds; 0 where that lacks one that they know, -1 where they
    said nothing at all."""
    if not theirs:
        return [-1] * len(rows)
    if rows and rows[0].keys() <= theirs[0].keys() and _holds(rows, own := project(theirs, rows[0])):
        names = sorted(rows[0])
        known = {tuple(row[name] for name in names) for row in own}
        return [len(set(row.values())) * (tuple(row[name] for name in names) in known) for row in rows]
    by_term: dict[Term, list[frozenset[Term]]] = {}
    for one in (frozenset(row.values()) for row in theirs):
        for term in one:
            by_term.setdefault(term, []).append(one)
    return [_score(frozenset(term for term in row.values() if term in by_term), by_term) for row in rows]


def _holds(rows: Rows, others: Rows) -> bool:
    """Whether all the others are among the rows: their variables are called like ours, and mean the same."""
    known = {tuple(sorted(row.items())) for row in rows}
    return all(tuple(sorted(row.items())) in known for row in others)


def _score(terms: frozenset[Term], by_term: dict[Term, list[frozenset[Term]]]) -> int:
    """Only the sets with the rarest of the terms are looked at."""
    rarest: Sequence[frozenset[Term]] = min((by_term[term] for term in terms), key=len, default=())
    return len(terms) if any(terms <= one for one in rarest) else 0


def _canonical(rows: Rows) -> Rows:
    """Runtimes of version 1.4 repeat terms as the peer spelt them (contract 0); the result has them canonical."""
    known: dict[str, Term] = {}
    for row in rows:
        for text in row.values():
            if text not in known:
                known[text] = _read(text)
    return [{name: known[text] for name, text in row.items()} for row in rows]


def _read(text: str) -> Term:
    try:
        return parse(text)
    except MessageError:
        return text
