"""The rules of needs, offers and orders, apart from any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.flexibility.domain import ZoneLoad, derive_needs, offer_faults, select
from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.instants import Instant
from gridlingua.services.messages import Need
from gridlingua.services.power import from_base, to_base

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


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
PRICES = st.decimals(Decimal(0), Decimal(1), places=1)
HOURS = st.sampled_from([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])


@st.composite
def offers(draw: st.DrawFn, hours: st.SearchStrategy[tuple[int, int]] = HOURS) -> list[ProvidedOffer]:
    count = draw(st.integers(1, 6))
    units = st.sampled_from(["W", "kW", "MW"])
    return [
        an_offer(f"O{i}", draw(QUANTITIES), draw(PRICES), unit=draw(units), hours=draw(hours)) for i in range(count)
    ]


def watts(order: ProviderOrder) -> Decimal:
    return to_base(order.quantity, order.measurement_unit) if order.activation == "Yes" else Decimal(0)


@given(QUANTITIES.map(a_need), offers())
def test_every_offer_gets_one_order_of_no_more_than_was_offered(need: Need, made: list[ProvidedOffer]) -> None:
    orders, _ = select(need, made)
    assert sorted(order.offer_id for order in orders) == sorted(offer.offer_id for offer in made)
    offered = {
        offer.offer_id: (offer.offer, offer.measurement_unit, offer.start_time, offer.end_time) for offer in made
    }
    for order in orders:
        told = (order.offered_quantity, order.measurement_unit, order.start_time, order.end_time)
        assert told == offered[order.offer_id]
        assert order.quantity <= order.offered_quantity
        assert order.activation == "Yes" or order.quantity == order.offered_quantity


@given(QUANTITIES.map(a_need), offers())
def test_at_no_time_is_more_activated_than_needed_and_what_lacks_is_told(need: Need, made: list[ProvidedOffer]) -> None:
    orders, shortfalls = select(need, made)
    for hour in (0.5, 1.5, 2.5):
        active = sum(watts(order) for order in orders if order.start_time < moment(hour) < order.end_time)
        lacking = sum(to_base(one.missing, one.unit) for one in shortfalls if one.start < moment(hour).at < one.end)
        assert active + lacking == to_base(need.needs, need.measurement_unit)


@given(QUANTITIES.map(a_need), offers(st.just((0, 3))))
def test_offers_over_the_whole_need_are_taken_cheapest_first_until_it_is_covered(
    need: Need, made: list[ProvidedOffer]
) -> None:
    orders, _ = select(need, made)
    wanted = to_base(need.needs, need.measurement_unit)
    assert sum(map(watts, orders)) == min(wanted, sum(to_base(one.offer, one.measurement_unit) for one in made))
    ranked = sorted(made, key=lambda one: (one.price, made.index(one)))
    assert [order.offer_id for order in orders] == [offer.offer_id for offer in ranked]
    whole = [order.activation == "Yes" and order.quantity == order.offered_quantity for order in orders]
    refused = [order.activation == "No" for order in orders]
    assert whole == sorted(whole, reverse=True)
    assert refused == sorted(refused)
    assert len(orders) - sum(whole) - sum(refused) <= 1


@given(QUANTITIES.map(a_need), offers(), st.integers(0, 6))
def test_orders_that_stand_are_not_touched_and_never_overrun(need: Need, made: list[ProvidedOffer], early: int) -> None:
    first, _ = select(need, made[:early])
    later, _ = select(need, made, first)
    assert {order.offer_id for order in later} == {offer.offer_id for offer in made[early:]}
    for hour in (0.5, 1.5, 2.5):
        active = sum(watts(order) for order in first + later if order.start_time < moment(hour) < order.end_time)
        assert active <= to_base(need.needs, need.measurement_unit)


def test_equal_prices_are_taken_in_the_order_they_came() -> None:
    made = [an_offer(name, Decimal(80), Decimal("0.1")) for name in ("late-name-first-come", "early")]
    orders, shortfalls = select(a_need(), made)
    assert [(order.offer_id, order.activation, order.quantity) for order in orders] == [
        ("late-name-first-come", "Yes", 80),
        ("early", "Yes", 20),
    ]
    assert shortfalls == []


@given(QUANTITIES, st.sampled_from(["W", "kW", "MW", "kvar"]))
def test_units_convert_without_losing_a_digit(quantity: Decimal, unit: str) -> None:
    assert from_base(to_base(quantity, unit), unit) == quantity


LOADS = st.lists(st.decimals(0, 60, places=1), min_size=1, max_size=40)


@given(LOADS, st.decimals(Decimal("0.1"), 50, places=1))
def test_a_need_for_each_run_above_the_limit_and_for_nothing_else(load: list[Decimal], limit: Decimal) -> None:
    needs = derive_needs(ZoneLoad("Z1", START, "kW", load, ("M1",)), limit)
    over = [any(need.start_time <= moment(i / 4) < need.end_time for need in needs) for i in range(len(load))]
    assert over == [value > limit for value in load]
    for need in needs:
        inside = [value for i, value in enumerate(load) if need.start_time <= moment(i / 4) < need.end_time]
        assert need.needs == max(inside) - limit
    for one, following in pairwise(needs):
        assert one.end_time < following.start_time  # adjoining runs would be one


def test_a_derived_need_says_down_active_and_whose_meters_may_help() -> None:
    load = ZoneLoad("Z1", START, "kW", [Decimal(9), Decimal(12), Decimal("11.5"), Decimal(10)], ("M1", "M2"))
    (need,) = derive_needs(load, Decimal(10))
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
