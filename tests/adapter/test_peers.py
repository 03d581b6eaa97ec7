"""Peers that do not use gridlingua, and several responders at once."""

from __future__ import annotations

import logging
import re
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gridlingua.adapter.attribution import by_responder
from gridlingua.catalogue import Catalogue, Exchange, reply_rows
from gridlingua.engine import Exchange as Contact
from gridlingua.engine import Interaction, Request, Result
from gridlingua.errors import RemoteError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows
from gridlingua.testing import loopback, problem

DSO = "https://dso.example.org/kb"
OTHER_DSO = "https://other-dso.example.org/kb"
AGGREGATOR = "https://aggregator.example.org/kb"
PEER = "https://peer.example.org/kb"


@pytest.fixture
def needs(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs"]


@pytest.fixture
def offers(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/offers"]


def example(exchange: Exchange, part: str = "request") -> Any:
    return exchange.examples[0].messages[part]


def renamed(pattern: Pattern) -> Pattern:
    """The pattern in a peer's own variable names, its triples in another order."""
    return Pattern(tuple(tuple(re.sub(r"^\?", "?their", node) for node in triple) for triple in pattern.triples[::-1]))  # type: ignore[misc]


def theirs(rows: Rows) -> Rows:
    return [{f"their{name}": term for name, term in row.items()} for row in rows]


def ours(rows: Rows) -> Rows:
    return [{name.removeprefix("their"): term for name, term in row.items()} for row in rows]


def window(exchange: Exchange) -> dict[str, str]:
    request = example(exchange)
    stamp = exchange.request.fields["from"].converter
    return {"theirfrom": stamp.write(request["startTime"]), "theirto": stamp.write(request["endTime"])}


def elsewhere(term: str) -> str:
    """A time as a clock two hours further east shows it."""
    lexical, _, datatype = term[1:].partition('"')
    east = datetime.fromisoformat(lexical).astimezone(timezone(timedelta(hours=2)))
    return f'"{east.isoformat()}"{datatype}'


def asking(exchange: Exchange) -> Interaction:
    return Interaction("needs", "ask", renamed(exchange.profiles["saref4"].request))


def answering(exchange: Exchange) -> Interaction:
    profile = exchange.profiles["saref4"]
    if exchange.kind == "ask":
        return Interaction("mine", "answer", renamed(profile.request))
    assert profile.result
    return Interaction("mine", "react", renamed(profile.request), renamed(profile.result))


def speaking(exchange: Exchange, reply: Any, base: str) -> Any:
    """A handler as a peer might write it: rows over its own pattern, with nodes of its own."""

    def handle(request: Request) -> Rows:
        minter = Minter(base)
        rows = ours(request.rows)
        if exchange.kind == "ask":
            own = {name: minter.node(exchange.id, node, "/q", {}) for name, node in exchange.request.nodes.items()}
            rows = [{**own, **row} for row in rows]
        return theirs(reply_rows(exchange, reply, rows, "saref4", minter).rows)

    return handle


def test_a_peer_asks_in_its_own_names_and_without_nodes(needs: Exchange, meeting: Any) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(example(needs, "reply")))
    peer = meeting.peer(PEER, asking(needs))
    result = peer.ask(PEER, "needs", [window(needs)])
    assert not result.failures
    assert {row["theirrequestId"] for row in result.rows} == {
        f'"{one["requestId"]}"' for one in example(needs, "reply")
    }
    assert len(result.rows) == 3
    assert all(row["theirfrom"] == window(needs)["theirfrom"] for row in result.rows)


def test_what_a_peer_binds_beyond_the_request_restricts_the_answer(needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    result = peer.ask(PEER, "needs", [{**window(needs), "theirmeterId": '"PT0002000000000003"'}])
    assert [row["theirrequestId"][1:4] for row in result.rows] == ["223"]
    assert service.calls[0].query == [(name, value) for name, value in example(needs).items()]


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("theirquantity", '"100.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("theirstart", '"2026-11-21T11:00:00+01:00"^^<http://www.w3.org/2001/XMLSchema#dateTimeStamp>'),
    ],
)
def test_a_restriction_counts_by_value_and_comes_back_as_the_peer_wrote_it(
    name: str, spelt: str, needs: Exchange, meeting: Any
) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(example(needs, "reply")))
    result = meeting.peer(PEER, asking(needs)).ask(PEER, "needs", [{**window(needs), name: spelt}])
    assert [row[name] for row in result.rows] == [spelt, spelt]


def test_two_windows_of_one_ask_are_two_calls_of_the_service(needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    later = window(needs) | {"theirto": needs.request.fields["to"].converter.write("2026-11-23T00:00:00Z")}
    result = peer.ask(PEER, "needs", [window(needs), later])
    assert len(service.calls) == 2
    assert {row["theirto"] for row in result.rows} == {window(needs)["theirto"], later["theirto"]}


def test_of_several_windows_those_that_are_none_are_left_out(needs: Exchange, meeting: Any) -> None:
    """A network that joins takes one variable for another (contract 4.4): no peer wrote such a row."""
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    backwards = {"theirfrom": window(needs)["theirto"], "theirto": window(needs)["theirfrom"]}
    result = peer.ask(PEER, "needs", [backwards, window(needs)])
    assert result.failures == ()
    assert len(service.calls) == 1
    assert {row["theirto"] for row in result.rows} == {window(needs)["theirto"]}


def test_a_window_that_is_left_out_leaves_a_trace(
    needs: Exchange, meeting: Any, caplog: pytest.LogCaptureFixture
) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(example(needs, "reply")))
    peer = meeting.peer(PEER, asking(needs))
    backwards = {"theirfrom": window(needs)["theirto"], "theirto": window(needs)["theirfrom"]}
    with caplog.at_level(logging.INFO, "gridlingua.adapter"):
        peer.ask(PEER, "needs", [backwards, window(needs)])
    (said,) = [one for one in caplog.messages if "left out" in one]
    assert said.startswith(f"flexibility/needs: a row of {PEER} is left out: flexibility/needs request: /endTime")


def test_rows_that_mean_the_same_window_are_one_call_of_the_service(needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    respelt = {name: elsewhere(term) for name, term in window(needs).items()}
    asked = [window(needs), respelt, {**window(needs), "theirmeterId": '"PT0002000000000003"'}]
    result = meeting.peer(PEER, asking(needs)).ask(PEER, "needs", asked)
    assert not result.failures
    assert [call.query for call in service.calls] == [list(example(needs).items())]
    told = {(row["theirfrom"], row["theirrequestId"]) for row in result.rows}
    ids = {f'"{one["requestId"]}"' for one in example(needs, "reply")}
    assert told == {(start, one) for start in (asked[0]["theirfrom"], respelt["theirfrom"]) for one in ids}


@pytest.mark.parametrize("rows", [[], [{}], "half"])
def test_a_peer_that_leaves_the_window_open_is_refused_in_words(rows: Any, needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    half = [{"theirfrom": window(needs)["theirfrom"]}]
    result = peer.ask(PEER, "needs", half if rows == "half" else rows)
    (failure,) = result.failures
    error = failure.error()
    assert error is not None
    assert error.status == 422
    assert ("bind to:" if rows == "half" else "bind from and to:") in str(error)
    assert service.calls == []
    assert result.rows == []


def test_an_ask_of_more_questions_than_a_service_can_bear_is_refused(needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    asked = [{**window(needs), "theirmeterId": f'"M{number}"'} for number in range(101)]
    (failure,) = peer.ask(PEER, "needs", asked).failures
    assert "422 Unprocessable Content" in failure.message
    assert "101 questions in one ask; at most 100 are answered" in failure.message
    assert service.calls == []


def test_a_bad_request_of_a_peer_never_reaches_the_service(needs: Exchange, meeting: Any) -> None:
    service = meeting.service(example(needs, "reply"))
    meeting.adapter("dso", DSO, service=service)
    peer = meeting.peer(PEER, asking(needs))
    backwards = {"theirfrom": window(needs)["theirto"], "theirto": window(needs)["theirfrom"]}
    (failure,) = peer.ask(PEER, "needs", [backwards]).failures
    assert "422 Unprocessable Content: flexibility/needs request: /endTime" in failure.message
    assert service.calls == []


@pytest.mark.parametrize("exchange_id", ["flexibility/needs", "flexibility/offers"])
def test_a_peer_answers_in_its_own_names_with_nodes_of_its_own(exchange_id: str, meeting: Any) -> None:
    exchange = meeting.catalogue[exchange_id]
    reply = example(exchange, "reply")
    meeting.peer(PEER, answering(exchange), handler=speaking(exchange, reply, f"{PEER}/things/"))
    adapter = meeting.adapter("service_provider", AGGREGATOR, PEER)
    assert adapter.initiate(exchange, example(exchange)).only().message == reply


@pytest.mark.parametrize("exchange_id", ["flexibility/needs", "flexibility/offers"])
def test_what_several_responders_reply_stays_apart(exchange_id: str, meeting: Any) -> None:
    exchange = meeting.catalogue[exchange_id]
    full = example(exchange, "reply")
    mine = full if exchange.kind == "ask" else [{**one, "acknowledgedBy": "Peer"} for one in full]
    meeting.adapter("dso", DSO, service=meeting.service(full[:1] if exchange.kind == "ask" else full))
    meeting.peer(PEER, answering(exchange), handler=speaking(exchange, mine[1:] or mine, f"{PEER}/"))
    outcome = meeting.adapter("service_provider", AGGREGATOR, DSO, PEER).initiate(exchange, example(exchange))
    told = {reply.party: reply.translation.message for reply in outcome.replies if reply.translation}
    assert told == {DSO: full[:1] if exchange.kind == "ask" else full, PEER: mine[1:] or mine}


def test_everybody_who_answers_is_asked_when_no_responder_is_configured(needs: Exchange, meeting: Any) -> None:
    for party in (DSO, OTHER_DSO):
        meeting.adapter("dso", party, service=meeting.service(example(needs, "reply")))
    outcome = meeting.adapter("service_provider", AGGREGATOR).initiate(needs, example(needs))
    assert [reply.party for reply in outcome.replies] == [DSO, OTHER_DSO]
    assert all(reply.translation and reply.translation.message == example(needs, "reply") for reply in outcome.replies)


def test_one_responder_fails_and_the_other_replies(needs: Exchange, meeting: Any) -> None:
    meeting.adapter("dso", DSO, service=meeting.service(example(needs, "reply")))
    meeting.adapter("dso", OTHER_DSO, service=meeting.service(problem(403, "not for you")))
    outcome = meeting.adapter("service_provider", AGGREGATOR, DSO, OTHER_DSO).initiate(needs, example(needs))
    good, bad = outcome.replies
    assert good.translation is not None
    assert good.translation.message == example(needs, "reply")
    assert isinstance(bad.error, RemoteError)
    assert (bad.error.party, bad.error.status) == (OTHER_DSO, 403)


def test_only_the_configured_responders_are_asked(needs: Exchange, meeting: Any) -> None:
    services = [meeting.service(example(needs, "reply")) for _ in range(2)]
    for party, service in zip((DSO, OTHER_DSO), services, strict=True):
        meeting.adapter("dso", party, service=service)
    meeting.adapter("service_provider", AGGREGATOR, OTHER_DSO).initiate(needs, example(needs))
    assert [len(service.calls) for service in services] == [0, 1]


def test_an_answer_in_the_spelling_of_an_older_runtime_is_attributed() -> None:
    """Exchange info of runtime 1.4.0 repeats terms as a peer spelt them, the rows have them canonical (contract 0)."""
    rows = [{"a": '"one"', "b": "<http://e/1>"}, {"a": '"two"', "b": "<http://e/2>"}]
    spelt = [{"x": '"one"^^<http://www.w3.org/2001/XMLSchema#string>', "y": "<http://e/1>"}]
    result = Result(rows, (contact(DSO, spelt), contact(PEER, [{"x": "'two'", "y": "<http://e/2>"}])))
    assert [(one.knowledge_base, said) for one, said in by_responder(result, "post")] == [
        (DSO, rows[:1]),
        (PEER, rows[1:]),
    ]


def test_a_year_of_readings_of_two_responders_is_told_apart_at_once() -> None:
    rows = [{"a": f"<http://e/{number}>", "b": '"kW"'} for number in range(35_000)]
    whole = [{"x": row["a"], "y": row["b"], "z": '"more"'} for row in rows]
    started = time.perf_counter()
    found = by_responder(Result(rows, (contact(DSO, whole[:100]), contact(PEER, whole[100:]))), "post")
    assert [len(said) for _, said in found] == [100, 34_900]
    assert time.perf_counter() - started < 10


def attributed(rows: Rows, *contacts: Contact) -> dict[str, Rows]:
    return {one.knowledge_base: said for one, said in by_responder(Result(rows, contacts), "post")}


def test_a_row_is_not_lost_where_a_peers_pattern_has_a_constant_for_a_variable_of_ours() -> None:
    rows = [{"id": '"1"', "node": "<a1>", "way": "<up>"}, {"id": '"2"', "node": "<b2>", "way": "<up>"}]
    with_variable = contact(DSO, [{"x": '"1"', "y": "<a1>", "z": "<up>"}])
    assert attributed(rows, with_variable, contact(PEER, [{"x": '"2"', "y": "<b2>"}])) == {
        DSO: rows[:1],
        PEER: rows[1:],
    }


def test_a_peer_that_calls_other_things_by_our_names_is_understood() -> None:
    rows = [{"from": '"1"', "to": '"2"'}, {"from": '"3"', "to": '"4"'}]
    crossed = contact(DSO, [{"from": '"2"', "to": '"1"'}])
    assert attributed(rows, crossed, contact(PEER, rows[1:])) == {DSO: rows[:1], PEER: rows[1:]}


def test_who_reacted_with_nothing_is_not_taken_to_repeat_what_was_posted() -> None:
    posted, rows = [{"id": '"1"', "quantity": '"5"'}], [{"id": '"1"'}]
    assert attributed(rows, contact(DSO, rows, posted), contact(PEER, [], posted)) == {DSO: rows, PEER: []}


def contact(party: str, rows: Rows, posted: Rows | None = None) -> Contact:
    now = datetime.now(UTC)
    return Contact(party, f"{party}/interaction/x", "SUCCEEDED", posted or [], rows, "", now, now)


def test_the_list_of_one_request_reaches_the_service_as_one_request(embedded: Any) -> None:
    """D4.2 asks for the data of several customers at once: an ask has a row for each, the service one call."""
    exchange = embedded.catalogue["observability/disaggregated_data"]
    case = next(one for one in exchange.examples if one.name == "hours_of_a_car_that_gives_back")
    customers = [*case.messages["request"]["customerIds"], "zzz999999"]
    request = {**case.messages["request"], "customerIds": customers}
    reply = [{**one, "customerId": customer} for customer in customers for one in case.messages["reply"]]
    with loopback(exchange, embedded.catalogue, reply) as call:
        assert call(request).only().message == reply
        (heard,) = call.service.calls
        assert [value for name, value in heard.query if name == "customerIds"] == customers


def test_an_ask_without_fields_may_come_without_rows(embedded: Any) -> None:
    exchange = embedded.catalogue["observability/grid_zones"]
    profile = exchange.profiles["saref4"]
    (case,) = (one for one in exchange.examples if one.name == "zones_of_two_countries")
    service = embedded.service(case.messages["reply"])
    embedded.adapter("dso", DSO, service=service)
    peer = embedded.peer(AGGREGATOR, Interaction("zones", "ask", profile.request))
    assert peer.ask(AGGREGATOR, "zones", [{}]).rows
    assert peer.ask(AGGREGATOR, "zones", []).rows
