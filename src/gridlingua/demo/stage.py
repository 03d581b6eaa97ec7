"""What the acts of the demonstration share: calls, the clock, what is printed, and what was not as it should be."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import requests
from rich.console import Console
from rich.markup import escape

from gridlingua.demo.calls import call
from gridlingua.demo.network import Demonstration
from gridlingua.demo.setting import IDS
from gridlingua.demo.town import Expected
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import read_json, write_json
from gridlingua.web.clock import FileClock

PATIENCE = 60.0
"""Seconds that the scheduler and the other party may take for what is due."""


@dataclass(frozen=True)
class Side:
    """An aggregator, and how it speaks with the DSO."""

    party: str
    way: str
    zone: str

    @property
    def services(self) -> str:
        """The process of its services."""
        return f"{self.party} services"

    @property
    def organisation(self) -> str:
        """Its id at the DSO."""
        return IDS[self.party]


SIDES = (Side("aggregator", "over the network", "Z1"), Side("neighbour", "over REST", "Z2"))


@dataclass
class Stage:
    """A demonstration that is being played; ``failures`` holds what was not as it should be."""

    demonstration: Demonstration
    expected: Expected
    console: Console
    failures: list[str] = field(default_factory=list)
    _acts: int = 0

    @property
    def today(self) -> date:
        """The day before delivery."""
        return date.fromordinal(self.demonstration.setting.tomorrow.toordinal() - 1)

    @property
    def window(self) -> dict[str, str]:
        """The day of delivery."""
        start, end = self.demonstration.setting.day(self.demonstration.setting.tomorrow)
        return {"startTime": start, "endTime": end}

    def act(self, title: str) -> None:
        """Begin an act."""
        self._acts += 1
        self.console.print(f"\n[bold]{self._acts}. {escape(title)}[/bold]")

    def set_clock(self, day: date, clock: str) -> None:
        """Let it be that local time, for all services."""
        setting = self.demonstration.setting
        at = setting.at(day, clock)
        FileClock(setting.clock).set(at)
        self.console.print(f"   [cyan]it is {at.astimezone(ZoneInfo(setting.time_zone)):%a %d %b, %H:%M}[/cyan]")

    def expect(self, fulfilled: bool, otherwise: str) -> None:
        """Note what should be so and is not."""
        if not fulfilled:
            self.failures.append(otherwise)
            self.console.print(f"   [red]✗ {escape(otherwise)}[/red]")

    def call(
        self,
        who: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Call a process, such as ``dso services``, as its own party, or with other ``headers``."""
        return call(self.demonstration, who, method, path, query=query, body=body, headers=headers)

    def do(
        self, who: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json = None
    ) -> Json:
        """A call that must succeed; None when it does not."""
        response = self.call(who, method, path, query=query, body=body)
        self.expect(response.ok, f"{who} {method} {path} answers {response.status_code}: {response.text[:400]}")
        return read_json(response.content) if response.ok and response.content else None

    def exchange(self, side: Side, path: str, body: Json, *, quiet: bool = False) -> Json:
        """Let an aggregator do something with the DSO; over the network, SHACL must have judged it."""
        started = time.perf_counter()
        response = self.call(side.services, "POST", f"/operator/aggregator{path}", body=body)
        elapsed = (time.perf_counter() - started) * 1000
        self.expect(response.ok, f"{side.way}: {path} answers {response.status_code}: {response.text[:400]}")
        if not response.ok:
            return None
        verdict = response.headers.get("Gridlingua-Verdict", "")
        if side.party == "aggregator":
            self.expect("conforms" in verdict, f"{path}: SHACL has not been asked")
        if not quiet:
            rows = response.headers.get("Gridlingua-Rows", "")
            judged = f"; rows {rows}; SHACL: {verdict}" if verdict else ""
            self.console.print(f"   {side.way:<16} {elapsed:.0f} ms{judged}", highlight=False)
        return read_json(response.content)

    def say(self, label: str, message: Json) -> None:
        """Print a message in brief: its first element, and how many there are."""
        is_list = isinstance(message, Sequence) and not isinstance(message, str)
        first = message[0] if is_list and message else message
        many = f" … {len(message)} in all" if is_list and len(message) > 1 else ""
        text = write_json(first)
        text = text if len(text) <= 260 else f"{text[:257]}…"
        self.console.print(f"   {label:<16} {escape(text)}{many}", highlight=False)

    def await_(self, what: str, look: Callable[[], Json]) -> Json:
        """What ``look`` finds, as soon as it finds something: the scheduler sends at the gates, nobody calls."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end:
                self.expect(False, f"{what} did not come within {PATIENCE:.0f} s")
                return []
            time.sleep(0.3)
        return found
