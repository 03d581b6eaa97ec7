"""Who said which rows: a knowledge engine returns the rows of all responders together (DESIGN.md 5)."""

from __future__ import annotations

from gridlingua.engine import Exchange as Contact
from gridlingua.engine import Result
from gridlingua.semantics.rows import Row, Rows


def by_responder(result: Result) -> list[tuple[Contact, Rows]]:
    """Each knowledge base that succeeded, with the rows of the result, in our variable names, that it said.

    The exchange info repeats each one's rows in the names of its own pattern: rows are recognised by their terms.
    """
    said = [contact for contact in result.exchanges if contact.succeeded]
    if len(said) == 1:
        return [(said[0], result.rows)]
    return [(contact, _said_by(contact, result.rows)) for contact in said]


def _said_by(contact: Contact, rows: Rows) -> Rows:
    theirs = contact.result_rows or contact.rows
    if rows and theirs and rows[0].keys() <= theirs[0].keys():
        names = sorted(rows[0])
        known = {tuple(row[name] for name in names) for row in theirs}
        return [row for row in rows if tuple(row[name] for name in names) in known]
    exact = {_terms(row) for row in theirs}
    return [row for row in rows if _terms(row) in exact or any(_terms(row) <= other for other in exact)]


def _terms(row: Row) -> frozenset[str]:
    return frozenset(row.values())
