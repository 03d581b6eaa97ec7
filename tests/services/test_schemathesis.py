"""Whatever is sent to the services, they do not break down, and every answer is one that their own document tells of.

schemathesis makes calls from the document: right ones, and wrong in every way it knows. Most would fail at the first
word, an id that nobody has; so they get ids and times that mean something. They come from organisations that may make
the call, from those that may not, and from nobody. The same calls are made in every run.
"""

from __future__ import annotations

import socket
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import schemathesis
import simplejson
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.web.services import Settings, available, create_app

from .samples import need, offer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = {
    "dso": ("operator", "admin", "auditor", "portal", "adapter"),
    "dso-north": ("dso",),
    "aggregator-one": ("service_provider",),
    "researcher": ("third_party",),
    "analyst": ("data_service_provider",),
    "household": ("end_user",),
}
NOBODY = ""
EXAMPLES = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


def application(database: str) -> FastAPI:
    return create_app(Settings(tuple(available()), database, name="DSO North"), lambda: NOON)


def document() -> dict[str, Any]:
    """The document of all services in one app, whose database is of no use afterwards."""
    app = application("sqlite://")
    app.state.context.database.close()
    return app.openapi()


DOCUMENT = document()
schema = schemathesis.openapi.from_dict(DOCUMENT)


KNOWN = {
    ("user", "endUser", "id"): ("U1", "U2"),
    ("meterId", "meterIds", "eligibleClients"): ("M1", "M2"),
    ("requestId", "requestIds"): ("N1", "N2"),
    ("offerId",): ("O1", "O2"),
    ("grant",): ("G1", "G2"),
    ("zone", "zoneId", "gridZone"): ("Z1", "Z2"),
    ("organisation", "provider", "grantee"): ("aggregator-one", "researcher"),
    ("postalCode",): ("4000-123",),
    ("measurementUnit",): ("kW",),
}
CHOICES = {name: choices for names, choices in KNOWN.items() for name in names}
BEGINS = ("start", "startTime", "validFrom", "from", "since")
ENDS = ("end", "endTime", "validUntil", "until")
DAYS = ("2026-11-20T00:00:00Z", "2026-11-21T10:00:00Z", "2026-11-21T13:00:00Z", "2026-11-22T00:00:00Z")


class Running:
    """The services on a free port, and the API key of every organisation."""

    def __init__(self, app: FastAPI) -> None:
        self.keys = {NOBODY: "nobody"}
        with app.state.context.database.writing() as connection:
            for name, roles in ROLES.items():
                bases = (f"https://{name}.example.org/kb",) if roles[0] != "operator" else ()
                one = NewOrganisation(id=name, name=name, roles=roles, knowledge_bases=bases)
                organisations.put(connection, one, NOON)
                self.keys[name] = credentials.issue(connection, "key", name, NOON).key
        self.url = ""
        self.successes = Counter[str]()

    def furnish(self) -> None:
        """Give it something to be asked about."""
        points = [{"user": f"U{n}", "meterId": f"M{n}", "zone": f"Z{n}"} for n in (1, 2)]
        year = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}
        self.done("dso", "POST", "/operator/data/customers", points)
        granted = [{"reference": f"G{n}", "user": f"U{n}", "grantee": "aggregator-one"} | year for n in (1, 2)]
        self.done("dso", "POST", "/operator/data/grants", granted)
        self.done("dso", "PUT", "/operator/flexibility/calendar", {"gates": "open"})
        self.done("dso", "POST", "/operator/flexibility/needs", [need(), need("N2")])
        self.done("aggregator-one", "POST", "/Flexibility/Offers", [offer(), offer("O2")])

    def done(self, organisation: str, method: str, path: str, body: object) -> None:
        """What must succeed."""
        headers = {"X-API-Key": self.keys[organisation], "Content-Type": "application/json"}
        data = simplejson.dumps(body, use_decimal=True)
        response = requests.request(method, f"{self.url}/1.0{path}", data=data, headers=headers, timeout=10)
        assert response.ok, response.text


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    app = application(f"sqlite:///{tmp_path_factory.mktemp('schemathesis') / 'services.sqlite'}")
    running = Running(app)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.furnish()
        yield running
        server.should_exit = True
        thread.join()
    successful = [label for label, times in running.successes.items() if times]
    assert len(successful) > len(running.successes) / 3  # refusals alone would show little


def called(case: schemathesis.Case, running: Running, organisation: str) -> int:
    headers = {"X-API-Key": running.keys[organisation]} if organisation else {}
    response = case.call(base_url=running.url, headers=headers)
    reaches_out = "504" in case.operation.definition.raw["responses"]
    checks = CHECKS if reaches_out and response.status_code in (502, 503) else [not_a_server_error, *CHECKS]
    case.validate_response(response, checks=checks)
    return int(response.status_code)


def chosen(case: schemathesis.Case) -> str:
    """Who calls: one who may, or in one of four cases anybody."""
    access = case.operation.definition.raw.get("x-gridlingua-access", {"roles": []})
    number = zlib.crc32(repr((case.path, case.path_parameters, case.query, case.body)).encode())
    able = [name for name, roles in ROLES.items() if set(roles) & set(access["roles"])] or [NOBODY]
    everybody = [NOBODY, *ROLES]
    return able[number % len(able)] if number % 4 else everybody[number // 4 % len(everybody)]


def meant(value: object, name: str) -> object:
    """What was made, or in four of five cases something instead that means something there."""
    number = zlib.crc32(repr(value).encode())
    choices = CHOICES.get(name, ())
    choices = DAYS[:2] if name in BEGINS else DAYS[2:] if name in ENDS else choices
    return choices[number // 5 % len(choices)] if choices and number % 5 and isinstance(value, str) else value


def enriched(value: Any, name: str = "") -> Any:
    """A body, a query or the parameters of a path with ids and times that mean something."""
    if isinstance(value, dict):
        return {key: enriched(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [enriched(one, name) for one in value]
    return meant(value, name)


def make_sense(case: schemathesis.Case) -> None:
    case.query, case.body = enriched(case.query), enriched(case.body)
    if "/admin/" not in case.path:  # there, an id is an organisation's
        case.path_parameters = enriched(case.path_parameters)


@schema.parametrize()
@EXAMPLES
def test_every_answer_is_in_the_document(case: schemathesis.Case, running: Running) -> None:
    make_sense(case)
    running.successes[case.operation.label] += called(case, running, chosen(case)) < 300
