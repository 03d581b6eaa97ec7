"""What fails is told at the caller, within the deadline, naming the party: never an empty list."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import requests

from gridlingua.adapter import Adapter
from gridlingua.catalogue import Catalogue, Exchange
from gridlingua.engine import EmbeddedEngine, Interaction, Network
from gridlingua.errors import RemoteError
from gridlingua.testing import Said, Service, problem

DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"


@pytest.fixture
def needs(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs"]


def example(exchange: Exchange, part: str = "request") -> Any:
    return exchange.examples[0].messages[part]


def failed(adapter: Any, exchange: Exchange) -> RemoteError:
    """The error that an initiated exchange ends with."""
    with pytest.raises(RemoteError) as failure:
        adapter.initiate(exchange, example(exchange)).only()
    return failure.value


def answering(exchange: Exchange) -> Interaction:
    name = exchange.interaction_name("saref4")
    profile = exchange.profiles["saref4"]
    if exchange.kind == "ask":
        return Interaction(name, "answer", profile.request)
    return Interaction(name, "react", profile.request, profile.result)


@pytest.mark.parametrize(
    ("reply", "status", "told"),
    [
        (problem(403, "the grant is not yours"), 403, "the grant is not yours"),
        (problem(404, "no such user"), 404, "no such user"),
        (Said('{"title": "Too many"}', 429), 429, "Too many"),
        (Said("<h1>No</h1>", 400, "text/html"), 400, "Bad Request"),
        (Said("boom", 500, "text/plain"), 502, "the flexibility service failed with status 500"),
        (Said("", 302, headers={"Location": "http://127.0.0.1:9/"}), 502, "failed with status 302"),
        (Said("<html>", 200, "text/html"), 502, "the flexibility service answered nonsense: not JSON"),
        (Said("[NaN]"), 502, "answered nonsense: not JSON: NaN is no number"),
        (Said("", 204), 502, "answered nonsense: not JSON"),
        ({"needs": []}, 502, "replied what may not be sent: flexibility/needs reply: /: "),
        (None, 502, "replied what may not be sent"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_wrong_with_a_service_is_told_at_the_caller(
    reply: Any, status: int, told: str, needs: Exchange, embedded: Any
) -> None:
    embedded.adapter("dso", DSO, service=embedded.service(reply))
    error = failed(embedded.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert told in str(error)
    assert DSO in str(error)
    assert (error.party, error.status) == (DSO, status)


def test_a_refusal_reaches_the_caller_over_either_engine(needs: Exchange, meeting: Any) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(problem(403, "the grant is not yours")))
    error = failed(meeting.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert (error.party, error.status, error.retry) == (DSO, 403, False)
    assert "the grant is not yours" in str(error)


def test_a_reply_that_shacl_refuses_is_not_sent(needs: Exchange, embedded: Any) -> None:
    reply = [{**example(needs, "reply")[0], "measurementUnit": "kWh"}]
    embedded.adapter("dso", DSO, service=embedded.service(reply))
    error = failed(embedded.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert "The unit must be one of power" in str(error)
    assert error.status == 502


def test_a_service_that_is_down_is_told_apart_from_one_that_refuses(needs: Exchange, embedded: Any) -> None:
    service = embedded.service([])
    embedded.adapter("dso", DSO, service=service)
    service.close()
    error = failed(embedded.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert "the flexibility service cannot be reached" in str(error)
    assert (error.party, error.status, error.retry) == (DSO, 503, True)


def test_a_service_on_this_machine_is_not_looked_for_behind_a_proxy(
    needs: Exchange, embedded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    embedded.adapter("dso", DSO, service=embedded.service(example(needs, "reply")))
    outcome = embedded.adapter("service_provider", AGGREGATOR, DSO).initiate(needs, example(needs))
    assert outcome.only().message == example(needs, "reply")


def test_a_service_that_nobody_configured_is_said_so(needs: Exchange, embedded: Any) -> None:
    embedded.adapter("dso", DSO)
    error = failed(embedded.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert "no flexibility service is configured here" in str(error)
    assert error.status == 503


def test_a_service_beyond_the_deadline_is_a_timeout(needs: Exchange, meeting: Any) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(Said("[]", delay=3)))
    adapter = meeting.adapter("service_provider", AGGREGATOR, DSO, deadline=0.6)
    started = time.monotonic()
    error = failed(adapter, needs)
    assert time.monotonic() - started < 2
    assert (error.party, error.status, error.retry) == (DSO, 504, True)


def test_nobody_there_is_no_empty_list(needs: Exchange, meeting: Any) -> None:
    error = failed(meeting.adapter("service_provider", AGGREGATOR), needs)
    assert "nobody answers flexibility/needs in the saref4 profile" in str(error)
    assert (error.status, error.retry) == (503, True)


def test_a_configured_responder_that_is_not_there_is_named(needs: Exchange, meeting: Any) -> None:
    error = failed(meeting.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert f"{DSO} is not on the network, or does not answer flexibility/needs" in str(error)
    assert (error.party, error.status) == (DSO, 503)


@pytest.mark.parametrize("exchange_id", ["flexibility/offers", "flexibility/needs"])
def test_a_responder_that_leaves_while_we_wait_is_told_at_once(exchange_id: str, meeting: Any) -> None:
    exchange = meeting.catalogue[exchange_id]
    arrived, leave = threading.Event(), threading.Event()

    def never(_: Any) -> Any:
        arrived.set()
        leave.wait(10)
        return []

    peer = meeting.peer(DSO, answering(exchange), handler=never)
    adapter = meeting.adapter("service_provider", AGGREGATOR, DSO)
    killer = threading.Thread(target=lambda: (arrived.wait(10), threading.Timer(0.2, leave.set).start(), peer.close()))
    killer.start()
    error = failed(adapter, exchange)
    killer.join()
    assert (error.party, error.status) == (DSO, 503)
    assert DSO in str(error)


def test_a_responder_that_falls_silent_is_a_timeout(needs: Exchange, meeting: Any) -> None:
    meeting.peer(DSO, answering(needs))
    adapter = meeting.adapter("service_provider", AGGREGATOR, DSO, deadline=0.6)
    started = time.monotonic()
    error = failed(adapter, needs)
    assert time.monotonic() - started < 2
    assert (error.party, error.status) == (DSO, 504)


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (lambda _: [{"need": "<https://e/1>"}], "the answer is not one"),
        (lambda _: [{"nonsense": '"x"'}], "the answer is not one"),
        (lambda _: [{"need": "no term"}], "the answer is not one"),
        (lambda _: "nonsense", ""),
        (lambda _: 1 / 0, "division by zero"),
        (
            lambda request: [{**dict.fromkeys(request.interaction.pattern.variables, '"x"'), **request.rows[0]}],
            "is refused",
        ),
        (lambda request: [dict.fromkeys(request.interaction.pattern.variables, '"x"')], "the answer is not one"),
    ],
    ids=["half a row", "other variables", "no terms", "no rows", "a crash", "texts for everything", "something else"],
)
def test_a_responder_that_answers_garbage_is_told_with_its_name(
    handler: Any, told: str, needs: Exchange, meeting: Any
) -> None:
    meeting.peer(DSO, answering(needs), handler=handler)
    error = failed(meeting.adapter("service_provider", AGGREGATOR, DSO), needs)
    assert told in str(error)
    assert DSO in str(error)
    assert error.party == DSO
    assert error.status >= 500


def test_an_acknowledgement_of_something_else_is_refused(meeting: Any) -> None:
    offers = meeting.catalogue["flexibility/offers"]
    reply = {
        "acknowledgement": "<https://e/a>",
        "offer": "<https://e/o>",
        "acknowledger": "<https://e/d>",
        "request": "<https://e/r>",
        "offerId": '"99"',
        "requestId": '"99"',
        "acknowledgedBy": '"DSO"',
        "acknowledgedAt": '"2026-11-20T15:30:01Z"^^<http://www.w3.org/2001/XMLSchema#dateTimeStamp>',
    }
    meeting.peer(DSO, answering(offers), handler=lambda _: [reply])
    error = failed(meeting.adapter("service_provider", AGGREGATOR, DSO), offers)
    assert error.party == DSO
    assert error.status >= 500
    assert '"99"' in str(error)


def test_no_acknowledgement_at_all_is_no_success(meeting: Any) -> None:
    offers = meeting.catalogue["flexibility/offers"]
    meeting.peer(DSO, answering(offers), handler=lambda _: [])
    error = failed(meeting.adapter("service_provider", AGGREGATOR, DSO), offers)
    assert "at least 1 element needed" in str(error)
    assert (error.party, error.status) == (DSO, 502)


def test_an_engine_that_is_gone_is_told(needs: Exchange, catalogue: Catalogue, embedded: Any) -> None:
    network = Network()
    adapter = Adapter(catalogue, EmbeddedEngine(network), embedded.settings("service_provider", AGGREGATOR, DSO))
    with adapter:
        network.close()
        error = failed(adapter, needs)
        assert error.status in (410, 503)


def test_a_message_may_be_sent_again_once_the_service_is_back(needs: Exchange, embedded: Any) -> None:
    service = embedded.service(Said("boom", 500))
    embedded.adapter("dso", DSO, service=service)
    adapter = embedded.adapter("service_provider", AGGREGATOR, DSO)
    assert failed(adapter, needs).status == 502
    service.reply = example(needs, "reply")
    assert adapter.initiate(needs, example(needs)).only().message == example(needs, "reply")


def test_a_service_for_tests_hears_and_answers_by_function(http: requests.Session) -> None:
    with Service(lambda heard: {"path": heard.path}) as service:
        assert http.get(f"{service.url}/a%20b?x=1", timeout=5).json() == {"path": "/a b"}
        assert service.calls[0].query == [("x", "1")]
