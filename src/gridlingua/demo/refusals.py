"""What is refused, and in which words: the same for who comes over the network and who comes over REST."""

from __future__ import annotations

import requests
from rich.markup import escape

from gridlingua.demo.setting import DSO
from gridlingua.demo.stage import Side, Stage
from gridlingua.semantics.datatypes import Json


def show(stage: Stage, what: str, response: requests.Response, status: int, reason: str) -> None:
    """Print a refusal, which must have that status and name that reason."""
    document = response.json()
    said = f"[yellow]{response.status_code} {escape(document['title'])}[/yellow]: {escape(document['detail'])}"
    stage.console.print(f"   {what:<16} {said}", highlight=False)
    fits = response.status_code == status and reason in document["detail"].lower()
    stage.expect(fits, f"{what} should be refused with {status} because of its {reason}")


def direct(stage: Stage) -> dict[str, str]:
    """What Aggregator Two shows the DSO's services."""
    return {"X-API-Key": stage.demonstration.keys.callers["neighbour"]}


def send(stage: Stage, side: Side, method: str, path: str, body: Json = None, **query: str) -> requests.Response:
    """Let an aggregator send something itself: through its adapter, or to the DSO's REST interface."""
    if side.party == "aggregator":
        return stage.call("aggregator adapter", method, path, body=body, query=query)
    return stage.call("dso services", method, path, body=body, query=query, headers=direct(stage))


def late_offer(stage: Stage, side: Side) -> None:
    """One more offer after the gate."""
    offers = stage.do(side.services, "GET", "/operator/aggregator/offers") or [{}]
    fields = ("requestId", "offer", "measurementUnit", "price", "startTime", "endTime", "meterIds")
    offer = {name: offers[0][name] for name in fields if name in offers[0]} | {"offerId": "O-late"}
    show(stage, side.way, send(stage, side, "POST", "/Flexibility/Offers", [offer]), 409, "16:00")


def play(stage: Stage) -> None:
    """Three bad messages through the aggregator's adapter, and one from nobody."""
    stage.act("Four bad messages: three through the aggregator's adapter, one from nobody")
    offer = {
        "requestId": "R-1",
        "offerId": "O-1",
        "offer": 5,
        "measurementUnit": "kWh",
        "price": 0.1,
        **stage.window,
        "meterIds": ["M000007"],
    }
    swapped = {"startTime": stage.window["endTime"], "endTime": stage.window["startTime"]}
    start, end = stage.demonstration.setting.day(stage.demonstration.setting.yesterday)
    user = "U000004"
    period = {"start": start, "end": end}
    metering = {"type": "User", "id": user, "grant": f"G-{user}", "granularity": "1", **period}
    adapter = "aggregator adapter"
    show(stage, "in kWh", stage.call(adapter, "POST", "/Flexibility/Offers", body=[offer]), 422, "unit")
    show(
        stage, "ends too early", stage.call(adapter, "GET", "/Flexibility/Needs", query=swapped), 422, "after the start"
    )
    foreign = stage.call(adapter, "GET", "/Data/Metering", query=metering)
    show(stage, "foreign grant", foreign, 403, "grant")
    party = foreign.json().get("party")
    stage.expect(party == DSO, f"the refusal of the grant should name {DSO}, not {party}")
    nobody = stage.call("dso services", "GET", "/Flexibility/Needs", query=stage.window, headers={})
    show(stage, "from nobody", nobody, 401, "who you are")
