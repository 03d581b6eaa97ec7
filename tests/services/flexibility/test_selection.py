"""Selection by merit order: its properties, a linear programme that judges it, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gridlingua.services.flexibility.messages import ProvidedOffer, ProviderOrder
from gridlingua.services.flexibility.selection import Cost, cost, select
from gridlingua.services.messages import Need
from gridlingua.services.power import to_base

from .market import NEEDS, a_need, an_offer, moment, offers, watts

HALVES = (0.5, 1.5, 2.5)
WHOLE = st.just((0, 3))
GRID = st.sampled_from([(0, 1), (1, 2), (2, 3)])
KW = 1000


def active(orders: Sequence[ProviderOrder], hour: float) -> Decimal:
    return sum((watts(one) for one in orders if one.start_time < moment(hour) < one.end_time), Decimal(0))


@given(NEEDS, offers())
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


@given(NEEDS, offers())
def test_at_no_time_is_more_activated_than_needed_and_what_lacks_is_told(need: Need, made: list[ProvidedOffer]) -> None:
    orders, shortfalls = select(need, made)
    for hour in HALVES:
        lacking = sum(to_base(one.missing, one.unit) for one in shortfalls if one.start < moment(hour).at < one.end)
        assert active(orders, hour) + lacking == to_base(need.needs, need.measurement_unit)


@given(NEEDS, offers())
def test_no_order_could_be_increased_at_all(need: Need, made: list[ProvidedOffer]) -> None:
    orders, _ = select(need, made)
    wanted = to_base(need.needs, need.measurement_unit)
    for order in orders:
        whole = watts(order) == to_base(order.offered_quantity, order.measurement_unit)
        inside = [hour for hour in HALVES if order.start_time < moment(hour) < order.end_time]
        assert whole or any(active(orders, hour) == wanted for hour in inside)


@given(NEEDS, offers(WHOLE))
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


@given(NEEDS, offers(), st.integers(0, 6))
def test_orders_that_stand_are_not_touched_and_never_overrun(need: Need, made: list[ProvidedOffer], early: int) -> None:
    first, _ = select(need, made[:early])
    later, _ = select(need, made, first)
    assert {order.offer_id for order in later} == {offer.offer_id for offer in made[early:]}
    for hour in HALVES:
        assert active(first + later, hour) <= to_base(need.needs, need.measurement_unit)


@given(NEEDS, offers(), offers())
def test_what_is_cancelled_is_free_for_others_and_its_offer_is_not_asked_again(
    need: Need, made: list[ProvidedOffer], more: list[ProvidedOffer]
) -> None:
    cancelled, _ = select(need, made)
    others = [one.model_copy(update={"provider": "Q"}) for one in more]
    again, _ = select(need, [*made, *others], [], cancelled)
    assert again == select(need, others)[0]


STRAYS = st.sampled_from(
    [
        {"requestId": "another"},
        {"measurementUnit": "kvar"},
        {"meterIds": ["M1", "M9"]},
        {"startTime": moment(-1)},
        {"endTime": moment(4)},
        {"endTime": moment(0)},
    ]
)


@given(NEEDS, offers(), STRAYS)
def test_what_does_not_fit_the_need_is_declined_and_takes_nothing(
    need: Need, made: list[ProvidedOffer], change: dict[str, Any]
) -> None:
    stray = an_offer("stray", Decimal(500), Decimal(0), **change)
    orders, _ = select(need, [stray, *made])
    assert {order.activation for order in orders if order.offer_id == "stray"} == {"No"}
    assert [order for order in orders if order.offer_id != "stray"] == select(need, made)[0]


def test_equal_prices_are_taken_in_the_order_they_came() -> None:
    made = [an_offer(name, Decimal(80), Decimal("0.1")) for name in ("late-name-first-come", "early")]
    orders, shortfalls = select(a_need(), made)
    assert [(order.offer_id, order.activation, order.quantity) for order in orders] == [
        ("late-name-first-come", "Yes", 80),
        ("early", "Yes", 20),
    ]
    assert shortfalls == []


def quantities(need: Need, made: Sequence[ProvidedOffer]) -> list[float]:
    """What is taken of each offer, in kW, in the order they came."""
    taken = {order.offer_id: watts(order) for order in select(need, made)[0]}
    return [float(taken[offer.offer_id]) / KW for offer in made]


def bounds(made: Sequence[ProvidedOffer]) -> list[tuple[float, float]]:
    return [(0.0, float(to_base(offer.offer, offer.measurement_unit)) / KW) for offer in made]


def occupied(made: Sequence[ProvidedOffer]) -> Any:
    """A row for each hour, a column for each offer: 1 where the offer's block has the hour."""
    return numpy.array([[float(o.start_time < moment(hour) < o.end_time) for o in made] for hour in HALVES])


def solved(**programme: Any) -> Any:
    found = linprog(**programme, method="highs")
    assert found.status == 0, found.message
    return found


@settings(deadline=None)
@given(NEEDS, st.one_of(offers(WHOLE, 8), offers(GRID, 8)))
def test_in_every_interval_the_cost_is_the_optimum_of_a_linear_programme(need: Need, made: list[ProvidedOffer]) -> None:
    wanted = float(to_base(need.needs, need.measurement_unit)) / KW
    taken, hours = quantities(need, made), occupied(made)
    for row in hours:
        most = min(wanted, sum(high for (_, high), inside in zip(bounds(made), row, strict=True) if inside))
        prices = [float(offer.price) for offer in made]
        inside = [(0.0, high * here) for (_, high), here in zip(bounds(made), row, strict=True)]
        best = solved(c=prices, A_eq=[row], b_eq=[most], bounds=inside)
        paid = sum(price * kw * here for price, kw, here in zip(prices, taken, row, strict=True))
        assert paid == pytest.approx(best.fun, rel=1e-7, abs=1e-6)
        assert sum(kw * here for kw, here in zip(taken, row, strict=True)) == pytest.approx(most, rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(NEEDS, offers(most=6))
def test_blocks_of_any_length_are_each_as_large_as_all_cheaper_ones_allow(
    need: Need, made: list[ProvidedOffer]
) -> None:
    """One linear programme for each offer in order of merit: its largest quantity, the cheaper ones being as large."""
    wanted = float(to_base(need.needs, need.measurement_unit)) / KW
    taken, fixed = quantities(need, made), bounds(made)
    for index in sorted(range(len(made)), key=lambda i: made[i].price):
        aim = [-1.0 if i == index else 0.0 for i in range(len(made))]
        best = solved(c=aim, A_ub=occupied(made), b_ub=[wanted] * len(HALVES), bounds=fixed)
        assert taken[index] == pytest.approx(-best.fun, rel=1e-7, abs=1e-5)
        fixed[index] = (min(taken[index], -best.fun),) * 2


def test_blocks_of_different_length_may_leave_a_stretch_short_that_another_choice_would_cover() -> None:
    made = [
        an_offer("short", Decimal(100), Decimal("0.1"), hours=(0, 1)),
        an_offer("long", Decimal(100), Decimal("0.2"), hours=(0, 3)),
    ]
    orders, (lacking,) = select(a_need(), made)
    assert [(order.offer_id, order.activation) for order in orders] == [("short", "Yes"), ("long", "No")]
    assert (lacking.start, lacking.end) == (moment(1).at, moment(3).at)


def test_bids_are_paid_at_their_own_price_or_all_at_that_of_the_dearest_of_the_time() -> None:
    made = [
        an_offer("cheap", Decimal(60), Decimal("0.1")),
        an_offer("dear", Decimal(60), Decimal("0.3"), hours=(0, 1)),
        an_offer("no", Decimal(60), Decimal(9)),
    ]
    orders, _ = select(a_need(), made)
    assert cost(a_need(), made, orders) == Cost("N", Decimal(30), Decimal(42))  # 18 + 12; 100 x 0.3 + 60 x 2 x 0.1


def test_euros_are_exact_to_a_hundredth_of_a_cent() -> None:
    need = a_need(Decimal("0.35"), "W", hours=1 / 3)
    made = [an_offer("O", Decimal("0.35"), Decimal("0.333"), unit="W", hours=(0, 1 / 3))]
    found = cost(need, made, select(need, made)[0])
    assert found.pay_as_bid == found.pay_as_clear == 0
    large = [an_offer("O", Decimal(1000), Decimal("0.333"), unit="MW", hours=(0, 1 / 3))]
    need = a_need(Decimal(1000), "MW", hours=1 / 3)
    assert cost(need, large, select(need, large)[0]).pay_as_bid == 111_000


@given(NEEDS, offers())
def test_paid_as_clear_is_never_less_than_paid_as_bid_and_neither_depends_on_units(
    need: Need, made: list[ProvidedOffer]
) -> None:
    found = cost(need, made, select(need, made)[0])
    assert found.pay_as_clear >= found.pay_as_bid >= 0
    watted = [
        one.model_copy(update={"offer": to_base(one.offer, one.measurement_unit), "measurement_unit": "W"})
        for one in made
    ]
    assert cost(need, watted, select(need, watted)[0]) == found
