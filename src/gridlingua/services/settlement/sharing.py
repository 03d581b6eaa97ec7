"""Orders whose offers name the same meters: which of them is measured, and what falls to each; pure functions.

The rules are those of ``delivery`` (4 and 6). A *group* are the orders of one provider for one need, and so in one
direction, that name exactly the same meters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from gridlingua.services.power import exact
from gridlingua.services.settlement import delivery
from gridlingua.services.settlement.delivery import QUARTER, Activation, Place
from gridlingua.services.settlement.sources import Ordered

ByMeter = Mapping[str, Sequence[Ordered]]
"""The orders that a meter stands in, in the order they were given."""


def taken(one: Ordered, by_meter: ByMeter) -> dict[datetime, set[str]]:
    """The meters of an order that stand in one given before to another group, by quarter-hour.

    A group stands where the first of its orders for the quarter-hour does.
    """
    found: dict[datetime, set[str]] = {}
    for start in delivery.touched(one.activation):
        for meter in one.activation.meters:
            first = next(other for other in by_meter[meter] if _touches(other.activation, start))
            if not _together(first, one):
                found.setdefault(start, set()).add(meter)
    return found


def places(one: Ordered, by_meter: ByMeter) -> dict[datetime, Place]:
    """Where an order stands in the order of merit of its group, by quarter-hour: by price, then by time of receipt.

    Of an order that covers only a part of the quarter-hour nobody can tell what fell to it: it has no place.
    """
    return {start: _place(one, group(one, by_meter, start), start) for start in delivery.touched(one.activation)}


def openings(one: Ordered, by_meter: ByMeter) -> dict[datetime, datetime]:
    """When the first delivery of the group that goes on in a quarter-hour began, by quarter-hour.

    The group has one baseline: that which the provider had delivered before then.
    """
    return {
        start: min(other.activation.start for other in group(one, by_meter, start))
        for start in delivery.touched(one.activation)
    }


def group(one: Ordered, by_meter: ByMeter, start: datetime) -> list[Ordered]:
    """The orders of the group that touch a quarter-hour, itself among them, in the order they were given."""
    known = by_meter[one.activation.meters[0]]
    return [other for other in known if _together(other, one) and _touches(other.activation, start)]


def _together(one: Ordered, other: Ordered) -> bool:
    same = (one.provider, one.request_id) == (other.provider, other.request_id)
    return same and set(one.activation.meters) == set(other.activation.meters)


def _touches(activation: Activation, start: datetime) -> bool:
    return activation.start < start + QUARTER and start < activation.end


def _place(one: Ordered, others: Sequence[Ordered], start: datetime) -> Place:
    whole = [other for other in others if delivery.covers(other.activation, start)]
    ranks = sorted(whole, key=lambda other: (other.price, other.received_at))  # of a tie the order given first is first
    if one not in ranks:
        return Place()
    position = ranks.index(one)
    with exact():
        ahead = sum((other.activation.ordered for other in ranks[:position]), Decimal(0))
    return Place(ahead, is_last=position == len(ranks) - 1)
