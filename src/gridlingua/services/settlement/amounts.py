"""What energy comes to in EUR, and the sums of a settlement table; pure functions.

Energy and price are multiplied exactly. An offer's amount is rounded once, at its end, to whole cents; half a cent goes
to the even cent, so that rounding favours nobody in the long run. Totals are sums of rounded amounts: they are what is
paid, and a table adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from gridlingua.services.power import exact
from gridlingua.services.settlement.states import State

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


def amount(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """EUR for pairs of kWh and EUR/kWh together, in whole cents, half a cent to the even one."""
    with exact():
        whole = sum((energy * price for energy, price in parts), Decimal(0))
    with localcontext() as context:
        context.prec = 200
        return whole.quantize(CENT, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Entry:
    """What one offer comes to: its current report's state, energies in kWh, ``amount``, and what was settled before."""

    provider: str
    month: str
    state: State
    ordered: Decimal
    delivered: Decimal
    paid: Decimal
    amount: Decimal
    settled: Decimal

    @property
    def due(self) -> Decimal:
        """What is still to be paid, or to be given back when it is below zero."""
        with exact():
            return self.amount - self.settled


@dataclass(frozen=True)
class Total:
    """The sums of a provider's month: ``amount`` is ``settled`` + ``payable`` + ``held`` + ``unconfirmed``.

    ``payable`` is due of confirmed reports, ``held`` of disputed ones, ``unconfirmed`` of those without an answer.
    """

    provider: str
    month: str
    offers: int
    ordered: Decimal
    delivered: Decimal
    paid: Decimal
    amount: Decimal
    settled: Decimal
    payable: Decimal
    held: Decimal
    unconfirmed: Decimal


def totals(entries: Iterable[Entry]) -> list[Total]:
    """A total for every provider and month, in that order."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for one in entries:
        groups.setdefault((one.provider, one.month), []).append(one)
    return [_total(provider, month, found) for (provider, month), found in sorted(groups.items())]


def _total(provider: str, month: str, found: Sequence[Entry]) -> Total:
    return Total(
        provider,
        month,
        len(found),
        ordered=_sum(one.ordered for one in found),
        delivered=_sum(one.delivered for one in found),
        paid=_sum(one.paid for one in found),
        amount=_euros(one.amount for one in found),
        settled=_euros(one.settled for one in found),
        payable=_euros(one.due for one in found if one.state == "confirmed"),
        held=_euros(one.due for one in found if one.state == "disputed"),
        unconfirmed=_euros(one.due for one in found if one.state in ("draft", "sent")),
    )


def _sum(numbers: Iterable[Decimal], nothing: Decimal = Decimal(0)) -> Decimal:
    with exact():
        return sum(numbers, nothing)


def _euros(numbers: Iterable[Decimal]) -> Decimal:
    return _sum(numbers, NOTHING)
