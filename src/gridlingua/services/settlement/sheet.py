"""The settlement table as a sheet for bookkeeping (CSV, RFC 4180); pure functions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from gridlingua.services.settlement.statements import Line

COLUMNS = {
    "provider": "provider",
    "month": "month",
    "request_id": "request_id",
    "offer_id": "offer_id",
    "version": "version",
    "state": "state",
    "direction": "direction",
    "start_time": "start_time",
    "end_time": "end_time",
    "ordered_power": "ordered_kw",
    "quarters": "quarters",
    "gaps": "gaps",
    "ordered_energy": "ordered_kwh",
    "delivered_energy": "delivered_kwh",
    "paid_energy": "paid_kwh",
    "price": "price_eur_per_kwh",
    "amount": "amount_eur",
    "settled": "settled_eur",
    "due": "due_eur",
    "clearing_amount": "clearing_amount_eur",
}
"""The fields of a line, and what their columns are called: with the unit."""


def sheet(lines: Iterable[Line]) -> str:
    """A heading, then a row for each line; decimals with a point, times with their offset."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    writer.writerows([_cell(getattr(line, field)) for field in COLUMNS] for line in lines)
    return text.getvalue()


def _cell(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
