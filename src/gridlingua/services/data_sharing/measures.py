"""What is measured at a metering point, and in which units a file may tell it (D4.2 4.2, tables 15 to 18); pure.

A quantity is kept as a whole number of its smallest unit: W, var, mV, mA, and a tap's position as it is. Power is told
twice, withdrawn from the grid and injected into it, each a magnitude.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

MOST = 2**31 - 1
_DIGITS = 10
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


@dataclass(frozen=True)
class Measure:
    """A quantity: the column that keeps it, and how many of what is kept a unit is, as a power of ten.

    ``least`` is the least that is kept; only a tap's position may be below zero.
    """

    name: str
    column: str
    units: dict[str, int]
    least: int = 0

    def headings(self) -> list[str]:
        """How the column of a file may be called: the quantity and its unit."""
        return [f"{self.name}_{unit}" if unit else self.name for unit in self.units]

    def kept(self, value: object, exponent: int) -> int:
        """A number of a file as it is kept, rounded to the nearest; raises ``ValueError`` with a sentence."""
        text = str(value).strip()
        if isinstance(value, bool) or not _NUMBER.fullmatch(text):
            raise ValueError(f"{self.name} {_short(value)} is no number such as 0.412{_comma(text)}")
        number = Decimal(text)
        if number < self.least:
            raise ValueError(f"{self.name} {_short(value)} is below zero; what is injected has a column of its own")
        if number and (number.adjusted() + exponent > _DIGITS or abs(number.scaleb(exponent)) > MOST):
            raise ValueError(f"{self.name} {_short(value)} is more than can be kept; is the unit right?")
        return int(number.scaleb(exponent).to_integral_value(ROUND_HALF_EVEN)) if number else 0


_POWER = {"W": 0, "kW": 3, "MW": 6}
_REACTIVE = {"var": 0, "kvar": 3, "Mvar": 6}
MEASURES = (
    Measure("active_withdrawn", "withdrawn_w", _POWER),
    Measure("active_injected", "injected_w", _POWER),
    Measure("reactive_withdrawn", "withdrawn_var", _REACTIVE),
    Measure("reactive_injected", "injected_var", _REACTIVE),
    Measure("voltage", "voltage_mv", {"V": 3, "kV": 6}),
    Measure("current", "current_ma", {"A": 3, "kA": 6}),
    Measure("tap", "tap", {"": 0}, -MOST),
)
_HEADINGS = {
    heading.lower(): (measure, exponent)
    for measure in MEASURES
    for heading, exponent in zip(measure.headings(), measure.units.values(), strict=True)
}


def measure_of(heading: str) -> tuple[Measure, int] | None:
    """The quantity that a column's heading names and the power of ten of its unit, or nothing; case says nothing."""
    return _HEADINGS.get(heading.strip().lower())


def headings() -> Sequence[str]:
    """Every heading of a quantity there is."""
    return [heading for measure in MEASURES for heading in measure.headings()]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _comma(text: str) -> str:
    return "; decimals are written with a point" if "," in text else ""
