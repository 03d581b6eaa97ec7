"""The DSO's inbox of faults and abnormal voltages: notices become events, which operators see through to their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services import documents
from gridlingua.services.context import Context
from gridlingua.services.observability import events
from gridlingua.services.observability.event_messages import Kind, Transition
from gridlingua.services.observability.events import Severity
from gridlingua.services.observability.messages import AbnormalVoltage, FaultNotification
from gridlingua.services.observability.store import EVENTS, HISTORY, NOTICES, PLACES
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError

MODELS: dict[str, type[FaultNotification | AbnormalVoltage]] = {
    "Fault": FaultNotification,
    "AbnormalVoltage": AbnormalVoltage,
}


@dataclass(frozen=True)
class Notice:
    """A message of a provider as the inbox sees it: of which event, from when to when, how bad, and where."""

    kind: Kind
    subject: str
    side: str
    start: datetime
    at: datetime
    severity: Severity
    places: Mapping[str, int]
    message: FaultNotification | AbnormalVoltage


def receive_faults(here: Context, faults: Sequence[FaultNotification], provider: str) -> list[datetime]:
    """Keep notified faults of a provider, all or none; returns when each was first received.

    A fault may be notified again with a later count: it belongs to the same event, unless that is over.
    """
    if found := events.fault_faults(faults):
        raise RefusedError(found)
    return _receive(here, [_of_fault(one) for one in faults], provider)


def receive_voltages(here: Context, readings: Sequence[AbnormalVoltage], provider: str) -> list[datetime]:
    """Keep abnormal voltages of a provider, all or none; returns when each was first received.

    The readings of a HEMS to one side are one event until an operator has closed it.
    """
    if found := events.voltage_faults(readings):
        raise RefusedError(found)
    return _receive(here, [_of_voltage(one) for one in readings], provider)


def _of_fault(one: FaultNotification) -> Notice:
    places = {place.postal_code: place.faulty_hems for place in one.fault_location_identification}
    severity = events.fault_severity(one)
    return Notice("Fault", one.fault_location_id, "", one.start_time.at, one.timestamp.at, severity, places, one)


def _of_voltage(one: AbnormalVoltage) -> Notice:
    at, severity = one.timestamp.at, events.voltage_severity(one.voltage) or "Minor"
    side = one.abnormal_voltage
    return Notice("AbnormalVoltage", one.hems_id, side, at, at, severity, {one.postal_code: 1}, one)


def _receive(here: Context, notices: Sequence[Notice], provider: str) -> list[datetime]:
    with here.database.writing() as connection:
        for _ in notices:
            try:
                with connection.begin_nested():
                    return _kept(connection, notices, provider, here.clock())
            except IntegrityError:  # somebody else began one of the events in between: now it can be seen and locked
                continue
        return _kept(connection, notices, provider, here.clock())


def _kept(connection: Connection, notices: Sequence[Notice], provider: str, now: datetime) -> list[datetime]:
    came = [now] * len(notices)
    faults = []
    in_order = sorted(enumerate(notices), key=lambda one: (one[1].subject, one[1].side, one[1].at))
    for position, one in in_order:  # so two senders never wait for each other
        last = _last_event(connection, one, provider)
        known = _known(connection, one, provider)
        if known is None:
            _new(connection, one, provider, now, last)
            continue
        came[position] = known["received_at"]
        if documents.read(type(one.message), known["message"]) != one.message:
            said = f"{one.subject} at {one.at:%Y-%m-%dT%H:%M:%SZ} is already known with other content"
            faults.append(Fault(f"/{position}", f"{said}; send it as it was, or with a later time"))
    if faults:
        raise ConflictError(faults)
    return came


def _last_event(connection: Connection, one: Notice, provider: str) -> RowMapping | None:
    """The last event of a notice's subject, locked: nobody else adds to it or moves it meanwhile."""
    same = (EVENTS.c.kind == one.kind, EVENTS.c.provider == provider, EVENTS.c.subject == one.subject)
    query = select(EVENTS).where(*same, EVENTS.c.side == one.side).order_by(EVENTS.c.occurrence.desc()).limit(1)
    return connection.execute(query.with_for_update()).mappings().one_or_none()


def _known(connection: Connection, one: Notice, provider: str) -> RowMapping | None:
    same = (NOTICES.c.kind == one.kind, NOTICES.c.provider == provider, NOTICES.c.subject == one.subject)
    return connection.execute(select(NOTICES).where(*same, NOTICES.c.at_utc == one.at)).mappings().one_or_none()


def _new(connection: Connection, one: Notice, provider: str, now: datetime, last: RowMapping | None) -> None:
    if last is None or (last["over_at"] is not None and one.at > last["over_at"]):
        number = _begun(connection, one, provider, now, occurrence=last["occurrence"] + 1 if last else 1)
    else:
        number = last["number"]
        _joined(connection, one, last)
    row = {"kind": one.kind, "provider": provider, "subject": one.subject, "side": one.side, "at_utc": one.at}
    said = {"event": number, "message": documents.written(one.message), "received_at": now}
    connection.execute(insert(NOTICES).values(row | said))


def _begun(connection: Connection, one: Notice, provider: str, now: datetime, occurrence: int) -> int:
    row = {
        "kind": one.kind,
        "provider": provider,
        "subject": one.subject,
        "side": one.side,
        "occurrence": occurrence,
        "state": "Received",
        "severity": one.severity,
        "start_time_utc": one.start,
        "last_seen_utc": one.at,
        "received_at": now,
    }
    number: int = connection.execute(insert(EVENTS).values(row)).inserted_primary_key[0]  # type: ignore[index]
    _place(connection, number, one.places)
    step = {"event": number, "at": now, "before": None, "after": "Received", "actor": provider, "cause": "notified"}
    connection.execute(insert(HISTORY).values(step))
    return number


def _joined(connection: Connection, one: Notice, event: RowMapping) -> None:
    latest = one.at >= event["last_seen_utc"]
    row = {
        "severity": events.worse(event["severity"], one.severity),
        "start_time_utc": min(event["start_time_utc"], one.start),
        "last_seen_utc": max(event["last_seen_utc"], one.at),
    }
    connection.execute(update(EVENTS).where(EVENTS.c.number == event["number"]).values(row))
    if latest:
        _place(connection, event["number"], one.places)


def _place(connection: Connection, event: int, places: Mapping[str, int]) -> None:
    connection.execute(delete(PLACES).where(PLACES.c.event == event))
    rows = [{"event": event, "postal_code": code, "hems": hems} for code, hems in sorted(places.items())]
    connection.execute(insert(PLACES), rows)


def move(here: Context, number: int, wanted: Transition, actor: str) -> None:
    """Bring an event to another state and keep who did it and why; raises ``ConflictError`` for an illegal step."""
    with here.database.writing() as connection:
        query = select(EVENTS).where(EVENTS.c.number == number).with_for_update()
        event = connection.execute(query).mappings().one_or_none()
        if event is None:
            raise NotFoundError(f"there is no event {number}")
        if why := events.illegal(event["state"], wanted.state):
            raise ConflictError(f"event {number}: {why}")
        now = here.clock()
        over = now if wanted.state in events.FINAL else None
        row = {"state": wanted.state, "over_at": over}
        connection.execute(update(EVENTS).where(EVENTS.c.number == number).values(row))
        step = {"event": number, "at": now, "before": event["state"], "after": wanted.state}
        connection.execute(insert(HISTORY).values(step | {"actor": actor, "cause": wanted.cause}))
