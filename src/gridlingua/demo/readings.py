"""The DSO's sample data: customers, and a year of quarter-hours of each that ends tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridlingua.demo.setting import Setting
from gridlingua.services.data_sharing import load_profile, loading, store
from gridlingua.services.data_sharing.domain import instant_of, quarter_of
from gridlingua.services.data_sharing.load_profile import Household
from gridlingua.services.data_sharing.loading import Series
from gridlingua.storage import Database

PER_CUSTOMER = load_profile.QUARTERS


def load_readings(setting: Setting, progress: Callable[[int], object]) -> tuple[int, dict[str, int]]:
    """Fill the DSO's database, which has its tables, with what it lacks, tomorrow's forecast included.

    Returns the number of readings and, by zone, the limit in W that tomorrow's load exceeds around its peak.
    """
    households = list(_households(setting))
    database = Database(setting.database("dso"))
    try:
        store.add_customers(database, [one.customer for one in households])
        known = _last_quarter(database)
        count = loading.load_readings(database, (_after(one.series, known) for one in households), progress)
    finally:
        database.close()
    totals = load_profile.zone_totals(households)
    return count, {zone: round(max(load[-96:]) * 0.9) for zone, load in sorted(totals.items())}


def as_loaded(setting: Setting) -> Setting:
    """The setting with as many customers and zones as its database has, if it has any."""
    database = Database(setting.database("dso"))
    try:
        with database.reading() as connection:
            customers = store.all_customers(connection)
    finally:
        database.close()
    if not customers:
        return setting
    return replace(setting, customers=len(customers), zones=len({one.zone for one in customers}))


def _households(setting: Setting) -> Iterator[Household]:
    zone = ZoneInfo(setting.time_zone)
    return load_profile.households(setting.tomorrow, zone, customers=setting.customers, zones=setting.zones)


def _last_quarter(database: Database) -> int:
    """The quarter-hour of the last reading, or one before all."""
    with database.reading() as connection:
        return connection.execute(select(func.max(store.READINGS.c.quarter))).scalar() or 0


def _after(series: Series, known: int) -> Series:
    """What of a series comes after the quarter-hours that are known."""
    first = quarter_of(series.start)
    new = max(known + 1 - first, 0)
    return replace(series, start=instant_of(first + new, ZoneInfo("UTC")), watts=series.watts[new:])
