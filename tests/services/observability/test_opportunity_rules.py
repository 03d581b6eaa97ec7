"""The rules of opportunities, on needs of any shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.observability.opportunities import (
    LEAST,
    Forecast,
    Lack,
    Ordered,
    opportunities,
    places,
    shares,
    unordered,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LISBON = ZoneInfo("Europe/Lisbon")
_METERS = [f"M{number}" for number in range(12)]
_POWERS = st.integers(1, 50).map(Decimal)
_WAYS = st.sampled_from(["Up", "Down"])


@st.composite
def lacks(draw: st.DrawFn) -> Lack:
    start = draw(st.integers(0, 8))
    length = draw(st.integers(1, 6))
    begin, finish = NOON + start * QUARTER, NOON + (start + length) * QUARTER
    return Lack(draw(_WAYS), draw(_POWERS), begin, finish, frozenset(_METERS))


_FORECASTS = st.builds(
    Forecast,
    meter=st.sampled_from([*_METERS, "M99"]),
    direction=_WAYS,
    at=st.integers(0, 14).map(lambda quarters: NOON + quarters * QUARTER),
    power=_POWERS,
)


@given(st.lists(lacks(), max_size=5), st.lists(_FORECASTS, max_size=5))
def test_each_quarter_hour_is_told_for_what_is_lacking_in_it_and_never_in_two_directions(
    found: list[Lack], forecasts: list[Forecast]
) -> None:
    told = opportunities(found, forecasts, LISBON)
    assert all(one.end_time <= other.start_time for one, other in pairwise(told))
    most: dict[str, Decimal] = {}
    for quarter in range(16):
        at = NOON + quarter * QUARTER
        net = _net(found, forecasts, at)
        covering = [one for one in told if one.start_time.at <= at < one.end_time.at]
        assert len(covering) == (1 if net else 0)
        for one in covering:
            assert one.direction == ("Up" if net > 0 else "Down")
            most[one.opportunity_id] = max(most.get(one.opportunity_id, Decimal(0)), abs(net))
    assert most == {one.opportunity_id: one.quantity for one in told}


def _net(found: list[Lack], forecasts: list[Forecast], at: datetime) -> Decimal:
    net = Decimal(0)
    for way, sign in (("Up", 1), ("Down", -1)):
        lacking = sum(one.power for one in found if one.direction == way and one.start <= at < one.end)
        there = [one for one in forecasts if one.direction == way and one.at == at and one.meter in _METERS]
        net += sign * max(lacking - sum(one.power for one in there), Decimal(0))
    return net


_ORDERS = st.builds(
    Ordered,
    direction=_WAYS,
    power=_POWERS,
    start=st.integers(0, 6).map(lambda quarters: NOON + quarters * QUARTER),
    end=st.integers(7, 14).map(lambda quarters: NOON + quarters * QUARTER),
    meters=st.frozensets(st.sampled_from(_METERS), min_size=1),
)


@given(st.lists(_FORECASTS, max_size=8), _ORDERS)
def test_of_a_forecast_is_left_what_exceeds_the_order_of_the_same_meters(
    forecasts: list[Forecast], order: Ordered
) -> None:
    left = unordered(forecasts, [order])
    for at in {one.at for one in forecasts}:
        theirs = [
            (one.power, rest.power)
            for one, rest in zip(forecasts, left, strict=True)
            if one.at == at and one.direction == order.direction and one.meter in order.meters
        ]
        taken = order.power if order.start <= at < order.end else Decimal(0)
        wanted = max(sum((power for power, _ in theirs), Decimal(0)) - taken, Decimal(0))
        assert abs(sum((rest for _, rest in theirs), Decimal(0)) - wanted) < Decimal("1e-20")
    for one, rest in zip(forecasts, left, strict=True):
        if one.direction != order.direction or one.meter not in order.meters:
            assert one == rest
        assert 0 <= rest.power <= one.power


_CODES = st.dictionaries(
    st.sampled_from([f"M{number}" for number in range(40)]),
    st.sampled_from(["4200-001", "4200-002", "4300-001", "75011"]),
    max_size=40,
)


@given(_CODES)
def test_no_place_is_told_with_fewer_meters_than_hide_a_home_and_no_meter_is_in_two(codes: dict[str, str]) -> None:
    told = places([f"M{number}" for number in range(40)], codes)
    assert all(len(meters) >= LEAST for meters in told.values())
    assert sum(map(len, told.values())) == len({meter for meters in told.values() for meter in meters})
    assert all(codes[meter].startswith(code) for code, meters in told.items() for meter in meters)


@given(_CODES, _POWERS)
def test_the_places_together_are_not_told_more_than_is_lacking(codes: dict[str, str], power: Decimal) -> None:
    lack = Lack("Up", power, NOON, NOON + QUARTER, frozenset(f"M{number}" for number in range(40)))
    spread = shares(lack, codes)
    assert sum(one.power for one in spread.values()) <= power
    assert all(one.power == power * len(one.meters) / 40 for one in spread.values())
