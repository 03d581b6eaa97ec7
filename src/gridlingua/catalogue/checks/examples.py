"""There is an example, and every example makes the round trip: its messages conform to their schemas, SHACL accepts
the graphs that their rows mean, and the rows say the messages again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gridlingua.catalogue.checks.subject import MINTER, Subject
from gridlingua.catalogue.exchange import Case
from gridlingua.catalogue.translation import reply_message, reply_rows, request_message, request_rows
from gridlingua.errors import CatalogueError, MessageError, Problem
from gridlingua.semantics.schema import write_json


def check(subject: Subject) -> Iterator[Problem]:
    if not any("reply" in case.messages for case in subject.exchange.examples):
        yield subject.draft.problem("examples", "the folder has no examples/<case>.json with a request and a reply")
    for case in subject.exchange.examples:
        try:
            for message in _round_trip(subject, case):
                yield subject.draft.problem("examples", message, case.path)
        except MessageError as error:
            yield subject.draft.problem("examples", str(error), case.path)
        except CatalogueError:
            return  # the check shapes tells


def _round_trip(subject: Subject, case: Case) -> Iterator[str]:
    exchange = subject.exchange
    for profile in exchange.profiles:
        sent = request_rows(exchange, case.messages["request"], MINTER, profile)
        received = request_message(exchange, sent.rows[::-1], profile, MINTER)
        yield from _same("request", case.messages["request"], received.message)
        if "reply" in case.messages:
            answered = reply_rows(exchange, case.messages["reply"], received.rows, profile, MINTER)
            told = reply_message(exchange, answered.rows[::-1], sent.rows, profile, MINTER)
            yield from _same("reply", case.messages["reply"], told.message)


def _same(part: str, sent: Any, received: Any) -> Iterator[str]:
    if sent != received:
        yield f"the {part} comes back as {write_json(received)}: write its arrays in the order of their keys"
