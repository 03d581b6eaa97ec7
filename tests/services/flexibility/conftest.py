"""A DSO with one need, and short ways to say what its service providers send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ..samples import acknowledge_all, offer
from ..subscriptions.conftest import called_back, here, receiver, subscriptions  # noqa: F401 - fixtures

CALENDAR = "/operator/flexibility/calendar"
PLANS = "/operator/flexibility/activation-plans"
OFFERS = "/operator/flexibility/offers"
IDS = {"requestId": "N1", "offerId": "O1"}


@dataclass(frozen=True)
class Market:
    """The DSO's services as the control room and as the aggregator see them."""

    dso: Any
    aggregator: Any

    def offer(self, name: str = "O1", **changes: Any) -> Any:
        return self.aggregator.post("/Flexibility/Offers", [offer(name, **changes)])

    def plan(self, **more: Any) -> Any:
        return self.dso.post(PLANS, {"requestIds": ["N1"]} | more)

    def suspend(self, start: str = "2026-11-21T10:00:00Z", end: str = "2026-11-21T11:00:00Z", **changes: Any) -> Any:
        said = IDS | {"startTime": start, "endTime": end, "reason": "The gateway is being updated."} | changes
        return self.aggregator.post("/Flexibility/OfferSuspension", [said])

    def answer(self, status: str, name: str = "O1", **changes: Any) -> Any:
        said = {"requestId": "N1", "offerId": name, "status": status, "startTime": "2026-11-21T10:00:00Z"}
        said |= {"respondedAt": "2026-11-20T12:00:00Z", "reason": "Two batteries are in maintenance."}
        return self.aggregator.post("/Flexibility/ActivationResponse", [said | changes])

    def set(self, **calendar: Any) -> None:
        assert self.dso.post(CALENDAR, calendar, method="PUT").status_code == 200

    def offers(self) -> dict[str, str]:
        return {one["offerId"]: one["state"] for one in self.dso.get(OFFERS).json()}

    def activations(self) -> dict[str, str | None]:
        return {one["offerId"]: one["state"] for one in self.dso.get(PLANS).json()}

    def history(self, kind: str = "offers", name: str = "O1") -> list[tuple[str, str, str]]:
        """State, time and actor of every transition."""
        found = self.dso.get(f"/operator/flexibility/{kind}/states", params={"requestId": "N1"}).json()
        (one,) = [one for one in found if one["offerId"] == name]
        assert one["history"][-1]["state"] == one["state"]
        return [(each["state"], each["at"], each["actor"]) for each in one["history"]]


@pytest.fixture
def market(with_need: Any, adapter: Any) -> Market:
    """A DSO with the need N1, of 100 kW on 2026-11-21 from 10:00 to 13:00 UTC, and an aggregator that acknowledges."""
    adapter.answers = acknowledge_all
    return Market(with_need, with_need.of("aggregator"))
