"""The market's calendar of D4.3 4.4, in local time, over the changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gridlingua.services.flexibility.calendar import Calendar, Product, day_ahead, intraday, product_of, products

LISBON, PARIS = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Paris")
D43, OPEN = Calendar(), Calendar(gates="open")
ZONES = st.sampled_from([LISBON, PARIS, ZoneInfo("Atlantic/Azores"), ZoneInfo("Australia/Lord_Howe"), UTC])
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 11, 21), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
@pytest.mark.parametrize("zone", [LISBON, PARIS])
def test_a_day_ahead_product_is_a_local_day_with_its_gates_on_the_day_before(
    zone: ZoneInfo, day: date, hours: int
) -> None:
    product = day_ahead(D43, zone, day)
    assert product.end - product.start == hours * HOUR
    gates = [gate.astimezone(zone) for gate in (product.publication, product.offers, product.plan)]
    assert [(gate.date(), gate.strftime("%H:%M")) for gate in gates] == [
        (day - timedelta(days=1), clock) for clock in ("12:00", "16:00", "18:00")
    ]


def test_an_intraday_product_is_of_the_twelve_hours_from_six_hours_on_with_gates_of_each_need() -> None:
    product = intraday(D43, at("2026-11-21T06:00Z"), at("2026-11-21T14:00Z"))
    gates = at("2026-11-21T06:00Z"), at("2026-11-21T11:00Z"), at("2026-11-21T12:00Z")
    assert product == Product("intraday", at("2026-11-21T12:00Z"), at("2026-11-22T00:00Z"), *gates)


@pytest.mark.parametrize(
    ("recorded", "kind", "publication"),
    [
        ("2026-11-01T00:00Z", "day_ahead", "2026-11-20T12:00Z"),
        ("2026-11-20T12:00Z", "day_ahead", "2026-11-20T12:00Z"),
        ("2026-11-20T12:00:01Z", "intraday", "2026-11-21T00:00Z"),
        ("2026-11-21T00:00Z", "intraday", "2026-11-21T00:00Z"),
        ("2026-11-21T00:00:01Z", "intraday", "2026-11-21T06:00Z"),
        ("2026-11-21T06:00:01Z", "intraday", "2026-11-21T06:00Z"),
        ("2026-11-21T11:00Z", "intraday", "2026-11-21T06:00Z"),
        ("2026-11-21T11:00:01Z", None, None),
    ],
)
def test_a_need_is_day_ahead_or_of_the_next_run_or_late_for_the_last_that_takes_offers(
    recorded: str, kind: str | None, publication: str | None
) -> None:
    start, end = at("2026-11-21T14:00Z"), at("2026-11-21T15:00Z")
    product = product_of(D43, LISBON, start, end, at(recorded))
    told = None if product is None else (product.kind, product.publication)
    assert told == (None if publication is None else (kind, at(publication)))
    assert product_of(OPEN, LISBON, start, end, at(recorded)) is not None


def test_a_need_over_midnight_has_no_product_of_the_day_but_may_have_one_of_a_run() -> None:
    start = at("2026-11-21T23:00Z")
    assert [one.kind for one in products(D43, LISBON, start, start + 2 * HOUR)] == ["intraday"]
    assert products(D43, LISBON, start, start + 13 * HOUR) == []


@given(ZONES, TIMES, st.integers(1, 48), TIMES)
def test_a_need_is_covered_by_its_product_and_offers_come_in_time(
    zone: ZoneInfo, start: datetime, quarters: int, recorded: datetime
) -> None:
    end = start + quarters * timedelta(minutes=15)
    product = product_of(D43, zone, start, end, recorded)
    if product is None:
        return
    assert product.start <= start < end <= product.end
    assert recorded <= product.offers
    assert product.publication < product.offers < product.plan < start


@given(ZONES, TIMES, st.integers(0, 24 * 60))
def test_who_records_a_quarter_hour_three_hours_ahead_always_finds_a_product(
    zone: ZoneInfo, start: datetime, later: int
) -> None:
    quarter = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    recorded = quarter - 3 * HOUR - timedelta(minutes=later)
    assert product_of(D43, zone, quarter, quarter + timedelta(minutes=15), recorded) is not None


@given(ZONES, TIMES)
def test_every_quarter_hour_is_in_one_day_and_mostly_in_two_runs(zone: ZoneInfo, start: datetime) -> None:
    quarter = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    kinds = [one.kind for one in products(D43, zone, quarter, quarter + timedelta(minutes=15))]
    assert kinds.count("day_ahead") == 1
    assert 1 <= kinds.count("intraday") <= 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"dayAheadOffers": "11:00"},
        {"dayAheadPlan": "16:00"},
        {"dayAheadNeeds": "24:00"},
        {"intradayPlanMinutes": 180},
        {"intradayOffersMinutes": 360},
        {"intradayNeeds": []},
        {"answerMinutes": 0},
        {"gates": "ajar"},
    ],
)
def test_a_calendar_whose_gates_do_not_follow_each_other_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate(wrong)
