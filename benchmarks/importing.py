"""Meter data is imported, and a day of it is found among many.

Imported is a year of quarter-hours of some homes, active and reactive power and voltage, with every row judged; the
baseline reads the same file and does nothing with it. The second table asks for a day of one meter, as a metering
request does. `GRIDLINGUA_BENCH_READINGS` says among how many readings (35040000 are a year of a thousand meters),
`GRIDLINGUA_BENCH_DATABASE` in which empty database; without them it is a million in a SQLite file.
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import delete

from benchmarks.timing import Group, Plan, Timing
from gridlingua.services.data_sharing import add_customers, load_readings, metadata, store
from gridlingua.services.data_sharing.domain import quarter_of
from gridlingua.services.data_sharing.importing import Listener, Rules, import_sheet
from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.data_sharing.sheets import opened
from gridlingua.storage import Database

YEAR = 35_040
START = datetime(2025, 1, 1, tzinfo=UTC)
HEADING = ("meter_id", "time", "active_withdrawn_kW", "active_injected_kW", "reactive_withdrawn_kvar", "voltage_V")


def measure(plan: Plan) -> Iterator[Group]:
    quarters = 96 if plan.quick else YEAR
    readings = int(os.environ.get("GRIDLINGUA_BENCH_READINGS", "1000000"))
    with tempfile.TemporaryDirectory() as folder:
        yield _imported(plan, Path(folder), meters=5, quarters=quarters)
        url = os.environ.get("GRIDLINGUA_BENCH_DATABASE", f"sqlite:///{folder}/many.sqlite")
        yield _found(plan, Path(folder), url, quarters, meters=max(readings // YEAR, 1))


def _imported(plan: Plan, folder: Path, *, meters: int, quarters: int) -> Group:
    table, database = folder / "readings.csv", _database(f"sqlite:///{folder}/imported.sqlite", meters)
    _write(table, meters, quarters)
    things = {"the CSV file read": lambda: _read(table), "imported from CSV": lambda: _import(database, table)}
    if columns := _parquet(table):
        things["imported from Parquet"] = lambda: _import(database, columns)
    rows = meters * quarters
    group = plan.compare(f"{rows:,} readings imported into SQLite", things, runs=3)
    database.close()
    timings = [Timing(f"{one.what}: {rows / one.seconds:,.0f} rows/s", one.seconds, one.runs) for one in group.timings]
    return Group(group.title, timings)


def _found(plan: Plan, folder: Path, url: str, quarters: int, *, meters: int) -> Group:
    databases = {1: _database(f"sqlite:///{folder}/one.sqlite", 1), meters: _database(url, meters)}
    for many, database in databases.items():
        load_readings(database, (Series(_name(meter), START, _watts(meter, quarters)) for meter in range(many)))
    days = count()

    def day(many: int) -> None:
        number = next(days)
        first = quarter_of(START) + 96 * (number % (quarters // 96))
        with databases[many].reading() as connection:
            if len(store.readings(connection, number * 7 % many + 1, first, first + 96)) != 96:
                raise RuntimeError("a day has 96 readings")

    things = {f"of {many * quarters:,} readings": lambda many=many: day(many) for many in databases}
    group = plan.compare("A day of one meter", things, burst=50)
    for database in databases.values():
        database.close()
    return group


def _database(url: str, meters: int) -> Database:
    database = Database(url)
    database.upgrade(metadata)
    names = [_name(meter) for meter in range(meters)]
    add_customers(database, [Customer(user=name, meter_id=name, zone="Z1") for name in names])
    return database


def _name(meter: int) -> str:
    return f"PT{meter:016d}"


def _watts(meter: int, quarters: int) -> list[int]:
    """What a home draws: little at night, more in the evening; no two homes alike."""
    chance = random.Random(meter)
    shape = [60] * 24 + [250] * 44 + [900] * 20 + [200] * 8
    return [max(0, round(chance.gauss(shape[quarter % 96], shape[quarter % 96] / 4))) for quarter in range(quarters)]


def _write(path: Path, meters: int, quarters: int) -> None:
    times = [f"{START + quarter * timedelta(minutes=15):%Y-%m-%dT%H:%M:%SZ}" for quarter in range(quarters)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADING)
        for meter in range(meters):
            for time, watts in zip(times, _watts(meter, quarters), strict=True):
                fed = 1500 - watts if meter % 3 == 0 and watts < 200 else 0
                table.writerow([_name(meter), time, watts / 1000, fed / 1000, watts // 6 / 1000, 228 + watts % 50 / 10])


def _parquet(path: Path) -> Path | None:
    try:
        import pyarrow
        from pyarrow import csv as arrow
        from pyarrow import parquet
    except ImportError:
        return None
    table = arrow.read_csv(path)
    place = table.column_names.index("time")
    table = table.set_column(place, "time", table["time"].cast(pyarrow.timestamp("us", "UTC")))
    parquet.write_table(table, path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def _import(database: Database, path: Path) -> None:
    with database.writing() as connection:
        connection.execute(delete(store.READINGS))
    with opened(path) as sheet:
        outcome = import_sheet(database, sheet, Rules(), Listener())
    if not outcome.is_imported:
        raise RuntimeError("; ".join(map(str, outcome.first)))
