"""The rules of what was delivered and what of it is paid, apart from any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.settlement.delivery import (
    QUARTER,
    Activation,
    Cause,
    Direction,
    Gap,
    Quarter,
    changed,
    energies,
    payable,
    quarters,
)

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
POWERS = st.decimals(Decimal(-500), Decimal(500), places=6)
ORDERED = st.decimals(Decimal("0.001"), Decimal(500), places=3)
DIRECTIONS = st.sampled_from(get_args(Direction))


def activation(
    direction: Direction = "Down", ordered: str = "20", hours: float = 1, meters: tuple[str, ...] = ("M1",)
) -> Activation:
    return Activation(direction, Decimal(ordered), START, START + timedelta(hours=hours), meters)


def series(*powers: str | None) -> dict[datetime, Decimal]:
    return {START + number * QUARTER: Decimal(power) for number, power in enumerate(powers) if power is not None}


def test_down_delivers_baseline_less_metered_and_up_the_reverse() -> None:
    assert changed("Down", Decimal(48), Decimal(32)) == 16
    assert changed("Up", Decimal(48), Decimal(32)) == -16
    assert changed("Up", Decimal(-6), Decimal("1.5")) == Decimal("7.5")  # fed in by the baseline, drawn instead


def test_too_much_is_shown_and_not_paid_and_the_wrong_way_costs_nothing() -> None:
    found = quarters(activation(), {"M1": series("50", "50", "50", "50")}, {"M1": series("30", "20", "45", "60")}, {})
    assert [one.delivered for one in found] == [20, 30, 5, -10]
    assert [one.paid for one in found] == [20, 20, 5, 0]
    told = energies(found)
    assert (told.ordered, told.delivered, told.paid) == (20, Decimal("11.25"), Decimal("11.25"))


def test_a_quarter_hour_without_reading_or_baseline_is_a_gap_of_those_meters_and_is_not_paid() -> None:
    two = activation(meters=("M1", "M2"))
    baselines = {"M1": series("50", "50", None, "50"), "M2": series("9", "9", "9", "9")}
    readings = {"M1": series("30", "30", "30", "30"), "M2": series("9", None, None, "9")}
    found = quarters(two, baselines, readings, {})
    assert [one.gap for one in found] == [None, Gap("NoReading", ("M2",)), Gap("NoBaseline", ("M1",)), None]
    assert [one.paid for one in found] == [20, 0, 0, 20]
    assert [one.delivered for one in found] == [20, None, None, 20]


def test_what_a_meter_changes_counts_in_the_offer_that_was_ordered_first_alone() -> None:
    full = {"M1": series("50", "50", "50", "50")}
    found = quarters(activation(), full, full, {START + QUARTER: {"M1", "M7"}})
    assert [one.gap for one in found] == [None, Gap("SharedMeter", ("M1",)), None, None]


def test_a_part_of_a_quarter_hour_cannot_be_measured_and_is_no_ordered_energy_either() -> None:
    late = Activation(
        "Down", Decimal(20), START + timedelta(minutes=5), START + timedelta(minutes=40, seconds=1), ("M1",)
    )
    found = quarters(late, {"M1": series("50", "50", "50")}, {"M1": series("30", "30", "30")}, {})
    assert [one.start - START for one in found] == [timedelta(), QUARTER, 2 * QUARTER]
    assert [one.gap for one in found] == [Gap("PartOfQuarterHour"), None, Gap("PartOfQuarterHour")]
    assert (energies(found).ordered, energies(found).paid) == (5, 5)


@given(DIRECTIONS, POWERS, POWERS, ORDERED)
def test_paid_is_never_below_zero_never_above_what_was_ordered_and_never_above_what_was_delivered(
    direction: Direction, baseline: Decimal, metered: Decimal, ordered: Decimal
) -> None:
    delivered = changed(direction, baseline, metered)
    paid = payable(delivered, ordered)
    assert 0 <= paid <= ordered
    assert paid == delivered or delivered < 0 or delivered > ordered


@given(POWERS, POWERS, ORDERED)
def test_up_is_down_with_every_sign_turned(baseline: Decimal, metered: Decimal, ordered: Decimal) -> None:
    assert (
        changed("Up", baseline, metered) == changed("Down", -baseline, -metered) == -changed("Down", baseline, metered)
    )
    down = Quarter(START, "Down", ordered, baseline, metered)
    assert Quarter(START, "Up", ordered, -baseline, -metered).paid == down.paid


METERS = ("M1", "M2", "M3")
TABLES = st.fixed_dictionaries({meter: st.lists(POWERS, min_size=8, max_size=8) for meter in METERS})


def tabulated(table: dict[str, list[Decimal]]) -> dict[str, dict[datetime, Decimal]]:
    return {meter: {START + n * QUARTER: one for n, one in enumerate(row)} for meter, row in table.items()}


@given(DIRECTIONS, TABLES, TABLES, ORDERED, st.integers(0, 3))
def test_what_a_fleet_delivers_is_the_sum_of_its_parts(
    direction: Direction,
    baselines: dict[str, list[Decimal]],
    readings: dict[str, list[Decimal]],
    ordered: Decimal,
    cut: int,
) -> None:
    def delivered(meters: tuple[str, ...]) -> list[Decimal]:
        one = Activation(direction, ordered, START, START + 8 * QUARTER, meters)
        found = quarters(one, tabulated(baselines), tabulated(readings), {})
        return [quarter.delivered for quarter in found if quarter.delivered is not None]

    parts = zip(delivered(METERS[:cut]), delivered(METERS[cut:]), strict=True)
    assert delivered(METERS) == [first + second for first, second in parts]


@given(DIRECTIONS, TABLES, TABLES, ORDERED, st.integers(1, 7))
def test_the_energies_of_two_halves_are_those_of_the_whole(
    direction: Direction,
    baselines: dict[str, list[Decimal]],
    readings: dict[str, list[Decimal]],
    ordered: Decimal,
    cut: int,
) -> None:
    whole = quarters(
        Activation(direction, ordered, START, START + 8 * QUARTER, METERS),
        tabulated(baselines),
        tabulated(readings),
        {},
    )
    first, second, both = energies(whole[:cut]), energies(whole[cut:]), energies(whole)
    assert both.ordered == first.ordered + second.ordered == ordered * 2
    assert both.delivered == first.delivered + second.delivered
    assert both.paid == first.paid + second.paid


@given(
    DIRECTIONS,
    TABLES,
    TABLES,
    ORDERED,
    st.sets(st.tuples(st.sampled_from(METERS), st.integers(0, 7))),
    st.sampled_from(["baseline", "reading", "taken"]),
)
def test_a_gap_never_raises_the_payment(
    direction: Direction,
    baselines: dict[str, list[Decimal]],
    readings: dict[str, list[Decimal]],
    ordered: Decimal,
    missing: set[tuple[str, int]],
    where: str,
) -> None:
    one = Activation(direction, ordered, START, START + 8 * QUARTER, METERS)
    full = energies(quarters(one, tabulated(baselines), tabulated(readings), {}))
    lacking = {"baseline": tabulated(baselines), "reading": tabulated(readings)}
    taken: dict[datetime, set[str]] = {}
    for meter, number in missing:
        if where == "taken":
            taken.setdefault(START + number * QUARTER, set()).add(meter)
        else:
            del lacking[where][meter][START + number * QUARTER]
    found = quarters(one, lacking["baseline"], lacking["reading"], taken)
    assert {quarter.start for quarter in found if quarter.gap} == {START + n * QUARTER for _, n in missing}
    assert {quarter.gap.cause for quarter in found if quarter.gap} <= set(get_args(Cause))
    assert energies(found).paid <= full.paid
    assert energies(found).ordered == full.ordered
