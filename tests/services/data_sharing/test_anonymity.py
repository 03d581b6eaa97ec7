"""Which sums may be told, apart from any database: nobody can be worked out, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.services.data_sharing.anonymity import KINDS, Drawn, Limits, Zone, never_told, tells

LIMITS = Limits(fewest=3)
DOMINATED = "one client draws more than 80% of the sum, or nobody draws anything"
Client = tuple[tuple[str | None, ...], int]
Group = frozenset[int]


def test_a_zone_needs_as_many_clients_as_the_limit_says() -> None:
    assert never_told(Zone(0, "Z1"), 9, Limits()) == "zone Z1 has fewer than 10 clients"
    assert never_told(Zone(0, "Z1"), 10, Limits()) == ""


@pytest.mark.parametrize("rank", range(1, len(KINDS)))
def test_what_can_overlap_a_declared_zone_is_never_told_however_large(rank: int) -> None:
    said = f"{KINDS[rank].replace('_', ' ')} N can overlap declared zones, which alone are told anonymized"
    assert never_told(Zone(rank, "N"), 1_000_000, Limits()) == said


def drawn(*watts: int) -> Drawn:
    return Drawn(sum(watts), max(watts, default=0), len(watts))


def test_a_client_may_have_80_percent_of_the_sum_and_not_more() -> None:
    assert tells(drawn(800, 100, 100), LIMITS) == ""
    assert tells(drawn(801, 100, 100), LIMITS) == DOMINATED


def test_a_sum_of_zero_would_tell_of_every_client_that_it_draws_nothing() -> None:
    assert tells(drawn(0, 0, 0), LIMITS) == DOMINATED  # in no words of its own, which would tell it too
    assert tells(drawn(0, 1, 1), LIMITS) == ""


def test_a_sum_of_too_few_readings_is_not_told() -> None:
    assert tells(drawn(300, 200), LIMITS) == tells(drawn(), LIMITS) == "fewer than 3 clients have a reading"


def told(clients: Sequence[Client]) -> set[Group]:
    """The clients of every sum that is told, of zones of all kinds."""
    zones: dict[Zone, set[int]] = {}
    for number, (names, _) in enumerate(clients):
        for rank, name in enumerate(names):
            if name is not None:
                zones.setdefault(Zone(rank, name), set()).add(number)
    return {
        frozenset(inside)
        for zone, inside in zones.items()
        if not never_told(zone, len(inside), LIMITS) and not tells(drawn(*(clients[i][1] for i in inside)), LIMITS)
    }


def is_safe(group: Group, clients: Sequence[Client]) -> bool:
    """The rule, said once more in the plainest words."""
    watts = [clients[number][1] for number in group]
    return len(watts) >= LIMITS.fewest and 0 < max(watts) <= LIMITS.largest_share * sum(watts)


def worked_out(sums: Iterable[Group]) -> set[Group]:
    """Every group whose sum follows from these sums by adding and subtracting multiples of them.

    Clients who are in the same sums are told apart by none, so such a group has all of them or none.
    """
    known = sorted(sums, key=sorted)
    everyone = sorted(frozenset().union(*known))
    alike: dict[tuple[bool, ...], set[int]] = {}
    for one in everyone:
        alike.setdefault(tuple(one in group for group in known), set()).add(one)
    columns = list(alike)
    basis = _echelon([[Fraction(column[row]) for column in columns] for row in range(len(known))])
    found = set()
    for count in range(1, len(columns) + 1):
        for some in combinations(range(len(columns)), count):
            if not any(_rest([Fraction(place in some) for place in range(len(columns))], basis)):
                found.add(frozenset().union(*(alike[columns[place]] for place in some)))
    return found


def _echelon(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    basis: list[list[Fraction]] = []
    for row in rows:
        if any(rest := _rest(row, basis)):
            basis.append(rest)
    return basis


def _rest(row: list[Fraction], basis: list[list[Fraction]]) -> list[Fraction]:
    for known in basis:
        pivot = next(place for place, value in enumerate(known) if value)
        factor = row[pivot] / known[pivot]
        row = [value - factor * other for value, other in zip(row, known, strict=True)]
    return row


def some(count: int, zone: str, postal: str, substation: str | None) -> list[Client]:
    return [((zone, postal, substation, None, None, None), 300)] * count


NESTED = [*some(20, "A", "Q", "N"), *some(20, "B", "P", "N"), *some(1, "B", "Q", "N")]
NESTED += [*some(20, "B", "R", None), *some(20, "C", "Q", None)]
CROSSED = [*some(20, "A", "P", None), *some(20, "A", "Q", None), *some(20, "B", "P", None)]
CROSSED += [*some(20, "B", "Q", None), *some(1, "C", "P", None), *some(20, "C", "R", None)]


def everything(clients: Sequence[Client], kinds: Sequence[int]) -> set[Group]:
    """The sums over all zones of some kinds, told or not."""
    names = {(rank, names[rank]) for names, _ in clients for rank in kinds if names[rank] is not None}
    return {
        frozenset(number for number, (places, _) in enumerate(clients) if places[rank] == name) for rank, name in names
    }


@pytest.mark.parametrize(("town", "kinds", "home"), [(NESTED, (0, 1, 2), 40), (CROSSED, (0, 1), 80)])
def test_large_zones_of_several_kinds_together_would_tell_of_one_home_and_what_is_told_does_not(
    town: list[Client], kinds: Sequence[int], home: int
) -> None:
    large = {group for group in everything(town, kinds) if len(group) >= 10}
    assert frozenset([home]) in worked_out(large)
    assert all(is_safe(group, town) for group in worked_out(told(town)))


@st.composite
def populations(draw: st.DrawFn) -> list[Client]:
    """Clients in declared zones, postal codes, and a grid that is a tree; each with what they draw."""
    found: list[Client] = []
    for _ in range(draw(st.integers(1, 9))):
        primary, feeder, secondary, last = (draw(st.integers(0, 1)) for _ in range(4))
        grid = (
            f"S{primary}",
            f"S{primary}.{feeder}",
            f"T{primary}{feeder}{secondary}",
            f"T{primary}{feeder}{secondary}.{last}",
        )
        deep = draw(st.integers(0, 4))
        names = (f"Z{draw(st.integers(0, 3))}", f"P{draw(st.integers(0, 2))}", *grid[:deep], *[None] * (4 - deep))
        watts = st.lists(st.sampled_from([50, 300, 300, 9000]), min_size=1, max_size=6)
        found += [(names, one) for one in draw(watts)]
    return found


@settings(max_examples=300, deadline=None)
@given(populations())
def test_no_group_that_is_small_or_has_one_large_client_can_be_worked_out_of_all_sums_that_are_told(
    clients: list[Client],
) -> None:
    for group in worked_out(told(clients)):
        assert is_safe(group, clients), sorted(group)
