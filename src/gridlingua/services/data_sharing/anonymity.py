"""Which sums over clients may be told without telling of anybody (D4.2 2.2.6.1; GDPR, recital 26). Pure functions.

A sum is told of at least ``fewest`` clients, none of whom draws more than ``largest_share`` of it. So must be whatever
can be worked out from several sums: what one zone has and another has not, and what is left of a zone when the zones
that lie in it are taken away. Zones of one kind never overlap, but a postal code and a feeder do. Where two zones
cannot both be told, the one whose kind comes first in ``KINDS`` is: what was declared, before how the grid is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

KINDS = (
    "zone",
    "postal_code",
    "primary_substation",
    "primary_feeder",
    "secondary_substation",
    "secondary_feeder",
)
_FAMILIES = (0, 1, 2, 2, 2, 2)  # zones of a family lie in each other or apart: the grid is a tree
Places = frozenset[int]


@dataclass(frozen=True)
class Limits:
    """How many clients a sum needs at least, and the most that one of them may have of it."""

    fewest: int = 10
    largest_share: Decimal = Decimal("0.8")


class Zone(NamedTuple):
    """A zone by the position of its kind in ``KINDS``, and its name."""

    rank: int
    name: str

    def __str__(self) -> str:
        return f"{KINDS[self.rank].replace('_', ' ')} {self.name}"

    @property
    def family(self) -> int:
        return _FAMILIES[self.rank]


@dataclass(frozen=True)
class Place:
    """How many clients are in the same zone of every kind: ``names`` as in ``KINDS``, None where they are in none."""

    names: tuple[str | None, ...]
    clients: int


@dataclass(frozen=True)
class Drawn:
    """What the clients of a place drew in a quarter-hour: the sum, the most of one, and how many have a reading."""

    total: int = 0
    most: int = 0
    clients: int = 0


class Zoning:
    """The zones of these places, and which of them may be told as far as the number of clients goes."""

    def __init__(self, places: Sequence[Place], limits: Limits) -> None:
        self.limits = limits
        self._clients = [place.clients for place in places]
        found: dict[Zone, set[int]] = {}
        for number, place in enumerate(places):
            for rank, name in enumerate(place.names):
                if name is not None:
                    found.setdefault(Zone(rank, name), set()).add(number)
        self.zones: dict[Zone, Places] = {zone: frozenset(found[zone]) for zone in sorted(found)}
        self.refusals: dict[Zone, str] = {}
        self._told: list[list[Zone]] = [[] for _ in places]
        self._left: dict[tuple[Zone, int], Places] = {}
        for zone in self.zones:
            if said := self._refusal(zone):
                self.refusals[zone] = said
            else:
                self._tell(zone)

    def find(self, name: str) -> Zone | None:
        """The zone of a name: of the first kind that has one."""
        return next((zone for rank in range(len(KINDS)) if (zone := Zone(rank, name)) in self.zones), None)

    def clients(self, places: Iterable[int]) -> int:
        """How many clients there are in these places."""
        return sum(self._clients[place] for place in places)

    def neighbours(self, zone: Zone) -> list[Zone]:
        """The other zones that may be told and overlap this one."""
        return sorted({other for place in self.zones[zone] for other in self._told[place]} - {zone})

    def _refusal(self, zone: Zone) -> str:
        mine = self.zones[zone]
        if self._too_few(mine):
            return f"{zone} has fewer than {self.limits.fewest} clients"
        for other in self.neighbours(zone):
            theirs = self.zones[other]
            if self._too_few(mine - theirs) or self._too_few(theirs - mine):
                return f"{zone} and {other} differ by fewer than {self.limits.fewest} clients"
            if mine < theirs and self._too_few(self._left[other, zone.family] - mine):
                return f"{zone} and others in {other} would leave fewer than {self.limits.fewest} clients of that"
        if any(self._too_few(left) for left in self._rests(zone).values()):
            return f"what is told of zones in it would leave fewer than {self.limits.fewest} clients of {zone}"
        return ""

    def _too_few(self, places: Collection[int]) -> bool:
        return 0 < self.clients(places) < self.limits.fewest

    def _rests(self, zone: Zone) -> dict[int, Places]:
        rests = dict.fromkeys(_FAMILIES, self.zones[zone])
        for other in self.neighbours(zone):
            if self.zones[other] < self.zones[zone]:
                rests[other.family] -= self.zones[other]
        return rests

    def _tell(self, zone: Zone) -> None:
        for family, left in self._rests(zone).items():
            self._left[zone, family] = left
        for other in self.neighbours(zone):
            if self.zones[zone] < self.zones[other]:
                self._left[other, zone.family] -= self.zones[zone]
        for place in self.zones[zone]:
            self._told[place].append(zone)

    def checks(self, zone: Zone) -> list[Check]:
        """What could be worked out from the sum of a zone that may be told, and from sums that are told before it."""
        mine, found, done = self.zones[zone], [], set()
        for other in self.neighbours(zone):
            if other > zone:
                continue  # its own answer is checked against this one
            theirs = self.zones[other]
            outer = (other, zone.family) if mine < theirs else (zone, other.family) if theirs < mine else None
            inner: tuple[Places, ...] = ()
            if outer is not None and outer not in done:
                inside = (near for near in self.neighbours(outer[0]) if near.family == outer[1])
                inner = tuple(self.zones[near] for near in inside if self.zones[near] < self.zones[outer[0]])
                done.add(outer)
            parts = tuple(part for part in (mine - theirs, theirs - mine) if part)
            found.append(Check(other, theirs, parts, self.zones[outer[0]] if outer else theirs, inner))
        return found


@dataclass(frozen=True)
class Check:
    """What the answer for a zone and that for ``other``, which has the places ``theirs``, tell together.

    ``parts`` is what they differ by; and there is what those of ``inner`` that are told leave of ``outer``.
    """

    other: Zone
    theirs: Places
    parts: tuple[Places, ...]
    outer: Places
    inner: tuple[Places, ...]


class Quarter:
    """A quarter-hour of what was drawn, by place; what of it may be told."""

    def __init__(self, zoning: Zoning, drawn: Mapping[int, Drawn]) -> None:
        self._zoning = zoning
        self._drawn = drawn

    def total(self, places: Iterable[int]) -> Drawn:
        """What was drawn in these places together."""
        found = [one for place in places if (one := self._drawn.get(place)) is not None]
        most = max((one.most for one in found), default=0)
        return Drawn(sum(one.total for one in found), most, sum(one.clients for one in found))

    def refusal(self, mine: Places, checks: Iterable[Check]) -> str:
        """Why the sum over these places must not be told now; nothing when it may be.

        Who has no reading is not in any sum of this quarter-hour, and so is not counted.
        """
        if said := self._tells(mine):
            return said
        for check in checks:
            if self.total(check.theirs).clients < self._zoning.limits.fewest:
                continue  # it is not told either
            for part in check.parts:
                if said := self._tells(part):
                    return f"in what it and {check.other} differ by, {said}"
            if check.inner and (said := self._tells(self._hidden(check))):
                return f"in what could be worked out with {check.other} and others, {said}"
        return ""

    def _tells(self, places: Collection[int]) -> str:
        """In words, how the sum over these places would tell of somebody; nothing when it would not."""
        drawn, limits = self.total(places), self._zoning.limits
        if 0 < drawn.clients < limits.fewest:
            return f"fewer than {limits.fewest} clients have a reading"
        if drawn.most > limits.largest_share * drawn.total:
            return f"one client draws more than {limits.largest_share:.0%} of the sum"
        return ""

    def _hidden(self, check: Check) -> Places:
        return check.outer.difference(*(inner for inner in check.inner if not self._tells(inner)))
