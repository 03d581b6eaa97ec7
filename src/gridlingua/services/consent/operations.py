"""What the DSO's own staff and portal do with consents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping

from gridlingua.errors import Fault
from gridlingua.services.access import Caller
from gridlingua.services.consent import decisions, evidence, grants, links, parties, settings, store
from gridlingua.services.consent.domain import State
from gridlingua.services.consent.messages import (
    Consent,
    ConsentHistory,
    Decision,
    Ending,
    Grant,
    Link,
    Origin,
    Purpose,
    Transition,
)
from gridlingua.services.consent.store import Cause
from gridlingua.services.consent.tables import RECORDS
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.pages import Window
from gridlingua.services.refusals import ConflictError, NotFoundError


def actor_of(asker: Caller) -> str:
    """Who did it, as the history of a consent tells it: the organisation, and the client it used."""
    return f"{asker.organisation} ({asker.client})" if asker.client else asker.organisation


def enter_grants(here: Context, asker: Caller, found: Sequence[Grant]) -> None:
    """Enter grants, all or none; raises ``NotFoundError`` for a user or an organisation there is not."""
    for one in found:
        asker.touches(one.user)
    with here.database.writing() as connection:
        if faults := _unknown(connection, found):
            raise NotFoundError(faults)
        grants.enter(connection, found, here.clock(), actor_of(asker))


def _unknown(connection: Connection, found: Sequence[Grant]) -> list[Fault]:
    users = parties.unknown_users(connection, (one.user for one in found))
    known = parties.organisation_names(connection, (one.grantee for one in found))
    nobody = [Fault(f"/{place}/user", f"no user {one.user}") for place, one in enumerate(found) if one.user in users]
    return nobody + [
        Fault(f"/{place}/grantee", f"no organisation {one.grantee}; enter it first, and grant to its id")
        for place, one in enumerate(found)
        if one.grantee not in known
    ]


def put_purpose(here: Context, one: Purpose) -> None:
    """Set what an organisation asks for; raises ``NotFoundError`` for one there is not."""
    with here.database.writing() as connection:
        if not parties.organisation_names(connection, [one.organisation]):
            raise NotFoundError(f"there is no organisation {one.organisation}")
        settings.put_purpose(connection, one)


def consents(
    here: Context, page: Window, state: str | None, organisation: str | None, user: str | None
) -> list[Consent]:
    """A page of the consents in a state, of an organisation, of a user; in the order they came."""
    now = here.clock()
    conditions = [store.in_state(State(state), now)] if state else []
    conditions += [RECORDS.c.organisation == organisation] if organisation else []
    conditions += [RECORDS.c.user_id == user] if user else []
    with here.database.reading() as connection:
        rows = store.find_all(connection, *conditions, offset=page.after, limit=page.reach)
        names = parties.organisation_names(connection, (row["organisation"] for row in rows))
    return [_consent(row, names.get(row["organisation"], row["organisation"]), now) for row in rows]


def _consent(row: RowMapping, name: str, now: datetime) -> Consent:
    standing = store.standing(row)
    state = standing.at(now)
    changed = standing.expires_at if state is State.EXPIRED and standing.expires_at else row["changed_at"]
    return Consent(
        reference=row["reference"],
        grant=row["grant_reference"],
        organisation=row["organisation"],
        organisation_name=name,
        user=row["user_id"],
        kinds=tuple(row["kinds"]),
        valid_from=Instant(row["valid_from_utc"], row["valid_from"]),
        valid_until=Instant(row["valid_until_utc"], row["valid_until"]),
        purpose=row["purpose"] or None,
        retention_days=row["retention_days"],
        state=state.value,
        requested_at=Instant.of(row["requested_at"]),
        changed_at=Instant.of(changed),
        answer_by=Instant.of(row["answer_by"]) if row["question"] else None,
    )


def consent(here: Context, asker: Caller, reference: str) -> ConsentHistory:
    """A consent with its history; raises ``NotFoundError`` for one there is not."""
    with here.database.reading() as connection:
        row = decisions.record(connection, reference)
        name = parties.organisation_name(connection, row["organisation"])
        history = [_transition(one) for one in store.history(connection, reference)]
    asker.touches(row["user_id"])
    now, standing = here.clock(), store.standing(row)
    if standing.at(now) is State.EXPIRED and standing.expires_at:
        history.append(_lapse(standing.state, standing.expires_at))
    told = _consent(row, name, now)
    return ConsentHistory(**dict(told), history=tuple(history))


def _transition(row: RowMapping) -> Transition:
    shown = dict(row["shown"])
    link = shown.pop("link", None)
    return Transition(
        before=row["before"] or None,
        after=row["after"],
        at=Instant.of(row["at"]),
        cause=row["cause"],
        actor=row["actor"],
        shown=shown or None,
        link=Origin.model_validate(link) if link else None,
    )


def _lapse(before: State, at: datetime) -> Transition:
    """The transition that the clock makes, and nobody writes down."""
    return Transition(
        before=before.value, after="expired", at=Instant.of(at), cause="its time is over", actor="the clock"
    )


def _locked(connection: Connection, asker: Caller, reference: str) -> RowMapping:
    """The record of a consent that is to be changed; whose it is, is logged though it may be refused."""
    row = decisions.record(connection, reference, lock=True)
    asker.touches(row["user_id"])
    return row


def decide(here: Context, asker: Caller, reference: str, one: Decision) -> ConsentHistory:
    """Keep what the user decided at the DSO's own portal; raises ``ConflictError`` when it is decided already."""
    with here.database.writing() as connection:
        row = _locked(connection, asker, reference)
        cause = Cause(one.cause, actor_of(asker))
        if one.decision == "Given":
            decisions.give(connection, row, one.kinds or row["kinds"], here.clock(), cause)
        else:
            decisions.refuse(connection, row, here.clock(), cause)
    return consent(here, asker, reference)


def withdraw(here: Context, asker: Caller, reference: str, one: Ending) -> ConsentHistory:
    """End a grant because its user said so at the DSO's own portal."""
    with here.database.writing() as connection:
        row = _locked(connection, asker, reference)
        decisions.withdraw(connection, row, here.clock(), Cause(one.cause, actor_of(asker)))
    return consent(here, asker, reference)


def revoke(here: Context, asker: Caller, reference: str, one: Ending) -> ConsentHistory:
    """End a grant because the DSO says so."""
    with here.database.writing() as connection:
        row = _locked(connection, asker, reference)
        decisions.revoke(connection, row, here.clock(), Cause(one.cause, actor_of(asker)))
    return consent(here, asker, reference)


def link(here: Context, asker: Caller, reference: str, reached_at: str) -> Link:
    """A new link for the user of a consent: to decide while it is open, to withdraw while it is in force.

    Whoever makes a link could open it: the history tells who made it, and again of what came by it. Raises
    ``ConflictError`` when there is nothing left to do. ``reached_at`` is where the operator reached the service.
    """
    now = here.clock()
    with here.database.writing() as connection:
        row = _locked(connection, asker, reference)
        standing = store.standing(row)
        state, expires_at = standing.at(now), standing.expires_at
        if state not in {State.REQUESTED, State.GRANTED} or expires_at is None:
            raise ConflictError(f"consent {reference} is {state}: there is nothing left that its user could do")
        opens = links.DECISION if state is State.REQUESTED else links.MANAGEMENT
        token = links.make(connection, reference, opens, now, expires_at)
        evidence.note_made(connection, token, state, actor_of(asker))
        address = settings.settings(connection).address or reached_at
    url = f"{address.rstrip('/')}/consent/{token}"
    return Link(
        url=url, opens="decision" if opens == links.DECISION else "management", expires_at=Instant.of(expires_at)
    )
