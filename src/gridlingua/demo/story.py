"""A day of the flexibility market, from consent to settlement: once over the network, once over REST."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import requests
from rich.console import Console

from gridlingua.demo import refusals, settlement
from gridlingua.demo.comparison import compare
from gridlingua.demo.network import Demonstration
from gridlingua.demo.setting import IDS
from gridlingua.demo.stage import SIDES, Side, Stage
from gridlingua.demo.town import Expected
from gridlingua.semantics.datatypes import Json

NEEDED = 300
"""W that the DSO lacks at the peak of tomorrow in each zone."""
PRICES = ((0.15, 0.08), (0.15, 0.11), (0.1, 0.11), (0.2, 0.19))
"""What the first meters of a zone can give in kW, and for how much in EUR/kWh."""
DAYS = 3
_YEARS = {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2099-01-01T00:00:00Z"}


def tell(demonstration: Demonstration, expected: Expected, console: Console) -> list[str]:
    """Play the demonstration; returns what was not as it should be."""
    stage = Stage(demonstration, expected, console)
    _subscribe(stage)
    grants = {side.party: _consent(stage, side) for side in SIDES}
    _metering(stage, grants)
    _needs(stage)
    _offers(stage)
    _plan(stage)
    settlement.play(stage)
    _withdraw(stage, grants)
    refusals.play(stage)
    console.print("\n[bold]Over the network and over REST, and in everybody's database[/bold]")
    for what, fault in compare(stage):
        if not fault:
            console.print(f"   [green]✓[/green] {what}", highlight=False)
        stage.expect(not fault, fault)
    return stage.failures


def portfolio(stage: Stage, side: Side) -> Sequence[str]:
    """The meters that an aggregator has contracts with."""
    return stage.expected.meters[side.zone][: len(PRICES)]


def user_of(meter: str) -> str:
    """The user of a meter."""
    return f"U{meter[1:]}"


def _subscribe(stage: Stage) -> None:
    contracts = [
        {"provider": side.organisation, "meterId": meter, **_YEARS}
        for side in SIDES
        for meter in portfolio(stage, side)
    ]
    stage.do("dso services", "PUT", "/operator/portfolios", body=contracts)
    stage.act("Aggregator One subscribes over the network, Aggregator Two to a callback with a signature")
    callback = stage.demonstration.rest("neighbour services")
    host = {"host": callback.split("/")[2], "reason": "a neighbour on this machine"}
    stage.do("dso services", "PUT", "/operator/subscriptions/hosts", body=host)
    for side in SIDES:
        channel = {"channel": "network"} if side.party == "aggregator" else {"channel": "REST", "callback": callback}
        wish = {"subscriptionId": "flex-2026", "dso": IDS["dso"], **channel}
        stage.exchange(side, "/subscriptions", wish, quiet=True)
    kept = stage.do("dso services", "GET", "/operator/subscriptions")
    stage.say("subscriptions", kept)
    stage.expect(kept is not None and len(kept) == len(SIDES), "not everybody is subscribed")


def _consent(stage: Stage, side: Side) -> str:
    """Ask a user and let the user decide on the page; returns the reference of the grant."""
    user = user_of(portfolio(stage, side)[0])
    stage.act(f"{side.way}: an aggregator asks to read the metering of {user}, who decides on a page")
    period = {"start": "2025-01-01T00:00:00Z", "end": "2099-01-01T00:00:00Z"}
    asked = stage.exchange(side, "/authorizations", {"endUser": user, **period})
    stage.say("asked", asked)
    query = {"user": user, "state": "requested"}
    records = stage.do("dso services", "GET", "/operator/consent/records", query=query) or [{"reference": "none"}]
    link = stage.do("dso services", "POST", f"/operator/consent/records/{records[0]['reference']}/link")
    if link is None:
        return ""
    _visit(stage, str(link["url"]), "give")
    given = stage.exchange(side, "/authorizations", {"endUser": user, **period}) or {}
    stage.say("asked again", given)
    stage.expect(given.get("status") == "Given", f"{user} has given the authorization, and it is {given.get('status')}")
    return str(given.get("grant", ""))


def _visit(stage: Stage, url: str, action: str) -> None:
    """Open a page as a browser does, and press a button."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(url, headers={"Accept-Language": "en"}, timeout=30)
        stage.expect(page.ok and 'value="give"' in page.text, f"the page of {url} answers {page.status_code}")
        decided = browser.post(url, {"action": action}, headers={"Accept-Language": "en"}, timeout=30)
        stage.expect(decided.ok, f"the decision at {url} answers {decided.status_code}")


def _metering(stage: Stage, grants: dict[str, str]) -> None:
    stage.act(f"Both read {DAYS} days of metering of their portfolio: one on that consent, the others on paper")
    setting = stage.demonstration.setting
    start, _ = setting.day(stage.today - timedelta(days=DAYS))
    end, _ = setting.day(stage.today)
    for side in SIDES:
        first, *others = map(user_of, portfolio(stage, side))
        paper = [{"reference": f"G-{user}", "user": user, "grantee": side.organisation, **_YEARS} for user in others]
        stage.do("dso services", "POST", "/operator/data/grants", body=paper)
        for user in (first, *others):
            grant = grants[side.party] if user == first else f"G-{user}"
            wish = {"user": user, "grant": grant, "granularity": 1, "start": start, "end": end}
            found = stage.exchange(side, "/metering", wish, quiet=user != first)
            if user == first and found:
                stage.say(f"{user}", found[0]["metering"])


def _needs(stage: Stage) -> None:
    stage.act("The DSO expects tomorrow's load above its limits, and its scheduler publishes the needs at 12:00")
    for side in SIDES:
        watts = stage.expected.of_zone(side.zone)
        load = {
            "zone": side.zone,
            "measurementUnit": "kW",
            "start": stage.window["startTime"],
            "load": [value / 1000 for value in watts],
            "limit": (max(watts) - NEEDED) / 1000,
            "meterIds": list(stage.expected.meters[side.zone]),
        }
        derived = stage.do("dso services", "POST", "/operator/flexibility/needs/derivation", body=load)
        stage.say(side.zone, derived)
    stage.set_clock(stage.today, "12:00")
    for side in SIDES:
        came = stage.await_("a need", partial(stage.do, side.services, "GET", "/operator/aggregator/needs"))
        stage.console.print(f"   {side.way:<16} {len(came)} needs came", highlight=False)


def _offers(stage: Stage) -> None:
    stage.act("Both offer from the same price list; whoever comes after 16:00 is refused")
    for side in SIDES:
        prices = [
            {"meterId": meter, "capacity": capacity, "measurementUnit": "kW", "price": price}
            for meter, (capacity, price) in zip(portfolio(stage, side), PRICES, strict=True)
        ]
        stage.do(side.services, "PUT", "/operator/aggregator/prices", body=prices)
        made = stage.exchange(side, "/offers", stage.window)
        if made:
            own = [one for one in made["offers"] if one["requestId"].startswith(side.zone)]
            stage.say("offers", own)
            stage.expect(bool(own) and not made["unacknowledged"], f"{side.way}: an offer was not acknowledged")
    stage.set_clock(stage.today, "16:01")
    for side in SIDES:
        refusals.late_offer(stage, side)


def _plan(stage: Stage) -> None:
    stage.act("The DSO's scheduler plans by merit order and sends the orders; both accept them")
    for side in SIDES:
        orders = stage.await_("a plan", partial(_orders, stage, side))
        stage.say(side.way, orders)
        said = stage.exchange(side, "/activation-responses", {"status": "Accepted"})
        stage.expect(bool(said) and all(one["acknowledged"] for one in said), "an answer was not acknowledged")
    stage.set_clock(stage.today, "17:46")
    for side in SIDES:
        offers = stage.do(side.services, "GET", "/operator/aggregator/offers") or []

        def decided(side: Side = side, many: int = len(offers)) -> Json:
            orders = _orders(stage, side)
            return orders if len(orders) >= many else []

        orders = stage.await_("the rest of the plan", decided)
        told = {"Yes": 0, "No": 0}
        for one in orders:
            told[one["activation"]] += 1
        stage.console.print(f"   {side.way:<16} {told['Yes']} offers ordered, {told['No']} declined", highlight=False)
        stage.expect(told["Yes"] > 0 and told["No"] > 0, f"{side.way}: the plan should order some and decline some")


def _orders(stage: Stage, side: Side) -> Json:
    return stage.do(side.services, "GET", "/operator/aggregator/activation-plans") or []


def _withdraw(stage: Stage, grants: dict[str, str]) -> None:
    stage.act("The users withdraw, and are read by nobody any more: at once, on the network too")
    for side in SIDES:
        user = user_of(portfolio(stage, side)[0])
        records = stage.do("dso services", "GET", "/operator/consent/records", query={"user": user}) or []
        for one in records:
            path = f"/operator/consent/records/{one['reference']}/withdrawal"
            stage.do("dso services", "POST", path, body={"cause": "the user pressed withdraw in the portal"})
        start, end = stage.demonstration.setting.day(date.fromordinal(stage.today.toordinal() - 1))
        wish = {"user": user, "grant": grants[side.party], "granularity": 1, "start": start, "end": end}
        refused = stage.call(side.services, "POST", "/operator/aggregator/metering", body=wish)
        refusals.show(stage, side.way, refused, 403, "withdrawn")
