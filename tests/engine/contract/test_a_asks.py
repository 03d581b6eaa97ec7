"""Contract 8.6: what an ask brings."""

import pytest

from gridlingua.errors import RemoteError

P = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
I1 = f'"1"^^<{XSD}integer>'
LEVELS = [pytest.param(level, id=f"level {level}") for level in range(1, 6)]


def row(**values):
    """``row(s="s", o="1")``: IRIs by their last part."""
    return {name: f"<http://{value}>" for name, value in values.items()}


def test_a1_everybody_who_matches_answers_and_all_rows_come_back(site, say):
    one = site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="y1")])
    two = site("K2", say("answer", "?x p ?y"), answers=[row(x="t", y="y2")])
    told = site("A", say("ask", "?s p ?o")).ask([])
    assert told.rows == [row(s="s", o="y1"), row(s="t", o="y2")]
    assert told.reached == ["K1", "K2"]
    assert one.incoming() == two.incoming() == [{}]


def test_a1_an_exchange_holds_the_other_sides_variable_names_its_status_and_times(site, say):
    site("K1", say("answer", "?x p ?y", name="r"), answers=[{"x": "<http://s>", "y": "1"}])
    exchange = site("A", say("ask", "?s p ?o")).ask([]).exchange
    assert exchange.interaction == "http://ex.org/K1/interaction/r"
    assert (exchange.status, exchange.message, exchange.error()) == ("SUCCEEDED", "", None)
    assert exchange.rows == [{"x": "<http://s>", "y": I1}]
    assert exchange.started <= exchange.ended
    assert exchange.started.tzinfo is not None


def test_a2_names_are_translated_both_ways(site, say):
    other = site("K1", say("answer", "?o p ?s"), answers=[row(o="1", s="2")])
    assert site("A", say("ask", "?s p ?o")).ask([row(s="1")]).rows == [row(s="1", o="2")]
    assert other.incoming() == [row(o="1")]


@pytest.mark.parametrize("level", [pytest.param(n, id=f"A{4 if n == 1 else 5}-level {n}") for n in range(1, 6)])
def test_a4_a5_whole_answers_are_a_union_at_level_1_and_a_product_above(site, say, level):
    for number in "12":
        site(f"K{number}", say("answer", "?x p ?y . ?x q ?z"), answers=[row(x="s", y=f"y{number}", z=f"z{number}")])
    told = site("A", say("ask", "?s p ?o . ?s q ?o2"), level=level).ask([])
    assert len(told.rows) == (2 if level == 1 else 4)
    assert told.reached == ["K1", "K2"]


def test_a6_three_whole_answers_of_three_triples_are_27(site, say):
    for number in "123":
        answer = row(x="s", y=f"y{number}", z=f"z{number}", w=f"w{number}")
        site(f"K{number}", say("answer", "?x p ?y . ?x q ?z . ?x r ?w"), answers=[answer])
    assert len(site("A", say("ask", "?s p ?a . ?s q ?b . ?s r ?c")).ask([]).rows) == 27


@pytest.fixture
def halves(site, say):
    """K1 knows p of s, K2 knows q of it."""
    return (
        site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="y1")]),
        site("K2", say("answer", "?x q ?z"), answers=[row(x="s", z="z2")]),
    )


HALVES = "?s p ?o1 . ?s q ?o2"


def test_a8_at_level_1_nobody_who_answers_half_of_it_is_contacted(site, say, halves):
    told = site("A", say("ask", HALVES), level=1).ask([])
    assert (told.rows, told.exchanges) == ([], ())


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a8_answers_to_parts_are_joined(site, say, halves, level):
    told = site("A", say("ask", HALVES), level=level).ask([])
    assert told.rows == [row(s="s", o1="y1", o2="z2")]
    assert told.reached == ["K1", "K2"]


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a9_a_shared_variable_restricts_both(site, say, halves, level):
    told = site("A", say("ask", HALVES), level=level).ask([row(s="t")])
    assert (told.rows, told.reached) == ([], ["K1", "K2"])
    assert [one.incoming() for one in halves] == [[row(x="t")]] * 2


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a10_a_variable_of_one_part_restricts_that_part_alone(site, say, halves, level):
    told = site("A", say("ask", HALVES), level=level).ask([row(o1="y1")])
    assert told.rows == [row(s="s", o1="y1", o2="z2")]
    assert [one.incoming() for one in halves] == [[row(y="y1")], [{}]]


@pytest.mark.parametrize("level", LEVELS)
def test_a12_who_answers_more_than_was_asked_matches(site, say, level):
    site("K1", say("answer", "?x p ?y . ?x q ?z"), answers=[row(x="s", y="y1", z="z1")])
    assert site("A", say("ask", "?s p ?o1"), level=level).ask([]).rows == [row(s="s", o1="y1")]


@pytest.mark.parametrize("level", [pytest.param(n, id=f"A{13 if n < 4 else 14}-level {n}") for n in range(1, 6)])
def test_a13_a14_who_answers_a_part_that_nobody_completes_is_contacted_from_level_4(site, say, level):
    other = site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="y")])
    told = site("A", say("ask", "?s p ?o . ?s q ?o2"), level=level).ask([])
    assert told.rows == []
    assert (told.reached, len(other.received)) == (([], 0) if level < 4 else (["K1"], 1))


def test_a16_a_constant_of_the_ask_restricts_the_answerer(site, say):
    other = site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="y1"), row(x="s2", y="y2")])
    assert site("A", say("ask", "?s p <http://y1>")).ask([]).rows == [row(s="s")]
    assert other.incoming() == [row(y="y1")]


@pytest.mark.parametrize("rows", [[], [row(o="y1")]])
def test_a17_a_constant_of_the_answerer_becomes_a_value(site, say, rows):
    other = site("K1", say("answer", "?x p <http://y1>"), answers=[row(x="s")])
    assert site("A", say("ask", "?s p ?o")).ask(rows).rows == [row(s="s", o="y1")]
    assert other.incoming() == [{}]


def test_a18_an_answerer_whose_constant_contradicts_is_still_contacted_with_no_rows(site, say):
    other = site("K1", say("answer", "?x p <http://y1>"), answers=[row(x="s")])
    assert site("A", say("ask", "?s p ?o")).ask([row(o="y2")]).rows == []
    assert other.incoming() == []


def test_a20_one_variable_against_two_in_one_triple_matches_and_is_filtered(site, say):
    other = site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="s"), row(x="t", y="u")])
    assert site("A", say("ask", "?s p ?s")).ask([]).rows == [row(s="s")]
    assert other.incoming() == [{}]


def test_a21_two_variables_against_one_in_one_triple_match(site, say):
    site("K1", say("answer", "?x p ?x"), answers=[row(x="s")])
    assert site("A", say("ask", "?s p ?o")).ask([]).rows == [row(s="s", o="s")]


@pytest.mark.parametrize("level", LEVELS)
def test_a22_one_variable_against_two_over_triples_needs_level_3(site, say, level):
    rows = [{"x": "<http://s>", "y": "1", "z": "1"}, {"x": "<http://s2>", "y": "1", "z": "2"}]
    other = site("K1", say("answer", "?x p ?y . ?x q ?z"), answers=rows)
    told = site("A", say("ask", "?s p ?v . ?s q ?v"), level=level).ask([])
    assert told.rows == ([] if level < 3 else [{"s": "<http://s>", "v": I1}])
    assert len(other.received) == (level >= 3)


@pytest.mark.parametrize("level", LEVELS)
def test_a24_one_constant_against_two_variables_needs_level_3(site, say, level):
    site("K1", say("answer", "?x p ?y . ?x q ?z"), answers=[row(x="s", y="c", z="c")])
    told = site("A", say("ask", "?s p <http://c> . ?s q <http://c>"), level=level).ask([])
    assert told.rows == ([] if level < 3 else [row(s="s")])


@pytest.mark.parametrize("level", LEVELS)
def test_a25_joining_an_answer_with_itself_needs_level_3(site, say, level):
    other = site("K1", say("answer", "?x p ?y"), answers=[row(x="1", y="2"), row(x="2", y="3")])
    told = site("A", say("ask", "?a p ?b . ?b p ?c"), level=level).ask([])
    assert told.rows == ([] if level < 3 else [row(a="1", b="2", c="3")])
    assert len(other.received) == (level >= 3)


@pytest.mark.parametrize("level", LEVELS)
def test_a26_two_subjects_against_one_need_level_3(site, say, level):
    rows = [row(x="1", y="2", z=z, w="4") for z in "13"]
    site("K1", say("answer", "?x p ?y . ?z q ?w"), answers=rows)
    told = site("A", say("ask", "?a p ?b . ?a q ?c"), level=level).ask([])
    assert told.rows == ([] if level < 3 else [row(a="1", b="2", c="4")])


def test_a28_a_variable_predicate_takes_the_answerers(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="o")])
    assert site("A", say("ask", "?s ?p ?o")).ask([]).rows == [row(s="s", o="o") | {"p": f"<{P}p>"}]


def test_a29_a_bound_predicate_leaves_the_others_contacted_with_no_rows(site, say):
    one = site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="1")])
    site("K2", say("answer", "?x q ?y"), answers=[row(x="t", y="2")])
    told = site("A", say("ask", "?s ?p ?o")).ask([{"p": f"<{P}q>"}])
    assert told.column("s") == ["t"]
    assert one.incoming() == []


def test_a30_a_variable_predicate_of_the_answerer_is_bound(site, say):
    other = site("K1", say("answer", "?x ?pp ?y"), answers=[{"x": "<http://s>", "pp": f"<{P}p>", "y": "1"}])
    assert site("A", say("ask", "?s p ?o")).ask([]).rows == [{"s": "<http://s>", "o": I1}]
    assert other.incoming() == [{"pp": f"<{P}p>"}]


@pytest.mark.parametrize("level", LEVELS[:2])
def test_a32_order_of_triples_and_names_do_not_matter(site, say, level):
    answer = {"m": "<http://m>", "v": "1", "t": '"now"', "d": "<http://d>"}
    site("K1", say("answer", "?m a M . ?m value ?v . ?m time ?t . ?d makes ?m"), answers=[answer])
    asked = site("A", say("ask", "?x makes ?y . ?y time ?c . ?y a M . ?y value ?b"), level=level)
    assert asked.ask([]).rows == [{"x": "<http://d>", "y": "<http://m>", "c": '"now"', "b": I1}]


ABC = [row(x=x, y=y) for x, y in ("1a", "2b", "3c")]


def test_a33_rows_asked_with_are_alternatives(site, say):
    other = site("K1", say("answer", "?x p ?y"), answers=ABC)
    told = site("A", say("ask", "?s p ?o")).ask([row(s="1"), row(s="2")])
    assert told.column("o") == ["a", "b"]
    assert other.incoming() == [row(x="1"), row(x="2")]


def test_a34_the_variables_of_one_row_hold_together(site, say):
    site("K1", say("answer", "?x p ?y"), answers=ABC)
    assert site("A", say("ask", "?s p ?o")).ask([row(s="1", o="b")]).rows == []


def test_a36_alternatives_may_bind_different_variables(site, say, target):
    other = site("K1", say("answer", "?x p ?y"), answers=ABC)
    told = site("A", say("ask", "?s p ?o")).ask([row(s="1"), row(o="b")])
    assert told.column("o") == ["a", "b"]
    merged = target.by_version([row(x="1", y="b")], [])
    assert other.incoming() == [row(x="1"), *merged, row(y="b")]


def test_a37_no_answerer_is_told_what_another_answered(site, say):
    chain = [
        site(name, say("answer", f"?x {predicate} ?y"), answers=[row(x=x, y=y)])
        for name, predicate, x, y in (("K1", "p", "s", "b"), ("K2", "q", "b", "c"), ("K3", "r", "c", "d"))
    ]
    told = site("A", say("ask", "?a p ?b . ?b q ?c . ?c r ?d")).ask([row(a="s")])
    assert told.rows == [row(a="s", b="b", c="c", d="d")]
    assert [one.incoming() for one in chain] == [[row(x="s")], [{}], [{}]]


@pytest.fixture
def composed(site, say):
    """K1 knows p, K2 makes q of it."""
    return (
        site("K1", say("answer", "?x p ?y"), answers=[row(x="s", y="y1")]),
        site("K2", say("react", "?u p ?v", "?u q ?w"), answers=[row(u="s", w="w")]),
    )


@pytest.mark.parametrize("level", LEVELS)
def test_a38_a_react_makes_an_answer_of_others_answers_and_is_not_listed(site, say, composed, level):
    told = site("A", say("ask", "?s q ?o"), level=level).ask([])
    assert told.rows == [row(s="s", o="w")]
    assert [one.incoming() for one in composed] == [[{}], [row(u="s", v="y1")]]
    assert told.reached == ["K1"]


def test_a40_a_binding_of_what_a_react_makes_filters_at_the_end(site, say, composed):
    assert site("A", say("ask", "?s q ?o")).ask([row(o="nope")]).rows == []
    assert [one.incoming() for one in composed] == [[{}], [row(u="s", v="y1")]]


def test_a41_what_was_asked_with_is_no_argument_of_a_react(site, say):
    react = site("K1", say("react", "?u in ?v", "?u out ?w"), answers=[row(u="s", w="w")])
    assert site("A", say("ask", "?s in ?i . ?s out ?o")).ask([{"s": "<http://s>", "i": "1"}]).rows == []
    assert react.received == []


def test_a42_an_answer_feeds_the_react_and_the_ask(site, say):
    site("K1", say("react", "?u in ?v", "?u out ?w"), answers=[row(u="s", w="w")])
    answer = site("K2", say("answer", "?u in ?v"), answers=[{"u": "<http://s>", "v": I1}])
    told = site("A", say("ask", "?s in ?i . ?s out ?o")).ask([{"i": "1"}])
    assert told.rows == [{"s": "<http://s>", "i": I1, "o": "<http://w>"}]
    assert answer.incoming() == [{}, {"v": I1}]


@pytest.mark.parametrize(
    ("recipients", "reached"),
    [
        (["http://ex.org/K1"], ["K1"]),
        (["http://ex.org/K1", "http://ex.org/K2"], ["K1", "K2"]),
        ([], ["K1", "K2"]),
        (["http://ex.org/nobody"], []),
        (["http://ex.org/A"], []),
    ],
    ids=["one", "two", "everybody", "unknown", "itself"],
)
def test_a44_an_ask_is_for_its_recipients(site, say, recipients, reached):
    for name in ("K1", "K2"):
        site(name, say("answer", "?x p ?y"), answers=[row(x=name, y="1")])
    told = site("A", say("ask", "?s p ?o")).ask([], recipients=recipients)
    assert (told.reached, told.column("s")) == (reached, reached)


def test_a45_a_handler_that_refuses_is_a_failed_exchange_where_the_runtime_can_say_so(site, say, target):
    def refuse(request):
        raise RemoteError("no such meter", status=404)

    site("K1", say("answer", "?x p ?y"), answers=refuse)
    told = site("A", say("ask", "?s p ?o")).ask([])
    assert told.rows == []
    message = "An error occurred while ANSWERing: 404 Not Found: no such meter"
    assert (told.exchange.status, told.exchange.message) == target.by_version(("SUCCEEDED", ""), ("FAILED", message))
