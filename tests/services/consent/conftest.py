"""A DSO with the consent service, and what its users and staff do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from gridlingua.storage import Database

QUESTION = {"endUser": "U1", "start": "2026-11-01T00:00:00Z", "end": "2027-11-01T00:00:00Z"}
PURPOSE = {
    "organisation": "aggregator",
    "purpose": "Flexibility offers: we find out when your heat pump can pause.",
    "retentionDays": 90,
    "kinds": ["metering"],
}


def grant(reference: str = "G1", **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "user": "U1",
        "grantee": "aggregator",
        "validFrom": "2026-11-01T00:00:00Z",
        "validUntil": "2026-12-01T00:00:00Z",
        "kinds": ["metering"],
    } | changes


@dataclass
class Desk:
    """The DSO's consent service, as its staff, organisations and users reach it."""

    client: Any
    database: Database

    def ask(self, organisation: str = "aggregator", **changes: str) -> Any:
        return self.client.of(organisation).get("/Data/Authorization", params=QUESTION | changes)

    def asked(self, organisation: str = "aggregator", **changes: str) -> str:
        """Ask, and return the reference of the consent."""
        found = self.ask(organisation, **changes)
        assert found.json()["status"] == "Requested", found.text
        return str(self.records(organisation=organisation)[-1]["reference"])

    def records(self, **filters: str) -> Any:
        return self.client.get("/operator/consent/records", params=filters).json()

    def record(self, reference: str) -> Any:
        return self.client.get(f"/operator/consent/records/{reference}").json()

    def act(self, reference: str, what: str, **content: Any) -> Any:
        return self.client.post(f"/operator/consent/records/{reference}/{what}", content)

    def link(self, reference: str) -> str:
        """The path of the page that a new link of the consent opens."""
        made = self.act(reference, "link")
        assert made.status_code == 201, made.text
        return urlsplit(made.json()["url"]).path

    def visit(self, path: str, language: str = "en") -> Any:
        return self.client.of("").get(path, headers={"Accept-Language": language})

    def press(self, path: str, action: str, *kinds: str) -> Any:
        """Press a button of the page, as a browser does."""
        form = [("action", action), *(("kinds", kind) for kind in kinds)]
        return self.client.of("").request("POST", path, data=form, headers={"Accept-Language": "en"})

    def given(self, **changes: str) -> tuple[str, str]:
        """A consent that its user gave on the page: its reference, and the path of the page to withdraw it."""
        reference = self.asked(**changes)
        done = self.press(self.link(reference), "give")
        assert done.status_code == 303, done.text
        return reference, done.headers["Location"]

    def purpose(self, **changes: Any) -> None:
        put = self.client.post("/operator/consent/purposes", PURPOSE | changes, method="PUT")
        assert put.status_code == 200, put.text


@pytest.fixture
def desk(services: Any, database: Database) -> Desk:
    return Desk(services("consent"), database)
