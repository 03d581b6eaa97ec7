"""Of whom sums were told, day by day, so that a client who moves is not the difference of a sum before and one after.

Of a day, sums are told of groups of clients that are the same or have nobody in common, as zones are at one time. That
few come or go at once is not what matters: of ten who move together and eleven who move later, one is the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Select, insert, select, text

from gridlingua.services.data_sharing.tables import GROUPS, TOLD

_QUARTERS = 96


def days(intervals: Iterable[tuple[int, int]]) -> set[int]:
    """The days (UTC, counted from 1970) that quarter-hours lie in, from the first until before the last."""
    return {day for begin, end in intervals for day in range(begin // _QUARTERS, (end - 1) // _QUARTERS + 1)}


def date_of(day: int) -> date:
    """The date of such a day."""
    return datetime.fromtimestamp(0, UTC).date() + timedelta(days=day)


def keep(connection: Connection, clients: Sequence[int], of: Collection[int]) -> list[int]:
    """Keep that sums over all of these points are told of these days, unless they must not be.

    Returns the days of which a sum was told over some of them and not the rest, or with others: when there are any,
    the transaction must be rolled back and nothing told.
    """
    if connection.dialect.name == "postgresql":  # on SQLite a transaction that writes is alone anyhow
        connection.execute(text("LOCK TABLE data_sharing_told IN SHARE ROW EXCLUSIVE MODE"))
    digest = sha256(",".join(str(point) for point in sorted(clients)).encode()).hexdigest()
    if connection.execute(select(GROUPS.c.point).where(GROUPS.c.digest == digest).limit(1)).first() is None:
        connection.execute(insert(GROUPS), [{"digest": digest, "point": point} for point in clients])
    mine, theirs = GROUPS.alias(), GROUPS.alias()
    differing = (
        select(theirs.c.digest)
        .join(mine, mine.c.point == theirs.c.point)
        .where(mine.c.digest == digest, theirs.c.digest != digest)
    )
    if found := _among(connection, of, select(TOLD.c.day).where(TOLD.c.digest.in_(differing))):
        return sorted(found)
    known = _among(connection, of, select(TOLD.c.day).where(TOLD.c.digest == digest))
    if new := sorted(set(of) - known):
        connection.execute(insert(TOLD), [{"digest": digest, "day": day} for day in new])
    return []


def _among(connection: Connection, of: Collection[int], query: Select[int]) -> set[int]:
    within = query.where(TOLD.c.day >= min(of), TOLD.c.day <= max(of))
    return {day for (day,) in connection.execute(within)} & set(of)
