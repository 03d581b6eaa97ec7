"""Loading the readings of known meters from Python, a series at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gridlingua.errors import Fault
from gridlingua.services.data_sharing import bulk
from gridlingua.services.data_sharing.domain import quarter_before, quarter_of
from gridlingua.services.data_sharing.store import numbers
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError
from gridlingua.storage import Database


@dataclass(frozen=True)
class Series:
    """Mean powers of a meter in whole W, one per quarter-hour from ``start`` on (an aware datetime on the grid).

    ``watts`` is what is withdrawn from the grid; ``injected`` what is fed into it, as long, or empty where nothing is.
    """

    meter_id: str
    start: datetime
    watts: Sequence[int]
    injected: Sequence[int] = ()


def _no_progress(_rows: int) -> None:
    pass


def load_readings(
    database: Database, series: Iterable[Series], progress: Callable[[int], object] = _no_progress
) -> int:
    """Load series of known meters in one transaction, all or nothing; returns the number of readings.

    ``progress`` is told after each series how many readings it had. Series in the order their points were entered
    load fastest. Raises ``NotFoundError`` for an unknown meter, ``RefusedError`` for a series off the grid or a power
    below zero, ``ConflictError`` where there is a reading already.
    """
    loaded = 0
    with database.writing() as connection:
        points = {meter: number for meter, (number, _) in numbers(connection).items()}
        for one in series:
            _load(connection, points, one)
            loaded += len(one.watts)
            progress(len(one.watts))
    return loaded


def _load(connection: Connection, points: dict[str, int], series: Series) -> None:
    if series.meter_id not in points:
        raise NotFoundError(f"no point has meter {series.meter_id}; enter the points first")
    first = quarter_of(series.start)
    if first != quarter_before(series.start):
        raise RefusedError(f"meter {series.meter_id}: {series.start} does not begin a quarter-hour")
    least = min(*series.watts, *series.injected, 0, 0)
    if least < 0:
        raise RefusedError([Fault("", f"meter {series.meter_id}: a power of {least} W is below zero")])
    point, quarters = repeat(points[series.meter_id]), range(first, first + len(series.watts))
    injected = [series.injected] if series.injected else []
    columns = ["withdrawn_w", "injected_w"][: 1 + len(injected)]
    rows = list(zip(point, quarters, series.watts, *injected))  # noqa: B905 - the first repeats for ever
    try:
        bulk.add(connection, columns, rows)
    except IntegrityError as error:
        raise _known(series) from error


def _known(series: Series) -> ConflictError:
    return ConflictError(f"meter {series.meter_id} has readings in these quarter-hours already; they are not replaced")
