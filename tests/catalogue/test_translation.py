"""Messages and rows of an exchange, for either party and for peers who do not use gridlingua."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gridlingua.catalogue import (
    JUDGED_PROFILE,
    Catalogue,
    Exchange,
    reply_message,
    reply_rows,
    request_message,
    request_rows,
)
from gridlingua.errors import MessageError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Rows

OURS = Minter("https://ours.example.org/")
THEIRS = Minter("https://theirs.example.org/")


@pytest.fixture
def needs(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs"]


@pytest.fixture
def offers(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/offers"]


@pytest.fixture
def metering(catalogue: Catalogue) -> Exchange:
    return catalogue["data_sharing/metering"]


def example(exchange: Exchange, part: str = "request") -> Any:
    return exchange.examples[0].messages[part]


def asked(exchange: Exchange) -> Rows:
    return request_rows(exchange, example(exchange), OURS).rows


def foreign(rows: Rows, exchange: Exchange, part: str) -> Rows:
    """The rows with nodes as a peer names its own; a node with a template keeps its name, as the network agreed."""
    mapping = exchange.request if part == "request" else exchange.reply
    own = [name for name, node in mapping.nodes.items() if not node.template]
    return [
        {
            name: term.replace("ours.example.org", "peer.example.org") if name in own else term
            for name, term in row.items()
        }
        for row in rows
    ]


def without_nodes(rows: Rows, exchange: Exchange) -> Rows:
    return [{name: term for name, term in row.items() if name in exchange.request.fields} for row in rows]


def test_a_translation_tells_its_steps_and_their_times(needs: Exchange) -> None:
    told = request_rows(needs, example(needs), OURS)
    assert list(told.milliseconds) == ["schema", "lift", "shacl"]
    assert all(value > 0 for value in told.milliseconds.values())
    assert told.verdict.focus_nodes == 1


def test_a_peer_that_binds_only_what_it_asks_for_gets_the_nodes_that_we_mint(needs: Exchange) -> None:
    received = request_message(needs, without_nodes(asked(needs), needs), JUDGED_PROFILE, OURS)
    assert received.message == example(needs)
    assert received.rows == asked(needs)


def test_the_nodes_that_a_peer_names_are_echoed(needs: Exchange) -> None:
    rows = foreign(asked(needs), needs, "request")
    received = request_message(needs, rows, JUDGED_PROFILE, OURS)
    answered = reply_rows(needs, example(needs, "reply"), received.rows, JUDGED_PROFILE, OURS)
    assert {row["query"] for row in answered.rows} == {rows[0]["query"]}
    assert rows[0]["query"].startswith("<https://peer.example.org/")
    assert all(set(row) == set(needs.profiles[JUDGED_PROFILE].request.variables) for row in answered.rows)


def test_one_node_that_a_peer_names_is_kept_and_the_others_are_minted(needs: Exchange) -> None:
    rows = [{**row, "query": "<https://peer.example.org/q>"} for row in without_nodes(asked(needs), needs)]
    (received,) = request_message(needs, rows, JUDGED_PROFILE, OURS).rows
    assert received["query"] == "<https://peer.example.org/q>"
    assert received["window"] == asked(needs)[0]["window"]


def test_what_a_peer_binds_beyond_the_request_is_no_part_of_the_request(needs: Exchange) -> None:
    rows = [{**row, "direction": "<https://saref.etsi.org/saref4ener/Upflex>"} for row in asked(needs)]
    assert request_message(needs, rows, JUDGED_PROFILE, OURS).message == example(needs)


@pytest.mark.parametrize(
    "bound", [{}, {"from": '"2026-11-21T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTimeStamp>'}]
)
def test_a_request_that_leaves_variables_open_is_refused_in_words(needs: Exchange, bound: dict[str, str]) -> None:
    wanted = "bind to:" if bound else "bind from and to:"
    for rows in ([bound], [] if not bound else [bound]):
        with pytest.raises(MessageError, match=f"{wanted} a request that leaves them open is not answered"):
            request_message(needs, rows, JUDGED_PROFILE, OURS)


def test_a_request_in_other_terms_is_refused_at_its_pointer(metering: Exchange) -> None:
    rows = [{**row, "granularity": '"PT5M"^^<http://www.w3.org/2001/XMLSchema#duration>'} for row in asked(metering)]
    with pytest.raises(MessageError, match=r"data_sharing/metering request: /granularity: .* must be one of 1, 2, 3"):
        request_message(metering, rows, JUDGED_PROFILE, OURS)


def test_a_request_of_a_peer_is_judged(needs: Exchange) -> None:
    (row,) = asked(needs)
    with pytest.raises(MessageError, match="The end must be after the start"):
        request_message(needs, [{**row, "to": row["from"]}], JUDGED_PROFILE, OURS)


def test_a_request_of_a_peer_conforms_to_the_schema(metering: Exchange) -> None:
    rows = [{**row, "grant": '"no blanks please"'} for row in asked(metering)]
    with pytest.raises(MessageError, match=re.escape('/grant: "no blanks please" does not match')):
        request_message(metering, rows, JUDGED_PROFILE, OURS)


def test_the_reply_of_a_peer_with_nodes_of_its_own_is_read(offers: Exchange) -> None:
    request = asked(offers)
    received = request_message(offers, request, JUDGED_PROFILE, THEIRS)
    answered = reply_rows(offers, example(offers, "reply"), received.rows, JUDGED_PROFILE, THEIRS)
    told = reply_message(offers, foreign(answered.rows, offers, "reply"), request, JUDGED_PROFILE, OURS)
    assert told.message == example(offers, "reply")


def test_a_reply_about_something_else_is_refused_on_the_way_out(offers: Exchange) -> None:
    reply = [{**example(offers, "reply")[0], "offerId": "999"}]
    with pytest.raises(MessageError, match=r'offers reply: .*/\*/offerId: "999" is not what the request was about'):
        reply_rows(offers, reply, asked(offers), JUDGED_PROFILE, OURS)


def test_a_reply_about_something_else_is_refused_on_the_way_in(offers: Exchange) -> None:
    request = asked(offers)
    answered = reply_rows(offers, example(offers, "reply"), request, JUDGED_PROFILE, THEIRS).rows
    stray = [{**row, "offerId": '"999"'} for row in answered[:1]]
    with pytest.raises(MessageError, match='"999" is not what the request was about'):
        reply_message(offers, stray, request, JUDGED_PROFILE, OURS)


def test_a_reply_is_judged_on_the_way_in(needs: Exchange) -> None:
    request = asked(needs)
    answered = reply_rows(needs, example(needs, "reply"), request, JUDGED_PROFILE, THEIRS).rows
    bad = [{**row, "end": row["start"]} for row in answered]
    with pytest.raises(MessageError, match=r"needs reply: .* The end must be after the start"):
        reply_message(needs, bad, request, JUDGED_PROFILE, OURS)


def test_no_rows_are_no_reply_where_the_message_cannot_be_empty(metering: Exchange, offers: Exchange) -> None:
    for exchange in (metering, offers):
        with pytest.raises(MessageError, match="at least 1 element needed"):
            reply_message(exchange, [], asked(exchange), JUDGED_PROFILE, OURS)


def test_an_empty_answer_says_an_empty_array(needs: Exchange) -> None:
    told = reply_message(needs, [], asked(needs), JUDGED_PROFILE, OURS)
    assert told.message == []
    assert told.verdict.focus_nodes == 0


def test_a_message_of_the_wrong_schema_is_refused_before_it_is_lifted(offers: Exchange) -> None:
    with pytest.raises(MessageError) as refusal:
        request_rows(offers, [{**example(offers)[0], "colour": "blue"}], OURS)
    assert (refusal.value.exchange, refusal.value.part) == ("flexibility/offers", "request")
    assert "'colour' was unexpected" in str(refusal.value)
