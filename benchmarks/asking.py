"""A whole ask, from one party's adapter to the other party's service and back.

A day of metering, 96 readings: two adapters, and behind the second a small real HTTP service with its answer at
hand. The baseline is calling that service directly. The engine is embedded in the process of both adapters, or a
process of its own on loopback with the KE REST API. The last table takes an embedded ask apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import requests

from benchmarks.readings import DAY, reply, request
from benchmarks.runtime import engine_process
from benchmarks.timing import Group, Plan, Timing
from gridlingua.adapter import Adapter, AdapterSettings, to_call
from gridlingua.catalogue import (
    JUDGED_PROFILE,
    Catalogue,
    load,
    reply_message,
    reply_rows,
    request_message,
    request_rows,
    shipped,
)
from gridlingua.engine import EmbeddedEngine, Engine, Network, RemoteEngine
from gridlingua.errors import RemoteError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.schema import read_json, write_json
from gridlingua.testing import Said, Service

EXCHANGE = "data_sharing/metering"
DSO, AGGREGATOR = "https://dso.example.org/kb", "https://aggregator.example.org/kb"
PATIENCE = 20.0
DIRECT = "the service called directly"


def measure(plan: Plan) -> Iterator[Group]:
    catalogue = load(shipped())
    with ExitStack() as stack:
        service = stack.enter_context(Service(Said(write_json(reply(DAY)))))
        network = stack.enter_context(_network())
        embedded = stack.enter_context(_asker(catalogue, service, lambda: EmbeddedEngine(network)))
        runtime = stack.enter_context(engine_process())
        remote = stack.enter_context(_asker(catalogue, service, lambda: RemoteEngine(runtime.url)))
        yield plan.compare(
            "A day of metering asked for",
            {
                DIRECT: lambda: _direct(catalogue, service),
                "over the embedded engine": embedded,
                "over the engine's REST API": remote,
            },
        )
        yield _apart(plan, {"the whole": embedded, **_steps(catalogue), DIRECT: lambda: _direct(catalogue, service)})


def _apart(plan: Plan, things: dict[str, Callable[[], Any]]) -> Group:
    """What an ask over the embedded engine is made of; what no part explains is the engine's."""
    group = plan.compare("An ask over the embedded engine, taken apart", things)
    whole, *parts = group.timings
    rest = max(whole.seconds - sum(one.seconds for one in parts), 0.0)
    group.timings.append(Timing("left over: the engine, threads (0: less than the noise)", rest, whole.runs))
    return group


def _steps(catalogue: Catalogue) -> dict[str, Callable[[], Any]]:
    """The adapters' own work: four translations, in each of which SHACL decides."""
    exchange = catalogue[EXCHANGE]
    aggregator, dso = Minter(f"{AGGREGATOR}/"), Minter(f"{DSO}/")
    asked = request_rows(exchange, request(DAY), aggregator).rows
    answered = reply_rows(exchange, reply(DAY), asked, JUDGED_PROFILE, dso).rows
    return {
        "asker: request → rows": lambda: request_rows(exchange, request(DAY), aggregator),
        "answerer: rows → request": lambda: request_message(exchange, asked, JUDGED_PROFILE, dso),
        "answerer: reply → rows": lambda: reply_rows(exchange, reply(DAY), asked, JUDGED_PROFILE, dso),
        "asker: rows → reply": lambda: reply_message(exchange, answered, asked, JUDGED_PROFILE, aggregator),
    }


def _direct(catalogue: Catalogue, service: Service) -> None:
    call = to_call(catalogue[EXCHANGE], request(DAY))
    response = requests.request(call.method, service.url + call.path, params=call.query, timeout=PATIENCE)
    if read_json(response.content) != reply(DAY):
        raise RuntimeError("the service answered something else")


@contextmanager
def _network() -> Iterator[Network]:
    network = Network()
    try:
        yield network
    finally:
        network.close()


@contextmanager
def _asker(catalogue: Catalogue, service: Service, engine: Callable[[], Engine]) -> Iterator[Callable[[], None]]:
    """Both adapters, each with an engine of its own, and the call that asks."""
    dso = AdapterSettings("dso", DSO, "DSO", (AGGREGATOR,), {"*": service.url}, deadline=PATIENCE)
    aggregator = AdapterSettings("service_provider", AGGREGATOR, "Aggregator", (DSO,), deadline=PATIENCE)
    with Adapter(catalogue, engine(), dso), Adapter(catalogue, engine(), aggregator) as asking:

        def ask() -> None:
            if asking.initiate(catalogue[EXCHANGE], request(DAY)).only().message != reply(DAY):
                raise RuntimeError("the ask brought something else")

        _until_it_works(ask)
        yield ask


def _until_it_works(ask: Callable[[], None]) -> None:
    """Registration at an engine elsewhere goes on in the background."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except RemoteError as error:
            if time.monotonic() > deadline or not error.retry:
                raise
            time.sleep(0.05)
