"""Both generations of vocabulary at once: who speaks one meets who speaks both, and a message arrives once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from gridlingua.adapter import Adapter, AdapterSettings
from gridlingua.adapter.twins import Twins
from gridlingua.catalogue import Catalogue, Exchange, load, request_rows, shipped
from gridlingua.engine import Interaction
from gridlingua.errors import GridlinguaError, MessageError, RemoteError
from gridlingua.semantics.mapping import Minter
from gridlingua.testing import loopback

BOTH = ("saref4", "interconnect")
OLD = ("interconnect",)
SHARED = [one for one in load(shipped()).exchanges.values() if set(BOTH) <= one.profiles.keys()]
CASES = [
    pytest.param(exchange, case.messages, id=f"{exchange.id} {case.name}")
    for exchange in SHARED
    for case in exchange.examples
    if len(str(case.messages)) < 10_000
]
DSO = "https://dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"


def alone(catalogue: Catalogue, exchange: Exchange) -> Catalogue:
    """The catalogue with one exchange: what else a party registers makes no difference here."""
    return Catalogue(catalogue.content, catalogue.vocabulary, {exchange.id: exchange})


def test_there_are_exchanges_that_both_generations_can_carry() -> None:
    assert len(SHARED) >= 12


@pytest.mark.parametrize("spoken", [(OLD, BOTH), (BOTH, OLD), (BOTH, BOTH)], ids=["old asks", "old answers", "both"])
@pytest.mark.parametrize(("exchange", "messages"), CASES)
def test_a_party_of_today_and_a_party_of_the_pilots_exchange_every_message(
    exchange: Exchange, messages: Any, spoken: Any, catalogue: Catalogue
) -> None:
    initiator, responder = spoken
    with loopback(
        exchange,
        catalogue,
        messages["reply"],
        initiator_profiles=initiator,
        responder_profiles=responder,
    ) as call:
        outcome = call(messages["request"])
        assert outcome.only().message == messages["reply"]
        assert outcome.only().verdict.conforms
        assert len(outcome.replies) == 1
        if exchange.kind == "post":
            assert len(call.service.calls) == 1, "a post in two profiles is one post"


@pytest.mark.parametrize("exchange", SHARED, ids=lambda one: one.id)
def test_shapes_judge_the_message_whichever_generation_carries_it(exchange: Exchange) -> None:
    minter = Minter(f"{AGGREGATOR}/")
    for case in exchange.rejects:
        if "reply" not in case.messages:
            with pytest.raises(MessageError) as refusal:
                request_rows(exchange, case.messages["request"], minter, "interconnect")
            assert str(refusal.value) == case.told


def test_who_speaks_one_generation_only_does_not_meet_who_speaks_the_other(catalogue: Catalogue) -> None:
    exchange = SHARED[0]
    (case, *_) = exchange.examples
    with loopback(exchange, catalogue, case.messages["reply"], responder_profiles=OLD, deadline=2) as call:
        (reply,) = call(case.messages["request"]).replies
        assert "is not on the network, or does not answer" in str(reply.error)
        assert f"{exchange.id} in the saref4 profile" in str(reply.error)


def test_a_post_made_again_in_one_generation_is_another_post(embedded: Any) -> None:
    catalogue = embedded.catalogue
    exchange = catalogue["flexibility/offers"]
    messages = exchange.examples[0].messages
    with loopback(exchange, catalogue, messages["reply"], initiator_profiles=OLD, responder_profiles=BOTH) as call:
        call(messages["request"])
        call(messages["request"])
        assert len(call.service.calls) == 2


def test_a_profile_that_nobody_has_heard_of_is_refused(embedded: Any) -> None:
    settings = AdapterSettings("dso", DSO, "DSO", profiles=("saref4", "interconect"))
    with (
        embedded.engine() as engine,
        pytest.raises(GridlinguaError, match="no exchange of dso has a profile 'intercon"),
    ):
        Adapter(embedded.catalogue, engine, settings)


def test_a_peers_megawatts_reach_the_service_as_kilowatts(embedded: Any) -> None:
    exchange = embedded.catalogue["flexibility/offers"]
    service = embedded.service(exchange.examples[0].messages["reply"][:1])
    embedded.adapter("dso", DSO, service=service, catalogue=alone(embedded.catalogue, exchange))
    profile = exchange.profiles["saref4"]
    peer = embedded.peer(AGGREGATOR, Interaction("offers", "post", profile.request, profile.result))
    message = [{**exchange.examples[0].messages["request"][0], "offer": 2, "measurementUnit": "MW"}]
    rows = request_rows(exchange, message, Minter(f"{AGGREGATOR}/")).rows
    wanted = set(profile.request.variables)
    result = peer.post(AGGREGATOR, "offers", [{name: row[name] for name in row if name in wanted} for row in rows])
    assert not result.failures
    (heard,) = service.calls
    assert [(one["offer"], one["measurementUnit"]) for one in heard.body] == [(2000, "kW")]


def test_twins_wait_for_each_other_and_share_what_failed() -> None:
    twins = Twins(60)
    going = threading.Event()
    calls: list[str] = []

    def slow() -> str:
        calls.append("called")
        assert going.wait(5)
        raise OSError("the service is down")

    said: list[str] = []

    def tell(profile: str) -> None:
        try:
            twins.once("the same", profile, 5, slow)
        except OSError as error:
            said.append(str(error))

    threads = [threading.Thread(target=tell, args=(profile,)) for profile in BOTH]
    for thread in threads:
        thread.start()
    going.set()
    for thread in threads:
        thread.join()
    assert (calls, said) == (["called"], ["the service is down"] * 2)


def test_a_post_that_is_made_again_has_a_reply_of_its_own() -> None:
    twins, calls = Twins(60), []

    def carried(profile: str) -> str:
        return twins.once("the same", profile, 5, lambda: calls.append(profile) or f"reply {len(calls)}")

    said = [carried(profile) for profile in ("interconnect", "saref4", "saref4", "interconnect")]
    assert said == ["reply 1", "reply 1", "reply 2", "reply 2"]


def test_a_twin_that_waits_too_long_is_told_that_the_service_is_late() -> None:
    twins, going = Twins(60), threading.Event()
    first = threading.Thread(target=lambda: twins.once("one", "saref4", 5, lambda: going.wait(5)))
    first.start()
    with pytest.raises(RemoteError, match="did not answer in time") as late:
        twins.once("one", "interconnect", 0.05, lambda: None)
    going.set()
    first.join()
    assert (late.value.status, late.value.retry) == (504, True)


def test_a_profile_that_is_named_twice_is_spoken_once() -> None:
    settings = AdapterSettings("dso", DSO, "DSO", profiles=("saref4", "saref4"))
    assert settings.spoken(SHARED[0]) == ["saref4"]


def test_a_pilots_peer_with_another_term_for_the_unit_gets_its_reply(embedded: Any) -> None:
    """Its argument says unit:KiloW: the service has what it means, and the reply is judged with it."""
    exchange = embedded.catalogue["flexibility/offers"]
    (case,) = (one for one in exchange.examples if one.name == "day_ahead")
    service = embedded.service(case.messages["reply"])
    settings = AdapterSettings("dso", DSO, "DSO", (), {"*": service.url}, profiles=OLD, lease=None)
    embedded.stack.enter_context(Adapter(alone(embedded.catalogue, exchange), embedded.engine(), settings))
    profile = exchange.profiles["interconnect"]
    peer = embedded.peer(AGGREGATOR, Interaction("offers", "post", profile.request, profile.result))
    rows = request_rows(exchange, case.messages["request"], Minter(f"{AGGREGATOR}/"), "interconnect").rows
    wanted = set(profile.request.variables)
    theirs = [
        {
            name: "<http://qudt.org/vocab/unit/KiloW>" if "kilowatt>" in row[name] else row[name]
            for name in row
            if name in wanted
        }
        for row in rows
    ]
    result = peer.post(AGGREGATOR, "offers", theirs)
    assert not result.failures
    assert len(service.calls) == 1
    assert result.rows


def test_a_peer_that_binds_the_unit_gets_the_quantities_in_it(embedded: Any) -> None:
    exchange = embedded.catalogue["flexibility/needs"]
    (case,) = (one for one in exchange.examples if one.name == "day_ahead")
    service = embedded.service(case.messages["reply"])
    embedded.adapter("dso", DSO, service=service, catalogue=alone(embedded.catalogue, exchange))
    peer = embedded.peer(AGGREGATOR, Interaction("needs", "ask", exchange.profiles["saref4"].request))
    (asked,) = request_rows(exchange, case.messages["request"], Minter(f"{AGGREGATOR}/")).rows
    names = exchange.request.fields
    unit = "<http://www.ontology-of-units-of-measure.org/resource/om-2/megawatt>"
    result = peer.ask(AGGREGATOR, "needs", [{**{name: asked[name] for name in names}, "unit": unit}])
    assert {(row["quantity"].partition("^")[0], row["unit"]) for row in result.rows} == {('"0.1"', unit)}


def test_a_reply_may_say_the_instant_of_the_request_in_another_zone(catalogue: Catalogue) -> None:
    exchange = catalogue["metering_platform/cutoff_power"]
    messages = exchange.examples[0].messages
    zone = timezone(timedelta(hours=5))
    elsewhere = [
        {**one, "timestamp": datetime.fromisoformat(one["timestamp"]).astimezone(zone).isoformat()}
        for one in messages["reply"]
    ]
    assert elsewhere != messages["reply"]
    with loopback(exchange, catalogue, elsewhere) as call:
        assert call(messages["request"]).only().message == messages["reply"]
