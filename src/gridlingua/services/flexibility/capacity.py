"""Whether meters can deliver all that is sold of them at a time; pure functions.

An offer does not say how much each of its meters gives, so several offers of one meter are no harm by themselves: they
may be the steps of a price list. Too much is sold when there is no way to share the offers out among their meters such
that none gives more than it can.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from gridlingua.services.power import exact

Path = list[tuple[int, str]]
"""Sales, by their places in a list, each with a meter that gives some of it."""
Shares = dict[str, dict[int, Decimal]]
"""How much each meter gives of each sale."""


@dataclass(frozen=True)
class Sale:
    """``quantity`` in W or var, of ``meters`` together, over [start, end)."""

    quantity: Decimal
    start: datetime
    end: datetime
    meters: frozenset[str]


def oversold(sales: Sequence[Sale], capacities: Mapping[str, Decimal]) -> datetime | None:
    """The first instant at which the meters cannot deliver what is sold; None when there is none.

    ``capacities`` are in W or var. A meter without one is taken to give whatever is asked, so an offer with such a
    meter is no part of the question.
    """
    judged = [sale for sale in sales if sale.meters <= capacities.keys()]
    for start in sorted({sale.start for sale in judged}):  # what is sold grows at starts only
        at_once = [sale for sale in judged if sale.start <= start < sale.end]
        if not _shareable(at_once, capacities):
            return start
    return None


def _shareable(sales: Sequence[Sale], capacities: Mapping[str, Decimal]) -> bool:
    """Whether a flow from the sales through their meters takes all that is sold (augmenting along shortest paths)."""
    free = {meter: capacities[meter] for sale in sales for meter in sale.meters}
    given: Shares = {meter: {} for meter in free}
    with exact():
        for index, sale in enumerate(sales):
            rest = sale.quantity
            for meter in sorted(sale.meters):
                rest -= _push([(index, meter)], rest, free, given)
            while rest > 0:
                path = _path(index, sales, free, given)
                if not path:
                    return False
                rest -= _push(path, rest, free, given)
    return True


def _path(index: int, sales: Sequence[Sale], free: Mapping[str, Decimal], given: Shares) -> Path:
    """From a sale to a meter that is free, by way of meters that other sales can leave."""
    reached: dict[int, Path] = {index: []}
    waiting = deque([index])
    while waiting:
        current = waiting.popleft()
        for meter in sorted(sales[current].meters):
            path = [*reached[current], (current, meter)]
            if free[meter] > 0:
                return path
            for other, quantity in given[meter].items():
                if quantity > 0 and other not in reached:
                    reached[other] = path
                    waiting.append(other)
    return []


def _push(path: Path, rest: Decimal, free: dict[str, Decimal], given: Shares) -> Decimal:
    """Give as much as fits along a path: each sale takes its meter there, and leaves the one before it to another."""
    left = [(index, meter) for (_, meter), (index, _) in pairwise(path)]
    last = path[-1][1]
    quantity = min([rest, free[last], *(given[meter][index] for index, meter in left)])
    free[last] -= quantity
    for index, meter in path:
        given[meter][index] = given[meter].get(index, Decimal(0)) + quantity
    for index, meter in left:
        given[meter][index] -= quantity
    return quantity
