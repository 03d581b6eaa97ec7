"""The needs of a zone as a series: per quarter-hour what was or will be needed, and as coarse as it can be told.

Pure functions (D4.2 3.2.1.1.1.3). Needs of one direction and kind of power that overlap add up; in a quarter-hour
that a need begins or ends in, the most counts that was needed at an instant of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from gridlingua.services.data_sharing.domain import (
    Granularity,
    instant_of,
    intervals,
    quarter_before,
    quarter_of,
)
from gridlingua.services.messages import Need
from gridlingua.services.power import from_base, to_base

Direction = Literal["Up", "Down"]
TypePower = Literal["Active", "Reactive"]
Key = tuple[Direction, TypePower]


@dataclass(frozen=True)
class Needed:
    """How much is needed, in kW or kvar, and whose meters would help."""

    quantity: Decimal
    meters: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """What is needed from an instant on, for as long as the granularity says."""

    begin: datetime
    direction: Direction
    type_power: TypePower
    needed: Needed


def of_zone(needs: Iterable[Need], meters: Collection[str]) -> list[Need]:
    """The needs that nobody outside of a zone, which has these meters, could help with."""
    known = set(meters)
    return [need for need in needs if known.issuperset(need.eligible_clients)]


def series(needs: Iterable[Need], first: int, last: int, zone: ZoneInfo) -> tuple[Granularity, list[Line]]:
    """The lines of the quarter-hours from ``first`` until before ``last``, and the granularity they have.

    It is the coarsest that says the same: days when what is needed only changes at midnight, else hours, else
    quarter-hours. Lines are in the order of time, direction and kind of power.
    """
    by_key: dict[Key, list[Need]] = {}
    for need in needs:
        by_key.setdefault((need.direction, need.type_power), []).append(need)
    found = {key: _quarters(some, first, last) for key, some in sorted(by_key.items())}
    coarser: tuple[Granularity, ...] = (3, 2)
    for coarse in coarser:
        whole = list(intervals(first, last, coarse, zone))
        if all(_is_even(quarters, whole) for quarters in found.values()):
            return coarse, list(_lines(found, [begin for begin, _ in whole], zone))
    return 1, list(_lines(found, range(first, last), zone))


def _quarters(needs: Sequence[Need], first: int, last: int) -> dict[int, Needed]:
    touching: dict[int, list[Need]] = {}
    for need in needs:
        begin, end = quarter_before(need.start_time.at), quarter_of(need.end_time.at)
        for quarter in range(max(begin, first), min(end, last)):
            touching.setdefault(quarter, []).append(need)
    return {quarter: _most(quarter, some) for quarter, some in touching.items()}


def _most(quarter: int, needs: Sequence[Need]) -> Needed:
    opening = instant_of(quarter, ZoneInfo("UTC"))
    instants = {opening} | {need.start_time.at for need in needs if need.start_time.at > opening}
    sums = (
        sum(
            (to_base(need.needs, need.measurement_unit) for need in needs if _lasts(need, at)),
            start=Decimal(),
        )
        for at in instants
    )
    unit = "kW" if needs[0].type_power == "Active" else "kvar"
    meters = {meter for need in needs for meter in need.eligible_clients}
    return Needed(from_base(max(sums), unit), tuple(sorted(meters)))


def _lasts(need: Need, at: datetime) -> bool:
    return need.start_time.at <= at < need.end_time.at


def _is_even(quarters: Mapping[int, Needed], whole: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing changes within the intervals, and nothing is needed outside of them."""
    inside = 0
    for begin, end in whole:
        values = [quarters.get(quarter) for quarter in range(begin, end)]
        inside += end - begin - values.count(None)
        if any(value != values[0] for value in values):
            return False
    return inside == len(quarters)


def _lines(found: Mapping[Key, Mapping[int, Needed]], begins: Iterable[int], zone: ZoneInfo) -> Iterator[Line]:
    for begin in begins:
        for (direction, type_power), quarters in found.items():
            if begin in quarters:
                yield Line(instant_of(begin, zone), direction, type_power, quarters[begin])
