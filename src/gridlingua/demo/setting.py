"""Who takes part, and the size, place and time of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
NAMES = {"dso": "DSO North", "aggregator": "Aggregator One", "neighbour": "Aggregator Two"}
IDS = {"dso": "dso-north", "aggregator": "aggregator-one", "neighbour": "aggregator-two"}
"""By which a party's organisation is known in every database.

Aggregator One is on the knowledge network, Aggregator Two calls the DSO's REST interface and is called back.
"""
KNOWLEDGE_BASES = {"dso": DSO, "aggregator": AGGREGATOR}


@dataclass(frozen=True)
class Setting:
    """Size, place and time of the demonstration: ``customers`` in ``zones``, databases and logs in ``folder``."""

    folder: Path
    customers: int = 200
    zones: int = 5
    time_zone: str = "Europe/Lisbon"

    @property
    def clock(self) -> Path:
        """The file in which a demonstration sets the time."""
        return self.folder / "now"

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

    def at(self, day: date, clock: str) -> datetime:
        """A local time of a day, such as 12:00, in UTC."""
        return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(self.time_zone)).astimezone(UTC)

    def database(self, party: str) -> str:
        """The URL of a party's database."""
        return f"sqlite:///{self.folder / party}.sqlite"
