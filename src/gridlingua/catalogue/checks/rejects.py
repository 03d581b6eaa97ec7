"""There is a reject, every reject is refused, and the sender is told what the file beside it says.

A catalogue that only shows what passes has not shown that anything is refused. In the example below a load is refused
because it is below zero; ``gridlingua test --accept`` writes the sentence into the file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import MINTER, Subject
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Case, Exchange
from gridlingua.catalogue.translation import reply_rows, request_rows
from gridlingua.errors import CatalogueError, MessageError, Problem

EXAMPLE: Final = Example(
    language="json",
    wrong="""
        { "request": { "meterId": "M-1" }, "reply": { "load": 211.4 } }
    """,
    right="""
        { "request": { "meterId": "M-1" }, "reply": { "load": -211.4 } }
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    if not subject.exchange.rejects:
        yield subject.draft.problem("rejects", "the folder has no rejects/<case>.json")
    for case in subject.exchange.rejects:
        try:
            told = refusal(subject.exchange, case)
        except CatalogueError:
            return  # the checks shapes and variables tell
        if told is None:
            yield subject.draft.problem("rejects", "this message is not refused", case.path)
        elif case.told is None:
            text = subject.draft.content.shown(case.path.with_suffix(".txt"))
            yield subject.draft.problem("rejects", f"there is no {text}; the sender is told: {told}", case.path)
        elif case.told != told:
            message = f"the sender is told something else: {told}"
            yield subject.draft.problem("rejects", message, case.path.with_suffix(".txt"))


def refusal(exchange: Exchange, case: Case) -> str | None:
    """What the sender of a case is told; None when nothing is refused."""
    try:
        request = request_rows(exchange, case.messages["request"], MINTER)
        if "reply" in case.messages:
            reply_rows(exchange, case.messages["reply"], request.rows, JUDGED_PROFILE, MINTER)
    except MessageError as error:
        return str(error)
    return None
