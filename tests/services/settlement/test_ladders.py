"""Offers of one provider for one need that name the same meters: measured together, shared out in order of merit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.settlement.delivery import Place, falling_to

from ..samples import content
from .conftest import WHICH, Grid, at, baseline

REPORTS = "/operator/settlement/reports"
HALF = {"startTime": "2026-11-21T10:30:00Z", "endTime": "2026-11-21T11:00:00Z"}
TIMES = ("10:00", "10:15", "10:30", "10:45")
POWERS = st.decimals(Decimal(-500), Decimal(500), places=6)
LADDERS = st.lists(st.decimals(Decimal("0.001"), Decimal(100), places=3), min_size=1, max_size=5)


def intervals(dso: Any, offer: str, provider: str = "aggregator", need: str = "N1") -> Any:
    return content(dso.get(f"{REPORTS}/{provider}/{need}/{offer}/1"))["intervals"]


def paid(dso: Any, offer: str, provider: str = "aggregator") -> list[Any]:
    return [one["gap"]["cause"] if one["gap"] else one["paid"] for one in intervals(dso, offer, provider)]


@pytest.fixture
def metered(grid: Grid, dso: Any, clock: Any) -> Any:
    """Sends the baselines of 50 kW of the meters, and computes the reports of what was ordered and read."""

    def compute(*watts: int, meters: tuple[str, ...] = ("M1",)) -> Any:
        told = [baseline(meter) for meter in meters]
        assert dso.of("aggregator").post("/Flexibility/Baseline", told).status_code == 200
        for meter in meters:
            grid.read(meter, dict(zip(TIMES, watts, strict=True)))
        clock.now = at("12:00")
        return content(dso.post(REPORTS, WHICH))["made"]

    return compute


def test_the_cheaper_of_two_offers_with_one_meter_is_filled_and_the_other_is_paid_the_rest(
    grid: Grid, dso: Any, metered: Any
) -> None:
    grid.order("Dear", price=Decimal("0.3"))
    grid.order("Cheap", price=Decimal("0.1"))
    lines = {one["offerId"]: one for one in metered(15_000, 5_000, 35_000, 60_000)}
    delivered = {offer: [one["delivered"] for one in intervals(dso, offer)] for offer in ("Cheap", "Dear")}
    assert delivered == {"Cheap": [20, 20, 15, 0], "Dear": [15, 25, 0, -10]}
    assert paid(dso, "Cheap") == [20, 20, 15, 0]
    assert paid(dso, "Dear") == [15, 20, 0, 0]
    assert [lines[offer]["amount"] for offer in ("Cheap", "Dear")] == [Decimal("1.38"), Decimal("2.62")]
    assert {(one["baseline"], one["metered"]) for one in intervals(dso, "Dear")[:1]} == {(50, 15)}


def test_of_equal_prices_the_offer_that_came_first_is_filled_first(grid: Grid, dso: Any, metered: Any) -> None:
    for offer in ("B", "A"):
        grid.order(offer, meterIds=["M1", "M2"] if offer == "A" else ["M2", "M1"])
    metered(*[35_000] * 4, meters=("M1", "M2"))
    assert (paid(dso, "B"), paid(dso, "A")) == ([20] * 4, [10] * 4)


def test_offers_share_only_while_both_are_ordered_and_a_baseline_between_them_counts_for_none(
    grid: Grid, dso: Any, clock: Any, metered: Any
) -> None:
    grid.order("Whole", price=Decimal("0.2"))
    grid.order("Half", price=Decimal("0.1"), **HALF)
    assert dso.of("aggregator").post("/Flexibility/Baseline", [baseline()]).status_code == 200
    clock.now = at("10:20")
    raised = baseline(power=90, createdAt="2026-11-21T10:10:00Z")
    assert dso.of("aggregator").post("/Flexibility/Baseline", [raised]).status_code == 200
    metered(*[15_000] * 4)
    assert (paid(dso, "Whole"), paid(dso, "Half")) == ([20, 20, 15, 15], [20, 20])
    assert {one["baseline"] for offer in ("Whole", "Half") for one in intervals(dso, offer)} == {50}


def test_what_a_part_of_a_quarter_hour_brought_nobody_can_tell_apart(grid: Grid, dso: Any, metered: Any) -> None:
    grid.order("Part", price=Decimal("0.1"), startTime="2026-11-21T10:05:00Z", endTime="2026-11-21T10:30:00Z")
    grid.order("Whole", price=Decimal("0.2"))
    metered(*[15_000] * 4)
    assert paid(dso, "Part") == ["PartOfQuarterHour", 20]
    assert paid(dso, "Whole") == [20, 15, 20, 20]


def test_where_the_meters_overlap_only_in_part_the_first_one_counts(grid: Grid, dso: Any, metered: Any) -> None:
    grid.order("O1")
    grid.order("O2", meterIds=["M1", "M2"])
    grid.order("O3", price=Decimal("0.2"))
    metered(*[15_000] * 4, meters=("M1", "M2"))
    assert (paid(dso, "O1"), paid(dso, "O2"), paid(dso, "O3")) == ([20] * 4, ["SharedMeter"] * 4, [15] * 4)


def test_another_providers_order_between_two_of_a_ladder_breaks_it_not(grid: Grid, dso: Any, metered: Any) -> None:
    grid.order("O1")
    grid.order("Other", provider="retailer", price=Decimal("0.05"))
    grid.order("O2", price=Decimal("0.2"))
    metered(*[15_000] * 4)
    assert (paid(dso, "O1"), paid(dso, "O2")) == ([20] * 4, [15] * 4)
    assert paid(dso, "Other", "retailer") == ["SharedMeter"] * 4


def test_an_order_for_reactive_power_takes_no_meter(grid: Grid, dso: Any, metered: Any) -> None:
    grid.need("Q", typePower="Reactive", measurementUnit="kvar")
    grid.order("Var", requestId="Q", measurementUnit="kvar")
    grid.order("O1")
    metered(*[40_000] * 4)
    assert paid(dso, "O1") == [10] * 4


@given(POWERS, LADDERS)
def test_what_falls_to_the_offers_of_a_ladder_is_all_that_was_delivered(
    together: Decimal, ladder: list[Decimal]
) -> None:
    shares = [
        falling_to(Place(sum(ladder[:n], Decimal(0)), is_last=n == len(ladder) - 1), ordered, together)
        for n, ordered in enumerate(ladder)
    ]
    assert sum(shares) == together
    assert all(0 <= share <= ordered for share, ordered in zip(shares[:-1], ladder, strict=False))
    assert all(later <= 0 for one, later, ordered in zip(shares, shares[1:], ladder, strict=False) if one < ordered)
