"""The question over the network, to the knowledge base that speaks for the user (data_sharing/consent_request).

Only the knowledge base that the DSO names is asked, and never one of the organisation that wants the data: a consent of
whoever happens to answer would be none.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy import RowMapping

from gridlingua.errors import RemoteError
from gridlingua.services import answers
from gridlingua.services.access import Caller, organisation_of
from gridlingua.services.consent import decisions, operations, parties, store
from gridlingua.services.consent.domain import State, moved
from gridlingua.services.consent.messages import NATURES, Answer, ConsentHistory, Question
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.wording import wording
from gridlingua.services.context import Context
from gridlingua.services.refusals import RefusedError

PATH = "/Data/Consent"


def ask(here: Context, asker: Caller, reference: str, one: Question) -> ConsentHistory:
    """Ask the user of a consent over the network, once for each kind of data, and apply the answer.

    Nothing is applied before every kind is answered. Raises ``ConflictError`` when the question is open no more,
    before or after, ``RefusedError`` for a knowledge base of the asking organisation, ``RemoteError`` without answer.
    """
    with here.database.reading() as connection:
        row = decisions.record(connection, reference)
        asker.touches(row["user_id"])
        moved(reference, store.standing(row).at(here.clock()), State.GRANTED)
        name = parties.organisation_name(connection, row["organisation"])
        if organisation_of(connection, one.to) == row["organisation"]:
            raise RefusedError(
                f"{one.to} is {name} itself, which cannot consent for a user; name who speaks for the user"
            )
    answered = {kind: _answer(here, message, one.to) for kind, message in _questions(here, row, name).items()}
    _apply(here, reference, one.to, answered)
    return operations.consent(here, asker, reference)


def _questions(here: Context, row: RowMapping, recipient: str) -> dict[str, dict[str, Any]]:
    """A message for each kind of data, so that each can be refused apart."""
    english = wording("en")
    said = {
        "endUser": row["user_id"],
        "purpose": row["purpose"] or english.text("default_purpose"),
        "retention": f"P{row['retention_days']}D",
        "recipients": [recipient],
        "withdrawal": english.text("withdrawal", dso=here.name),
        "startTime": row["valid_from"],
        "endTime": row["valid_until"],
    }
    kinds = row["kinds"]
    ids = {kind: row["reference"] if len(kinds) == 1 else f"{row['reference']}.{kind}" for kind in kinds}
    return {kind: {"requestId": ids[kind], "nature": NATURES[kind], **said} for kind in kinds}


def _answer(here: Context, message: dict[str, Any], to: str) -> Answer:
    def read(body: Any) -> Answer:
        try:
            found = Answer.model_validate(body)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = "/".join(map(str, first["loc"]))
            raise RemoteError(f"the answer is worthless: /{place}: {first['msg']}", party="network") from error
        if found.request_id != message["requestId"]:
            raise RemoteError(f"answered was {found.request_id}, not {message['requestId']}", party="network")
        if found.acknowledged_by in message["recipients"]:
            raise RemoteError(f"{found.acknowledged_by} receives the data, and cannot consent to it", party="network")
        return found

    reply = here.network.post(PATH, message, to=to)
    return answers.read(reply, read).addressed(to).required().found[0][1]


def _apply(here: Context, reference: str, to: str, answered: dict[str, Answer]) -> None:
    given = [kind for kind, answer in answered.items() if answer.decision == "Given"]
    first = next(iter(answered.values()))
    shown = {kind: f"{one.decision} at {one.acknowledged_at}" for kind, one in answered.items()}
    cause = Cause(f"answered over the network by {to}", f"user, by {first.acknowledged_by}", shown)
    with here.database.writing() as connection:
        row = decisions.record(connection, reference, lock=True)
        if given:
            decisions.give(connection, row, given, here.clock(), cause)
        else:
            decisions.refuse(connection, row, here.clock(), cause)
