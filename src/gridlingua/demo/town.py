"""Two zones of the grid with the same households, so that what happens in one can be compared with the other."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gridlingua.demo.setting import Setting
from gridlingua.services.data_sharing import load_profile, loading, store
from gridlingua.services.data_sharing.domain import quarter_of
from gridlingua.services.data_sharing.load_profile import Household
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.instants import Instant
from gridlingua.storage import Database

ZONES = ("Z1", "Z2")
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Expected:
    """The load of a day that is yet to come: mean powers in W of every quarter-hour from ``start`` on, by meter."""

    start: datetime
    watts: Mapping[str, Sequence[int]]
    meters: Mapping[str, Sequence[str]]
    """The meters of each zone."""

    def of_zone(self, zone: str) -> list[int]:
        """The sum of the zone's meters."""
        return [sum(together) for together in zip(*(self.watts[meter] for meter in self.meters[zone]), strict=True)]


def twin_of(text: str) -> str:
    """The id of the same thing in the other zone: user, meter, zone, or need."""
    if text[:2] in ZONES:
        return ZONES[text.startswith(ZONES[0])] + text[2:]
    number = int(text[1:])
    return f"{text[0]}{number + 1 if number % 2 else number - 1:06d}"


def settle(setting: Setting, progress: Callable[[int], object]) -> Expected:
    """Fill the DSO's database, which has its tables, with households and their readings until this morning.

    Returns what they are expected to draw tomorrow.
    """
    households = list(_households(setting))
    today = quarter_of(setting.at(setting.tomorrow - timedelta(days=1), "00:00"))
    database = Database(setting.database("dso"))
    try:
        store.add_customers(database, [one.customer for one in households])
        past = (
            replace(one.series, watts=one.series.watts[: today - quarter_of(one.series.start)]) for one in households
        )
        loading.load_readings(database, past, progress)
    finally:
        database.close()
    return _expected(setting, households)


def _households(setting: Setting) -> Iterator[Household]:
    zone = ZoneInfo(setting.time_zone)
    pairs = setting.customers // 2
    for number, one in enumerate(load_profile.households(setting.tomorrow, zone, customers=pairs, zones=1)):
        for place, zone_id in enumerate(ZONES):
            serial = f"{2 * number + 1 + place:06d}"
            customer = Customer(user=f"U{serial}", meter_id=f"M{serial}", zone=zone_id)
            yield Household(customer, one.annual_kwh, replace(one.series, meter_id=customer.meter_id))


def _expected(setting: Setting, households: Sequence[Household]) -> Expected:
    start = setting.at(setting.tomorrow, "00:00")
    first = quarter_of(start) - quarter_of(households[0].series.start)
    watts = {one.customer.meter_id: one.series.watts[first:] for one in households}
    meters = {zone: [one.customer.meter_id for one in households if one.customer.zone == zone] for zone in ZONES}
    return Expected(start, watts, meters)


def write_metered(path: Path, expected: Expected, instead: Mapping[tuple[str, datetime], int]) -> int:
    """Write the day as it was metered into a file for ``gridlingua import``; returns how many readings it has.

    It is what was expected, but for what stands in ``instead``: W by meter and quarter-hour.
    """
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["meter_id", "time", "active_withdrawn_W"])
        for meter, watts in expected.watts.items():
            for place, value in enumerate(watts):
                at = expected.start + place * QUARTER
                rows.writerow([meter, Instant.of(at).text, instead.get((meter, at), value)])
                count += 1
    return count
