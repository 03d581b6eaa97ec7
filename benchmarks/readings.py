"""Messages of metering data, of any length."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gridlingua.semantics.datatypes import Json

DAY = 96
YEAR = 35_040


def request(count: int) -> Json:
    """A request for ``count`` quarter-hours."""
    end = _time(count)
    return {"id": "U123456", "grant": "G-49d259db", "granularity": 1, "start": _time(0), "end": end}


def reply(count: int) -> Json:
    """A series of ``count`` quarter-hours in kW."""
    points = ({"time": _time(n), "measurement": Decimal(n % 977) / 1000, "unit": "kW"} for n in range(count))
    return [{"user": "U123456", "metering": list(points)}]


def _time(quarter: int) -> str:
    time = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    return time.isoformat().replace("+00:00", "Z")
