"""Both parties speak every exchange from its folder alone, over either engine."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from gridlingua.adapter import Adapter, AdapterSettings, to_call
from gridlingua.catalogue import Catalogue, Exchange, load, shipped
from gridlingua.engine import EmbeddedEngine
from gridlingua.errors import GridlinguaError, MessageError, RemoteError
from gridlingua.testing import INITIATOR, RESPONDER, loopback

CASES = [
    pytest.param(exchange, case.messages, id=f"{exchange.id} {case.name}")
    for exchange in load(shipped()).exchanges.values()
    for case in exchange.examples
    if "reply" in case.messages
]
SHORTEST = [
    pytest.param(exchange, min(cases, key=lambda messages: len(str(messages))), id=exchange.id)
    for exchange in load(shipped()).exchanges.values()
    if (cases := [case.messages for case in exchange.examples if "reply" in case.messages])
]
REFUSED = [
    pytest.param(exchange, case, id=f"{exchange.id} {case.name}")
    for exchange in load(shipped()).exchanges.values()
    for case in exchange.rejects
]


def goes_there_and_back(exchange: Exchange, messages: Any, catalogue: Catalogue, engine: Any) -> None:
    with loopback(exchange, catalogue, messages["reply"], engine=engine) as call:
        outcome = call(messages["request"])
        assert outcome.only().message == messages["reply"]
        assert [reply.party for reply in outcome.replies] == [RESPONDER]
        assert outcome.sent.verdict.conforms
        assert outcome.only().verdict.conforms
        (heard,) = call.service.calls
        assert heard.method == exchange.operation.method
        call_of_it = to_call(exchange, messages["request"])
        assert (heard.path, sorted(heard.query)) == (unquote(call_of_it.path), sorted(call_of_it.query))
        assert heard.headers["Gridlingua-Requester"] == INITIATOR
        assert set(exchange.operation.constants.items()) <= set(heard.query)
        in_path = {name: messages["request"][name] for name in exchange.operation.parameters}
        assert heard.path == exchange.operation.path.format_map(in_path)
        if exchange.operation.method == "POST":
            rest = messages["request"]
            assert heard.body == ({k: v for k, v in rest.items() if k not in in_path} if in_path else rest)
        else:
            varying = [(name, value) for name, value in heard.query if name not in exchange.operation.constants]
            rest = {name: value for name, value in messages["request"].items() if name not in in_path}
            listed = [(name, one) for name, value in rest.items() for one in ([value], value)[isinstance(value, list)]]
            assert sorted(varying) == sorted((name, str(one)) for name, one in listed)


@pytest.mark.parametrize(("exchange", "messages"), CASES)
def test_an_example_goes_there_and_back(exchange: Exchange, messages: Any, catalogue: Catalogue, embedded: Any) -> None:
    goes_there_and_back(exchange, messages, catalogue, embedded.engine)


@pytest.mark.parametrize(("exchange", "messages"), SHORTEST)
def test_every_exchange_goes_over_http_as_well(
    exchange: Exchange, messages: Any, catalogue: Catalogue, served_network: Any
) -> None:
    goes_there_and_back(exchange, messages, catalogue, served_network.engine)


@pytest.mark.parametrize(("exchange", "case"), REFUSED)
def test_a_reject_is_refused_before_it_reaches_who_it_would_harm(
    exchange: Exchange, case: Any, catalogue: Catalogue
) -> None:
    with loopback(exchange, catalogue, case.messages.get("reply")) as call:
        if case.told.startswith(f"{exchange.id} reply"):
            with pytest.raises(RemoteError) as refusal:
                call(case.messages["request"]).only()
            assert (refusal.value.party, refusal.value.status) == (RESPONDER, 502)
            assert case.told in str(refusal.value)
        else:
            with pytest.raises(MessageError) as sender:
                call(case.messages["request"])
            assert str(sender.value) == case.told
            assert call.service.calls == []


def test_a_party_that_no_exchange_has_is_refused(catalogue: Catalogue) -> None:
    with (
        EmbeddedEngine() as engine,
        pytest.raises(GridlinguaError, match="no exchange has a party 'tso'; there are data_service_provider, dso"),
    ):
        Adapter(catalogue, engine, AdapterSettings("tso", "https://tso.example.org/kb", "TSO"))


def test_a_profile_that_an_exchange_has_not_is_refused(catalogue: Catalogue) -> None:
    settings = AdapterSettings("dso", "https://dso.example.org/kb", "DSO", profiles=("cim",))
    with (
        EmbeddedEngine() as engine,
        pytest.raises(GridlinguaError, match="no exchange of dso has a profile 'cim'; there are "),
    ):
        Adapter(catalogue, engine, settings)


def test_two_parties_that_call_a_thing_1_do_not_mean_the_same_thing() -> None:
    one = AdapterSettings("dso", "https://a.example.org/kb", "A").minter()
    other = AdapterSettings("dso", "https://b.example.org/kb/", "B").minter()
    based = AdapterSettings("dso", "https://b.example.org/kb", "B", resource_base="https://b.example.org/id#").minter()
    assert (one.own, other.own, based.own) == (
        "https://a.example.org/kb/",
        "https://b.example.org/kb/",
        "https://b.example.org/id#",
    )
