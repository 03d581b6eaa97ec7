"""What is one organisation's own, or granted to it, another neither sees nor changes: every route by its policy.

A world in which ``aggregator`` has done everything that a provider can do; ``retailer`` then asks for the same, and
does the same. A new route on own or granted data fails until it has its line in ``REQUESTS``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from gridlingua.catalogue import Catalogue
from gridlingua.storage import Database
from gridlingua.web.services import VERSION, Settings, create_app, of_party

from .conftest import Adapter, Client, Clock, _handler, running
from .exchanges import examples
from .routes import Operation, operations
from .samples import acknowledge_all, answer, need, offer
from .settlement.conftest import Grid, at, baseline

PRIVATE = [one for one in operations() if one.service in of_party("dso") and one.policy.data in ("own", "granted")]
MARK = "AGG"
"""What everything of the aggregator's own has in its name."""
YEAR = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}
DAY = {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z"}
OFFER, SPARE = offer(f"{MARK}-O"), offer(f"{MARK}-O2", meterIds=["M2"], price=9, offer=1)
IDS = {"requestId": "N1", "offerId": f"{MARK}-O"}
ANSWERED = IDS | {"status": "Accepted", "startTime": OFFER["startTime"], "respondedAt": "2026-11-20T12:00:00Z"}
DISPUTED = IDS | {
    "version": 1, "decision": "Disputed", "reason": "the fuse was out", "acknowledgedBy": MARK,
    "acknowledgedAt": "2026-11-23T10:00:00Z",
}  # fmt: skip
SUSPENDED = {"requestId": "N1", "offerId": f"{MARK}-O2", "startTime": OFFER["startTime"], "endTime": OFFER["endTime"]}
METER = "21345678901234"

# What the aggregator does, in this order: query parameters, or a body. Paths are filled from the parameters in braces.
REQUESTS: dict[str, tuple[dict[str, str], Any]] = {
    "POST /Flexibility/Subscribe": ({}, {"subscriptionId": f"{MARK}-S", "channel": "REST", "callback": ...}),
    "GET /Flexibility/Subscribe": ({}, None),
    "POST /Flexibility/Subscribe/{subscriptionId}/secret": ({"subscriptionId": f"{MARK}-S"}, {}),
    "POST /Flexibility/Offers": ({}, [OFFER, SPARE]),
    "POST /Flexibility/OfferSuspension": ({}, [SUSPENDED | {"reason": "repairs"}]),
    "POST /Flexibility/ActivationResponse": ({}, [ANSWERED]),
    "POST /Flexibility/Baseline": ({}, [baseline("M1", 100)]),
    "GET /Flexibility/Settlement": ({}, None),
    "GET /Flexibility/Settlement/{requestId}/{offerId}": (IDS, None),
    "POST /Flexibility/DeliveryReport/Answer": ({}, [DISPUTED]),
    "GET /Data/Authorization": ({"endUser": "U-M1", **DAY}, None),
    "GET /Data/Metering": ({"type": "User", "id": "U-M1", "grant": f"{MARK}-G", "granularity": "1", **DAY}, None),
    "GET /Metering/Frame": ({"meterId": METER, "grant": f"{MARK}-H"}, None),
    "GET /GridObservability/GridZones": ({}, None),
    "POST /GridObservability/PostCode_Fault": ({}, ...),
    "POST /GridObservability/AbnormalVoltage": ({}, ...),
    "POST /Forecast/ActivePower": ({}, ...),
    "POST /Forecast/Baseline": ({}, ...),
    "POST /Forecast/Flexibility": ({}, ...),
    "DELETE /Flexibility/Subscribe": ({"subscriptionId": f"{MARK}-S", "withdrawnAt": "2026-11-20T12:00:00Z"}, None),
}  # fmt: skip
LAST = "DELETE /Flexibility/Subscribe"


def name_of(one: Operation) -> str:
    return f"{one.method} {one.path.removeprefix(VERSION)}"


def test_every_route_on_own_or_granted_data_is_tried_as_somebody_else() -> None:
    assert sorted(map(name_of, PRIVATE)) == sorted(REQUESTS)


class World:
    """A DSO with everything, and who asks it."""

    def __init__(self, client: Client, catalogue: Catalogue, callback: str) -> None:
        self.client = client
        self.callback = callback
        self.catalogue = catalogue

    def body(self, name: str) -> Any:
        """The body of a request: where it says nothing of others, the first example of its exchange."""
        body = REQUESTS[name][1]
        if isinstance(body, dict) and "callback" in body:
            return body | {"callback": self.callback}
        if body is not ...:
            return body
        (exchange,) = [one for one in self.catalogue.exchanges.values() if str(one.operation) == name]
        return next(iter(examples(self.catalogue, exchange.id).values()))["request"]

    def ask(self, organisation: str, name: str) -> Any:
        """Make a request as an organisation."""
        method, _, path = name.partition(" ")
        params = REQUESTS[name][0]
        query = {key: value for key, value in params.items() if f"{{{key}}}" not in path}
        caller, body = self.client.of(organisation), self.body(name)
        return (
            caller.request(method, path.format_map(params), params=query)
            if body is None
            else caller.post(path.format_map(params), body, method=method, params=query)
        )

    def views(self) -> dict[str, str]:
        """All that the aggregator can look at of its own."""
        looks = [name for name in REQUESTS if name.startswith("GET")]
        return {name: self.ask("aggregator", name).text for name in looks}


def replies(call: Any) -> Any:
    """What the aggregator says to what the DSO sends it."""
    if call.path != "/Flexibility/DeliveryReport":
        return acknowledge_all(call)
    said = {"decision": "Confirmed", "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-23T09:00:00Z"}
    return answer([{key: one[key] for key in ("requestId", "offerId")} | said for one in call.body])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[World]:
    adapter, clock = Adapter(answers=replies), Clock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(adapter))
    adapter.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield from played(catalogue, adapter, clock, tmp_path_factory)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def played(catalogue: Catalogue, adapter: Adapter, clock: Clock, folders: pytest.TempPathFactory) -> Iterator[World]:
    url = f"sqlite:///{folders.mktemp('world') / 'x.sqlite'}"
    app = create_app(Settings(tuple(of_party("dso")), url, adapter.url, "dso"), clock)
    with running(app) as client:
        world = World(client, catalogue, adapter.url)
        play(world, app.state.context.database, clock)
        yield world


def play(world: World, database: Database, clock: Clock) -> None:
    """Let the aggregator do everything, and the DSO what is needed for it."""
    dso, grid = world.client, Grid(database)

    def operate(path: str, body: Any, method: str = "POST") -> None:
        done = dso.post(f"/operator{path}", body, method=method)
        assert done.ok, f"{path}: {done.text}"

    for meter in ("M1", "M2", "M3", METER):
        grid.meter(meter)
    grid.read("M1", {"10:00": 500}, at("-24:00"))
    host = world.callback.removeprefix("http://")
    operate("/subscriptions/hosts", {"host": host, "reason": "a neighbour of this test"}, "PUT")
    operate("/flexibility/calendar", {"gates": "open"}, "PUT")
    operate("/flexibility/needs", [need()])
    kinds = ["metering", "consumption", "voltage", "cutoff_power", "injected_power"]
    for reference, user in ((f"{MARK}-G", "U-M1"), (f"{MARK}-H", f"U-{METER}")):
        grant = {"reference": reference, "user": user, "grantee": "aggregator", "kinds": kinds}
        operate("/data/grants", [grant | YEAR])
    frame = next(iter(examples(world.catalogue, "metering_platform/meter_frame").values()))["reply"]
    operate("/metering-platform/frames", [frame | {"meterId": METER}])
    zone = {"zoneId": "Z1", "postalCode": "4200-013", "countryCode": "PT", "hemsIds": [f"{MARK}-1"]}
    operate("/observability/zones", [zone | {"provider": "aggregator"}], "PUT")
    for name in REQUESTS:
        if name == "POST /Flexibility/ActivationResponse":
            operate("/flexibility/activation-plans", {"requestIds": ["N1"]})
        if name == "GET /Flexibility/Settlement":
            quarters = {f"{hour}:{minute:02}": 50_000 for hour in (10, 11, 12) for minute in (0, 15, 30, 45)}
            grid.read("M1", quarters)
            clock.now = at("14:00")
            operate("/settlement/reports", {"requestIds": ["N1"]})
            operate("/settlement/reports/sending", {"requestIds": ["N1"]})
            clock.now = at("-12:00")
        if name.startswith("POST /Forecast"):
            clock.now = at("14:00")  # what is forecast was made before it comes
        if name != LAST:
            done = world.ask("aggregator", name)
            assert done.ok, f"{name}: {done.text}"


OTHERS = [name for name in REQUESTS if name != LAST]


@pytest.mark.parametrize("name", [name for name in OTHERS if name.startswith("GET")])
def test_what_is_the_aggregators_the_retailer_does_not_see(world: World, name: str) -> None:
    mine, theirs = world.ask("aggregator", name), world.ask("retailer", name)
    assert mine.status_code == 200
    assert theirs.status_code in (200, 403, 404), theirs.text
    if theirs.status_code == 200:
        assert MARK not in theirs.text
        assert mine.text != theirs.text
    else:
        assert "measurement" not in theirs.text


@pytest.mark.parametrize("name", [name for name in OTHERS if name.startswith("POST")] + [LAST])
def test_what_the_retailer_does_with_the_same_words_changes_nothing_of_the_aggregators(world: World, name: str) -> None:
    before = world.views()
    done = world.ask("retailer", name)
    assert done.status_code < 500, done.text
    assert world.views() == before
