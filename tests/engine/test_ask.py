"""Contract 8.6: what an ask brings, in process and over HTTP. Levels above 1 beyond these are issue 3."""

import pytest

from gridlingua.errors import MessageError, RemoteError

P = "http://example.org/"
I1 = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'


def ids(result):
    return sorted(exchange.knowledge_base.rsplit("/", 1)[1] for exchange in result.exchanges)


def as_set(rows):
    return {tuple(sorted(row.items())) for row in rows}


def test_a1_everybody_who_matches_answers_and_all_rows_come_back(site, say):
    one = site("K1", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "<http://y1>"}])
    two = site("K2", say("answer", "?x p ?y"), answers=[{"x": "<http://t>", "y": "<http://y2>"}])
    result = site("A", say("ask", "?s p ?o")).ask([])
    assert as_set(result.rows) == as_set(
        [{"s": "<http://s>", "o": "<http://y1>"}, {"s": "<http://t>", "o": "<http://y2>"}]
    )
    assert ids(result) == ["K1", "K2"]
    assert one.incoming() == two.incoming() == [{}]


def test_a1_an_exchange_holds_the_other_sides_variable_names_its_status_and_times(site, say):
    site("K1", say("answer", "?x p ?y", name="r"), answers=[{"x": "<http://s>", "y": "1"}])
    (exchange,) = site("A", say("ask", "?s p ?o")).ask([]).exchanges
    assert exchange.interaction == "http://ex.org/K1/interaction/r"
    assert (exchange.status, exchange.message, exchange.error()) == ("SUCCEEDED", "", None)
    assert exchange.rows == [{"x": "<http://s>", "y": I1}]
    assert exchange.started <= exchange.ended
    assert exchange.started.tzinfo is not None


def test_a2_names_are_translated_both_ways(site, say):
    other = site("K1", say("answer", "?o p ?s"), answers=[{"o": "<http://1>", "s": "<http://2>"}])
    result = site("A", say("ask", "?s p ?o")).ask([{"s": "<http://1>"}])
    assert result.rows == [{"s": "<http://1>", "o": "<http://2>"}]
    assert other.incoming() == [{"o": "<http://1>"}]


def test_a4_at_level_1_two_whole_answers_are_a_union_not_a_product(site, say):
    for number in "12":
        row = {"x": "<http://s>", "y": f"<http://y{number}>", "z": f"<http://z{number}>"}
        site(f"K{number}", say("answer", "?x p ?y . ?x q ?z"), answers=[row])
    assert len(site("A", say("ask", "?s p ?o . ?s q ?o2")).ask([]).rows) == 2


def test_a12_who_answers_more_than_was_asked_matches(site, say):
    row = {"x": "<http://s>", "y": "<http://y1>", "z": "<http://z1>"}
    site("K1", say("answer", "?x p ?y . ?x q ?z"), answers=[row])
    assert site("A", say("ask", "?s p ?o1")).ask([]).rows == [{"s": "<http://s>", "o1": "<http://y1>"}]


def test_a13_who_answers_a_part_is_not_contacted(site, say):
    other = site("K1", say("answer", "?x p ?y"), answers=[])
    result = site("A", say("ask", "?s p ?o . ?s q ?o2")).ask([])
    assert (result.rows, result.exchanges, other.received) == ([], (), [])


def test_a16_a_constant_of_the_ask_restricts_the_answerer(site, say):
    rows = [{"x": "<http://s>", "y": "<http://y1>"}, {"x": "<http://s2>", "y": "<http://y2>"}]
    other = site("K1", say("answer", "?x p ?y"), answers=rows)
    assert site("A", say("ask", "?s p <http://y1>")).ask([]).rows == [{"s": "<http://s>"}]
    assert other.incoming() == [{"y": "<http://y1>"}]


@pytest.mark.parametrize("rows", [[], [{"o": "<http://y1>"}]])
def test_a17_a_constant_of_the_answerer_becomes_a_value(site, say, rows):
    other = site("K1", say("answer", "?x p <http://y1>"), answers=[{"x": "<http://s>"}])
    assert site("A", say("ask", "?s p ?o")).ask(rows).rows == [{"s": "<http://s>", "o": "<http://y1>"}]
    assert other.incoming() == [{}]


def test_a18_an_answerer_whose_constant_contradicts_is_still_contacted_with_no_rows(site, say):
    other = site("K1", say("answer", "?x p <http://y1>"), answers=[{"x": "<http://s>"}])
    assert site("A", say("ask", "?s p ?o")).ask([{"o": "<http://y2>"}]).rows == []
    assert other.incoming() == []


def test_a20_one_variable_against_two_in_one_triple_matches_and_is_filtered(site, say):
    rows = [{"x": "<http://s>", "y": "<http://s>"}, {"x": "<http://t>", "y": "<http://u>"}]
    other = site("K1", say("answer", "?x p ?y"), answers=rows)
    assert site("A", say("ask", "?s p ?s")).ask([]).rows == [{"s": "<http://s>"}]
    assert other.incoming() == [{}]


def test_a21_two_variables_against_one_in_one_triple_match(site, say):
    site("K1", say("answer", "?x p ?x"), answers=[{"x": "<http://s>"}])
    assert site("A", say("ask", "?s p ?o")).ask([]).rows == [{"s": "<http://s>", "o": "<http://s>"}]


def test_a22_one_variable_against_two_over_triples_does_not_match(site, say):
    other = site("K1", say("answer", "?x p ?y . ?x q ?z"), answers=[])
    assert site("A", say("ask", "?s p ?v . ?s q ?v")).ask([]).exchanges == ()
    assert other.received == []


def test_a28_a_variable_predicate_takes_the_answerers(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "<http://o>"}])
    assert site("A", say("ask", "?s ?p ?o")).ask([]).rows == [{"s": "<http://s>", "p": f"<{P}p>", "o": "<http://o>"}]


def test_a29_a_bound_predicate_leaves_the_others_contacted_with_no_rows(site, say):
    one = site("K1", say("answer", "?x p ?y"), answers=[{"x": "<http://s>", "y": "1"}])
    site("K2", say("answer", "?x q ?y"), answers=[{"x": "<http://t>", "y": "2"}])
    result = site("A", say("ask", "?s ?p ?o")).ask([{"p": f"<{P}q>"}])
    assert [row["s"] for row in result.rows] == ["<http://t>"]
    assert one.incoming() == []


def test_a30_a_variable_predicate_of_the_answerer_is_bound(site, say):
    other = site("K1", say("answer", "?x ?pp ?y"), answers=[{"x": "<http://s>", "pp": f"<{P}p>", "y": "1"}])
    assert site("A", say("ask", "?s p ?o")).ask([]).rows == [{"s": "<http://s>", "o": I1}]
    assert other.incoming() == [{"pp": f"<{P}p>"}]


def test_a32_order_of_triples_and_names_do_not_matter(site, say):
    row = {"m": "<http://m>", "v": "1", "t": '"now"', "d": "<http://d>"}
    site("K1", say("answer", "?m a M . ?m value ?v . ?m time ?t . ?d makes ?m"), answers=[row])
    asked = site("A", say("ask", "?x makes ?y . ?y time ?c . ?y a M . ?y value ?b"))
    assert asked.ask([]).rows == [{"x": "<http://d>", "y": "<http://m>", "c": '"now"', "b": I1}]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([{"s": "<1>"}, {"s": "<2>"}], [("<1>", "<a>"), ("<2>", "<b>")]),
        ([{"s": "<1>", "o": "<b>"}], []),
        ([{"s": "<1>"}, {"o": "<b>"}], [("<1>", "<a>"), ("<2>", "<b>")]),
    ],
    ids=["A33", "A34", "A36"],
)
def test_a33_a34_a36_rows_asked_with_are_alternatives(site, say, asked, found):
    rows = [{"x": f"<{s}>", "y": f"<{o}>"} for s, o in ("1a", "2b", "3c")]
    other = site("K1", say("answer", "?x p ?y"), answers=rows)
    result = site("A", say("ask", "?s p ?o")).ask(asked)
    assert sorted((row["s"], row["o"]) for row in result.rows) == found
    names = {"s": "x", "o": "y"}
    assert other.incoming() == [{names[name]: term for name, term in row.items()} for row in asked]


@pytest.mark.parametrize(
    ("recipients", "reached"),
    [
        (["http://ex.org/K1"], ["K1"]),
        (["http://ex.org/K1", "http://ex.org/K2"], ["K1", "K2"]),
        ([], ["K1", "K2"]),
        (["http://ex.org/nobody"], []),
        (["http://ex.org/A"], []),
    ],
    ids=["one", "both", "everybody", "unknown", "self"],
)
def test_a44_only_the_recipients_are_contacted(site, say, recipients, reached):
    for name in ("K1", "K2"):
        site(name, say("answer", "?x p ?y"), answers=[{"x": f"<http://{name}>", "y": "1"}])
    result = site("A", say("ask", "?s p ?o")).ask([], recipients=recipients)
    assert ids(result) == reached
    assert sorted(row["s"] for row in result.rows) == [f"<http://{name}>" for name in reached]


def test_a_knowledge_base_never_answers_itself(site, say):
    both = site("A", say("ask", "?s p ?o"), say("answer", "?s p ?o", name="r"), answers=[])
    assert both.ask([]).exchanges == ()


def test_a45_a_handler_that_refuses_is_a_failed_exchange_with_its_words_and_status(site, say):
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
    (exchange,) = result.exchanges
    assert exchange.status == "FAILED"
    assert exchange.error().status == 500
    assert exchange.error().party == "http://ex.org/K1"


def test_h24_a_silent_party_is_named_when_the_deadline_has_passed(site, say):
    site("K1", say("answer", "?x p ?y"))
    result = site("A", say("ask", "?s p ?o")).ask([], timeout=0.3)
    (exchange,) = result.exchanges
    assert exchange.message.startswith("Error 'TimeoutException' occurred while waiting for response to message: ")
    error = exchange.error()
    assert (error.status, error.party, error.retry) == (504, "http://ex.org/K1", True)


def test_h25_one_silent_party_does_not_lose_the_others_answer(site, say):
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
    assert ids(asker.ask([])) == ["K1"]


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
