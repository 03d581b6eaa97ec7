"""The register of events as operators see it: listed, whole, and counted by postal code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from gridlingua.services import documents
from gridlingua.services.context import Context
from gridlingua.services.instants import Instant
from gridlingua.services.observability.event_messages import CodeCount, Event, Kind, WholeEvent
from gridlingua.services.observability.events import FINAL, State
from gridlingua.services.observability.inbox import MODELS
from gridlingua.services.observability.store import EVENTS, HISTORY, NOTICES, PLACES
from gridlingua.services.pages import Window
from gridlingua.services.refusals import NotFoundError


@dataclass(frozen=True)
class Filter:
    """Which events: those that fulfil everything that is given; of a period, those of which any instant lies in it."""

    kind: Kind | None = None
    state: State | None = None
    provider: str | None = None
    postal_code: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            EVENTS.c[name] == value
            for name in ("kind", "state", "provider")
            if (value := getattr(self, name)) is not None
        ]
        if self.start is not None:
            found.append(EVENTS.c.last_seen_utc >= self.start)
        if self.end is not None:
            found.append(EVENTS.c.start_time_utc < self.end)
        if self.postal_code is not None:
            there = select(PLACES.c.event).where(PLACES.c.postal_code == self.postal_code)
            found.append(EVENTS.c.number.in_(there))
        return found


def listed(here: Context, wanted: Filter, page: Window) -> list[Event]:
    """The events of a filter, the newest first, as many as the page reaches."""
    query = select(EVENTS).where(*wanted.conditions()).order_by(EVENTS.c.number.desc())
    with here.database.reading() as connection:
        rows = connection.execute(query.offset(page.after).limit(page.reach)).mappings().all()
        places = _places(connection, [row["number"] for row in rows])
    return [Event.model_validate(_said(row, places)) for row in rows]


def whole(here: Context, number: int) -> WholeEvent:
    """An event with its notices and its history; raises ``NotFoundError``."""
    with here.database.reading() as connection:
        row = connection.execute(select(EVENTS).where(EVENTS.c.number == number)).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"there is no event {number}")
        notices = _of(connection, NOTICES, number)
        steps = _of(connection, HISTORY, number)
        said = _said(row, _places(connection, [number]))
    model = MODELS[row["kind"]]
    history = [
        {name: step[name] for name in ("before", "after", "actor", "cause")} | {"at": Instant.of(step["at"])}
        for step in steps
    ]
    messages = [documents.read(model, notice["message"]) for notice in notices]
    return WholeEvent.model_validate(said | {"notices": messages, "history": history})


def _of(connection: Connection, table: Any, event: int) -> Sequence[RowMapping]:
    return connection.execute(select(table).where(table.c.event == event).order_by(table.c.number)).mappings().all()


def _places(connection: Connection, numbers: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    query = select(PLACES).where(PLACES.c.event.in_(list(numbers))).order_by(PLACES.c.event, PLACES.c.postal_code)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["event"], []).append({"postalCode": row["postal_code"], "hems": row["hems"]})
    return found


def _said(row: RowMapping, places: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    same = {name: row[name] for name in ("number", "kind", "provider", "subject", "occurrence", "state", "severity")}
    times = {
        "startTime": Instant.of(row["start_time_utc"]),
        "lastSeen": Instant.of(row["last_seen_utc"]),
        "receivedAt": Instant.of(row["received_at"]),
    }
    return same | times | {"side": row["side"] or None, "places": places.get(row["number"], [])}


def counts(here: Context, wanted: Filter) -> list[CodeCount]:
    """How many events of a filter each postal code has, in the order of the codes."""
    query = (
        select(PLACES.c.postal_code, EVENTS.c.kind, EVENTS.c.state, func.count(), func.sum(PLACES.c.hems))
        .join(EVENTS, EVENTS.c.number == PLACES.c.event)
        .where(*wanted.conditions())
        .group_by(PLACES.c.postal_code, EVENTS.c.kind, EVENTS.c.state)
    )
    found: dict[str, CodeCount] = {}
    with here.database.reading() as connection:
        for code, kind, state, events, hems in connection.execute(query):
            one = found.get(code) or _none(code)
            states = one.states | {state: one.states.get(state, 0) + events}
            change = {
                "states": states,
                "faults": one.faults + (events if kind == "Fault" else 0),
                "abnormal_voltages": one.abnormal_voltages + (events if kind == "AbnormalVoltage" else 0),
                "hems_affected": one.hems_affected + (0 if state in FINAL else int(hems)),
            }
            found[code] = one.model_copy(update=change)
    return [found[code] for code in sorted(found)]


def _none(code: str) -> CodeCount:
    return CodeCount(postal_code=code, faults=0, abnormal_voltages=0, states={}, hems_affected=0)
