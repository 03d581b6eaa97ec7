"""The DSO's sample data: customers, their quarter-hours of a year until this morning, and what tomorrow may bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridlingua.demo.setting import Setting
from gridlingua.services.data_sharing import load_profile, loading, store
from gridlingua.services.data_sharing.domain import instant_of, quarter_of
from gridlingua.services.data_sharing.load_profile import Household
from gridlingua.services.data_sharing.loading import Series
from gridlingua.storage import Database

PER_CUSTOMER = load_profile.QUARTERS


@dataclass(frozen=True)
class Expected:
    """The load of a zone that is yet to come, mean powers in W of tomorrow's quarter-hours, and what it should keep to.

    ``meters`` are those of the zone; the load exceeds the ``limit`` around its peak.
    """

    meters: tuple[str, ...]
    watts: tuple[int, ...]
    limit: int


def load_readings(setting: Setting, progress: Callable[[int], object]) -> dict[str, Expected]:
    """Fill the DSO's database, which has its tables, with what it lacks until this morning.

    Returns what is expected of tomorrow, by zone.
    """
    households = list(_households(setting))
    today = quarter_of(setting.at(setting.tomorrow - timedelta(days=1), "00:00"))
    database = Database(setting.database("dso"))
    try:
        store.add_customers(database, [one.customer for one in households])
        known = _last_quarter(database)
        loading.load_readings(database, (_between(one.series, known + 1, today) for one in households), progress)
    finally:
        database.close()
    totals = load_profile.zone_totals(households)
    first = quarter_of(setting.at(setting.tomorrow, "00:00")) - quarter_of(households[0].series.start)
    return {zone: _expected(zone, load[first:], households) for zone, load in sorted(totals.items())}


def _expected(zone: str, watts: Sequence[int], households: Sequence[Household]) -> Expected:
    meters = tuple(one.customer.meter_id for one in households if one.customer.zone == zone)
    return Expected(meters, tuple(watts), round(max(watts) * 0.9))


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


def _between(series: Series, first: int, last: int) -> Series:
    """What of a series is from one quarter-hour until before another."""
    start = quarter_of(series.start)
    begin = max(first - start, 0)
    watts = series.watts[begin : max(last - start, begin)]
    return replace(series, start=instant_of(start + begin, ZoneInfo("UTC")), watts=watts)
