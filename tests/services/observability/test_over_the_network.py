"""Observability over a real network: adapters on both sides, an engine between them, triples on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import requests

from gridlingua.adapter import Adapter, AdapterSettings
from gridlingua.engine import EmbeddedEngine, Network
from gridlingua.testing import Service
from gridlingua.web.adapter import create_app

from ...adapter.conftest import running
from ..conftest import Client
from ..exchanges import examples
from ..samples import content
from .conftest import AGGREGATOR

DSO, THIRD = "https://dso.example.org/kb", "https://third.example.org/kb"
ANSWERING = "https://dso.example.org/kb-that-answers"


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    """On SQLite alone: what the database does is tested elsewhere."""
    return f"sqlite:///{tmp_path / 'services.sqlite'}"


class Grid:
    """A DSO and its neighbours, each behind an adapter of its own."""

    def __init__(self, stack: ExitStack, catalogue: Any, services: Any) -> None:
        self._stack, self._catalogue = stack, catalogue
        self._network = stack.enter_context(closing(Network()))
        self.provider = stack.enter_context(Service([]))
        own = self._hosted(AdapterSettings("dso", DSO, "dso", (AGGREGATOR,), lease=None))
        self.dso: Client = services("observability", "flexibility", "forecast", "data_sharing", network=own)
        answering = {"*": f"{self.dso.url}/1.0"}
        self._joined(
            AdapterSettings("dso", ANSWERING, "dso", (), answering, lease=None, service_key=self.dso.keys["dso"])
        )
        watching = {"*": self.provider.url}
        self._joined(AdapterSettings("service_provider", AGGREGATOR, "aggregator", (), watching, lease=None))
        self.stranger = self._neighbour("service_provider", "https://stranger.example.org/kb")
        self.third = self._neighbour("third_party", THIRD)

    def _neighbour(self, party: str, knowledge_base: str) -> str:
        return self._hosted(AdapterSettings(party, knowledge_base, party, (ANSWERING,), lease=None))

    def _adapter(self, settings: AdapterSettings) -> Adapter:
        return Adapter(self._catalogue, EmbeddedEngine(self._network), settings)

    def _joined(self, settings: AdapterSettings) -> None:
        self._stack.enter_context(self._adapter(settings))

    def _hosted(self, settings: AdapterSettings) -> str:
        return self._stack.enter_context(running(create_app(self._adapter(settings))))


def call(method: str, url: str, **arguments: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=30, **arguments)


@pytest.fixture
def grid(catalogue: Any, services: Any) -> Iterator[Grid]:
    with ExitStack() as stack:
        yield Grid(stack, catalogue, services)


def test_what_is_to_be_watched_reaches_the_provider_and_its_decision_comes_back(grid: Grid, catalogue: Any) -> None:
    decided = examples(catalogue, "observability/monitoring_subscription")["accepted_in_leiden"]["reply"]
    said = {name: decided[name] for name in ("postalCode", "acknowledgedBy", "acknowledgedAt")}
    grid.provider.reply = lambda heard: said if "HEMS" in heard.path else decided
    wanted = {"postalCodes": ["2311 EZ"], "minNbrHemsFaulty": 3, "minTimeOfInterruption": 90, "unit": "seconds"}
    sent = grid.dso.post("/operator/observability/monitoring", wanted)
    assert sent.status_code == 200, sent.text
    assert [one["answers"][0].get("status") for one in sent.json()["settings"]] == [None, None, "Accepted"]
    assert [call.path.rpartition("/")[2] for call in grid.provider.calls][:2] == ["HEMS_Nbr", "HEMS_Elps_Time"]


def test_a_hems_is_asked_about_over_the_network(grid: Grid, catalogue: Any) -> None:
    messages = examples(catalogue, "observability/hems_voltage")["low_at_the_end_of_a_feeder"]
    grid.provider.reply = messages["reply"]
    asked = grid.dso.post(f"/operator/observability/hems/{messages['request']['hemsId']}/voltage")
    assert asked.status_code == 200, asked.text
    (known,) = content(asked)["known"]
    assert (known["voltage"], known["severity"], known["party"]) == (messages["reply"], "Minor", AGGREGATOR)


def test_who_is_unknown_to_the_dso_is_refused_and_who_is_known_is_told_opportunities(
    grid: Grid, points: Any, catalogue: Any
) -> None:
    fault = examples(catalogue, "observability/fault_notification")["one_feeder_in_gaia"]["request"]
    refused = call("POST", f"{grid.stranger}/GridObservability/PostCode_Fault", json=fault)
    assert refused.status_code in {401, 403}
    need = {
        "requestId": "N1",
        "needs": 20,
        "measurementUnit": "kW",
        "direction": "Down",
        "typePower": "Active",
        "startTime": "2026-11-22T18:00:00Z",
        "endTime": "2026-11-22T19:00:00Z",
        "eligibleClients": points("Z1", "4200-013", 10),
    }
    assert grid.dso.post("/operator/flexibility/needs", [need]).status_code == 201
    grid.dso.post("/operator/flexibility/needs/publication", {"requestIds": ["N1"]})
    asked = {"zipCodes": ["4200", "4250"]}
    found = call("GET", f"{grid.third}/GridObservability/opportunities", params=asked)
    assert found.status_code == 200, found.text
    assert [one["zipCode"] for one in found.json()] == ["4200-013"]
    assert found.json()[0]["opportunities"][0]["message"].startswith(
        "The number of EVs charging during 18h00 and 19h00"
    )
