"""There is an example, and every example makes the round trip: its messages conform to their schemas, SHACL accepts
the graphs that their rows mean, and the rows say the messages again.

What a peer receives is what the rows say: a message that comes back otherwise has lost something on the way. Rows have
no order of their own, so arrays come back in the order of their keys, as in the remedy below, or in that of ``order``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import MINTER, Subject
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Case
from gridlingua.catalogue.translation import reply_rows, request_rows
from gridlingua.errors import CatalogueError, MessageError, Problem
from gridlingua.semantics.lift import lift
from gridlingua.semantics.lower import lower
from gridlingua.semantics.schema import write_json

EXAMPLE: Final = Example(
    language="json",
    wrong="""
        {
          "request": { "meterId": "M-1" },
          "reply": [ { "time": "2026-01-27T19:15:00Z", "load": 7 }, { "time": "2026-01-27T19:00:00Z", "load": 5 } ]
        }
    """,
    right="""
        {
          "request": { "meterId": "M-1" },
          "reply": [ { "time": "2026-01-27T19:00:00Z", "load": 5 }, { "time": "2026-01-27T19:15:00Z", "load": 7 } ]
        }
    """,
)


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
            return  # the checks shapes and variables tell


def _round_trip(subject: Subject, case: Case) -> Iterator[str]:
    """What differs on the way there and back, in every profile. SHACL judges once: it is the same graph in all."""
    exchange = subject.exchange
    judged = request_rows(exchange, case.messages["request"], MINTER)
    if "reply" in case.messages:
        reply_rows(exchange, case.messages["reply"], judged.rows, JUDGED_PROFILE, MINTER)
    for profile in exchange.profiles:
        request = lift(exchange.mapping("request", profile), case.messages["request"], MINTER)
        yield from _same(
            "request", case.messages["request"], lower(exchange.mapping("request", profile), request[::-1])
        )
        if "reply" in case.messages:
            mapping = exchange.mapping("reply", profile)
            given = request[0] if exchange.kind == "ask" else {}
            reply = lift(mapping, case.messages["reply"], MINTER, given)
            if reply or case.messages["reply"]:
                yield from _same("reply", case.messages["reply"], lower(mapping, reply[::-1]))


def _same(part: str, sent: Any, received: Any) -> Iterator[str]:
    if sent != received:
        yield f"the {part} comes back as {write_json(received)}: write its arrays in the order of their keys"
