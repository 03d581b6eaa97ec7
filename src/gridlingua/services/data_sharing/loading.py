"""Loading readings by the million."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services.data_sharing.domain import quarter_before, quarter_of
from gridlingua.services.data_sharing.store import CUSTOMERS, READINGS
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import Database


@dataclass(frozen=True)
class Series:
    """The mean powers of a meter in whole W, one per quarter-hour from ``start`` on (an aware datetime on the grid)."""

    meter_id: str
    start: datetime
    watts: Sequence[int]


def _no_progress(_rows: int) -> None:
    pass


def load_readings(
    database: Database, series: Iterable[Series], progress: Callable[[int], object] = _no_progress
) -> int:
    """Load series of known meters in one transaction, all or nothing; returns the number of readings.

    ``progress`` is told after each series how many readings it had. Series in the order their customers were entered
    load fastest. Raises ``NotFoundError`` for an unknown meter, ``RefusedError`` for a series off the grid or a power
    below zero, ``ConflictError`` where there is a reading already.
    """
    loaded = 0
    with database.writing() as connection:
        rows = connection.execute(select(CUSTOMERS.c.meter_id, CUSTOMERS.c.id))
        customers = {meter: number for meter, number in rows}  # noqa: C416 - dict() does not take rows
        for one in series:
            _load(connection, customers, one)
            loaded += len(one.watts)
            progress(len(one.watts))
    return loaded


def _load(connection: Connection, customers: dict[str, int], series: Series) -> None:
    if series.meter_id not in customers:
        raise NotFoundError(f"no customer has meter {series.meter_id}; enter the customers first")
    first = quarter_of(series.start)
    if first != quarter_before(series.start):
        raise RefusedError(f"meter {series.meter_id}: {series.start} does not begin a quarter-hour")
    if series.watts and min(series.watts) < 0:
        raise RefusedError([Fault("", f"meter {series.meter_id}: a power of {min(series.watts)} W is below zero")])
    quarters = range(first, first + len(series.watts))
    rows = list(zip(repeat(customers[series.meter_id]), quarters, series.watts))
    try:
        (_copy if connection.dialect.driver == "psycopg" else _insert)(connection, rows)
    except IntegrityError as error:
        raise _known(series) from error


def _known(series: Series) -> ConflictError:
    return ConflictError(f"meter {series.meter_id} has readings in these quarter-hours already; they are not replaced")


def _insert(connection: Connection, rows: list[tuple[int, int, int]]) -> None:
    mark = {"qmark": "?", "format": "%s", "pyformat": "%s"}[connection.dialect.paramstyle]
    names = ", ".join(column.name for column in READINGS.columns)
    if rows:
        connection.exec_driver_sql(f"INSERT INTO {READINGS.name} ({names}) VALUES ({mark}, {mark}, {mark})", rows)


def _copy(connection: Connection, rows: list[tuple[int, int, int]]) -> None:
    names = ", ".join(column.name for column in READINGS.columns)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {READINGS.name} ({names}) FROM STDIN") as copy:
            copy.write("".join(f"{customer}\t{quarter}\t{watts}\n" for customer, quarter, watts in rows))
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(None, None, error) from error
    finally:
        cursor.close()
