"""A year of household load from the BDEW standard profile H0 (demandlib; the extra ``demo``), for trying things out.

demandlib gives a calendar year of quarter-hours on the local clock without summer time, each value the share of the
year's energy (their sum is 1). The dynamic profile ``h0_dyn``, which smooths the seasons, misses that sum a little.
Here the shares of the quarter-hours wanted are taken by their local time, across calendar years, and scaled so that
they sum to 1 again: a household's year is then its annual consumption, and mean power is share x energy x 4 per hour.
All households have the same shape; they differ in what they consume in a year.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gridlingua.services.data_sharing.loading import Series
from gridlingua.services.data_sharing.messages import Customer
from gridlingua.services.refusals import RefusedError

QUARTERS = 365 * 96
_QUARTER = timedelta(minutes=15)
_TYPICAL_KWH, _SPREAD, _LEAST_KWH, _MOST_KWH = 3_000, 0.4, 800, 12_000


@dataclass(frozen=True)
class Household:
    """A customer, what they consume in the year in kWh, and their load."""

    customer: Customer
    annual_kwh: int
    series: Series


def households(
    last_day: date, zone: ZoneInfo, *, customers: int = 200, zones: int = 5, seed: int = 1
) -> Iterator[Household]:
    """Households U000001, U000002, … with meters M000001, … dealt out to zones Z1, Z2, …; the same for the same seed.

    Each has the 35,040 quarter-hours that end with ``last_day`` in ``zone``. Raises ``RefusedError`` without demandlib.
    """
    end = datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)
    start = end - QUARTERS * _QUARTER
    shares = _shares(start, zone)
    chance = random.Random(seed)
    for number in range(1, customers + 1):
        annual = round(min(max(_TYPICAL_KWH * chance.lognormvariate(0, _SPREAD), _LEAST_KWH), _MOST_KWH))
        customer = Customer(user=f"U{number:06d}", meter_id=f"M{number:06d}", zone=f"Z{(number - 1) % zones + 1}")
        factor = annual * 1000 * 4
        watts = [round(share * factor) for share in shares]
        yield Household(customer, annual, Series(customer.meter_id, start, watts))


def zone_totals(found: Iterable[Household]) -> dict[str, list[int]]:
    """The load of each zone in W: the sum of its households, quarter-hour by quarter-hour."""
    totals: dict[str, list[int]] = {}
    for household in found:
        watts = household.series.watts
        known = totals.setdefault(household.customer.zone, [0] * len(watts))
        totals[household.customer.zone] = [total + more for total, more in zip(known, watts, strict=True)]
    return totals


def _shares(start: datetime, zone: ZoneInfo) -> list[float]:
    instants = (start + position * _QUARTER for position in range(QUARTERS))
    local = [instant.astimezone(zone).replace(tzinfo=None) for instant in instants]
    years = {year: _profile(year) for year in sorted({moment.year for moment in local})}
    shares = [years[moment.year][(moment - datetime(moment.year, 1, 1)) // _QUARTER] for moment in local]
    whole = sum(shares)
    return [share / whole for share in shares]


def _profile(year: int) -> Sequence[float]:
    try:
        from demandlib import bdew
    except ImportError as error:
        raise RefusedError("the standard load profile needs demandlib: pip install 'gridlingua[demo]'") from error
    with warnings.catch_warnings():  # demandlib turns warnings into errors for the whole process and leaves it so
        profile: list[float] = bdew.ElecSlp(year).get_profiles("h0_dyn")["h0_dyn"].tolist()
    return profile
