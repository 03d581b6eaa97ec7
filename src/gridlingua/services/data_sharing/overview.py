"""What the DSO's own staff sees of points, zones and gaps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from gridlingua.services.context import Context
from gridlingua.services.data_sharing import zone_store
from gridlingua.services.data_sharing.anonymity import KINDS, Limits, never_told
from gridlingua.services.data_sharing.domain import instant_of
from gridlingua.services.data_sharing.messages import Gaps, Topology, ZoneClients
from gridlingua.services.data_sharing.periods import quarters
from gridlingua.services.data_sharing.points import PLACES, Point
from gridlingua.services.data_sharing.store import CLIENT, point_of
from gridlingua.services.data_sharing.tables import POINTS, READINGS
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Period
from gridlingua.services.pages import Window


def _in(zone: str | None) -> list[Any]:
    return [] if zone is None else [POINTS.c.zone == zone]


def points(connection: Connection, kind: str | None, zone: str | None, page: Window) -> list[Point]:
    """A page of the points, in the order they were entered."""
    conditions = _in(zone) + ([] if kind is None else [POINTS.c.kind == kind])
    query = select(POINTS).where(*conditions).order_by(POINTS.c.id).offset(page.after).limit(page.reach)
    return [point_of(row) for row in connection.execute(query).mappings()]


def topology(connection: Connection, zone: str | None, page: Window) -> list[Topology]:
    """A page of what feeds each client, in the order they were entered."""
    columns = (POINTS.c.meter_id, POINTS.c.kind, *(POINTS.c[place] for place in PLACES))
    query = select(*columns).where(CLIENT, *_in(zone)).order_by(POINTS.c.id)
    rows = connection.execute(query.offset(page.after).limit(page.reach)).mappings()
    return [Topology.model_validate(dict(row)) for row in rows]


def zones(connection: Connection, fewest_clients: int) -> list[ZoneClients]:
    """Every zone, kind by kind, and by name."""
    limits = Limits(fewest_clients)
    return [
        ZoneClients.model_validate(
            {
                "kind": KINDS[zone.rank],
                "zone": zone.name,
                "clients": clients,
                "refusal": never_told(zone, clients, limits) or None,
            }
        )
        for zone, clients in zone_store.zones(connection).items()
    ]


def gaps(here: Context, period: Period, zone: str | None, page: Window) -> list[Gaps]:
    """A page of the points that lack a reading, in the order they were entered; raises ``RefusedError``."""
    first, last = quarters(here.zone, period, 1)
    known, latest = func.count(READINGS.c.withdrawn_w), func.max(READINGS.c.quarter)
    within = (READINGS.c.point == POINTS.c.id) & (READINGS.c.quarter >= first) & (READINGS.c.quarter < last)
    query = (
        select(POINTS.c.meter_id, POINTS.c.kind, known, latest)
        .outerjoin(READINGS, within & READINGS.c.withdrawn_w.is_not(None))
        .where(*_in(zone))
        .group_by(POINTS.c.id, POINTS.c.meter_id, POINTS.c.kind)
        .having(known < last - first)
        .order_by(POINTS.c.id)
    )
    with here.database.reading() as connection:
        rows = connection.execute(query.offset(page.after).limit(page.reach)).all()
    return [
        Gaps(
            meter_id=meter,
            kind=kind,
            missing=last - first - count,
            expected=last - first,
            last=None if at is None else Instant.of(instant_of(at, here.zone)),
        )
        for meter, kind, count, at in rows
    ]
