"""Who said which rows: a knowledge engine returns the rows of all responders together (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gridlingua.engine import Exchange as Contact
from gridlingua.engine import Result
from gridlingua.errors import MessageError
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.terms import Term, parse


def by_responder(result: Result) -> list[tuple[Contact, Rows]]:
    """Each knowledge base that succeeded, with the rows of the result, in our variable names, that it said.

    The exchange info repeats each one's rows in the names of its own pattern: rows are recognised by their terms.
    """
    said = [contact for contact in result.exchanges if contact.succeeded]
    if len(said) == 1:
        return [(said[0], result.rows)]
    return [(contact, _said_by(contact, result.rows)) for contact in said]


def _said_by(contact: Contact, rows: Rows) -> Rows:
    theirs = _canonical(contact.result_rows or contact.rows)
    if rows and theirs and rows[0].keys() <= theirs[0].keys():
        names = sorted(rows[0])
        known = {tuple(row[name] for name in names) for row in theirs}
        return [row for row in rows if tuple(row[name] for name in names) in known]
    said = [frozenset(row.values()) for row in theirs]
    by_term: dict[Term, list[frozenset[Term]]] = {}
    for terms in said:
        for term in terms:
            by_term.setdefault(term, []).append(terms)
    return [row for row in rows if _is_part_of_one(frozenset(row.values()), by_term)]


def _is_part_of_one(terms: frozenset[Term], by_term: Mapping[Term, Sequence[frozenset[Term]]]) -> bool:
    """Whether one of the sets holds all these terms; only those with the rarest of them are looked at."""
    rarest = min((by_term.get(term, ()) for term in terms), key=len, default=())
    return any(terms <= one for one in rarest)


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
