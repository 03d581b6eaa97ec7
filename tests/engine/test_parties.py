"""What an engine tells its party, and what it does with handlers: in process and over HTTP."""

import pytest

from gridlingua.errors import MessageError, RemoteError

I1 = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
S1 = [{"s": "<http://s>", "o": "1"}]


def test_a_handler_that_refuses_is_a_failed_exchange_with_its_words_and_status(site, say):
    def refuse(request):
        raise RemoteError("grant G-2 was not granted to http://ex.org/A", status=403)

    site("K1", say("answer", "?x p ?y"), answers=refuse)
    result = site("A", say("ask", "?s p ?o")).ask([])
    assert result.rows == []
    (exchange,) = result.failures
    assert exchange.message == (
        "An error occurred while ANSWERing: 403 Forbidden: grant G-2 was not granted to http://ex.org/A"
    )
    error = exchange.error()
    assert (error.status, error.party, error.retry) == (403, "http://ex.org/K1", False)
    assert str(error) == "http://ex.org/K1: grant G-2 was not granted to http://ex.org/A"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (MessageError("bind from and to"), "422 Unprocessable Content: /: bind from and to"),
        (ZeroDivisionError("division by zero"), "500 Internal Server Error: division by zero"),
        (RemoteError("the store is down", status=503), "503 Service Unavailable: the store is down"),
    ],
    ids=["MessageError", "a bug", "RemoteError"],
)
def test_a_handler_that_raises_tells_the_asker_why(site, say, error, text):
    def fail(request):
        raise error

    site("K1", say("answer", "?x p ?y"), answers=fail)
    (exchange,) = site("A", say("ask", "?s p ?o")).ask([]).exchanges
    assert exchange.message == f"An error occurred while ANSWERing: {text}"
    assert exchange.error().status == int(text[:3])


def test_the_answers_of_others_are_kept_when_one_fails(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "1"}])
    site("K2", say("answer", "?x p ?y"), answers=lambda request: 1 / 0)
    result = site("A", say("ask", "?s p ?o")).ask([])
    assert result.rows == [{"s": "<http://s>", "o": I1}]
    assert [exchange.knowledge_base for exchange in result.failures] == ["http://ex.org/K2"]


@pytest.mark.parametrize(
    "garbage",
    [
        [{"x": "<http://s>"}],
        [{"x": "<http://s>", "y": "1", "z": "1"}],
        [{"x": "<http://s>", "y": "no term"}],
        [{"x": "<http://s>", "y": None}],
        [{"x": "<http://other>", "y": "1"}],
        None,
        "rows",
        [5],
    ],
    ids=["incomplete", "extra", "no term", "null", "not what was asked", "nothing", "text", "number"],
)
def test_garbage_of_a_handler_is_a_failed_exchange_never_an_empty_one(site, say, garbage):
    site("K1", say("answer", "?x p ?y"), answers=lambda request: garbage)
    result = site("A", say("ask", "?s p ?o")).ask([{"s": "<http://s>"}])
    exchange = result.exchange
    assert exchange.status == "FAILED"
    assert exchange.error().status == 500
    assert exchange.error().party == "http://ex.org/K1"


def test_a_silent_party_is_named_when_the_deadline_has_passed(site, say):
    site("K1", say("answer", "?x p ?y"))
    result = site("A", say("ask", "?s p ?o")).ask([], timeout=0.3)
    exchange = result.exchange
    assert exchange.message.startswith("Error 'TimeoutException' occurred while waiting for response to message: ")
    error = exchange.error()
    assert (error.status, error.party, error.retry) == (504, "http://ex.org/K1", True)


def test_one_silent_party_does_not_lose_the_others_answer(site, say):
    site("K1", say("answer", "?x p ?y"))
    site("K2", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "1"}])
    result = site("A", say("ask", "?s p ?o")).ask([], timeout=0.3)
    assert len(result.rows) == 1
    assert [exchange.knowledge_base for exchange in result.failures] == ["http://ex.org/K1"]


def test_a_request_that_came_before_the_handler_waits_for_it(site, say, background):
    late = site("K1", say("answer", "?x p ?y"))
    asking = background(site("A", say("ask", "?s p ?o")).ask, [])
    late.engine.handle(late.id, lambda request: [{"x": "<http://s>", "y": "1"}])
    assert len(asking.result().rows) == 1


def test_many_asks_at_once_are_answered_each_with_its_own(site, say, background):
    site("K1", say("answer", "?x p ?y"), answers=lambda request: [request.rows[0] | {"y": request.rows[0]["x"]}])
    asker = site("A", say("ask", "?s p ?o"))
    asks = [background(asker.ask, [{"s": f'"{number}"'}]) for number in range(20)]
    assert [ask.result().rows for ask in asks] == [[{"s": f'"{n}"', "o": f'"{n}"'}] for n in range(20)]


def test_an_interaction_that_is_registered_later_is_found_by_an_ask_that_was_planned_before(site, say):
    asker = site("A", say("ask", "?s p ?o"))
    assert asker.ask([]).exchanges == ()
    site("K1", say("answer", "?x p ?y"), answers=[])
    assert asker.ask([]).reached == ["K1"]


def test_a_request_tells_who_asks_and_how_long_there_is(site, say):
    seen = []
    other = site("K1", say("answer", "?x p ?y", name="r"), answers=lambda r: seen.append(r.remaining()) or [])
    site("A", say("ask", "?s p ?o")).ask([])
    (request,) = other.received
    assert (request.requester, request.interaction.name) == ("http://ex.org/A", "r")
    assert 0 < seen[0] <= 10


@pytest.mark.parametrize("rows", [[{"s": "no term"}], [{"z": "1"}], [{"?s": "1"}], [{"s": "?x"}], [{"s": None}]])
def test_rows_that_the_network_would_ignore_or_refuse_are_refused_before(site, say, rows):
    with pytest.raises(MessageError):
        site("A", say("ask", "?s p ?o")).ask(rows)


def test_asking_with_a_post_interaction_is_refused(site, say):
    party = site("A", say("ask", "?s p ?o"), say("post", "?s p ?o", name="pst"))
    with pytest.raises(RemoteError, match="pst is of kind post"):
        party.ask([], "pst")
    with pytest.raises(RemoteError, match="unknown"):
        party.ask([], "nope")


def test_a_react_that_refuses_says_so(site, say):
    def refuse(request):
        raise MessageError("price must not be below zero")

    site("K1", say("react", "?u p ?v"), answers=refuse)
    (exchange,) = site("A", say("post", "?s p ?o")).post(S1).exchanges
    assert exchange.message == (
        "An error occurred while REACTing: 422 Unprocessable Content: /: price must not be below zero"
    )
    assert exchange.error().status == 422


@pytest.mark.parametrize("rows", [[{"s": "<http://s>"}], [{"s": "<http://s>", "o": "1", "zz": "1"}]])
def test_an_incomplete_post_is_refused_before_it_is_sent(site, say, rows):
    with pytest.raises(MessageError, match="row 1"):
        site("A", say("post", "?s p ?o")).post(rows)


@pytest.mark.parametrize(
    "value", ["http://a", "null", "(1 2)", "<http://a b>", '"open', "<http://a> <http://b>", ' "x"', "", "abc", "0x1F"]
)
def test_what_is_no_term_is_refused(site, say, value):
    with pytest.raises(MessageError):
        site("A", say("post", "?s p ?o")).post([{"s": "<http://s>", "o": value}])


RULE = "(?a <http://example.org/p> ?b) -> (?a <http://example.org/q> ?b) ."


def test_a_party_learns_rules_that_its_asks_reason_with_until_it_forgets_them(site, say):
    site("K", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "<http://o>"}])
    asker = site("A", say("ask", "?s q ?o"))
    assert asker.ask([]).exchanges == ()
    asker.engine.learn(asker.id, RULE)
    assert asker.ask([]).rows == [{"s": "<http://s>", "o": "<http://o>"}]
    asker.engine.learn(asker.id, "")
    assert asker.ask([]).exchanges == ()


def test_rules_that_do_not_read_are_refused_with_their_line_and_the_old_ones_stay(site, say):
    site("K", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "<http://o>"}])
    asker = site("A", say("ask", "?s q ?o"))
    asker.engine.learn(asker.id, RULE)
    with pytest.raises(RemoteError) as caught:
        asker.engine.learn(asker.id, "\n(?a <http://example.org/p> ?b) -> (?a <http://example.org/q> ?c) .")
    assert caught.value.status == 400
    assert "line 2: the head has the variable ?c, which its body does not have" in str(caught.value)
    assert len(asker.ask([]).rows) == 1


def test_an_ask_that_wants_to_know_is_told_what_lacks(site, say):
    site("K", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "<http://o>"}])
    asker = site("A", say("ask", "?s p ?a . ?s q ?b", gaps_enabled=True), say("ask", "?s p ?a . ?s q ?b", name="other"))
    assert asker.ask([]).gaps == {frozenset(["?s <http://example.org/q> ?b"])}
    assert asker.ask([], "other").gaps is None
