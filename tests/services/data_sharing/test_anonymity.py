"""Which sums may be told, apart from any database: nobody can be worked out, whatever is asked."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.services.data_sharing.anonymity import KINDS, Drawn, Limits, Place, Quarter, Zone, Zoning

LIMITS = Limits(fewest=3)
Client = tuple[tuple[str | None, ...], int | None]
GRID = range(2, 6)


def zoning(clients: list[tuple[str | None, ...]], limits: Limits = LIMITS) -> Zoning:
    counted = Counter(clients)
    return Zoning([Place(names, counted[names]) for names in sorted(counted, key=str)], limits)


def town(*where: tuple[int, str]) -> list[tuple[str | None, ...]]:
    """Clients by how many they are and where, written as ``zone/postal code/substation``."""
    found = []
    for count, said in where:
        zone, postal, substation = (name or None for name in said.split("/"))
        found += [(zone, postal, None, None, substation, None)] * count
    return found


def answered(told: Zoning) -> set[str]:
    return {zone.name for zone in told.zones if zone not in told.refusals}


def test_a_zone_needs_as_many_clients_as_the_limit_says() -> None:
    told = zoning(town((9, "Z1//"), (10, "Z2//")), Limits())
    assert answered(told) == {"Z2"}
    assert told.refusals[Zone(0, "Z1")] == "zone Z1 has fewer than 10 clients"


def test_a_postal_code_that_differs_from_a_zone_by_one_client_is_refused_and_the_zone_is_not() -> None:
    told = zoning(town((10, "Z1/P1/"), (1, "Z1/P2/"), (5, "Z2/P2/")))
    assert answered(told) == {"Z1", "Z2"}
    assert told.refusals[Zone(1, "P1")] == "postal code P1 and zone Z1 differ by fewer than 3 clients"
    assert "postal code P2" in told.refusals[Zone(1, "P2")]


def test_zones_that_are_the_same_tell_nothing_of_each_other() -> None:
    assert answered(zoning(town((4, "Z1/P1/SS1")))) == {"Z1", "P1", "SS1"}


def test_the_last_of_many_small_zones_is_refused_when_it_would_leave_one_client() -> None:
    told = zoning(town(*((5, f"Z1//SS{number}") for number in range(4)), (1, "Z1//SSX")))
    assert answered(told) == {"Z1", "SS0", "SS1", "SS2"}
    said = "secondary substation SS3 and others in zone Z1 would leave fewer than 3 clients of that"
    assert told.refusals[Zone(4, "SS3")] == said


def test_a_large_zone_is_refused_when_zones_told_before_would_leave_one_client_of_it() -> None:
    told = zoning(town((5, "Z1//SS1"), (5, "Z2//SS1"), (1, "//SS1")))
    assert answered(told) == {"Z1", "Z2"}
    said = "what is told of zones in it would leave fewer than 3 clients of secondary substation SS1"
    assert told.refusals[Zone(4, "SS1")] == said


def test_a_name_means_the_declared_zone_before_others() -> None:
    told = zoning(town((5, "X//"), (5, "Z/X/")))
    assert told.find("X") == Zone(0, "X")
    assert told.find("Y") is None


def drawn(told: Zoning, watts: dict[int, list[int]]) -> Quarter:
    return Quarter(told, {place: Drawn(sum(some), max(some), len(some)) for place, some in watts.items()})


def said(told: Zoning, quarter: Quarter, name: str) -> str:
    zone = told.find(name)
    assert zone is not None
    return quarter.refusal(told.zones[zone], told.checks(zone))


def test_a_client_may_have_80_percent_of_the_sum_and_not_more() -> None:
    told = zoning(town((3, "Z1//")))
    assert said(told, drawn(told, {0: [800, 100, 100]}), "Z1") == ""
    assert said(told, drawn(told, {0: [801, 100, 100]}), "Z1") == "one client draws more than 80% of the sum"
    assert said(told, drawn(told, {0: [0, 0, 0]}), "Z1") == ""


def test_what_two_zones_differ_by_must_not_be_one_clients_either() -> None:
    told = zoning(town((4, "Z1/P1/"), (3, "Z1/P2/")))
    quarter = drawn(told, {0: [1000, 2000, 3000, 4000], 1: [5000, 10, 10]})
    assert said(told, quarter, "Z1") == ""
    most = "one client draws more than 80% of the sum"
    assert said(told, quarter, "P1") == f"in what it and zone Z1 differ by, {most}"


def test_two_zones_are_refused_that_would_tell_of_a_third_that_one_client_dominates() -> None:
    told = zoning(town(*((3, f"Z1//SS{number}") for number in range(3))))
    quarter = drawn(told, {0: [700, 600, 800], 1: [700, 600, 800], 2: [5000, 10, 10]})
    assert said(told, quarter, "Z1") == ""
    for name in ("SS0", "SS1"):
        assert said(told, quarter, name).startswith("in what could be worked out with zone Z1 and others, one client")


def test_who_has_no_reading_does_not_count() -> None:
    told = zoning(town((4, "Z1/P1/"), (3, "Z1/P2/")))
    few = "fewer than 3 clients have a reading"
    quarter = drawn(told, {0: [1000, 2000, 3000, 4000], 1: [300, 200]})
    assert said(told, quarter, "Z1") == ""
    assert said(told, quarter, "P2") == few
    assert said(told, quarter, "P1") == f"in what it and zone Z1 differ by, {few}"
    assert said(told, drawn(told, {0: [1000, 2000, 3000, 4000]}), "P1") == ""


@st.composite
def populations(draw: st.DrawFn) -> list[Client]:
    """Clients in declared zones, postal codes, and a grid that is a tree; each with what they draw, if known."""
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
        names = (f"Z{draw(st.integers(0, 1))}", f"P{draw(st.integers(0, 2))}", *grid[:deep], *[None] * (4 - deep))
        found += [
            (names, watts)
            for watts in draw(st.lists(st.sampled_from([None, 50, 300, 300, 9000]), min_size=1, max_size=6))
        ]
    return found


def is_safe(clients: list[int], watts: list[int | None], limits: Limits) -> bool:
    """The rule, said once more in the plainest words."""
    drawn = [known for client in clients if (known := watts[client]) is not None]
    return not drawn or (len(drawn) >= limits.fewest and max(drawn) <= limits.largest_share * sum(drawn))


@settings(max_examples=800, deadline=None)
@given(populations())
def test_nobody_can_be_worked_out_of_all_that_is_answered(clients: list[Client]) -> None:
    watts = [drawn for _, drawn in clients]
    told = zoning([names for names, _ in clients])
    order = sorted({names for names, _ in clients}, key=str)
    found: dict[int, list[int]] = {}
    for names, drawn_there in clients:
        if drawn_there is not None:
            found.setdefault(order.index(names), []).append(drawn_there)
    quarter = drawn(told, found)
    members = {
        zone: frozenset(number for number, (names, _) in enumerate(clients) if names[zone.rank] == zone.name)
        for zone in told.zones
    }
    zones = [
        zone
        for zone in told.zones
        if zone not in told.refusals and not quarter.refusal(told.zones[zone], told.checks(zone))
    ]
    for one in zones:
        assert is_safe(sorted(members[one]), watts, LIMITS)
        for other in zones:
            if members[one] & members[other]:
                assert is_safe(sorted(members[one] - members[other]), watts, LIMITS)
        for family in ([0], [1], GRID):
            inside = [zone for zone in zones if zone.rank in family and members[zone] < members[one]]
            for count in range(1, min(len(inside), 4) + 1):
                for some in combinations(inside, count):
                    if all(not members[a] & members[b] for a, b in combinations(some, 2)):
                        rest = members[one].difference(*(members[zone] for zone in some))
                        assert is_safe(sorted(rest), watts, LIMITS), (one, some)


@given(populations())
def test_what_is_refused_for_its_clients_does_not_hang_on_what_they_draw(clients: list[Client]) -> None:
    names = [names for names, _ in clients]
    assert zoning(names).refusals == zoning(list(reversed(names))).refusals
    assert {KINDS[zone.rank] for zone in zoning(names).zones} <= set(KINDS)
