"""The year of household load that the demonstration is made of."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gridlingua.services.data_sharing.load_profile import Household, households, zone_totals

pytest.importorskip("demandlib")
LISBON = ZoneInfo("Europe/Lisbon")


@pytest.fixture(scope="module")
def year() -> list[Household]:
    """Ten households in three zones, over a year that crosses New Year and both changes of the clock."""
    return list(households(date(2026, 11, 21), LISBON, customers=10, zones=3))


def test_a_year_is_35_040_quarter_hours_that_end_with_the_last_day(year: list[Household]) -> None:
    assert {len(one.series.watts) for one in year} == {35_040}
    assert {one.series.start for one in year} == {datetime(2025, 11, 22, tzinfo=UTC)}


def test_the_energy_of_the_year_is_the_annual_consumption(year: list[Household]) -> None:
    for one in year:
        kwh = sum(one.series.watts) / 4 / 1000
        assert kwh == pytest.approx(one.annual_kwh, rel=1e-4)


def test_households_differ_in_what_they_consume_and_are_dealt_out_to_zones(year: list[Household]) -> None:
    assert len({one.annual_kwh for one in year}) > 5
    assert all(800 <= one.annual_kwh <= 12_000 for one in year)
    assert [one.customer.zone for one in year[:4]] == ["Z1", "Z2", "Z3", "Z1"]
    assert len({one.customer.meter_id for one in year}) == 10


def test_the_load_follows_the_clock_on_the_wall_in_summer_and_winter(year: list[Household]) -> None:
    watts = year[0].series.watts

    def at(*moment: int) -> int:
        passed = datetime(*moment, tzinfo=LISBON) - year[0].series.start
        return watts[int(passed.total_seconds()) // 900]

    for month, day in ((1, 13), (7, 14)):  # two Tuesdays: the evening is above the night in both
        assert at(2026, month, day, 19, 30) > 3 * at(2026, month, day, 3, 0)
    # the morning rise is at the same time of the wall clock, so an hour earlier in UTC in summer
    assert at(2026, 7, 14, 7, 0) > 1.5 * at(2026, 7, 14, 5, 0)


def test_the_same_seed_gives_the_same_year_and_another_seed_another(year: list[Household]) -> None:
    again = list(households(date(2026, 11, 21), LISBON, customers=10, zones=3))
    assert again == year
    other = next(households(date(2026, 11, 21), LISBON, customers=1, seed=2))
    assert other.annual_kwh != year[0].annual_kwh


def test_more_customers_do_not_change_those_there_were(year: list[Household]) -> None:
    assert next(households(date(2026, 11, 21), LISBON, customers=500, zones=3)) == year[0]


def test_zone_totals_are_the_sums_of_their_households(year: list[Household]) -> None:
    totals = zone_totals(year)
    assert sorted(totals) == ["Z1", "Z2", "Z3"]
    assert totals["Z2"][77] == sum(one.series.watts[77] for one in year if one.customer.zone == "Z2")


def test_demandlibs_hand_on_the_warning_filters_is_undone(year: list[Household]) -> None:
    before, turn = list(warnings.filters), warnings.simplefilter
    next(households(date(2026, 11, 21), LISBON, customers=1))
    assert (list(warnings.filters), warnings.simplefilter) == (before, turn)


def test_a_year_across_a_leap_day_and_a_summer_end_has_its_energy_too() -> None:
    one = next(households(date(2028, 6, 30), LISBON, customers=1))
    assert len(one.series.watts) == 35_040
    assert one.series.start == datetime(2027, 7, 1, 23, tzinfo=UTC)
    assert sum(one.series.watts) / 4000 == pytest.approx(one.annual_kwh, rel=1e-4)
