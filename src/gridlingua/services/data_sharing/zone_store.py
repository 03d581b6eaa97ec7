"""What the DSO keeps of zones: the clients who are in them, and what they drew."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from gridlingua.services.data_sharing.anonymity import KINDS, Drawn, Zone
from gridlingua.services.data_sharing.store import CLIENT
from gridlingua.services.data_sharing.tables import POINTS, READINGS

_NAMES = tuple(POINTS.c[kind] for kind in KINDS)


@dataclass(frozen=True)
class Window:
    """The quarter-hours from ``first`` until before ``last``."""

    first: int
    last: int


def zones(connection: Connection) -> dict[Zone, int]:
    """Every zone with the number of its clients, kind by kind, and by name."""
    found = {}
    for rank, name in enumerate(_NAMES):
        query = select(name, func.count()).where(CLIENT, name.is_not(None)).group_by(name)
        found.update({Zone(rank, said): count for said, count in connection.execute(query)})
    return {zone: found[zone] for zone in sorted(found)}


def clients(connection: Connection, zone: str) -> list[int]:
    """The points of the clients in a declared zone, by number."""
    query = select(POINTS.c.id).where(CLIENT, POINTS.c.zone == zone).order_by(POINTS.c.id)
    return list(connection.execute(query).scalars())


def drawn(connection: Connection, zone: str, window: Window) -> dict[int, Drawn]:
    """What the clients of a declared zone withdrew, by quarter-hour."""
    watts = READINGS.c.withdrawn_w
    query = (
        select(READINGS.c.quarter, func.sum(watts), func.max(watts), func.count(watts))
        .join(POINTS, POINTS.c.id == READINGS.c.point)
        .where(CLIENT, POINTS.c.zone == zone, watts.is_not(None))
        .where(READINGS.c.quarter >= window.first, READINGS.c.quarter < window.last)
        .group_by(READINGS.c.quarter)
    )
    rows = connection.execute(query)
    return {quarter: Drawn(int(total), int(most), count) for quarter, total, most, count in rows}


def meters(connection: Connection, zone: str) -> list[str]:
    """The meters of the clients in a zone: in that of the first kind that has one of this name."""
    for name in _NAMES:
        found = connection.execute(select(POINTS.c.meter_id).where(CLIENT, name == zone)).scalars().all()
        if found:
            return list(found)
    return []
