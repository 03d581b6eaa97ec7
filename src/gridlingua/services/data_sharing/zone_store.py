"""What the DSO keeps of zones: the clients who are in them, and what they drew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, exists, func, or_, select

from gridlingua.services.data_sharing.anonymity import KINDS, Drawn, Place, Zone
from gridlingua.services.data_sharing.store import CLIENT
from gridlingua.services.data_sharing.tables import POINTS, READINGS

_NAMES = tuple(POINTS.c[kind] for kind in KINDS)


@dataclass(frozen=True)
class Window:
    """The quarter-hours from ``first`` until before ``last``."""

    first: int
    last: int


def _placed() -> Subquery:
    """Every client with a number that is the same for all who are in the same zones."""
    number = func.dense_rank().over(order_by=_NAMES).label("place")
    return select(POINTS.c.id, number, *_NAMES).where(CLIENT).subquery("placed")


def places(connection: Connection) -> list[Place]:
    """Where the clients are, in the order of the places' numbers."""
    placed = _placed()
    names = [placed.c[kind] for kind in KINDS]
    query = select(placed.c.place, func.count(), *names).group_by(placed.c.place, *names).order_by(placed.c.place)
    return [Place(tuple(found), count) for _, count, *found in connection.execute(query)]


def drawn(connection: Connection, zones: Sequence[Zone], window: Window) -> dict[int, dict[int, Drawn]]:
    """What was withdrawn in the places of these zones, by quarter-hour and place; places are numbered from nought."""
    placed = _placed()
    inside = or_(*(placed.c[KINDS[zone.rank]] == zone.name for zone in zones))
    watts = READINGS.c.withdrawn_w
    sums: tuple[Any, ...] = (func.sum(watts), func.max(watts), func.count(watts))
    query = (
        select(READINGS.c.quarter, placed.c.place, *sums)
        .join(READINGS, READINGS.c.point == placed.c.id)
        .where(inside, READINGS.c.quarter >= window.first, READINGS.c.quarter < window.last, watts.is_not(None))
        .group_by(READINGS.c.quarter, placed.c.place)
    )
    found: dict[int, dict[int, Drawn]] = {}
    for quarter, place, total, most, count in connection.execute(query):
        found.setdefault(quarter, {})[place - 1] = Drawn(int(total), int(most), count)
    return found


def metered(connection: Connection, zone: Zone, window: Window) -> int:
    """How many clients of a zone have a reading in the window."""
    within = (READINGS.c.point == POINTS.c.id) & (READINGS.c.quarter >= window.first)
    there = exists().where(within, READINGS.c.quarter < window.last, READINGS.c.withdrawn_w.is_not(None))
    query = select(func.count()).where(CLIENT, _NAMES[zone.rank] == zone.name, there)
    return connection.execute(query.select_from(POINTS)).scalar_one()


def meters(connection: Connection, zone: str) -> list[str]:
    """The meters of the clients in a zone: in that of the first kind that has one of this name."""
    for name in _NAMES:
        found = connection.execute(select(POINTS.c.meter_id).where(CLIENT, name == zone)).scalars().all()
        if found:
            return list(found)
    return []
