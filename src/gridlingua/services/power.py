"""Units of power: what kind of power they measure, and what they are worth in W or var."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, Inexact, localcontext
from typing import Literal

from gridlingua.errors import Fault
from gridlingua.services.messages import Period
from gridlingua.services.refusals import RefusedError

_EXPONENTS = {"W": 0, "kW": 3, "MW": 6, "var": 0, "kvar": 3, "Mvar": 6}


@contextmanager
def exact() -> Iterator[None]:
    """Decimal arithmetic in which a digit that would be lost is an error; fits every number a message may carry."""
    with localcontext() as context:
        context.prec = 200
        context.traps[Inexact] = True
        yield


def kind(unit: str) -> Literal["Active", "Reactive"]:
    """``Active`` or ``Reactive``."""
    return "Reactive" if unit.endswith("var") else "Active"


def units_of(kind_of_power: str) -> str:
    """The units of that kind of power, as a list to read."""
    return ", ".join(unit for unit in _EXPONENTS if kind(unit) == kind_of_power)


def to_base(quantity: Decimal, unit: str) -> Decimal:
    """The quantity in W or var."""
    with exact():
        return quantity.scaleb(_EXPONENTS[unit])


def from_base(quantity: Decimal, unit: str) -> Decimal:
    """A quantity in W or var, in ``unit``, without the zeros that say nothing."""
    with exact():
        return Decimal(format(quantity.scaleb(-_EXPONENTS[unit]).normalize(), "f"))


def period_faults(period: Period, place: str) -> Iterator[Fault]:
    """The fault of a period that ends before it has begun."""
    if period.end_time <= period.start_time:
        said = f"{period.end_time} is not after the start {period.start_time}"
        yield Fault(f"{place}/endTime", f"{said}; the end must be later than the start")


def required_period(period: Period) -> Period:
    """The period, or a ``RefusedError`` when it ends before it has begun."""
    if faults := list(period_faults(period, "")):
        raise RefusedError(faults)
    return period
