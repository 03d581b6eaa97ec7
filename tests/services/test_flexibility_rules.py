"""The rules of needs, offers and orders, apart from any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.flexibility.domain import ZoneLoad, derive_needs, need_faults, offer_faults
from gridlingua.services.flexibility.messages import ProvidedOffer
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need
from gridlingua.services.power import from_base, to_base

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")


def moment(hours: float) -> Instant:
    return Instant.of(START + timedelta(hours=hours))


def a_need(quantity: Decimal = Decimal(100), unit: str = "kW") -> Need:
    return Need.model_validate(
        {
            "requestId": "N",
            "needs": quantity,
            "measurementUnit": unit,
            "direction": "Down",
            "typePower": "Active",
            "startTime": moment(0),
            "endTime": moment(3),
            "eligibleClients": ["M1", "M2"],
        }
    )


def an_offer(
    name: str, quantity: Decimal, price: Decimal, *, unit: str = "kW", hours: tuple[float, float] = (0, 3)
) -> ProvidedOffer:
    return ProvidedOffer.model_validate(
        {
            "provider": "P",
            "requestId": "N",
            "offerId": name,
            "offer": quantity,
            "measurementUnit": unit,
            "price": price,
            "startTime": moment(hours[0]),
            "endTime": moment(hours[1]),
            "meterIds": ["M1"],
        }
    )


QUANTITIES = st.decimals(Decimal("0.001"), Decimal(500), places=3)


@given(QUANTITIES, st.sampled_from(["W", "kW", "MW", "kvar"]))
def test_units_convert_without_losing_a_digit(quantity: Decimal, unit: str) -> None:
    assert from_base(to_base(quantity, unit), unit) == quantity


LOADS = st.lists(st.decimals(0, 60, places=1), min_size=1, max_size=40)


@given(LOADS, st.decimals(Decimal("0.1"), 50, places=1))
def test_a_need_for_each_run_above_the_limit_and_for_nothing_else(load: list[Decimal], limit: Decimal) -> None:
    needs = derive_needs(ZoneLoad("Z1", START, "kW", load, ("M1",)), limit, LISBON)
    over = [any(need.start_time <= moment(i / 4) < need.end_time for need in needs) for i in range(len(load))]
    assert over == [value > limit for value in load]
    for need in needs:
        inside = [value for i, value in enumerate(load) if need.start_time <= moment(i / 4) < need.end_time]
        assert need.needs == max(inside) - limit
    for one, following in pairwise(needs):
        assert one.end_time < following.start_time  # adjoining runs of a day would be one


@given(st.lists(st.decimals(-60, 60, places=1), min_size=1, max_size=40), st.decimals(-50, 0, places=1))
def test_a_need_up_for_each_run_below_the_lower_limit_and_down_as_before(load: list[Decimal], lower: Decimal) -> None:
    limit, zone = Decimal(10), ZoneLoad("Z1", START, "kW", load, ("M1",))
    needs = derive_needs(zone, limit, LISBON, lower)
    up = [need for need in needs if need.direction == "Up"]
    under = [any(need.start_time <= moment(i / 4) < need.end_time for need in up) for i in range(len(load))]
    assert under == [value < lower for value in load]
    for need in up:
        inside = [value for i, value in enumerate(load) if need.start_time <= moment(i / 4) < need.end_time]
        assert need.needs == lower - min(inside)
    assert [need for need in needs if need.direction == "Down"] == derive_needs(zone, limit, LISBON)
    assert len({need.request_id for need in needs}) == len(needs)


@pytest.mark.parametrize("start", ["2026-03-29T20:00:00Z", "2026-10-24T20:00:00Z", "2026-11-21T20:00:00Z"])
def test_a_run_over_midnight_becomes_a_need_of_each_local_day(start: str) -> None:
    load = ZoneLoad("Z1", Instant.parse(start).at, "kW", [Decimal(9)] * 40, ("M1",))
    needs = derive_needs(load, Decimal(1), LISBON)
    assert needs[0].end_time.at.astimezone(LISBON).strftime("%H:%M") == "00:00"
    assert len({need.start_time.at.astimezone(LISBON).date() for need in needs}) == len(needs) == 2
    assert sum((need.end_time.at - need.start_time.at for need in needs), timedelta()) == timedelta(hours=10)


def test_a_derived_need_says_down_active_and_whose_meters_may_help() -> None:
    load = ZoneLoad("Z1", START, "kW", [Decimal(9), Decimal(12), Decimal("11.5"), Decimal(10)], ("M1", "M2"))
    (need,) = derive_needs(load, Decimal(10), LISBON)
    assert need.plain() == {
        "requestId": "Z1.20261121T1015Z",
        "needs": Decimal(2),
        "measurementUnit": "kW",
        "direction": "Down",
        "typePower": "Active",
        "startTime": "2026-11-21T10:15:00Z",
        "endTime": "2026-11-21T10:45:00Z",
        "eligibleClients": ("M1", "M2"),
    }


@pytest.mark.parametrize(
    ("change", "pointer", "said"),
    [
        ({"end_time": moment(0)}, "/0/endTime", "the end must be later than the start"),
        ({"start_time": moment(-1)}, "/0/startTime", "2026-11-21T09:00:00Z is before the period of need N"),
        ({"end_time": moment(4)}, "/0/endTime", "2026-11-21T14:00:00Z is after the period of need N"),
        (
            {"start_time": moment(7 / 3600)},
            "/0/startTime",
            "2026-11-21T10:00:07Z is off the grid: quarter-hours begin at",
        ),
        ({"end_time": moment(2.9)}, "/0/endTime", "2026-11-21T12:54:00Z is off the grid: quarter-hours begin at"),
        ({"measurement_unit": "kvar"}, "/0/measurementUnit", "allowed: W, kW, MW"),
        ({"meter_ids": ("M1", "M9")}, "/0/meterIds/1", "meter M9 is not eligible for need N; eligible: M1, M2"),
        ({"meter_ids": ("M1", "M1")}, "/0/meterIds/1", "meter M1 is named twice"),
    ],
)
def test_an_offer_that_does_not_fit_its_need_is_told_where_and_what_is_allowed(
    change: dict[str, object], pointer: str, said: str
) -> None:
    offer = an_offer("O", Decimal(1), Decimal(0)).model_copy(update=change)
    (fault,) = offer_faults([offer], {"N": a_need()})
    assert fault.pointer == pointer
    assert said in fault.message


def test_a_need_off_the_grid_of_quarter_hours_is_told_where() -> None:
    crooked = a_need().model_copy(update={"start_time": moment(7 / 3600), "end_time": moment(2.9)})
    told = [
        (fault.pointer, "is off the grid: quarter-hours begin at" in fault.message) for fault in need_faults([crooked])
    ]
    assert told == [("/0/startTime", True), ("/0/endTime", True)]
    assert need_faults([a_need()]) == []
