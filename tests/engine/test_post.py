"""Contract 8.7 to 8.9: posts, values, communicative acts, in process and over HTTP."""

import pytest

from gridlingua.errors import MessageError

XSD = "http://www.w3.org/2001/XMLSchema#"
I1 = f'"1"^^<{XSD}integer>'
S1 = [{"s": "<http://s>", "o": "1"}]
KE = "https://w3id.org/knowledge-engine/"


def test_p1_a_react_without_result_gets_the_argument_in_its_names(site, say):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    result = site("A", say("post", "?s p ?o")).post(S1)
    assert result.rows == []
    assert other.incoming() == [{"u": "<http://s>", "v": I1}]
    (exchange,) = result.exchanges
    assert exchange.status == "SUCCEEDED"
    assert (exchange.rows, exchange.result_rows) == ([{"u": "<http://s>", "v": I1}], [])


def test_p3_results_come_back_in_the_posters_names(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[{"u": "<http://s>", "w": "5"}])
    result = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert result.rows == [{"s": "<http://s>", "r": f'"5"^^<{XSD}integer>'}]


def test_p4_a_post_without_result_pattern_still_sees_what_came_back(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[{"u": "<http://s>", "w": '"5"'}])
    result = site("A", say("post", "?s p ?o")).post(S1)
    assert result.rows == []
    assert result.exchanges[0].result_rows == [{"u": "<http://s>", "w": '"5"'}]


def test_p5_a_react_without_result_is_triggered_by_a_post_with_one(site, say):
    site("K1", say("react", "?u p ?v"), answers=[])
    result = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert (result.rows, [one.status for one in result.exchanges]) == ([], ["SUCCEEDED"])


def test_p6_a_react_with_another_result_is_triggered_and_brings_nothing(site, say):
    site("K1", say("react", "?u p ?v", "?u other ?w"), answers=[{"u": "<http://s>", "w": "5"}])
    result = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert (result.rows, [one.status for one in result.exchanges]) == ([], ["SUCCEEDED"])


def test_p8_a_react_with_a_part_of_the_result_brings_nothing(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[{"u": "<http://s>", "w": "5"}])
    assert site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1).rows == []


def test_a_react_with_more_result_than_the_posters_is_projected(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w . ?u r ?x"), answers=[{"u": "<http://s>", "w": '"5"', "x": '"6"'}])
    assert site("A", say("post", "?s p ?o", "?s q ?a")).post(S1).rows == [{"s": "<http://s>", "a": '"5"'}]


def test_p10_results_of_several_reacts_are_a_union(site, say):
    for name in "12":
        row = {"u": "<http://s>", "w": name, "x": name}
        site(f"K{name}", say("react", "?u p ?v", "?u q ?w . ?u r ?x"), answers=[row])
    result = site("A", say("post", "?s p ?o", "?s q ?a . ?s r ?b")).post(S1)
    assert len(result.rows) == 2


def test_p12_at_level_1_a_smaller_argument_is_not_triggered(site, say):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    site("A", say("post", "?s p ?o . ?s z ?o2")).post([{"s": "<http://s>", "o": "1", "o2": "2"}])
    assert other.received == []


@pytest.mark.parametrize("argument", ["?u p ?v . ?u z ?v2", "?u p ?v . ?u z c"])
def test_p14_a_bigger_argument_is_not_triggered(site, say, argument):
    other = site("K1", say("react", argument), answers=[])
    assert site("A", say("post", "?s p ?o")).post(S1).exchanges == ()
    assert other.received == []


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


def test_p22_a_result_about_something_that_was_not_posted_fails_and_keeps_the_argument(site, say):
    site("K1", say("react", "?u p ?v", "?u q ?w"), answers=[{"u": "<http://other>", "w": "5"}])
    result = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert result.rows == []
    (exchange,) = result.exchanges
    assert "doesn't have a matching incoming binding!" in exchange.message
    assert (exchange.rows, exchange.result_rows) == ([{"u": "<http://s>", "v": I1}], [])


def test_p24_results_are_not_joined_with_what_was_posted(site, say):
    site("K1", say("react", "?u p ?v", "?w q ?u"), answers=[{"w": "<http://w>", "u": "<http://s>"}])
    result = site("A", say("post", "?s p ?o", "?s q ?r")).post(S1)
    assert result.rows == [{"s": "<http://w>", "r": "<http://s>"}]


def test_p25_a_result_that_shares_no_variable_may_say_anything(site, say):
    site("K1", say("react", "?u p ?v", "?n q ?w"), answers=[{"n": "<http://n>", "w": '"w"'}])
    assert site("A", say("post", "?s p ?o", "?a q ?b")).post(S1).rows == [{"a": "<http://n>", "b": '"w"'}]


def test_p26_the_same_row_in_other_spellings_arrives_once(site, say):
    other = site("K1", say("react", "?u p ?v"), answers=[])
    rows = [{"s": "<http://s>", "o": value} for value in ("1", "1", I1, "01")]
    site("A", say("post", "?s p ?o")).post(rows)
    assert [row["v"] for row in other.incoming()] == [I1, f'"01"^^<{XSD}integer>']


def test_p28_a_constant_of_a_react_is_compared_by_value(site, say):
    other = site("K1", say("react", "?u p 1"), answers=[])
    site("A", say("post", "?s p ?o")).post([{"s": f"<{value}>", "o": value} for value in ("1", "01", "1.0")])
    site("B", say("post", "?s p ?o")).post([{"s": "<http://s>", "o": '"1"'}])
    assert [row["u"] for row in other.incoming()] == ["<1>", "<01>", "<1.0>"]


def test_p29_a_silent_react_keeps_its_argument_in_the_exchange(site, say):
    site("K1", say("react", "?u p ?v"))
    site("K2", say("react", "?u p ?v"), answers=[])
    result = site("A", say("post", "?s p ?o")).post(S1, timeout=0.3)
    (failure,) = result.failures
    assert (failure.knowledge_base, failure.rows) == ("http://ex.org/K1", [{"u": "<http://s>", "v": I1}])
    assert failure.error().status == 504


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
    ("sent", "received"),
    [
        *(pytest.param(n, f'"{n}"^^<{XSD}integer>', id=f"V1 {n}") for n in ("1", "01", "-5", "+5")),
        pytest.param("1.0", f'"1.0"^^<{XSD}decimal>', id="V2 decimal"),
        pytest.param("1e0", f'"1e0"^^<{XSD}double>', id="V2 double"),
        pytest.param("true", f'"true"^^<{XSD}boolean>', id="boolean"),
        *(
            pytest.param(text, '"x"', id=f"V4 {text}")
            for text in ('"x"', "'x'", '"""x"""', '"x"^^xsd:string', f'"x"^^<{XSD}string>')
        ),
        *(pytest.param(text, text, id=f"V5 {text}") for text in ('"a"@en', '"a"@EN', '"a"@en-GB')),
        *(pytest.param(t, t, id=f"V6 {t}") for t in ('"x"^^<http://my/dt>', f'"notint"^^<{XSD}integer>')),
        *(pytest.param(text, text, id=f"V8 {text}") for text in ('"é"', "<http://ex.org/é>")),
        pytest.param("rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", id="V9 rdf"),
        pytest.param("xsd:int", f"<{XSD}int>", id="V9 xsd"),
        pytest.param("ex:foo", "<http://example.org/foo>", id="V9 ex"),
        pytest.param(":a", "<http://example/a>", id="V9 empty prefix"),
        *(pytest.param(text, text, id=f"V10 {text}") for text in ("<relative>", "<urn:x>", "<mailto:a@b>")),
        pytest.param('""', '""', id="V13"),
        pytest.param(r'"a\"b\n\\ \u00e9"', '"a\\"b\\n\\\\ é"', id="escapes"),
    ],
)
def test_v_values_arrive_in_canonical_form_and_come_back_unchanged(site, say, sent, received):
    other = site(
        "K1",
        say("react", "?u p ?v", "?u q ?v"),
        answers=lambda request: [{"u": row["u"], "v": row["v"]} for row in request.rows],
    )
    result = site("A", say("post", "?s p ?o", "?s q ?o")).post([{"s": "<http://s>", "o": sent}])
    assert other.incoming() == [{"u": "<http://s>", "v": received}]
    assert result.rows == [{"s": "<http://s>", "o": received}]


@pytest.mark.parametrize(
    "value", ["http://a", "null", "(1 2)", "<http://a b>", '"open', "<http://a> <http://b>", ' "x"', "", "abc", "0x1F"]
)
def test_v12_what_is_no_term_is_refused(site, say, value):
    with pytest.raises(MessageError):
        site("A", say("post", "?s p ?o")).post([{"s": "<http://s>", "o": value}])


@pytest.mark.parametrize("answered", ['"a"', f'"a"^^<{XSD}string>'])
def test_v16_a_string_with_and_without_its_datatype_is_the_same(site, say, answered):
    site("K1", say("answer", "?x p ?y"), answers=lambda request: [{"x": "<http://s>", "y": answered}])
    result = site("A", say("ask", "?s p ?o")).ask([{"o": f'"a"^^<{XSD}string>'}])
    assert result.rows == [{"s": "<http://s>", "o": '"a"'}]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1", "01"),
        ("1", "1.00"),
        ("1", f'"1"^^<{XSD}int>'),
        (f'"2026-11-21T10:00:00Z"^^<{XSD}dateTimeStamp>', f'"2026-11-21T11:00:00+01:00"^^<{XSD}dateTimeStamp>'),
        ('"a"@en', '"a"@EN'),
    ],
)
def test_an_answer_may_spell_a_value_its_own_way(site, say, asked, answered):
    site("K1", say("answer", "?x p ?y"), answers=lambda request: [{"x": "<http://s>", "y": answered}])
    result = site("A", say("ask", "?s p ?o")).ask([{"o": asked}])
    assert [one.message for one in result.exchanges] == [""]
    assert len(result.rows) == 1


@pytest.mark.parametrize("answered", ['"1"', "2", "1e0", '"1"@en'])
def test_an_answer_of_another_value_is_refused(site, say, answered):
    site("K1", say("answer", "?x p ?y"), answers=lambda request: [{"x": "<http://s>", "y": answered}])
    assert len(site("A", say("ask", "?s p ?o")).ask([{"o": "1"}]).failures) == 1


def test_v18_constants_of_patterns_match_by_value(site, say):
    for number, constant in enumerate(["1", "01", f'"1"^^<{XSD}int>', '"1"', "1.0"], 1):
        site(f"K{number}", say("answer", f"?x p {constant}"), answers=[{"x": f"<http://{number}>"}])
    rows = site("A", say("ask", "?s p 1")).ask([]).rows
    assert sorted(row["s"] for row in rows) == ["<http://1>", "<http://2>", "<http://3>", "<http://5>"]


def test_v20_languages_of_constants_match_whatever_their_case(site, say):
    site("K1", say("answer", '?x p "a"@en'), answers=[{"x": "<http://s>"}])
    assert len(site("A", say("ask", '?s p "a"@EN')).ask([]).rows) == 1


def act(required, satisfied):
    full = [tuple(one if ":" in one else f"{KE}{one}Purpose" for one in names) for names in (required, satisfied)]
    return {"required": full[0], "satisfied": full[1]}


ROOT = f"{KE}Purpose"


@pytest.mark.parametrize(
    ("purposes", "reached"),
    [
        pytest.param({}, ["k1", "k2"], id="M1"),
        pytest.param(act(["Actuation"], ["Actuation"]), ["k3"], id="M2"),
        pytest.param(act(["http://my/Purpose"], ["http://my/Purpose"]), ["k4"], id="M4"),
        pytest.param(act(["Inform"], ["Inform", "Actuation"]), ["k1", "k2"], id="M5"),
        pytest.param(act([ROOT], ["NewKnowledge"]), ["k1", "k2"], id="M6"),
    ],
)
def test_m_communicative_acts_decide_who_is_meant(site, say, purposes, reached):
    answerers = {
        "k1": {},
        "k2": act([ROOT], ["Inform"]),
        "k3": act(["Actuation"], ["Actuation"]),
        "k4": act(["http://my/Purpose"], ["http://my/Purpose"]),
    }
    for name, theirs in answerers.items():
        site(name, say("answer", "?x p ?y", **theirs), answers=[])
    result = site("A", say("ask", "?s p ?o", **purposes)).ask([])
    assert sorted(exchange.knowledge_base.rsplit("/", 1)[1] for exchange in result.exchanges) == reached
