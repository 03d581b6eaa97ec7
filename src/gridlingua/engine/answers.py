"""What an answer must be before an asker sees it (contract 1.12, 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridlingua.engine.bindings import canonical_rows, check_complete, check_extends
from gridlingua.engine.compat import Compat
from gridlingua.engine.errors import AnswerError, RowsError, TermError
from gridlingua.engine.protocol import Interaction
from gridlingua.errors import MessageError
from gridlingua.semantics.rows import Rows, distinct
from gridlingua.semantics.terms import parse


@dataclass(frozen=True)
class Answer:
    """Complete rows in canonical terms, and as they were ``sent`` where that matters."""

    rows: Rows
    sent: Rows


def read_answer(rows: Iterable[Mapping[str, Any]], interaction: Interaction, compat: Compat) -> Answer:
    """An answer to ``interaction``. Raises RowsError for names and values that say nothing; TermError or AnswerError
    for terms that are none, or rows that are not complete."""
    given, canonical = list(rows), []
    refusal: RowsError | AnswerError | None = None
    try:
        canonical = canonical_rows(given)
    except TermError as error:
        refusal = error
    if compat.answers_in_full_terms:
        refusal = _not_in_full(given) or refusal
    if refusal:
        raise refusal
    check_complete(canonical, interaction, mark="?" if compat.marks_variables else "")
    is_needed = compat.compares_answers_as_sent or compat.shows_answers_as_sent
    return Answer(canonical, distinct(dict(row) for row in given) if is_needed else canonical)


def check_answer(answer: Answer, incoming: Rows, interaction: Interaction, compat: Compat) -> None:
    """Every row agrees with one that was asked for, else AnswerError."""
    if compat.compares_answers_as_sent:
        check_extends(answer.sent, incoming, interaction, str)
    elif any(term.startswith("_:") for row in incoming for term in row.values()):
        check_extends(_relabelled(answer.rows), incoming, interaction, compat.key)
    else:
        check_extends(answer.rows, incoming, interaction, compat.key)


def _relabelled(rows: Rows) -> Rows:
    """The same with other blank nodes: none is the one that was sent, a label does not survive a message."""
    return [{name: f"{term}-answered" if term[:2] == "_:" else term for name, term in row.items()} for row in rows]


def _not_in_full(rows: Sequence[Mapping[str, Any]]) -> AnswerError | None:
    for value in dict.fromkeys(value for row in rows for value in row.values()):
        if (what := _fault(value)) is not None:
            return AnswerError(f"'{value}' is not {what}.")
    return None


def _fault(value: Any) -> str | None:
    try:
        term = parse(str(value))
    except MessageError:
        term = "_:"
    if term.startswith("_:"):
        return "an unprefixed URI or literal"
    return "a valid unprefixed URI" if term.startswith("<") and not value.startswith("<") else None
