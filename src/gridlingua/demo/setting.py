"""Who takes part, and the size, place and time of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
NAMES = {"dso": "DSO North", "aggregator": "Aggregator One"}
IDS = {"dso": "dso-north", "aggregator": "aggregator-one"}
"""By which a party's organisation is known in either database."""


@dataclass(frozen=True)
class Setting:
    """Size, place and time of the demonstration: ``customers`` in ``zones``, databases and logs in ``folder``."""

    folder: Path
    customers: int = 200
    zones: int = 5
    time_zone: str = "Europe/Lisbon"

    @property
    def tomorrow(self) -> date:
        """The day that needs are for, in the DSO's zone."""
        return datetime.now(ZoneInfo(self.time_zone)).date() + timedelta(days=1)

    @property
    def yesterday(self) -> date:
        """The last day that has passed whole, in the DSO's zone."""
        return self.tomorrow - timedelta(days=2)

    def day(self, day: date) -> tuple[str, str]:
        """First instant of a day and of the next, in UTC."""
        zone = ZoneInfo(self.time_zone)
        ends = (datetime.combine(one, datetime.min.time(), zone) for one in (day, day + timedelta(days=1)))
        first, after = (one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in ends)
        return first, after

    def database(self, party: str) -> str:
        """The URL of a party's database."""
        return f"sqlite:///{self.folder / party}.sqlite"
