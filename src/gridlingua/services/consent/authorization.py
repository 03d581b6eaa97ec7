"""An organisation asks for a user's data: the answer is how the consent stands, and a new question where there is none.

Whether a user exists is nobody's business who has no consent of theirs: to an organisation a user whom the DSO does not
know is one who does not answer. The question is kept and told as any other, waits, and expires; only the outbox stays
empty, and the DSO's staff sees it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services.access import Caller
from gridlingua.services.consent import domain, grants, notices, parties, store
from gridlingua.services.consent.domain import STATUSES, State
from gridlingua.services.consent.messages import Authorization
from gridlingua.services.consent.settings import RETENTION_DAYS, purpose_of, settings
from gridlingua.services.consent.store import Cause, in_state, period_values, standing
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.context import Context
from gridlingua.services.messages import Period
from gridlingua.services.refusals import ConflictError, RefusedError

MOST_OPEN = 5
"""How many questions of one organisation may wait for one user: more is a nuisance."""


def authorize(here: Context, asker: Caller, user: str, period: Period) -> Authorization:
    """How the consent stands of ``user`` to the asking organisation reading their data of a period.

    A grant in force that covers the period answers for it. Else the same question is asked once: asked again, it is the
    same. Raises ``RefusedError`` for a period that ends before it begins, ``ConflictError`` for a sixth open question.
    """
    if period.end_time <= period.start_time:
        raise RefusedError([Fault("/end", f"{period.end_time} is not after the start {period.start_time}; it must be")])
    asker.touches(user)
    with here.database.reading() as connection:
        if found := _known(here, connection, asker, user, period):
            return found
    if period.end_time.at <= here.clock():
        return _told(asker, user, State.EXPIRED, None)  # there is nothing left to consent to
    with here.database.writing() as connection:
        try:
            with connection.begin_nested():
                _ask(here, connection, asker, user, period)
        except IntegrityError:  # the same question came twice at once: the other one asked it
            pass
        return _known(here, connection, asker, user, period) or _told(asker, user, State.REQUESTED, None)


def _known(here: Context, connection: Connection, asker: Caller, user: str, period: Period) -> Authorization | None:
    now = here.clock()
    row = _covering(here, connection, asker, user, period) or store.find(
        connection, RECORDS.c.question == _question(asker.organisation, user, period)
    )
    return None if row is None else _told(asker, user, standing(row).at(now), row["grant_reference"])


def _covering(here: Context, connection: Connection, asker: Caller, user: str, period: Period) -> RowMapping | None:
    said = purpose_of(connection, asker.organisation)
    wanted = set(said.kinds if said else ("metering",))
    found = store.find_all(
        connection,
        RECORDS.c.organisation == asker.organisation,
        RECORDS.c.user_id == user,
        RECORDS.c.valid_from_utc <= period.start_time.at,
        RECORDS.c.valid_until_utc >= period.end_time.at,
        in_state(State.GRANTED, here.clock()),
    )
    return next((row for row in found if wanted <= set(row["kinds"])), None)


def _question(organisation: str, user: str, period: Period) -> str:
    """What makes a question the same, however the period is spelt."""
    return f"{organisation} {user} {period.start_time.at.isoformat()} {period.end_time.at.isoformat()}"


def _told(asker: Caller, user: str, state: State, grant: str | None) -> Authorization:
    given = grant if state is State.GRANTED else None
    return Authorization(end_user=user, grantee=asker.name, status=STATUSES[state], grant=given)


def _ask(here: Context, connection: Connection, asker: Caller, user: str, period: Period) -> None:
    now = here.clock()
    mine = (RECORDS.c.organisation == asker.organisation) & (RECORDS.c.user_id == user)
    if len(store.find_all(connection, mine, in_state(State.REQUESTED, now))) >= MOST_OPEN:
        raise ConflictError(f"{MOST_OPEN} of your questions to {user} wait for an answer; wait for one of them")
    record = _record(here, connection, asker, user, period)
    over = f" over the network by {asker.knowledge_base}" if asker.knowledge_base else ""
    store.add(connection, record, Cause(f"asked{over}", asker.organisation))
    if not parties.unknown_users(connection, [user]):
        notices.write(connection, record["reference"], user, State.REQUESTED, now)


def _record(here: Context, connection: Connection, asker: Caller, user: str, period: Period) -> dict[str, Any]:
    now, said = here.clock(), purpose_of(connection, asker.organisation)
    return {
        "reference": grants.new_reference("C"),
        "question": _question(asker.organisation, user, period),
        "organisation": asker.organisation,
        "user_id": user,
        "kinds": list(said.kinds if said else ("metering",)),
        **period_values(period),
        "purpose": said.purpose if said else "",
        "retention_days": said.retention_days if said else RETENTION_DAYS,
        "state": State.REQUESTED,
        "changed_at": now,
        "answer_by": domain.answer_by(now, settings(connection).answer_days, period.end_time.at),
        "requested_at": now,
    }
