"""What the DSO keeps of customers, readings and grants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services import records
from gridlingua.services.data_sharing.messages import Customer, Grant
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import Database

metadata = MetaData()
CUSTOMERS = Table(
    "data_sharing_customers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", String, nullable=False, unique=True),
    Column("meter_id", String, nullable=False, unique=True),
    Column("zone", String, nullable=False, index=True),
)
# A row of three small integers, stored in the order of its key: a day of one customer is one stretch of the file.
# No foreign key: the loader looks every customer up, and checking 35 million rows again would double the time.
READINGS = Table(
    "data_sharing_readings",
    metadata,
    Column("customer", Integer, primary_key=True, autoincrement=False),
    Column("quarter", Integer, primary_key=True, autoincrement=False),
    Column("watts", Integer, nullable=False),
    sqlite_with_rowid=False,
)
GRANTS = records.table("data_sharing_grants", metadata, Grant, ["reference"])


def add_customers(database: Database, customers: Sequence[Customer]) -> None:
    """Add customers, all or none; those known with the same meter and zone stay. Raises ``ConflictError``."""
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
    if new:
        rows = [{"user_id": one.user, "meter_id": one.meter_id, "zone": one.zone} for one in new]
        connection.execute(insert(CUSTOMERS), rows)


def all_customers(connection: Connection, zone: str | None = None) -> list[Customer]:
    """Every customer, or those of a zone, in the order they were entered."""
    query = select(CUSTOMERS.c.user_id, CUSTOMERS.c.meter_id, CUSTOMERS.c.zone).order_by(CUSTOMERS.c.id)
    rows = connection.execute(query if zone is None else query.where(CUSTOMERS.c.zone == zone))
    return [Customer(user=user, meter_id=meter, zone=place) for user, meter, place in rows]


def customer_id(connection: Connection, user: str) -> int | None:
    """The number by which readings know a user."""
    return connection.execute(select(CUSTOMERS.c.id).where(CUSTOMERS.c.user_id == user)).scalar_one_or_none()


def add_grants(database: Database, grants: Sequence[Grant], at: datetime) -> None:
    """Add grants for known users, all or none; raises ``NotFoundError``, ``RefusedError`` or ``ConflictError``."""
    with database.writing() as connection:
        known = {customer.user for customer in all_customers(connection)}
        unknown = [Fault(f"/{i}/user", f"no user {one.user}") for i, one in enumerate(grants) if one.user not in known]
        if unknown:
            raise NotFoundError(unknown)
        faults = [
            Fault(f"/{i}/validUntil", f"{one.valid_until} is not after {one.valid_from}; a grant must last")
            for i, one in enumerate(grants)
            if one.valid_until <= one.valid_from
        ]
        if faults := faults + records.duplicates(["reference"], grants):
            raise RefusedError(faults)
        records.keep(connection, GRANTS, grants, at)


def grant(connection: Connection, reference: str) -> Grant | None:
    """The grant of a reference."""
    return next(iter(records.find(connection, GRANTS, Grant, GRANTS.c.reference == reference)), None)


def all_grants(connection: Connection) -> list[Grant]:
    """Every grant, in the order they were given."""
    return records.find(connection, GRANTS, Grant)


def readings(connection: Connection, customer: int, first: int, last: int) -> dict[int, int]:
    """W by quarter-hour of a customer, from ``first`` until before ``last``; read along the primary key."""
    within = (READINGS.c.customer == customer) & (READINGS.c.quarter >= first) & (READINGS.c.quarter < last)
    rows = connection.execute(select(READINGS.c.quarter, READINGS.c.watts).where(within).order_by(READINGS.c.quarter))
    return {quarter: watts for quarter, watts in rows}  # noqa: C416 - dict() does not take rows


def zone_sums(connection: Connection, zone: str, first: int, last: int) -> dict[int, tuple[int, int]]:
    """The sum in W and the number of readings of a zone, by quarter-hour."""
    query = (
        select(READINGS.c.quarter, func.sum(READINGS.c.watts), func.count())
        .join(CUSTOMERS, CUSTOMERS.c.id == READINGS.c.customer)
        .where(CUSTOMERS.c.zone == zone, READINGS.c.quarter >= first, READINGS.c.quarter < last)
        .group_by(READINGS.c.quarter)
    )
    return {quarter: (int(watts), count) for quarter, watts, count in connection.execute(query)}
