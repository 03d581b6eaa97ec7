"""Contract 8.3: knowledge interactions and their graph patterns."""

import re

import pytest

INFORM = "https://w3id.org/knowledge-engine/InformPurpose"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def ask_body(name="q", pattern="?a <http://ex.org/p> ?b .", **more):
    return {
        "knowledgeInteractionType": "AskKnowledgeInteraction",
        "knowledgeInteractionName": name,
        "graphPattern": pattern,
        **more,
    }


@pytest.fixture
def add(call, join):
    """Registers one interaction of A."""
    join("A")

    def send(body=None, **more):
        return call("POST", "/sc/ki", "A", body=body or ask_body(**more))

    return send


def test_k1_an_interaction_gets_an_id_of_its_name(add):
    made = add(name="myask")
    assert (made.status, made.json()) == (200, {"knowledgeInteractionId": "http://ex.org/A/interaction/myask"})


@pytest.mark.parametrize("kind", ["Ask", "Answer"])
def test_k2_a_name_is_taken_once_whatever_the_kind(add, kind):
    add(name="myask")
    again = add(name="myask", knowledgeInteractionType=f"{kind}KnowledgeInteraction")
    message = "The Knowledge Interaction with URI 'http://ex.org/A/interaction/myask' should not be already registered."
    assert again.error == (400, message)


def test_k4_an_empty_name_is_a_name_and_none_becomes_a_random_one(add, call):
    assert add(name="").json() == {"knowledgeInteractionId": "http://ex.org/A/interaction/"}
    unnamed = add(name=None).json()["knowledgeInteractionId"]
    assert re.fullmatch(r"http://ex\.org/A/interaction/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", unnamed)
    listed = {one["knowledgeInteractionId"]: one for one in call("GET", "/sc/ki", "A").json()}
    assert "knowledgeInteractionName" not in listed[unnamed]


@pytest.mark.parametrize("name", ["a b", "a_b"])
def test_k5_names_are_of_letters_digits_and_hyphens(add, target, name):
    made = add(name=name)
    if target.version == "1.4":
        allowed = "Knowledge Interaction names should only contain alphanumeric characters and hyphens"
        assert made.error == (400, f"{allowed} and not '{name}'")
    else:
        assert made.violation == 'scKiPost.arg1.knowledgeInteractionName must match "^[a-zA-Z0-9-]*$"'


@pytest.mark.parametrize("kind", [None, "Foo"])
def test_k6_a_type_must_be_known(add, target, kind):
    assert add(knowledgeInteractionType=kind).unread == target.by_version("text", "InvalidTypeIdException")


@pytest.mark.parametrize("kind", ["Ask", "Answer"])
def test_k8_an_ask_needs_its_pattern(add, target, kind):
    made = add(knowledgeInteractionType=f"{kind}KnowledgeInteraction", pattern=None)
    if target.version == "1.4":
        message = f"graphPattern must be given for {kind.upper()} knowledge interactions."
        assert made.error == (400, message)
    else:
        assert made.violation == "scKiPost.arg1.graphPattern must not be null"


@pytest.mark.parametrize("kind", ["Post", "React"])
def test_k8_a_post_needs_a_pattern(add, target, kind):
    made = add({"knowledgeInteractionType": f"{kind}KnowledgeInteraction"})
    if target.version == "1.4":
        needed = "At least one of argumentGraphPattern and resultGraphPattern must be given"
        assert made.error == (400, f"{needed} for {kind.upper()} knowledge interactions.")
    else:
        assert made.violation == "scKiPost.arg1.argumentGraphPattern must not be null"


@pytest.mark.parametrize("body", ["null", ""], ids=repr)
def test_k6_an_empty_body(call, join, target, body):
    join("A")
    made = call("POST", "/sc/ki", "A", data=body, headers={"Content-Type": "application/json"})
    if target.version == "1.4":
        assert (made.status, made.message) == (500, "")
    else:
        assert made.violation == "scKiPost.arg1 must not be null"


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("", id="K9 empty"),
        pytest.param(".", id="K9 dot"),
        pytest.param("?a ?b", id="K10"),
        pytest.param("?a foo:b ?c", id="K10 prefix"),
        pytest.param("_:x <http://e/p> ?c", id="K14 label"),
        pytest.param("[] <http://e/p> ?c", id="K14 brackets"),
        pytest.param("?a <http://e/p> (1 2)", id="K14 list"),
        pytest.param("?a <http://e/p> ?c FILTER(?c > 1)", id="K16 at the end"),
        pytest.param("OPTIONAL { ?a <http://e/p> ?c }", id="K16 optional"),
    ],
)
def test_k_patterns_that_are_none_are_refused(add, pattern):
    status, message = add(pattern=pattern).error
    assert (status, message.startswith("Invalid graph pattern: ")) == (400, True)
    note = ". Note: Have you included your prefixes in the 'prefixes' property?"
    assert message.endswith(note) == ("foo:" in pattern)


def test_k12_prefixes_are_expanded_away(add, call):
    assert add(pattern="?a foo:b ?c", prefixes={"foo": "http://foo/"}).status == 200
    (listed,) = call("GET", "/sc/ki", "A").json()
    assert (listed["prefixes"], listed["graphPattern"]) == ({}, "?a <http://foo/b> ?c . ")


def test_k13_a_property_path_breaks_the_call(add):
    made = add(pattern="?a <http://e/p>/<http://e/q> ?c")
    assert (made.status, made.message) == (500, "")


@pytest.mark.parametrize(
    "before", ["FILTER(?c > 1)", "OPTIONAL { ?a <http://e/z> ?c }", "VALUES ?c { 1 }"], ids=lambda text: text[:6]
)
def test_k16_what_stands_before_the_triples_is_dropped(add, call, before):
    assert add(pattern=f"{before} ?a <http://e/p> ?c .").status == 200
    assert call("GET", "/sc/ki", "A").json()[0]["graphPattern"] == "?a <http://e/p> ?c . "


def test_k17_patterns_are_listed_in_canonical_form(add, call):
    objects = ["1", "01", "+5", "true", "1.5", "1E5", '"x"@en', '"y"^^<http://e/d>', '"é"', "?c"]
    add(pattern=f"?a a <http://e/T>; <http://e/p> {', '.join(objects)}, .5, 'q', $d")
    (listed,) = call("GET", "/sc/ki", "A").json()
    said = [*objects, '".5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"q"', "?d"]
    triples = [f"?a {RDF_TYPE} <http://e/T> . ", *(f"?a <http://e/p> {value} . " for value in said)]
    assert sorted(re.findall(r"\?a .*? \. ", listed["graphPattern"])) == sorted(triples)


@pytest.mark.parametrize("value", ["true", True])
def test_k18_a_boolean_may_be_a_text(add, call, value):
    assert add(knowledgeGapsEnabled=value).status == 200
    assert call("GET", "/sc/ki", "A").json()[0]["knowledgeGapsEnabled"] is True


def test_k20_a_result_pattern_may_be_null(add):
    body = {
        "knowledgeInteractionType": "PostKnowledgeInteraction",
        "argumentGraphPattern": "?a <http://e/p> ?b",
        "resultGraphPattern": None,
    }
    assert add(body).status == 200


def test_k21_a_react_with_a_result_alone_hides_its_knowledge_base_or_is_refused(add, join, call, target):
    result_only = {"knowledgeInteractionType": "ReactKnowledgeInteraction", "resultGraphPattern": "?a <http://e/q> ?b"}
    made = add(result_only)
    if target.version != "1.4":
        assert made.violation == "scKiPost.arg1.argumentGraphPattern must not be null"
        return
    assert made.status == 200
    assert add(name="r", knowledgeInteractionType="AnswerKnowledgeInteraction").status == 200
    join("B", ask={"q": "?a <http://ex.org/p> ?b"})
    assert call("POST", "/sc/ask", "B", "B/q", []).json() == {"bindingSet": [], "exchangeInfo": []}


def test_k21_a_post_with_a_result_alone_breaks_what_lists_it_or_is_refused(add, call, target):
    body = {"knowledgeInteractionType": "PostKnowledgeInteraction", "resultGraphPattern": "?a <http://e/q> ?b"}
    made = add(body | {"knowledgeInteractionName": "pst"})
    assert made.status == target.by_version(200, 400)
    if made.status == 200:
        assert call("GET", "/sc/ki", "A").status == 500
        assert call("POST", "/sc/post", "A", "A/pst", []).status == 500


@pytest.mark.parametrize(
    ("act", "what"),
    [
        ({}, "requirement"),
        ({"requiredPurposes": [], "satisfiedPurposes": [INFORM]}, "requirement"),
        ({"requiredPurposes": [INFORM], "satisfiedPurposes": []}, "satisfaction"),
    ],
)
def test_k20_a_communicative_act_has_purposes(add, act, what):
    assert add(communicativeAct=act).error == (400, f"There should be at least 1 {what} purpose.")


def test_k22_an_unknown_knowledge_base_registers_nothing(call):
    message = (
        "Could not add knowledge interaction, because the given knowledge base ID (http://ex.org/nope) is unknown."
    )
    assert call("POST", "/sc/ki", "nope", body=ask_body()).error == (404, message)
    invalid = "Knowledge base not found, because its knowledge base ID must be a valid URI."
    assert call("POST", "/sc/ki", "a b", body=ask_body()).error == (400, invalid)
    assert call("POST", "/sc/ki", body=ask_body()).error == (400, "Missing valid Knowledge-Base-Id header.")


def test_k24_an_interaction_is_listed_with_everything(call, join):
    join("A", post={"pst": ["?a <http://ex.org/p> ?b", "?a <http://ex.org/q> ?c"]})
    assert call("GET", "/sc/ki", "A").json() == [
        {
            "knowledgeInteractionType": "PostKnowledgeInteraction",
            "knowledgeInteractionName": "pst",
            "knowledgeGapsEnabled": False,
            "communicativeAct": {"requiredPurposes": [INFORM], "satisfiedPurposes": [INFORM]},
            "prefixes": {},
            "argumentGraphPattern": "?a <http://ex.org/p> ?b . ",
            "resultGraphPattern": "?a <http://ex.org/q> ?c . ",
            "knowledgeInteractionId": "http://ex.org/A/interaction/pst",
        }
    ]


UNKNOWN = (404, "Knowledge base not found, because its knowledge base ID is unknown.")


@pytest.mark.parametrize("kb", ["nope", "a b"])
def test_k25_an_unknown_knowledge_base_has_no_interactions(call, kb):
    assert call("GET", "/sc/ki", kb).error == UNKNOWN


def test_k25_listing_without_saying_whose_breaks_the_call(call):
    made = call("GET", "/sc/ki")
    assert (made.status, made.message) == (500, "")


def test_k26_removing_an_interaction(call, join):
    join("A", ask={"q": "?s <http://e/p> ?o"})
    removed = call("DELETE", "/sc/ki", "A", "A/q")
    assert (removed.status, removed.body) == (200, b"")
    message = "Knowledge base found, but the given knowledge interaction knowledge base ID is unknown."
    assert call("DELETE", "/sc/ki", "A", "A/q").error == (404, message)
    assert call("DELETE", "/sc/ki", "A", "a b").error == (404, message)
    for nobody in ("nope", "a b"):
        assert call("DELETE", "/sc/ki", nobody, "A/q").error == UNKNOWN
    assert call("DELETE", "/sc/ki", "A").error == (400, "Missing valid Knowledge-Interaction-Id header.")


def test_k26_removing_without_saying_whose_breaks_the_call(call):
    made = call("DELETE", "/sc/ki", ki="A/q")
    assert (made.status, made.message) == (500, "")
