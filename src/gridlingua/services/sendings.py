"""What the own staff is told of dispatches: what was sent, who has it, and who failed."""

from __future__ import annotations

from typing import Any

from gridlingua.services.answers import Answers
from gridlingua.services.dispatches import Dispatch
from gridlingua.services.messages import FAILURE, Failure
from gridlingua.services.wire import Message, Time, example

SENT: dict[str, Any] = {
    "number": 1,
    "operation": "PowerLimit",
    "subject": "limit-81",
    "message": [{"limitId": "limit-81"}],
    "providers": ["https://aggregator.example.org/kb"],
    "sentBy": "control-room",
    "recordedAt": "2026-11-20T12:00:00Z",
    "answers": [],
    "failures": [FAILURE],
}


class Sent(Message):
    """A message that was sent, and what each provider (its knowledge base id) said last.

    ``subject`` is what it is about, ``answers`` are acknowledgements and decisions, ``failures`` who did not say
    anything of worth; without either it has not been sent. ``providers`` is empty when it is for all that the adapter
    is configured for.
    """

    model_config = example(SENT)

    number: int
    operation: str
    subject: str
    message: Any
    providers: tuple[str, ...]
    sent_by: str
    recorded_at: Time
    answers: tuple[dict[str, Any], ...]
    failures: tuple[Failure, ...]


class Sending(Message):
    """What was sent, and all who failed at any of it."""

    model_config = example({"sent": [SENT], "failures": [FAILURE]})

    sent: tuple[Sent, ...]
    failures: tuple[Failure, ...]


def told(one: Dispatch) -> Sent:
    """A dispatch as the own staff is told of it."""
    return Sent.model_validate(
        {
            "number": one.number,
            "operation": one.operation,
            "subject": one.subject,
            "message": one.body,
            "providers": one.recipients,
            "sentBy": one.sent_by,
            "recordedAt": one.recorded_at,
            "answers": [
                {"party": party} | {name: value for name, value in said.items() if value is not None}
                for party, said in one.answers
            ],
            "failures": one.failures,
        }
    )


def sending(sent: list[Dispatch], heard: Answers[Any]) -> Sending:
    """Dispatches after they were sent, and who failed."""
    return Sending(sent=tuple(told(one) for one in sent), failures=tuple(heard.failures()))
