"""No meter is sold twice for its full capacity at a time: the rule apart, and over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.flexibility.capacity import Sale, oversold

from ..samples import need, offer
from .conftest import IDS, OFFERS, Market
from .test_at_once import at_once

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
METERS = ("M1", "M2", "M3", "M4")
AMOUNTS = st.decimals(Decimal(0), Decimal(10), places=1)
CAPACITIES = "/operator/flexibility/capacities"


def a_sale(quantity: Decimal, meters: frozenset[str], hours: tuple[int, int] = (0, 1)) -> Sale:
    return Sale(quantity, NOON + timedelta(hours=hours[0]), NOON + timedelta(hours=hours[1]), meters)


SALES = st.builds(
    a_sale,
    AMOUNTS.filter(bool),
    st.frozensets(st.sampled_from(METERS), min_size=1),
    st.sampled_from([(0, 1), (0, 2), (1, 2), (1, 3)]),
)


def some_group_is_too_large(sales: Sequence[Sale], capacities: dict[str, Decimal]) -> bool:
    """Hall's condition, by looking at every group of sales: together they may ask no more than their meters have."""
    for size in range(1, len(sales) + 1):
        for group in combinations(sales, size):
            meters = frozenset().union(*(sale.meters for sale in group))
            if sum(sale.quantity for sale in group) > sum(capacities[meter] for meter in meters):
                return True
    return False


@given(st.lists(SALES, max_size=6), st.fixed_dictionaries(dict.fromkeys(METERS, AMOUNTS)))
def test_too_much_is_sold_exactly_when_some_group_of_sales_asks_more_than_its_meters_have(
    sales: list[Sale], capacities: dict[str, Decimal]
) -> None:
    at = [[one for one in sales if one.start <= NOON + timedelta(hours=hour) < one.end] for hour in range(3)]
    too_much = [hour for hour, those in enumerate(at) if some_group_is_too_large(those, capacities)]
    assert (oversold(sales, capacities) is not None) == bool(too_much)
    if too_much:
        assert oversold(sales, capacities) == NOON + timedelta(hours=too_much[0])


def test_a_meter_whose_capacity_nobody_knows_is_no_part_of_the_question() -> None:
    sales = [a_sale(Decimal(9), frozenset({"M1", "M9"})), a_sale(Decimal(9), frozenset({"M1"}))]
    assert oversold(sales, {"M1": Decimal(9)}) is None
    assert oversold(sales, {"M1": Decimal(9), "M9": Decimal(8)}) == NOON


def capacity(market: Market, **meters: object) -> None:
    given = [{"meterId": meter, "capacity": most, "measurementUnit": "kW"} for meter, most in meters.items()]
    assert market.dso.post(CAPACITIES, given, method="PUT").status_code == 200


def test_steps_of_a_price_list_are_active_and_what_sells_a_meter_twice_waits_for_a_person(market: Market) -> None:
    capacity(market, M1=60, M2=40)
    market.offer("step-1", offer=40, price=1)
    market.offer("step-2", offer=20, price=2)
    market.offer("twice", offer=60, price=0)
    market.offer("shared", offer=40, price=3, meterIds=["M1", "M2"])
    assert market.offers() == {"step-1": "active", "step-2": "active", "twice": "received", "shared": "active"}
    told = market.dso.get(f"{OFFERS}/states").json()[2]["history"][0]["cause"]
    assert told == "the offer came, and its meters cannot give all that is sold of them at 2026-11-21T10:00:00+00:00"
    plan = market.plan().json()
    assert [(one["offerId"], one["quantity"]) for one in plan["plan"]] == [
        ("step-1", 40),
        ("step-2", 20),
        ("shared", 40),
    ]
    assert [(one["offerId"], one["reason"]) for one in plan["undecided"]] == [("twice", "it is not verified")]
    which = IDS | {"offerId": "twice", "provider": "aggregator", "reason": "A second battery was built in."}
    assert market.dso.post(f"{OFFERS}/verification", [which]).status_code == 200


def test_a_meter_is_not_sold_twice_to_two_needs_of_one_direction_but_up_and_down_are_two_things(
    market: Market,
) -> None:
    capacity(market, M1=60)
    needs = [need("N2"), need("N3", direction="Up")]
    assert market.dso.post("/operator/flexibility/needs", needs).status_code == 201
    states = {}
    for name in ("N1", "N2", "N3"):
        market.offer(f"for-{name}", requestId=name)
    states = market.offers()
    assert states == {"for-N1": "active", "for-N2": "received", "for-N3": "active"}


def test_what_was_declined_or_cancelled_can_be_sold_again(market: Market) -> None:
    capacity(market, M1=100)
    market.offer("O1", offer=100, price=1)
    market.plan()
    assert market.answer("Cancelled").status_code == 200
    market.offer("O2", offer=100)
    assert market.offers() == {"O1": "active", "O2": "active"}


def test_a_meter_is_not_sold_twice_by_two_providers_and_the_rival_is_not_told(market: Market) -> None:
    capacity(market, M1=60)
    rival = Market(market.dso, market.dso.of("retailer"))
    assert market.offer("O1").status_code == rival.offer("O2").status_code == 200
    assert market.offers() == {"O1": "active", "O2": "received"}
    cause = market.dso.get(f"{OFFERS}/states").json()[1]["history"][0]["cause"]
    assert cause == "the offer came, and its meters cannot give all that is sold of them at 2026-11-21T10:00:00+00:00"
    assert [one["offerId"] for one in market.plan().json()["plan"]] == ["O1"]
    which = {"requestId": "N1", "offerId": "O2", "provider": "retailer", "reason": "The meter has changed hands."}
    assert market.dso.post(f"{OFFERS}/verification", [which]).status_code == 200


def test_of_what_was_ordered_in_part_the_rest_can_be_sold_again(market: Market) -> None:
    capacity(market, M1=100, M2=100)
    market.offer("first", offer=70, price=1, meterIds=["M2"])
    market.offer("second", offer=100, price=2)
    assert [(one["offerId"], one["quantity"]) for one in market.plan().json()["plan"]] == [
        ("first", 70),
        ("second", 30),
    ]
    assert market.dso.post("/operator/flexibility/needs", [need("N2")]).status_code == 201
    market.offer("rest", requestId="N2", offer=70)
    market.offer("more", requestId="N2", offer=1)
    assert market.offers() == {"first": "active", "second": "active", "rest": "active", "more": "received"}


def test_offers_of_one_meter_in_one_message_and_at_once_are_counted_together(market: Market) -> None:
    capacity(market, M1=60)
    both = [offer("O1", offer=60), offer("O2", offer=60)]
    assert market.aggregator.post("/Flexibility/Offers", both).status_code == 200
    assert sorted(market.offers().values()) == ["active", "received"]
    assert market.dso.post("/operator/flexibility/needs", [need("N2"), need("N3")]).status_code == 201
    capacity(market, M2=60)
    at_once([partial(market.offer, name, requestId=id_, meterIds=["M2"]) for name, id_ in (("A", "N2"), ("B", "N3"))])
    assert sorted(state for name, state in market.offers().items() if name in "AB") == ["active", "received"]


def test_capacities_are_listed_and_a_later_one_takes_the_place_of_the_earlier(market: Market) -> None:
    capacity(market, M1=5, M2=6)
    capacity(market, M1=Decimal("7.5"))
    found: Any = market.dso.get(CAPACITIES).json()
    assert [(one["meterId"], one["capacity"]) for one in found] == [("M1", 7.5), ("M2", 6)]
    assert market.aggregator.get(CAPACITIES).status_code == 403
