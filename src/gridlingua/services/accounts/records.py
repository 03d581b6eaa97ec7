"""What auditors keep: the registry of processing operations, and incidents from event to handled (D4.2 table 11)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select

from gridlingua.services.accounts.messages import Incident, IncidentStep, NewIncident, NewIncidentStep, Processing, Use
from gridlingua.services.accounts.tables import INCIDENT_STEPS, INCIDENTS, PROCESSING
from gridlingua.services.instants import Instant
from gridlingua.services.pages import Window
from gridlingua.services.refusals import ConflictError, NotFoundError
from gridlingua.services.usage import USAGE
from gridlingua.storage import upsert

NEXT = {"event": "triaged", "triaged": "handled"}


def uses(
    connection: Connection, page: Window, organisation: str | None, since: datetime | None, *, newest: bool = False
) -> list[Use]:
    """Lines of the usage log, of an organisation, from an instant on: as they were written, or the newest first."""
    order = USAGE.c.number.desc() if newest else USAGE.c.number
    query = select(USAGE).order_by(order).offset(page.after).limit(page.reach)
    if organisation is not None:
        query = query.where(USAGE.c.organisation == organisation)
    if since is not None:
        query = query.where(USAGE.c.at >= since)
    rows = connection.execute(query).mappings()
    return [
        Use.model_validate(dict(row) | {"at": Instant.of(row["at"]), "subjects": tuple(row["subjects"])})
        for row in rows
    ]


def put_processing(connection: Connection, one: Processing, now: datetime) -> None:
    """Enter a processing operation, or change it."""
    upsert(connection, PROCESSING, [{"id": one.id, "content": one.plain(), "changed_at": now}])


def processing(connection: Connection) -> list[Processing]:
    """The registry of processing operations, by id."""
    rows = connection.execute(select(PROCESSING.c.content).order_by(PROCESSING.c.id)).scalars()
    return [Processing.model_validate(row) for row in rows]


def remove_processing(connection: Connection, id_: str) -> None:
    """Take an operation out of the registry; raises ``NotFoundError`` for one there is not."""
    if connection.execute(delete(PROCESSING).where(PROCESSING.c.id == id_)).rowcount == 0:
        raise NotFoundError(f"there is no processing operation {id_!r}")


def report_incident(connection: Connection, one: NewIncident, by: str, now: datetime) -> Incident:
    """Write down an incident as it was reported."""
    row = {"occurred_at": one.occurred_at.text, "summary": one.summary, "subjects": list(one.subjects)}
    number = connection.execute(insert(INCIDENTS).values(row).returning(INCIDENTS.c.id)).scalar_one()
    _step(connection, number, "event", by, "reported", now)
    return incident(connection, number)


def take_step(connection: Connection, number: int, one: NewIncidentStep, by: str, now: datetime) -> Incident:
    """Lead an incident on; raises ``NotFoundError``, or ``ConflictError`` for a state that does not come next."""
    connection.execute(select(INCIDENTS.c.id).where(INCIDENTS.c.id == number).with_for_update())
    known = incident(connection, number)
    if NEXT.get(known.state) != one.state:
        then = NEXT.get(known.state)
        raise ConflictError(
            f"incident {number} is {known.state}; "
            + (f"next comes {then}, not {one.state}" if then else "it is closed")
        )
    _step(connection, number, one.state, by, one.cause, now)
    return incident(connection, number)


def _step(connection: Connection, number: int, state: str, by: str, cause: str, now: datetime) -> None:
    row = {"incident": number, "state": state, "at": now, "by": by, "cause": cause}
    connection.execute(insert(INCIDENT_STEPS).values(row))


def incident(connection: Connection, number: int) -> Incident:
    """An incident by its number; raises ``NotFoundError`` for one there is not."""
    row = connection.execute(select(INCIDENTS).where(INCIDENTS.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no incident {number}")
    return _incident(connection, row)


def incidents(connection: Connection, page: Window) -> list[Incident]:
    """Incidents in the order they were reported."""
    rows = connection.execute(
        select(INCIDENTS).order_by(INCIDENTS.c.id).offset(page.after).limit(page.reach)
    ).mappings()
    return [_incident(connection, row) for row in rows.all()]


def _incident(connection: Connection, row: RowMapping) -> Incident:
    query = select(INCIDENT_STEPS).where(INCIDENT_STEPS.c.incident == row["id"]).order_by(INCIDENT_STEPS.c.number)
    steps = tuple(
        IncidentStep(state=one["state"], at=Instant.of(one["at"]), by=one["by"], cause=one["cause"])
        for one in connection.execute(query).mappings()
    )
    said = dict(row) | {"subjects": tuple(row["subjects"]), "steps": steps, "state": steps[-1].state}
    return Incident.model_validate(said)
