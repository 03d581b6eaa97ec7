"""Contract 8.7: what a post brings."""

import pytest

XSD = "http://www.w3.org/2001/XMLSchema#"


def integer(lexical):
    return f'"{lexical}"^^<{XSD}integer>'


I1 = integer(1)
S1 = [{"s": "<http://s>", "o": "1"}]
U1 = {"u": "<http://s>", "v": I1}
U5 = {"u": "<http://s>", "w": integer(5)}
LEVELS = [pytest.param(level, id=f"level {level}") for level in range(1, 6)]


def test_p1_a_react_without_result_gets_the_argument_in_its_names(site, say):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    told = site("A", say("post", "?s p ?o")).post(S1)
    assert told.rows == []
    assert other.incoming() == [U1]
    assert told.exchange.status == "SUCCEEDED"
    assert (told.exchange.rows, told.exchange.result_rows) == ([U1], [])


def test_p2_a_key_that_the_pattern_has_not_is_ignored(call, join, background):
    join("A", post={"q": "?s <http://e/p> ?o"})
    join("B", react={"r": "?u <http://e/p> ?v"})
    posting = background(call, "POST", "/sc/post", "A", "A/q", [S1[0] | {"zz": "1"}])
    assert call("GET", "/sc/handle", "B").json()["bindingSet"] == [U1]
    call("POST", "/sc/handle", "B", "B/r", {"handleRequestId": 1, "bindingSet": []})
    assert posting.result().json()["exchangeInfo"][0]["argumentBindingSet"] == [U1]


@pytest.mark.parametrize("level", LEVELS)
def test_p3_results_come_back_in_the_posters_names(site, say, level):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    told = site("A", say("post", "?s p ?o", "?s q ?r"), level=level).post(S1)
    assert told.rows == [{"s": "<http://s>", "r": integer(5)}]


def test_p4_a_post_without_result_pattern_still_sees_what_came_back(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    told = site("A", say("post", "?s p ?o")).post(S1)
    assert told.rows == []
    assert told.exchange.result_rows == [U5]


def test_p5_a_react_without_result_is_triggered_by_a_post_with_one(site, say):
    site("K1", say("react", "?u p ?v"), answers=[])
    told = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert (told.rows, told.exchange.status) == ([], "SUCCEEDED")


def test_p6_a_react_with_another_result_is_triggered_and_brings_nothing(site, say):
    site("K1", say("react", "?u p ?v", "?u other ?w"), answers=[U5])
    told = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert (told.rows, told.exchange.status) == ([], "SUCCEEDED")


def test_p8_a_react_with_a_part_of_the_result_brings_nothing(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    told = site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1)
    assert (told.rows, told.reached) == ([], ["K1"])


def test_p8_a_react_with_more_result_than_the_posters_is_projected(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w . ?u r ?x"), answers=[{"u": "<http://s>", "w": '"5"', "x": '"6"'}])
    told = site("A", say("post", "?s p ?o", "?s q ?a")).post(S1)
    assert told.rows == [{"s": "<http://s>", "a": '"5"'}]


def test_p9_reacts_that_each_bring_a_part_of_the_result_are_joined(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    site("K2", say("react", "?u p ?v", "?u r ?w"), answers=[{"u": "<http://s>", "w": integer(6)}])
    told = site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1)
    assert told.rows == [{"s": "<http://s>", "a": integer(5), "b": integer(6)}]
    assert told.reached == ["K1", "K2"]


def test_p10_reacts_that_each_bring_the_whole_result_are_a_union(site, say):
    for name in "12":
        answer = {"u": "<http://s>", "w": integer(name), "x": integer(name)}
        site(f"K{name}", say("react", "?u p ?v", "?u q ?w . ?u r ?x"), answers=[answer])
    told = site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1)
    assert told.rows == [{"s": "<http://s>", "a": integer(n), "b": integer(n)} for n in "12"]


@pytest.mark.parametrize("level", LEVELS)
def test_p12_a_smaller_argument_is_triggered_from_level_2(site, say, level):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    told = site("A", say("post", "?s p ?o . ?s z ?o2"), level=level).post([S1[0] | {"o2": "2"}])
    assert told.reached == ([] if level == 1 else ["K1"])
    assert [request.rows for request in other.received] == ([] if level == 1 else [[U1]])


def test_p13_each_react_gets_its_part(site, say):
    one = site("K1", say("react", "?u p ?v"), answers=[])
    two = site("K2", say("react", "?u z ?v"), answers=[])
    told = site("A", say("post", "?s p ?o . ?s z ?o2")).post([S1[0] | {"o2": "2"}])
    assert told.reached == ["K1", "K2"]
    assert (one.incoming(), two.incoming()) == ([U1], [{"u": "<http://s>", "v": integer(2)}])


@pytest.mark.parametrize("level", LEVELS)
def test_p14_a_bigger_argument_that_nobody_completes_is_not_triggered(site, say, level):
    other = site("K1", say("react", "?u p ?v . ?u z ?v2"), answers=[])
    assert site("A", say("post", "?s p ?o"), level=level).post(S1).exchanges == ()
    assert other.received == []


@pytest.mark.parametrize("result", [None, "?s q ?r"], ids=["without result", "with result"])
def test_p14_a_bigger_argument_is_completed_from_answers(site, say, target, result):
    react = site("K1", say("react", "?u p ?v . ?u z ?v2", result and "?u q ?w"), answers=[U5] if result else [])
    answer = site("K2", say("answer", "?x z ?y"), answers=[{"x": "<http://s>", "y": integer(2)}])
    told = site("A", say("post", "?s p ?o", result)).post(S1)
    assert told.reached == ["K1"]
    assert react.incoming() == [U1 | {"v2": integer(2)}]
    assert answer.incoming() == (target.by_version([{}], []) if result else [{}])


def test_p8_answers_complete_a_result_where_the_runtime_does_that(site, say, target):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    site("K2", say("answer", "?x r ?y"), answers=[{"x": "<http://s>", "y": integer(6)}])
    told = site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1)
    joined = [{"s": "<http://s>", "a": integer(5), "b": integer(6)}]
    assert told.rows == target.by_version([], joined)
    assert told.reached == ["K1"]


@pytest.mark.parametrize("level", LEVELS)
def test_p16_what_one_react_makes_another_is_given(site, say, level):
    one = site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    two = site("K2", say("react", "?a q ?b"), answers=[])
    told = site("A", say("post", "?s p ?o"), level=level).post(S1)
    assert told.reached == ["K1", "K2"]
    assert (one.incoming(), two.incoming()) == ([U1], [{"a": "<http://s>", "b": integer(5)}])


@pytest.mark.parametrize("level", LEVELS)
def test_p17_reacts_that_feed_each_other_end(site, say, level):
    one = site("K1", say("react", "?u p ?v", "?u q ?v"), answers=[U1])
    two = site("K2", say("react", "?u q ?v", "?u p ?v"), answers=[U1])
    told = site("A", say("post", "?s p ?o"), level=level).post(S1)
    assert told.reached == ["K1", "K2"]
    assert (one.incoming(), two.incoming()) == ([U1], [U1])


def test_p18_rows_that_contradict_a_constant_do_not_arrive(site, say):
    other = site("K1", say("react", "?u a M . ?u value ?v"), answers=[])
    poster = site("A", say("post", "?s a ?t . ?s value ?o"))
    poster.post([{"s": f"<http://{t}>", "t": f"<http://example.org/{t}>", "o": "1"} for t in "MN"])
    assert other.incoming() == [{"u": "<http://M>", "v": I1}]


def test_p20_an_answer_interaction_is_not_posted_to(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[])
    assert site("A", say("post", "?s p ?o")).post(S1).exchanges == ()


def test_p21_the_own_react_is_not_triggered(site, say):
    assert site("A", say("post", "?s p ?o"), say("react", "?s p ?o", name="r"), answers=[]).post(S1).exchanges == ()


def test_p22_a_result_about_something_that_was_not_posted_fails_and_keeps_the_argument(call, join, background):
    join("A", post={"q": ["?s <http://e/p> ?o", "?s <http://e/q> ?r"]})
    join("B", react={"r": ["?u <http://e/p> ?v", "?u <http://e/q> ?w"]})
    posting = background(call, "POST", "/sc/post", "A", "A/q", S1)
    call("GET", "/sc/handle", "B")
    answer = {"handleRequestId": 1, "bindingSet": [{"u": "<http://other>", "w": integer(5)}]}
    assert call("POST", "/sc/handle", "B", "B/r", answer).status == 200
    told = posting.result().json()
    assert told["resultBindingSet"] == []
    (exchange,) = told["exchangeInfo"]
    assert exchange["status"] == "FAILED"
    assert "doesn't have a matching incoming binding!" in exchange["failedMessage"]
    assert (exchange["argumentBindingSet"], exchange["resultBindingSet"]) == ([U1], [])


def test_p24_results_are_not_joined_with_what_was_posted(site, say):
    site("K1", say("react", "?u p ?v", "?w q ?u"), answers=[{"w": "<http://w>", "u": "<http://s>"}])
    told = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert told.rows == [{"s": "<http://w>", "r": "<http://s>"}]


def test_p25_a_result_that_shares_no_variable_may_say_anything(site, say):
    site("K1", say("react", "?u p ?v", "?n q ?w"), answers=[{"n": "<http://n>", "w": '"w"'}])
    assert site("A", say("post", "?s p ?o", "?a q ?b")).post(S1).rows == [{"a": "<http://n>", "b": '"w"'}]


def test_p26_the_same_row_in_other_spellings_arrives_once(site, say):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    rows = [{"s": "<http://s>", "o": value} for value in ("1", "1", I1, "01")]
    site("A", say("post", "?s p ?o")).post(rows)
    assert other.incoming() == [{"u": "<http://s>", "v": integer("01")}, U1]


def test_p28_a_constant_of_a_react_is_compared_by_term_or_by_value(site, say, target):
    other = site("K1", say("react", "?u p 1"), answers=[])
    values = {"a": "1", "b": "01", "c": "1.0", "d": '"1"'}
    site("A", say("post", "?s p ?o")).post([{"s": f"<{name}>", "o": value} for name, value in values.items()])
    assert [row["u"] for row in other.incoming()] == target.by_version(["<a>"], ["<a>", "<b>", "<c>"])


def test_p29_a_silent_react_keeps_its_argument_in_the_exchange(site, say):
    site("K1", say("react", "?u p ?v"))
    site("K2", say("react", "?u p ?v", "?u q ?w"), answers=[U5])
    told = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1, timeout=0.3)
    assert told.rows == [{"s": "<http://s>", "r": integer(5)}]
    (failure,) = told.failures
    assert (failure.knowledge_base, failure.rows) == ("http://ex.org/K1", [U1])


@pytest.mark.parametrize("value", ['"x"^^<http://my/dt>', '"x"@en', '"x"'])
def test_p30_literals_of_a_result_come_back_unchanged(site, say, value):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[{"u": "<http://s>", "w": value}])
    told = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert told.rows == [{"s": "<http://s>", "r": value}]


def test_p30_the_datatype_of_plain_strings_is_dropped(call, join, background):
    join("A", post={"q": ["?s <http://e/p> ?o", "?s <http://e/q> ?r"]})
    join("B", react={"r": ["?u <http://e/p> ?v", "?u <http://e/q> ?w"]})
    posting = background(call, "POST", "/sc/post", "A", "A/q", S1)
    call("GET", "/sc/handle", "B")
    answer = {"handleRequestId": 1, "bindingSet": [{"u": "<http://s>", "w": f'"x"^^<{XSD}string>'}]}
    assert call("POST", "/sc/handle", "B", "B/r", answer).status == 200
    assert posting.result().json()["resultBindingSet"] == [{"s": "<http://s>", "r": '"x"'}]
