"""Two parties and the engine between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gridlingua.demo.processes import Processes, free_ports
from gridlingua.services.data_sharing import load_profile, loading, store
from gridlingua.storage import Database

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
READINGS_PER_CUSTOMER = load_profile.QUARTERS
_BEHIND_THE_ENGINE = ("dso services", "dso adapter", "aggregator services", "aggregator adapter")
_NAMES = {"dso": "DSO North", "aggregator": "Aggregator One"}


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

    def day(self, day: date) -> tuple[str, str]:
        """First instant of a day and of the next, in UTC."""
        zone = ZoneInfo(self.time_zone)
        ends = (datetime.combine(one, datetime.min.time(), zone) for one in (day, day + timedelta(days=1)))
        first, after = (one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in ends)
        return first, after

    def database(self, party: str) -> str:
        """The URL of a party's database."""
        return f"sqlite:///{self.folder / party}.sqlite"


def load_readings(setting: Setting, progress: Callable[[int], object]) -> tuple[int, dict[str, int]]:
    """Fill the DSO's database with a year of quarter-hours per customer, tomorrow's forecast included.

    Returns the number of readings and, by zone, the limit in W that tomorrow's load exceeds around its peak.
    """
    database = Database(setting.database("dso"))
    database.create(store.metadata)
    try:
        found = load_profile.households(
            setting.tomorrow, ZoneInfo(setting.time_zone), customers=setting.customers, zones=setting.zones
        )
        households = list(found)
        store.add_customers(database, [one.customer for one in households])
        count = loading.load_readings(database, (one.series for one in households), progress)
    finally:
        database.close()
    totals = load_profile.zone_totals(households)
    return count, {zone: round(max(load[-96:]) * 0.9) for zone, load in sorted(totals.items())}


class Demonstration:
    """The five processes: one engine, and for each party its services and its adapter."""

    def __init__(self, setting: Setting, processes: Processes) -> None:
        self.setting = setting
        self.processes = processes
        engine, *others = free_ports(5)
        self.engine = f"http://127.0.0.1:{engine}/rest"
        self._ports = dict(zip(_BEHIND_THE_ENGINE, others, strict=True))

    def url(self, name: str) -> str:
        """The base URL of a process such as ``dso adapter``."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def start(self) -> None:
        """Start all five and wait until they answer."""
        self.processes.start("engine", "engine", "--port", self.engine.rpartition(":")[2].removesuffix("/rest"))
        self._services("dso", "flexibility", "data_sharing")
        self._services("aggregator", "aggregator")
        self.processes.ready("engine")
        self._adapter("dso", "dso", DSO, AGGREGATOR)
        self._adapter("aggregator", "service_provider", AGGREGATOR, DSO)
        for name in self._ports:
            self.processes.ready(name)

    def _services(self, party: str, *names: str) -> None:
        self.processes.start(
            f"{party} services",
            *("services", *names),
            *("--port", str(self._ports[f"{party} services"])),
            *("--database", self.setting.database(party)),
            *("--network", self.url(f"{party} adapter")),
            *("--name", _NAMES[party]),
            *("--time-zone", self.setting.time_zone),
        )

    def _adapter(self, party: str, role: str, own: str, other: str) -> None:
        self.processes.start(
            f"{party} adapter",
            *("adapter", "--party", role),
            *("--knowledge-base", own, "--responder", other),
            *("--name", _NAMES[party]),
            *("--engine", self.engine),
            *("--service", self.url(f"{party} services")),
            *("--port", str(self._ports[f"{party} adapter"])),
        )
