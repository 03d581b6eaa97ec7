"""What the DSO keeps of metering points, readings and end users' accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.data_sharing.messages import Account, Customer
from gridlingua.services.data_sharing.points import Point
from gridlingua.services.data_sharing.tables import ACCOUNTS, POINTS, READINGS, metadata
from gridlingua.services.refusals import ConflictError
from gridlingua.storage import Database, upsert

__all__ = ["POINTS", "READINGS", "metadata"]

CLIENT = POINTS.c.user_id.is_not(None)
_FIELDS = {"user": "user_id"}


def point_row(point: Point) -> dict[str, Any]:
    """The columns of a point."""
    return {_FIELDS.get(name, name): value for name, value in dict(point).items()}


def point_of(row: records.Row) -> Point:
    """The point that was kept in a row."""
    return Point.model_validate({name: row[_FIELDS.get(name, name)] for name in Point.model_fields})


def insert_points(connection: Connection, points: Sequence[Point]) -> None:
    """Add points; raises ``IntegrityError`` for a meter or a user who is known."""
    if points:
        connection.execute(insert(POINTS), [point_row(point) for point in points])


def replace_point(connection: Connection, point: Point) -> None:
    """Let a point take the place of the one with the same meter.

    It keeps its number and its readings, unless another user has the meter now: what the former one drew is nobody's to
    see any more, so the point gets a new number, and the readings of the old one stay behind.
    """
    same = POINTS.c.meter_id == point.meter_id
    known = connection.execute(select(POINTS.c.id, POINTS.c.user_id).where(same)).one()
    if known.user_id is None or known.user_id == point.user:
        connection.execute(update(POINTS).where(same).values(point_row(point)))
        return
    former = POINTS.c.id == known.id
    aside = {
        "meter_id": f"former {known.id}",
        "user_id": None,
    }  # there until the new one has its number: none comes twice
    connection.execute(update(POINTS).where(former).values(aside))
    insert_points(connection, [point])
    connection.execute(delete(POINTS).where(former))


def all_points(connection: Connection, *conditions: Any) -> list[Point]:
    """The points that fulfil every condition, in the order they were entered."""
    rows = connection.execute(select(POINTS).where(*conditions).order_by(POINTS.c.id)).mappings()
    return [point_of(row) for row in rows]


def numbers(connection: Connection) -> dict[str, tuple[int, str]]:
    """The number by which readings know a point, and its kind, by meter."""
    rows = connection.execute(select(POINTS.c.meter_id, POINTS.c.id, POINTS.c.kind))
    return {meter: (number, kind) for meter, number, kind in rows}


def add_customers(database: Database, customers: Sequence[Customer]) -> None:
    """Add low voltage clients, all or none; those known with the same meter and zone stay. Raises ``ConflictError``."""
    try:
        with database.writing() as connection:
            _add_customers(connection, customers)
    except IntegrityError as error:
        raise ConflictError("a meter of these customers belongs to another user; a meter has one user") from error


def _add_customers(connection: Connection, customers: Sequence[Customer]) -> None:
    known = {customer.user: customer for customer in all_customers(connection)}
    faults = [
        Fault(f"/{position}", f"user {customer.user} is known with meter {known[customer.user].meter_id} in zone "
              f"{known[customer.user].zone}; a user is entered once")
        for position, customer in enumerate(customers)
        if known.get(customer.user, customer) != customer
    ]  # fmt: skip
    if faults := faults + records.duplicates(["user"], customers) + records.duplicates(["meter_id"], customers):
        raise ConflictError(faults)
    new = [customer for customer in customers if customer.user not in known]
    insert_points(connection, [Point(kind="LVClient", **dict(customer)) for customer in new])


def all_customers(connection: Connection, zone: str | None = None) -> list[Customer]:
    """Every client, or those of a declared zone, in the order they were entered."""
    query = select(POINTS.c.user_id, POINTS.c.meter_id, POINTS.c.zone).where(CLIENT).order_by(POINTS.c.id)
    rows = connection.execute(query if zone is None else query.where(POINTS.c.zone == zone))
    return [Customer(user=user, meter_id=meter, zone=place) for user, meter, place in rows]


def customer_id(connection: Connection, user: str) -> int | None:
    """The number by which readings know the point of a user."""
    return connection.execute(select(POINTS.c.id).where(POINTS.c.user_id == user)).scalar_one_or_none()


def put_accounts(connection: Connection, accounts: Sequence[Account]) -> None:
    """Say whose account an organisation is; a later one takes the place of the earlier."""
    upsert(connection, ACCOUNTS, [{"organisation": one.organisation, "user_id": one.user} for one in accounts])


def all_accounts(connection: Connection) -> list[Account]:
    """Every account of an end user, by organisation."""
    rows = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.organisation))
    return [Account(organisation=organisation, user=user) for organisation, user in rows]


def user_of(connection: Connection, organisation: str) -> str | None:
    """The end user whose own account an organisation is."""
    query = select(ACCOUNTS.c.user_id).where(ACCOUNTS.c.organisation == organisation)
    return connection.execute(query).scalar_one_or_none()


def _within(first: int, last: int) -> Any:
    return (READINGS.c.quarter >= first) & (READINGS.c.quarter < last)


def readings(connection: Connection, point: int, first: int, last: int) -> dict[int, int]:
    """W withdrawn by quarter-hour at a point, from ``first`` until before ``last``; read along the primary key."""
    known = (READINGS.c.point == point) & _within(first, last) & READINGS.c.withdrawn_w.is_not(None)
    rows = connection.execute(select(READINGS.c.quarter, READINGS.c.withdrawn_w).where(known))
    return dict(sorted((quarter, watts) for quarter, watts in rows))


def zone_sums(connection: Connection, zone: str, first: int, last: int) -> dict[int, tuple[int, int]]:
    """The net sum in W of a declared zone's clients and the number of their readings, by quarter-hour.

    Net is withdrawn less injected, below zero where more is fed in. Who told only the one is taken not to have had the
    other.
    """
    net = func.coalesce(READINGS.c.withdrawn_w, 0) - func.coalesce(READINGS.c.injected_w, 0)
    known = READINGS.c.withdrawn_w.is_not(None) | READINGS.c.injected_w.is_not(None)
    query = (
        select(READINGS.c.quarter, func.sum(net), func.count())
        .join(POINTS, POINTS.c.id == READINGS.c.point)
        .where(POINTS.c.zone == zone, CLIENT, known, _within(first, last))
        .group_by(READINGS.c.quarter)
    )
    return {quarter: (int(watts), count) for quarter, watts, count in connection.execute(query)}
