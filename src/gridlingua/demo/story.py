"""What happens between the parties, step by step, and whether it was as it should be."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests
from rich.console import Console
from rich.markup import escape

from gridlingua.demo.calls import call
from gridlingua.demo.comparison import compare
from gridlingua.demo.network import Demonstration
from gridlingua.demo.setting import DSO, IDS
from gridlingua.semantics.schema import read_json, write_json

USER, GRANT, FOREIGN_GRANT = "U000007", "G-aggregator", "G-somebody-else"
Json = Any


@dataclass
class Story:
    """The steps of a demonstration; ``failures`` holds what was not as it should be."""

    demonstration: Demonstration
    console: Console
    failures: list[str] = field(default_factory=list)
    _step: int = 0

    def call(
        self, who: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json = None
    ) -> requests.Response:
        """Call a process, such as ``dso services``."""
        return call(self.demonstration, who, method, path, query=query, body=body)

    def prepare(
        self, who: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json = None
    ) -> Json:
        """A call within one party, which must succeed."""
        response = self.call(who, method, path, query=query, body=body)
        self.expect(response.ok, f"{who} {method} {path} answers {response.status_code}: {response.text[:300]}")
        return read_json(response.content) if response.ok else []

    def expect(self, fulfilled: bool, otherwise: str) -> None:
        """Note what should be so and is not."""
        if not fulfilled:
            self.failures.append(otherwise)
            self.console.print(f"   [red]✗ {escape(otherwise)}[/red]")

    def step(
        self, title: str, who: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json = None
    ) -> Json:
        """An exchange over the network: print the message, the rows, SHACL's verdict and the time."""
        self._step += 1
        self.console.print(f"\n[bold]{self._step}. {title}[/bold]")
        started = time.perf_counter()
        response = self.call(who, method, path, query=query, body=body)
        elapsed = time.perf_counter() - started
        self.expect(response.ok, f"{response.status_code}: {response.text[:500]}")
        if not response.ok:
            return None
        headers = response.headers
        self.console.print(f"   rows     {headers.get('Gridlingua-Rows', 'none')}")
        self.console.print(f"   SHACL    {headers.get('Gridlingua-Verdict', 'not asked')}")
        self.console.print(f"   time     {elapsed * 1000:.0f} ms, of which {_timing(headers.get('Server-Timing', ''))}")
        self.expect("conforms" in headers.get("Gridlingua-Verdict", ""), "SHACL has not been asked")
        return read_json(response.content)

    def say(self, label: str, message: Json) -> None:
        """Print a message in brief: its first element, and how many there are."""
        first = message[0] if isinstance(message, Sequence) and message else message
        many = f" … {len(message)} in all" if isinstance(message, Sequence) and len(message) > 1 else ""
        text = write_json(first)
        text = text if len(text) <= 260 else f"{text[:257]}…"
        self.console.print(f"   {label:<8} {escape(text)}{many}", highlight=False)


def _timing(header: str) -> str:
    times = {
        name: float(value) for name, _, value in (one.strip().partition(";dur=") for one in header.split(",") if one)
    }
    shacl = sum(value for name, value in times.items() if name.endswith("-shacl"))
    return f"network and other party {times.get('network', 0):.0f} ms, own SHACL {shacl:.0f} ms"


def tell(demonstration: Demonstration, limits: Mapping[str, int], console: Console) -> list[str]:
    """Play the demonstration; returns what was not as it should be."""
    story = Story(demonstration, console)
    first, after = demonstration.setting.day(demonstration.setting.tomorrow)
    tomorrow = {"startTime": first, "endTime": after}
    _prepare(story, limits, first, after)
    _flexibility(story, tomorrow)
    _metering(story)
    _refusals(story, tomorrow)
    console.print("\n[bold]Both databases, read and compared with what was sent[/bold]")
    for what, fault in compare(demonstration.setting, USER):
        if not fault:
            console.print(f"   [green]✓[/green] {escape(what)}", highlight=False)
        story.expect(not fault, fault)
    return story.failures


def _prepare(story: Story, limits: Mapping[str, int], first: str, after: str) -> None:
    """Within the parties: needs from the zones' load against their limits, grants, a price list."""
    story.prepare("dso services", "PUT", "/operator/flexibility/calendar", body={"gates": "open"})
    for zone, watts in limits.items():
        load = story.prepare(
            "dso services", "GET", f"/operator/data/zones/{zone}/load", query={"start": first, "end": after}
        )
        body = {**load, "limit": watts / 1000}
        story.prepare("dso services", "POST", "/operator/flexibility/needs/derivation", body=body)
    year = {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2099-01-01T00:00:00Z"}
    grants = [
        {"reference": GRANT, "user": USER, "grantee": IDS["aggregator"], **year},
        {"reference": FOREIGN_GRANT, "user": USER, "grantee": IDS["dso"], **year},
    ]
    story.prepare("dso services", "POST", "/operator/data/grants", body=grants)
    customers = story.prepare("dso services", "GET", "/operator/data/customers")
    prices = [
        {"meterId": one["meterId"], "capacity": 0.15, "measurementUnit": "kW", "price": (0.08, 0.11, 0.19)[number % 3]}
        for number, one in enumerate(customers)
        if number % 4
    ]
    story.prepare("aggregator services", "PUT", "/operator/aggregator/prices", body=prices)


def _flexibility(story: Story, tomorrow: dict[str, str]) -> None:
    published = story.step(
        "The DSO publishes tomorrow's needs, the aggregator acknowledges",
        *("dso services", "POST", "/operator/flexibility/needs/publication"),
        body=tomorrow,
    )
    if not published:
        return
    story.say("needs", published["needs"])
    story.say("reply", published["acknowledgements"])
    story.expect(bool(published["needs"]) and not published["unacknowledged"], "a need was not acknowledged")

    needs = story.step(
        "The aggregator asks for the needs of a window",
        "aggregator adapter",
        "GET",
        "/Flexibility/Needs",
        query=tomorrow,
    )
    story.say("reply", needs)
    story.expect(needs == published["needs"], "the needs asked for are not those published")

    bidding = story.step(
        "The aggregator sends offers from its price list, the DSO acknowledges",
        *("aggregator services", "POST", "/operator/aggregator/offers"),
        body=tomorrow,
    )
    if bidding:
        story.say("offers", bidding["offers"])
        story.say("reply", bidding["acknowledgements"])
        story.expect(bool(bidding["offers"]) and not bidding["unacknowledged"], "an offer was not acknowledged")

    plan = story.step(
        "The DSO sends the activation plan, the aggregator acknowledges",
        *("dso services", "POST", "/operator/flexibility/activation-plans"),
        body=tomorrow,
    )
    if plan:
        story.say("plan", plan["plan"])
        story.say("reply", plan["acknowledgements"])
        decisions = {one["activation"] for one in plan["plan"]}
        story.expect(
            "Yes" in decisions and not plan["unacknowledged"], "the plan activates nothing, or is not acknowledged"
        )


def _metering(story: Story) -> None:
    setting = story.demonstration.setting
    start, end = setting.day(setting.tomorrow - timedelta(days=2))
    request = {"user": USER, "grant": GRANT, "granularity": 1, "start": start, "end": end}
    found = story.step(
        "The aggregator asks for a day of one customer's metering",
        *("aggregator services", "POST", "/operator/aggregator/metering"),
        body=request,
    )
    if found:
        readings = found[0]["metering"]
        story.say("reply", readings)
        story.expect(len(readings) in (92, 96, 100), f"a day has 96 readings, not {len(readings)}")


def _refusals(story: Story, tomorrow: dict[str, str]) -> None:
    story.console.print("\n[bold]Three bad messages, sent through the aggregator's adapter[/bold]")
    offer = {
        "requestId": "R-1",
        "offerId": "O-1",
        "offer": 5,
        "measurementUnit": "kWh",
        "price": 0.1,
        "startTime": tomorrow["startTime"],
        "endTime": tomorrow["endTime"],
        "meterIds": ["M000007"],
    }
    swapped = {"startTime": tomorrow["endTime"], "endTime": tomorrow["startTime"]}
    setting = story.demonstration.setting
    start, end = setting.day(setting.tomorrow - timedelta(days=2))
    metering = {"type": "User", "id": USER, "grant": FOREIGN_GRANT, "granularity": "1", "start": start, "end": end}
    bad: list[tuple[str, int, str, requests.Response]] = [
        ("an offer in kWh", 422, "unit", story.call("aggregator adapter", "POST", "/Flexibility/Offers", body=[offer])),
        ("a window that ends before it starts", 422, "after the start",
         story.call("aggregator adapter", "GET", "/Flexibility/Needs", query=swapped)),
        ("a grant that is somebody else's", 403, "grant",
         story.call("aggregator adapter", "GET", "/Data/Metering", query=metering)),
    ]  # fmt: skip
    for what, status, reason, response in bad:
        document = response.json()
        said = f"[yellow]{response.status_code} {escape(document['title'])}[/yellow]: {escape(document['detail'])}"
        story.console.print(f"   {what}\n     {said}", highlight=False)
        fits = response.status_code == status and reason in document["detail"].lower()
        story.expect(fits, f"{what} should be refused with {status} because of its {reason}")
    party = bad[2][3].json().get("party")
    story.expect(party == DSO, f"the refusal of the grant should name {DSO}, not {party}")
