"""Which sums over clients may be told without telling of anybody (D4.2 2.2.6.1; GDPR, recital 26). Pure functions.

Sums are told of declared zones only. Every client is in exactly one of those (``points.faults``), so two sums have no
client in common, and whatever is worked out from several of them is again a sum of whole zones. A postal code or a
feeder overlaps them: of N, P and Z that share clients, N - P - Z can be a single home, however large all three are.
"""

from __future__ import annotations

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
_DECLARED = 0


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


@dataclass(frozen=True)
class Drawn:
    """What clients drew in a quarter-hour: the sum, the most of one, and how many have a reading."""

    total: int = 0
    most: int = 0
    clients: int = 0


def never_told(zone: Zone, clients: int, limits: Limits) -> str:
    """Why no sum over a zone with so many clients is ever told; nothing when some may be."""
    if zone.rank != _DECLARED:
        return f"{zone} can overlap declared zones, which alone are told anonymized"
    if clients < limits.fewest:
        return f"{zone} has fewer than {limits.fewest} clients"
    return ""


def tells(drawn: Drawn, limits: Limits) -> str:
    """How the sum of a quarter-hour would tell of somebody; nothing when it would not.

    A sum of zero tells of every client that it draws nothing, as an empty home does. It is refused in the same words as
    a sum that one client dominates: words of its own would tell as much as the sum.
    """
    if drawn.clients < limits.fewest:
        return f"fewer than {limits.fewest} clients have a reading"
    if drawn.total == 0 or drawn.most > limits.largest_share * drawn.total:
        return f"one client draws more than {limits.largest_share:.0%} of the sum, or nobody draws anything"
    return ""
