"""A zone's needs as a series, apart from any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.data_sharing.domain import quarter_of
from gridlingua.services.data_sharing.history import of_zone, series
from gridlingua.services.messages import Need

from ..samples import need

LISBON = ZoneInfo("Europe/Lisbon")
BEGIN = datetime(2026, 11, 19, tzinfo=UTC)
FIRST = quarter_of(BEGIN)


def needed(start: str, end: str, quantity: object = 100, **changes: Any) -> Need:
    times = {"startTime": f"2026-11-{start}:00Z", "endTime": f"2026-11-{end}:00Z"}
    return Need.model_validate(need(needs=quantity, **times) | changes)


def told(*needs: Need, days: int = 2) -> tuple[int, list[tuple[str, str, Decimal]]]:
    granularity, lines = series(needs, FIRST, FIRST + days * 96, LISBON)
    return granularity, [(f"{one.begin:%dT%H:%M}", one.direction, one.needed.quantity) for one in lines]


def test_a_need_of_whole_hours_is_told_by_hours_and_one_of_whole_days_by_days() -> None:
    assert told(needed("19T10:00", "19T12:00")) == (2, [("19T10:00", "Down", 100), ("19T11:00", "Down", 100)])
    assert told(needed("19T00:00", "21T00:00")) == (3, [("19T00:00", "Down", 100), ("20T00:00", "Down", 100)])


def test_a_need_of_a_quarter_hour_is_told_by_quarter_hours() -> None:
    assert told(needed("19T10:15", "19T10:30")) == (1, [("19T10:15", "Down", 100)])
    granularity, lines = told(needed("19T10:00", "19T11:00"), needed("19T10:15", "19T10:30", 20))
    assert (granularity, [quantity for _, _, quantity in lines]) == (1, [100, 120, 100, 100])


def test_needs_of_one_direction_and_kind_add_up_and_others_stand_beside_each_other() -> None:
    same = needed("19T10:00", "19T11:00", 500, measurementUnit="W", eligibleClients=["M9"])
    up = needed("19T10:00", "19T11:00", 7, direction="Up")
    reactive = needed("19T10:00", "19T11:00", 3, typePower="Reactive", measurementUnit="Mvar")
    _, lines = series([needed("19T10:00", "19T11:00"), same, up, reactive], FIRST, FIRST + 96, LISBON)
    assert [(one.direction, one.type_power, one.needed.quantity) for one in lines] == [
        ("Down", "Active", Decimal("100.5")),
        ("Down", "Reactive", 3000),
        ("Up", "Active", 7),
    ]
    assert lines[0].needed.meters == ("M1", "M2", "M3", "M9")


def test_of_a_quarter_hour_that_two_needs_share_the_most_at_an_instant_counts() -> None:
    follow = [needed("19T10:00", "19T10:07", 100), needed("19T10:07", "19T10:15", 30)]
    assert told(*follow)[1] == [("19T10:00", "Down", 100)]
    overlap = [needed("19T10:00", "19T10:09", 100), needed("19T10:07", "19T10:15", 30)]
    assert told(*overlap)[1] == [("19T10:00", "Down", 130)]


def test_what_reaches_beyond_the_period_is_cut_at_its_ends() -> None:
    granularity, lines = told(needed("18T23:00", "19T00:30"), needed("19T23:45", "20T05:00"), days=1)
    assert (granularity, [begin for begin, _, _ in lines]) == (1, ["19T00:00", "19T00:15", "19T23:45"])


def test_a_need_is_a_zones_when_everybody_who_could_help_is_in_it() -> None:
    inside, across = needed("19T10:00", "19T11:00"), needed("19T10:00", "19T11:00", eligibleClients=["M1", "X"])
    assert of_zone([inside, across], ["M1", "M2", "M3"]) == [inside]


@given(st.lists(st.tuples(st.integers(0, 180), st.integers(1, 60), st.integers(1, 900)), min_size=1, max_size=5))
def test_however_coarse_it_is_told_no_energy_is_lost(periods: list[tuple[int, int, int]]) -> None:
    quarter = timedelta(minutes=15)
    needs = [
        Need.model_validate(
            need(
                needs=kw,
                startTime=(BEGIN + first * quarter).isoformat(),
                endTime=(BEGIN + (first + count) * quarter).isoformat(),
            )
        )
        for first, count, kw in periods
    ]
    granularity, lines = series(needs, FIRST, FIRST + 300, LISBON)
    length = {1: 1, 2: 4, 3: 96}[granularity]
    assert sum(one.needed.quantity for one in lines) * length == sum(count * kw for _, count, kw in periods)
