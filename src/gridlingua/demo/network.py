"""A DSO, two aggregators, and the engine between the DSO and one of them."""

from __future__ import annotations

from gridlingua.demo.accounts import Keys
from gridlingua.demo.processes import Processes, free_ports
from gridlingua.demo.setting import AGGREGATOR, DSO, NAMES, Setting

_BEHIND_THE_ENGINE = (
    "dso services",
    "dso adapter",
    "aggregator services",
    "aggregator adapter",
    "neighbour services",
)


class Demonstration:
    """The six processes: one engine, the services of each party, and the adapters of the two on the network.

    ``keys`` are what they let callers in by. The DSO's services listen on ``port``, a free one when it is 0. With
    ``is_staged`` the present of all services is what stands in the file ``setting.clock``.
    """

    def __init__(
        self, setting: Setting, processes: Processes, keys: Keys, port: int = 0, *, is_staged: bool = False
    ) -> None:
        self.setting = setting
        self._clock = ("--clock", str(setting.clock)) if is_staged else ()
        self.processes = processes
        self.keys = keys
        engine, *others = free_ports(6)
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
        """Start all and wait until they answer."""
        self.processes.start("engine", "engine", "--port", self.engine.rpartition(":")[2].removesuffix("/rest"))
        self._services("dso", self.url("dso adapter"))
        self._services("aggregator", self.url("aggregator adapter"), "aggregator")
        self._services("neighbour", self.rest("dso services"), "aggregator")
        self.processes.ready("engine")
        self._adapter("dso", "dso", DSO, AGGREGATOR)
        self._adapter("aggregator", "service_provider", AGGREGATOR, DSO)
        for name in self._ports:
            self.processes.ready(name)

    def _services(self, party: str, network: str, *names: str) -> None:
        self.processes.start(
            f"{party} services",
            *("services", *names),
            *("--port", str(self._ports[f"{party} services"])),
            *("--database", self.setting.database(party)),
            *("--network", network),
            *("--name", NAMES[party]),
            *("--time-zone", self.setting.time_zone),
            *self._clock,
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
