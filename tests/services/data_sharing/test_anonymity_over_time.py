"""Who moves into a zone or out of it is not the difference of what was told before and after."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gridlingua.services.data_sharing import told
from gridlingua.storage import Database

from .conftest import MIDNIGHT, POINTS, READINGS, day, homes_day, street

Group = frozenset[int]
FIRST = range(1, 21)
DAY = {"start": "2026-11-19T00:00:00Z", "end": "2026-11-20T00:00:00Z"}
NEXT = {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z"}
REFUSED = (
    "of 2026-11-19 (UTC) a sum was told before {zone} had the clients it has now: both would tell of those who came or "
    "went; ask for another time"
)


@pytest.fixture
def dso(take: Callable[..., Any], services: Any) -> Any:
    """A street of sixty homes, a bakery and a mill, with a day of readings of each."""
    take(POINTS, street())
    take(READINGS, [*homes_day(), *day("PT8000"), *day("PT9000")])
    return services("data_sharing")


def ask(dso: Any, zone: str, period: dict[str, str] = DAY) -> tuple[int, str]:
    """The status, and what was said when it was refused or how many clients there were."""
    answer = dso.of("analyst").get(
        "/Data/Metering", params={"type": "Anonymized", "id": zone, "granularity": 2} | period
    )
    said = answer.json()
    return answer.status_code, said["detail"] if isinstance(said, dict) else str(said[0]["clients"])


def moved(count: int, zone: str) -> list[str]:
    """The lines of the first homes of the street, in another zone."""
    return [line.replace(",Z1,", f",{zone},") for line in street()[:count]]


@pytest.mark.parametrize("count", [1, 30])
def test_clients_who_move_are_in_no_sum_of_a_day_of_which_another_was_told(
    dso: Any, take: Callable[..., Any], count: int
) -> None:
    assert ask(dso, "Z1") == ask(dso, "Z1") == (200, "61")
    take(POINTS, moved(count, "Z3"), replace=True)
    assert ask(dso, "Z1") == (403, REFUSED.format(zone="zone Z1"))
    few = "zone Z3 has fewer than 10 clients: that would not be anonymous; ask for one of these zones: Z1"
    assert ask(dso, "Z3") == (403, REFUSED.format(zone="zone Z3") if count == 30 else few)


def test_a_client_who_comes_is_told_of_from_the_next_day_on(dso: Any, take: Callable[..., Any]) -> None:
    assert ask(dso, "Z1") == (200, "61")
    take(POINTS, ["PT0500,LVClient,NEW,Z1,,,,,"])
    take(READINGS, [*day("PT0500")])
    assert ask(dso, "Z1") == (403, REFUSED.format(zone="zone Z1"))
    meters = [*(f"PT{home:04d}" for home in range(60)), "PT0500", "PT8000"]
    take(READINGS, [line for meter in meters for line in day(meter, start=MIDNIGHT + timedelta(days=1))])
    assert ask(dso, "Z1", NEXT) == (200, "62")
    assert ask(dso, "Z1", DAY | {"end": NEXT["end"]})[0] == 403


def test_what_was_refused_was_not_told_and_stands_in_nobodys_way(dso: Any, take: Callable[..., Any]) -> None:
    take(READINGS, [f"PT8000,2026-11-19T{hour:02d}:00:00Z,900,,,," for hour in range(24)], replace=True)
    assert "one client draws more than 80%" in ask(dso, "Z1")[1]
    take(POINTS, moved(1, "Z2"), replace=True)
    take(READINGS, [*day("PT8000")], replace=True)
    assert ask(dso, "Z1") == (200, "60")


def test_of_a_day_groups_are_the_same_or_have_nobody_in_common(grid: Database) -> None:
    chance = random.Random(5)
    kept: dict[int, set[Group]] = {}
    for _ in range(150):
        first = chance.randrange(0, 30, 5)
        group = frozenset(range(first, first + chance.choice([5, 5, 5, 6, 10])))
        of = set(chance.sample(range(20), 3))
        differing = [one for one in sorted(of) if any(group != other and group & other for other in kept.get(one, ()))]
        connection = grid.engine.connect()
        with connection, connection.begin() as transaction:
            assert told.keep(connection, sorted(group), of) == differing
            if differing:
                transaction.rollback()
                continue
        for one in of:
            kept.setdefault(one, set()).add(group)
    assert sum(len(groups) > 1 for groups in kept.values()) > 5


def test_of_two_answers_at_the_same_time_one_is_kept(grid: Database) -> None:
    found: list[list[int]] = []

    def second() -> None:
        with grid.writing() as connection:
            found.append(told.keep(connection, [*FIRST, 21], {7}))

    with grid.writing() as connection:
        assert told.keep(connection, FIRST, {7, 8}) == []
        other = threading.Thread(target=second)
        other.start()
        other.join(0.3)
        assert found == []
    other.join(20)
    assert found == [[7]]


def test_a_days_quarter_hours_are_counted_in_utc() -> None:
    assert told.days([(0, 96), (95, 97), (191, 192)]) == {0, 1}
    assert str(told.date_of(20_776)) == "2026-11-19"
