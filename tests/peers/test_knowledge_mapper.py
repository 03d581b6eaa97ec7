"""TNO's own client, unchanged, exchanges with our adapters over our engine (issue 3, real peers)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from gridlingua.catalogue import Catalogue, Exchange, reply_message, reply_rows, request_rows
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows

DSO = "https://dso.example.org/kb"
OTHER_DSO = "https://other-dso.example.org/kb"
OTHER_AGGREGATOR = "https://other-aggregator.example.org/kb"
PROFILE = "saref4"
MINTER = Minter("https://peer.example.org/things/")


@pytest.fixture
def needs(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs"]


@pytest.fixture
def offers(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/offers"]


@pytest.fixture
def publication(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/needs_publication"]


@pytest.fixture
def recorded(parties: Any, needs: Exchange) -> Any:
    """The needs of the example, which the DSO's service has."""
    reply = example(needs, "reply")
    parties.dso_service.call("POST", "/needs", json=reply).raise_for_status()
    return reply


def example(exchange: Exchange, part: str = "request") -> Any:
    return exchange.examples[0].messages[part]


def written(pattern: Pattern) -> str:
    """A pattern as a peer might write it: in names of its own, the triples in another order, with prefixes."""
    return "\n".join(" ".join(map(_written(pattern), triple)) + " ." for triple in reversed(pattern.triples))


def _written(pattern: Pattern) -> Callable[[str], str]:
    def node(text: str) -> str:
        for prefix, base in pattern.prefixes.items():
            if found := re.fullmatch(f"<{re.escape(base)}(\\w+)>", text):
                return f"{prefix}:{found[1]}"
        return re.sub(r"^\?", "?their", text)

    return node


def interaction(exchange: Exchange, kind: str) -> dict[str, Any]:
    """A registration as knowledge-mapper takes it."""
    profile = exchange.profiles[PROFILE]
    if profile.result is None:
        return {"type": kind, "prefixes": dict(profile.request.prefixes), "pattern": written(profile.request)}
    return {
        "type": kind,
        "prefixes": {**profile.request.prefixes, **profile.result.prefixes},
        "argument_pattern": written(profile.request),
        "result_pattern": written(profile.result),
    }


def theirs(rows: Rows) -> Rows:
    return [{f"their{name}": term for name, term in row.items()} for row in rows]


def ours(rows: Rows) -> Rows:
    return [{name.removeprefix("their"): term for name, term in row.items()} for row in rows]


def window(exchange: Exchange) -> Rows:
    """The request's fields, and nothing else."""
    fields, request = exchange.request.fields, example(exchange)
    stamp = fields["from"].converter
    return theirs([{"from": stamp.write(request["startTime"]), "to": stamp.write(request["endTime"])}])


def speaking(exchange: Exchange, reply: Any, garbled: Callable[[Rows], Rows] = list) -> Callable[[Rows], Rows]:
    """What a peer answers to rows: a reply about them, with nodes of its own, in its own names."""

    def answer(rows: Rows) -> Rows:
        return theirs(garbled(reply_rows(exchange, reply, ours(rows), PROFILE, MINTER).rows))

    return answer


def contact(result: Any, exchange: Exchange) -> Any:
    """What became of an exchange. It asks at reasoner level 2, so that whoever might bring a part is contacted too."""
    name = f"/interaction/{exchange.id.replace('/', '--')}--{PROFILE}"
    (found,) = (one for one in result["exchangeInfo"] if one["knowledgeInteractionId"].endswith(name))
    return found


def test_it_asks_for_needs_in_its_own_words_and_gets_the_rows_of_the_needs(
    needs: Exchange, recorded: Any, peer: Any
) -> None:
    asking = peer(OTHER_AGGREGATOR, needs=interaction(needs, "ask"))
    result = asking.ask("needs", window(needs))
    assert (contact(result, needs)["knowledgeBaseId"], contact(result, needs)["status"]) == (DSO, "SUCCEEDED")
    rows = result["bindingSet"]
    assert len(rows) == sum(len(one["eligibleClients"]) for one in recorded)
    assert all(row["theirfrom"] == window(needs)[0]["theirfrom"] for row in rows)
    asked = request_rows(needs, example(needs), MINTER).rows
    assert reply_message(needs, ours(rows), asked, PROFILE, MINTER).message == recorded


@pytest.mark.parametrize("rows", [[], [{}], "half"])
def test_a_window_that_it_leaves_open_is_refused_in_words(rows: Any, needs: Exchange, recorded: Any, peer: Any) -> None:
    asking = peer(OTHER_AGGREGATOR, needs=interaction(needs, "ask"))
    half = [{"theirfrom": window(needs)[0]["theirfrom"]}]
    result = asking.ask("needs", half if rows == "half" else rows)
    assert result["bindingSet"] == []
    assert contact(result, needs)["status"] == "FAILED"
    # At level 2 the bound end of the window may be taken for either.
    missing = "(from|to)" if rows == "half" else "from and to"
    said = contact(result, needs)["failedMessage"]
    assert re.search(f"bind {missing}: a request that leaves them open is not answered with everything", said)


def test_it_posts_offers_and_gets_the_acknowledgements(
    offers: Exchange, recorded: Any, peer: Any, parties: Any
) -> None:
    message = example(offers)
    posted = request_rows(offers, message, MINTER).rows
    result = peer(OTHER_AGGREGATOR, offers=interaction(offers, "post")).post("offers", theirs(posted))
    assert (contact(result, offers)["knowledgeBaseId"], contact(result, offers)["status"]) == (DSO, "SUCCEEDED")
    back = reply_message(offers, ours(result["resultBindingSet"]), posted, PROFILE, MINTER).message
    assert [(one["requestId"], one["offerId"], one["acknowledgedBy"]) for one in back] == [
        (one["requestId"], one["offerId"], "DSO North") for one in message
    ]
    kept = parties.dso_service.call("GET", "/offers", params={"requestId": message[0]["requestId"]}).json()
    assert [(one["offerId"], one["offer"], one["provider"]) for one in kept] == [
        (one["offerId"], float(one["offer"]), "other-aggregator") for one in message
    ]


def test_an_offer_of_energy_is_refused_with_the_sentence_of_the_shape(
    offers: Exchange, recorded: Any, peer: Any
) -> None:
    unit = offers.request.fields["unit"].converter
    rows = [{**row, "unit": unit.write("kWh")} for row in request_rows(offers, example(offers), MINTER).rows]
    result = peer(OTHER_AGGREGATOR, offers=interaction(offers, "post")).post("offers", theirs(rows))
    assert result["resultBindingSet"] == []
    assert contact(result, offers)["status"] == "FAILED"
    said = contact(result, offers)["failedMessage"]
    assert "422 Unprocessable Content: flexibility/offers request: /*/measurementUnit" in said
    assert "The unit must be one of power: W, kW, MW, var, kvar or Mvar." in said


def asked_by_us(parties: Any, needs: Exchange) -> requests.Response:
    return requests.get(f"{parties.aggregator_adapter}/Flexibility/Needs", params=example(needs), timeout=20)


def test_it_answers_our_aggregator_who_gets_the_json(needs: Exchange, peer: Any, parties: Any) -> None:
    answering = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    answering.serve(speaking(needs, example(needs, "reply")))
    for _ in range(2):
        response = asked_by_us(parties, needs)
        assert response.status_code == 200, response.text
        assert response.json() == example(needs, "reply")
        assert response.headers["Gridlingua-Responder"] == OTHER_DSO
    assert [one["requester"] for one in answering.asked] == ["https://aggregator.example.org/kb"] * 2


def changed(name: str, term: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{**row, name: term} for row in rows]


def without(name: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{key: term for key, term in row.items() if key != name} for row in rows]


@pytest.mark.parametrize(
    ("garbled", "said", "dies"),
    [
        pytest.param(
            changed("unit", "<http://www.ontology-of-units-of-measure.org/resource/om-2/kilowattHour>"),
            "The unit must be one of power",
            False,
            id="a unit of energy",
        ),
        pytest.param(changed("quantity", '"a lot"'), "/*/needs", False, id="no number"),
        pytest.param(changed("quantity", "a lot"), "a lot", True, id="no term"),
        pytest.param(without("quantity"), "theirquantity", True, id="a variable left open"),
        pytest.param(
            changed("from", '"1999-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTimeStamp>'),
            "doesn't have a matching incoming binding",
            False,
            id="what was not asked",
        ),
    ],
)
def test_garbage_that_it_answers_is_a_502_that_names_it(
    garbled: Callable[[Rows], Rows], said: str, dies: bool, needs: Exchange, peer: Any, parties: Any
) -> None:
    answering = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    answering.serve(speaking(needs, example(needs, "reply"), garbled))
    response = asked_by_us(parties, needs)
    document = response.json()
    assert (response.status_code, document["party"], document["retry"]) == (502, OTHER_DSO, False), document
    assert OTHER_DSO in document["detail"]
    assert said in document["detail"]
    if dies:  # contract 10.1: an answer that the engine refuses ends its loop
        assert "Unexpected response" in answering.last()


def test_a_handler_of_its_that_raises_takes_it_off_the_network_and_our_caller_is_told(
    needs: Exchange, peer: Any, parties: Any
) -> None:
    answering = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    answering.serve(lambda rows: "the database is gone")
    response = asked_by_us(parties, needs)
    assert (response.status_code, response.json()["party"], response.json()["retry"]) == (503, OTHER_DSO, True)
    assert answering.last() == "the database is gone"
    response = asked_by_us(parties, needs)
    assert response.status_code == 503
    assert f"{OTHER_DSO} is not on the network" in response.json()["detail"]


def test_one_that_was_killed_is_waited_for_until_it_starts_again(needs: Exchange, peer: Any, parties: Any) -> None:
    answering = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    answering.process.kill()
    answering.process.wait()
    response = asked_by_us(parties, needs)
    assert (response.status_code, response.json()["party"], response.json()["retry"]) == (504, OTHER_DSO, True)
    again = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    again.serve(speaking(needs, example(needs, "reply")))
    assert asked_by_us(parties, needs).json() == example(needs, "reply")


def test_it_reacts_to_our_dso_whose_service_keeps_the_acknowledgements(
    publication: Exchange, recorded: Any, peer: Any, parties: Any
) -> None:
    reacting = peer(OTHER_AGGREGATOR, mine=interaction(publication, "react"))
    told = [{**one, "acknowledgedBy": "Aggregator Two"} for one in example(publication, "reply")]
    reacting.serve(speaking(publication, told))
    response = requests.post(f"{parties.dso_adapter}/Flexibility/Needs", json=example(publication), timeout=20)
    assert response.status_code == 200, response.text
    assert response.json() == told
    ids = {"requestIds": [one["requestId"] for one in recorded]}
    published = parties.dso_service.call("POST", "/needs/publication", json=ids).json()
    assert (published["acknowledgements"], published["unacknowledged"]) == (told, [])
    kept = {need["requestId"]: need["acknowledgements"] for need in parties.dso_service.call("GET", "/needs").json()}
    assert [len(kept[one]) for one in ids["requestIds"]] == [1, 1]
    assert [one["requester"] for one in reacting.asked] == [DSO, DSO]


def test_its_successor_of_the_same_id_takes_its_place(needs: Exchange, peer: Any, parties: Any) -> None:
    first = peer(OTHER_DSO, mine=interaction(needs, "answer"))
    first.serve(speaking(needs, []))
    second = peer(OTHER_DSO, mine=interaction(needs, "answer"))  # it takes the living one off without asking
    second.serve(speaking(needs, example(needs, "reply")))
    assert asked_by_us(parties, needs).json() == example(needs, "reply")
    assert first.asked == []
