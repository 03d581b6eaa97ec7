"""Contract 8.10: knowledge gaps, domain knowledge, and what the network says about itself."""

import pytest
import requests

P, Q, Z = (f"<http://example.org/{name}>" for name in "pqz")
XSD = "http://www.w3.org/2001/XMLSchema#"
LEVELS = [pytest.param(level, id=f"level {level}") for level in range(1, 6)]
EX = "@prefix ex: <http://example.org/> .\n"  # what else stands on that line is lost
BUILT_IN = f"{EX}(?a ex:p ?b), equal(?a, ?b) -> (?a ex:q ?b) ."
DEVICES = f"{EX}(?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device) ."


def iris(**values):
    return {name: f"<http://{value}>" for name, value in values.items()}


def test_g1_nobody_knows_anything(site, say):
    told = site("A", say("ask", "?a p ?b . ?b q ?c", gaps_enabled=True)).ask([])
    assert told.rows == []
    assert told.gaps == {frozenset({f"?a {P} ?b", f"?b {Q} ?c"})}


def test_g2_what_somebody_knows_is_no_gap(site, say):
    other = site("K1", say("answer", "?x p ?y"), answers=[iris(x="s", y="y")])
    told = site("A", say("ask", "?a p ?b . ?b q ?c", gaps_enabled=True)).ask([])
    assert (told.rows, told.reached, len(other.received)) == ([], ["K1"], 1)
    assert told.gaps == {frozenset({f"?b {Q} ?c"})}


def test_g4_a_result_has_no_gaps(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[iris(x="s", y="y")])
    told = site("A", say("ask", "?a p ?b", gaps_enabled=True)).ask([])
    assert (told.rows, told.gaps) == ([iris(a="s", b="y")], set())


def test_g4_an_empty_answer_has_no_gaps(site, say):
    site("K1", say("answer", "?x p ?y"), answers=[])
    told = site("A", say("ask", "?a p ?b", gaps_enabled=True)).ask([])
    assert (told.rows, told.gaps) == ([], set())


def test_g5_what_a_react_would_need_is_the_gap_in_its_words(site, say):
    site("K1", say("react", "?x p ?y . ?x z ?w", "?x q ?y"), answers=[])
    told = site("A", say("ask", "?a q ?b", gaps_enabled=True)).ask([])
    assert told.gaps == {frozenset({f"?x {P} ?y", f"?x {Z} ?w"})}


def test_g6_no_gaps_are_told_where_none_were_wanted(call, join):
    join("A", ask={"q": "?a <http://e/p> ?b"})
    assert "knowledgeGaps" not in call("POST", "/sc/ask", "A", "A/q", []).json()


@pytest.mark.parametrize("level", LEVELS)
def test_d1_a_rule_of_the_asker_makes_answers_of_others_answers(site, say, level):
    site("K1", say("answer", "?x a ex:Sensor"), answers=[iris(x="s1")])
    asker = site("A", say("ask", "?d a ex:Device"), level=level)
    asker.learn(DEVICES)
    assert asker.ask([]).rows == [iris(d="s1")]


@pytest.mark.parametrize(
    "rules",
    [
        f"{EX}[r1: (?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device)]",
        f"{EX}(?a rdf:type ex:Device) <- (?a rdf:type ex:Sensor) .",
        f"{EX}(?a rdf:type ex:Sensor) -> (?a rdf:type ex:Thing), (?a rdf:type ex:Device) .",
        f"{EX}(?a rdf:type ex:Sensor) -> (?a rdf:type ex:Tool) .\n(?b rdf:type ex:Tool) -> (?b rdf:type ex:Device) .",
        f"# what a device is\n{EX}\n(?a rdf:type ex:Sensor)\n  -> (?a rdf:type ex:Device) .\n",
    ],
    ids=["named", "backward", "two heads", "chained", "lines and comments"],
)
def test_d2_rules_have_many_forms(site, say, rules):
    site("K1", say("answer", "?x a ex:Sensor"), answers=[iris(x="s1")])
    asker = site("A", say("ask", "?d a ex:Device"))
    asker.learn(rules)
    assert asker.ask([]).rows == [iris(d="s1")]


@pytest.mark.parametrize("level", LEVELS)
def test_d2_a_rule_of_two_conditions_needs_level_2(site, say, level):
    site("K1", say("answer", "?x a ex:Sensor"), answers=[iris(x="s1")])
    asker = site("A", say("ask", "?d a ex:Device"), level=level)
    fact = "-> (ex:Sensor rdfs:subClassOf ex:Device) ."
    asker.learn(f"{EX}{fact}\n(?x rdfs:subClassOf ?y), (?a rdf:type ?x) -> (?a rdf:type ?y) .")
    assert asker.ask([]).rows == ([] if level == 1 else [iris(d="s1")])


def test_d4_a_fact_is_an_answer_without_anybody(site, say):
    asker = site("A", say("ask", "?a ex:sub ?b"))
    asker.learn(f"{EX}-> (ex:one ex:sub ex:two) .")
    told = asker.ask([])
    assert told.rows == [{"a": "<http://example.org/one>", "b": "<http://example.org/two>"}]
    assert told.exchanges == ()


def test_d4_the_literals_of_facts(site, say):
    asker = site("A", say("ask", "?a ex:is ?b"))
    asker.learn(f"{EX}-> (ex:a ex:is 'x') . -> (ex:b ex:is '5'^^xsd:integer) . -> (ex:c ex:is 7) .")
    assert asker.ask([]).column("b") == [f'"5"^^<{XSD}integer', f'"7"^^<{XSD}int', '"x"']


def test_d5_the_rules_of_others_do_not_count(site, say):
    other = site("K1", say("answer", "?x a ex:Sensor"), answers=[iris(x="s1")])
    other.learn(DEVICES)
    told = site("A", say("ask", "?d a ex:Device")).ask([])
    assert (told.rows, told.exchanges) == ([], ())


def test_d6_a_rule_of_the_poster_makes_an_argument(site, say):
    other = site("K1", say("react", "?u a ex:Device"), answers=[])
    poster = site("A", say("post", "?s a ex:Sensor"))
    poster.learn(DEVICES)
    told = poster.post([iris(s="s1")])
    assert (told.reached, other.incoming()) == (["K1"], [iris(u="s1")])


def test_d8_an_empty_body_clears_the_rules(site, say):
    site("K1", say("answer", "?x a ex:Sensor"), answers=[iris(x="s1")])
    asker = site("A", say("ask", "?d a ex:Device"))
    asker.learn(DEVICES)
    asker.learn("")
    told = asker.ask([])
    assert (told.rows, told.exchanges) == ([], ())


def test_d8_new_rules_replace_the_old(site, say):
    asker = site("A", say("ask", "?a ex:sub ?b"))
    for name in ("one", "two"):
        asker.learn(f"{EX}-> (ex:{name} ex:sub ex:x) .")
    assert asker.ask([]).column("a") == ["example.org/two"]


@pytest.fixture
def load(call):
    def send(kb, rules, kind="text/plain"):
        return call("POST", "/sc/knowledge", kb, data=rules.encode(), headers={"Content-Type": kind})

    return send


def test_d9_rules_come_as_text_for_somebody(load, join):
    join("A")
    page = load("A", "", "application/json")
    assert (page.status, page.message) == (415, "")
    assert load("nope", "").error == (404, "Knowledge base not found. (Has its lease already expired?)")
    missing = load(None, "")
    assert missing.status == 400


@pytest.mark.parametrize("rules", ["nonsense", "(?a ?b", "(?a ?b) -> (?a ?b ?c) .", BUILT_IN])
def test_d9_rules_that_do_not_read_are_refused(load, join, rules):
    join("A")
    status, message = load("A", rules).error
    assert status == 400
    assert message.startswith("The provided domain knowledge should parse correctly: ")


def test_d10_a_head_variable_that_is_not_in_the_body_hangs_whoever_asks(site, say, call):
    site("K", say("answer", "?x p ?y"), answers=[iris(x="s", y="y")])
    asker = site("A", say("ask", "?a q ?b"))
    asker.learn(f"(?a {P} ?b) -> (?a {Q} ?c) .")
    with pytest.raises(requests.Timeout):
        call("POST", "/sc/ask", "A", "A/q", [], timeout=4)


WHO = "?kb a ke:KnowledgeBase . ?kb ke:hasName ?n"


@pytest.fixture
def crowd(site, say):
    for name in ("K1", "K2"):
        site(name, say("answer", "?x p ?y"), answers=[])


def test_x1_the_network_tells_who_is_on_it(site, say, crowd):
    told = site("A", say("ask", WHO, include_meta=True)).ask([])
    assert told.rows == [{"kb": f"<http://ex.org/{name}>", "n": f'"{name}"'} for name in ("K1", "K2")]


def test_x2_only_who_wants_to_know_is_told(site, say, crowd):
    told = site("A", say("ask", WHO)).ask([])
    assert (told.rows, told.exchanges) == ([], ())


def test_x4_every_interaction_is_described_also_those_of_the_network_itself(site, say, crowd):
    pattern = "?kb ke:hasKnowledgeInteraction ?ki . ?ki ke:isMeta ?m"
    rows = site("A", say("ask", pattern, include_meta=True)).ask([]).rows
    flags = [row["m"] for row in rows]
    assert len(flags) == 18
    assert flags.count(f'"false"^^<{XSD}boolean>') == 2
    assert flags.count(f'"true"^^<{XSD}boolean>') == 16
