"""Two parties and the engine between them."""

from __future__ import annotations

from gridlingua.demo.accounts import Keys
from gridlingua.demo.processes import Processes, free_ports
from gridlingua.demo.setting import AGGREGATOR, DSO, NAMES, Setting

_BEHIND_THE_ENGINE = ("dso services", "dso adapter", "aggregator services", "aggregator adapter")


class Demonstration:
    """The five processes: one engine, and for each party its services and its adapter.

    ``keys`` are what they let callers in by. The DSO's services listen on ``port``, a free one when it is 0.
    """

    def __init__(self, setting: Setting, processes: Processes, keys: Keys, port: int = 0) -> None:
        self.setting = setting
        self.processes = processes
        self.keys = keys
        engine, *others = free_ports(5)
        self.engine = f"http://127.0.0.1:{engine}/rest"
        self._ports = dict(zip(_BEHIND_THE_ENGINE, others, strict=True))
        if port:
            self._ports["dso services"] = port

    def url(self, name: str) -> str:
        """The base URL of a process such as ``dso adapter``."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def rest(self, name: str) -> str:
        """The base URL of the exchanges at a process such as ``dso services``."""
        return f"{self.url(name)}/1.0" if name.endswith("services") else self.url(name)

    def key(self, name: str) -> str:
        """The API key by which a process such as ``dso services`` lets its own party in."""
        party, _, kind = name.partition(" ")
        return self.keys.staff[party] if kind == "services" else self.keys.callers[party]

    def start(self) -> None:
        """Start all five and wait until they answer."""
        self.processes.start("engine", "engine", "--port", self.engine.rpartition(":")[2].removesuffix("/rest"))
        self._services("dso")
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
            *("--name", NAMES[party]),
            *("--time-zone", self.setting.time_zone),
            secrets={"GRIDLINGUA_CALLER_KEY": self.keys.callers[party]},
        )

    def _adapter(self, party: str, role: str, own: str, other: str) -> None:
        self.processes.start(
            f"{party} adapter",
            *("adapter", "--party", role),
            *("--knowledge-base", own, "--responder", other),
            *("--name", NAMES[party]),
            *("--engine", self.engine),
            *("--service", self.rest(f"{party} services")),
            *("--port", str(self._ports[f"{party} adapter"])),
            secrets={
                "GRIDLINGUA_CALLER_KEY": self.keys.callers[party],
                "GRIDLINGUA_SERVICE_KEY": self.keys.adapters[party],
            },
        )
