"""Numbers of JSON as decimals, exactly, and none that would take a computer a day to write out."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

LARGEST_EXPONENT: Final = 400


def read_decimal(text: str) -> Decimal:
    """A number of JSON; raises ``ValueError`` for one beyond 1e400, which nothing measures."""
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"the number {text[:40]} is too large") from error
    if number.is_finite() and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(f"the number {text[:40]} is too large, or too small")
    return number
