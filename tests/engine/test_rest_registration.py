"""Contract 1.1 to 1.9 and 8.1 to 8.3 over HTTP, by hand: conventions, life cycle, leases, knowledge interactions."""

import re
import time

import pytest
import requests

from gridlingua.engine.registration import is_absolute_iri

GONE = (
    "This long polling request is cancelled by the server because it or the Knowledge Base is stopping. "
    "Do not reinitiate this request."
)
INFORM = "https://w3id.org/knowledge-engine/InformPurpose"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def refused(response, status, message):
    assert (response.status_code, response.json()) == (status, {"messageType": "error", "message": message})
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    return True


def ask_body(name="q", pattern="?a <http://ex.org/p> ?b .", **more):
    return {
        "knowledgeInteractionType": "AskKnowledgeInteraction",
        "knowledgeInteractionName": name,
        "graphPattern": pattern,
        **more,
    }


def test_c1_registration_answers_200_with_nothing(call, kb_body):
    made = call("POST", "/sc", body=kb_body("A"))
    assert (made.status_code, made.content, made.headers.get("Content-Type")) == (200, b"", None)


def test_c2_an_id_is_taken_once(call, join, kb_body):
    join("A")
    assert refused(call("POST", "/sc", body=kb_body("A")), 400, "That knowledge base ID is already in use.")


@pytest.mark.parametrize("bad", ["https://", "/relative.nl", "kb1", "a b", "http:///x", "http://e/{x}", "http://e/%zz"])
def test_c4_an_id_is_an_absolute_iri(call, kb_body, bad):
    made = call("POST", "/sc", body=kb_body("A") | {"knowledgeBaseId": bad})
    assert made.status_code == 400
    assert made.json()["message"].startswith("Knowledge Base ID must be a valid RDF IRI. ")


def test_an_empty_id_is_refused(call, kb_body):
    body = kb_body("A") | {"knowledgeBaseId": ""}
    assert refused(call("POST", "/sc", body=body), 400, "Knowledge Base ID must be a non-empty URI.")


@pytest.mark.parametrize(
    "good", ["mailto:hello", "https://hello", "urn:x:y", "http://ex.org/é", "ftp://x/y", "http://e/a?b=c#d"]
)
def test_c5_c6_any_absolute_iri_will_do(call, kb_body, good):
    assert is_absolute_iri(good)
    assert call("POST", "/sc", body=kb_body("A") | {"knowledgeBaseId": good}).status_code == 200


def test_c8_a_level_is_a_number(call, kb_body):
    made = call("POST", "/sc", body=kb_body("A") | {"reasonerLevel": "abc"})
    assert made.status_code == 400
    assert made.json()["message"].startswith("InvalidFormatException: ")


@pytest.mark.parametrize("level", [0, 6, -1])
def test_a_level_is_from_1_to_5(call, kb_body, level):
    message = f"The reasoner level should be between 1 and 5, inclusive and not {level}"
    assert refused(call("POST", "/sc", body=kb_body("A") | {"reasonerLevel": level}), 400, message)


@pytest.mark.parametrize("more", [{"reasonerLevel": None}, {"reasonerEnabled": True}, {"foo": 1}])
def test_c9_unknown_keys_are_ignored_and_the_level_is_2(call, join, kb_body, more):
    join("A", body=more)
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"reasonerLevel": 2}]


def test_c10_a_level_is_kept(call, join, kb_body):
    join("A", body={"reasonerLevel": 3})
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"reasonerLevel": 3}]


@pytest.mark.parametrize("body", ["[]", "{", "5", '"x"', "null", ""], ids=repr)
def test_c12_a_body_is_an_object(call, body):
    made = call("POST", "/sc", data=body, headers={"Content-Type": "application/json"})
    assert (made.status_code, made.json()["messageType"]) == (400, "error")
    assert re.match(r"\w+Exception: ", made.json()["message"])


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {}])
def test_c13_another_content_type_is_415_and_no_message_of_the_engine(call, headers):
    made = call("POST", "/sc", data=b"{}", headers=headers)
    assert made.status_code == 415
    with pytest.raises(requests.JSONDecodeError):
        made.json()


def test_c13_a_charset_is_ignored(call, kb_body):
    made = call("POST", "/sc", body=kb_body("A"), headers={"Content-Type": "application/json; charset=utf-8"})
    assert made.status_code == 200


def test_c14_who_accepts_no_json_gets_406(call):
    assert call("GET", "/sc", headers={"Accept": "text/html"}).status_code == 406
    assert call("GET", "/sc", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


@pytest.mark.parametrize("missing", ["knowledgeBaseId", "knowledgeBaseName", "knowledgeBaseDescription"])
def test_c16_name_and_description_must_be_there(call, kb_body, missing):
    for body in ({k: v for k, v in kb_body("A").items() if k != missing}, kb_body("A") | {missing: None}):
        made = call("POST", "/sc", body=body)
        assert made.status_code == 400
        assert missing in made.json()["message"]


@pytest.mark.parametrize("lease", [0, 3601, 5000])
def test_c17_a_lease_has_limits(call, kb_body, lease):
    assert call("POST", "/sc", body=kb_body("A") | {"leaseRenewalTime": lease}).status_code == 400


def test_c18_an_empty_network_is_an_empty_list(call):
    listed = call("GET", "/sc")
    assert (listed.status_code, listed.json()) == (200, [])


def test_c20_a_lease_is_listed(call, join, kb_body):
    join("A", body={"leaseRenewalTime": 60})
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"leaseRenewalTime": 60, "reasonerLevel": 2}]


def test_everybody_is_listed_without_a_header(call, join):
    join("A")
    join("B")
    assert {one["knowledgeBaseId"] for one in call("GET", "/sc").json()} == {"http://ex.org/A", "http://ex.org/B"}


@pytest.mark.parametrize("kb", ["http://ex.org/nope", ""])
def test_c21_an_unknown_knowledge_base_is_404(call, kb):
    assert refused(call("GET", "/sc", headers={"Knowledge-Base-Id": kb}), 404, "Knowledge base not found.")


def test_c22_an_id_that_is_no_iri_is_400(call):
    message = "Knowledge base not found, because its ID must be a valid URI."
    assert refused(call("GET", "/sc", "a b"), 400, message)


def test_c24_deleting_is_final(call, join):
    join("A")
    assert (gone := call("DELETE", "/sc", "A")).status_code == 200
    assert gone.content == b""
    assert call("GET", "/sc", "A").status_code == 404
    message = "Deletion of knowledge base failed, because it could not be found."
    assert refused(call("DELETE", "/sc", "A"), 404, message)
    assert refused(call("DELETE", "/sc"), 400, "Knowledge-Base-Id header should not be null.")


def test_c25_deleting_ends_an_open_poll_with_410(call, join, background):
    join("A", answer={"r": "?x <http://e/p> ?y"})
    poll = background(call, "GET", "/sc/handle", "A")
    time.sleep(0.1)
    began = time.monotonic()
    assert call("DELETE", "/sc", "A").status_code == 200
    ended = poll.result()
    assert (ended.status_code, ended.json()) == (410, {"messageType": "message", "message": GONE})
    assert time.monotonic() - began < 1


def test_c26_an_id_can_be_used_again_and_its_interactions_are_gone(call, join):
    join("A", ask={"q": "?s <http://e/p> ?o"})
    call("DELETE", "/sc", "A")
    join("A")
    assert call("GET", "/sc/ki", "A").json() == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/sc"), ("GET", "/nope"), ("GET", "/sc/ask"), ("DELETE", "/sc")])
def test_c28_every_response_has_cors_headers(call, method, path):
    headers = call(method, path).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, DELETE, HEAD"
    assert "Knowledge-Interaction-Id" in headers["Access-Control-Allow-Headers"]


def test_c29_options_unknown_paths_and_wrong_methods(call):
    options = call("OPTIONS", "/sc")
    assert options.status_code == 200
    assert set(options.headers["Allow"].split(", ")) == {"GET", "POST", "DELETE", "OPTIONS"}
    assert call("GET", "/nope").status_code == 404
    assert call("GET", "/sc/ask").status_code == 405


def test_a_trailing_slash_makes_no_difference(call, kb_body):
    assert call("POST", "/sc/", body=kb_body("A")).status_code == 200
    assert call("POST", "/sc/ki/", "A", body=ask_body()).status_code == 200
    assert len(call("GET", "/sc/ki/", "A").json()) == 1


def test_the_version_is_1_5_0(call):
    assert call("GET", "/version").json() == {"version": "1.5.0"}


def test_l1_a_lease_is_renewed_from_now(call, join):
    join("A", body={"leaseRenewalTime": 60})
    renewed = call("PUT", "/sc/lease/renew", "A").json()
    assert renewed["knowledgeBaseId"] == "http://ex.org/A"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", renewed["expires"])


def test_l2_without_a_lease_there_is_nothing_to_renew(call, join):
    join("A")
    message = (
        "Knowledge base found, but its lease could not be found. "
        "Knowledge bases without a lease do not have to be renewed."
    )
    assert refused(call("PUT", "/sc/lease/renew", "A"), 404, message)
    unknown = "Knowledge base not found. (Has its lease already expired?)"
    assert refused(call("PUT", "/sc/lease/renew", "B"), 404, unknown)
    assert refused(call("PUT", "/sc/lease/renew"), 400, "Missing valid Knowledge-Base-Id header.")


def test_l4_l5_a_lease_that_is_not_renewed_ends_though_the_knowledge_base_polls(call, join, background):
    join("A", body={"leaseRenewalTime": 1}, answer={"r": "?x <http://e/p> ?y"})
    join("B", body={"leaseRenewalTime": 1})

    def polls():
        while (response := call("GET", "/sc/handle", "A")).status_code == 202:
            call("PUT", "/sc/lease/renew", "B")
        return response

    assert background(polls).result().status_code in (410, 404)
    assert [one["knowledgeBaseId"] for one in call("GET", "/sc").json()] == ["http://ex.org/B"]


def test_k1_an_interaction_gets_an_id_of_its_name(call, join):
    join("A")
    made = call("POST", "/sc/ki", "A", body=ask_body("myask"))
    assert (made.status_code, made.json()) == (200, {"knowledgeInteractionId": "http://ex.org/A/interaction/myask"})


@pytest.mark.parametrize("kind", ["Ask", "Answer"])
def test_k2_a_name_is_taken_once_whatever_the_kind(call, join, kind):
    join("A", ask={"myask": "?a <http://ex.org/p> ?b ."})
    again = call("POST", "/sc/ki", "A", body=ask_body("myask", knowledgeInteractionType=f"{kind}KnowledgeInteraction"))
    message = "The Knowledge Interaction with URI 'http://ex.org/A/interaction/myask' should not be already registered."
    assert refused(again, 400, message)


def test_k4_an_empty_name_is_a_name_and_none_becomes_a_random_one(call, join):
    join("A")
    assert call("POST", "/sc/ki", "A", body=ask_body("")).json() == {
        "knowledgeInteractionId": "http://ex.org/A/interaction/"
    }
    unnamed = call("POST", "/sc/ki", "A", body=ask_body(None)).json()["knowledgeInteractionId"]
    assert re.fullmatch(r"http://ex\.org/A/interaction/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", unnamed)
    listed = {one["knowledgeInteractionId"]: one for one in call("GET", "/sc/ki", "A").json()}
    assert "knowledgeInteractionName" not in listed[unnamed]


@pytest.mark.parametrize("name", ["a b", "a_b"])
def test_k5_names_are_of_letters_digits_and_hyphens(call, join, name):
    join("A")
    message = f"Knowledge Interaction names should only contain alphanumeric characters and hyphens and not '{name}'"
    assert refused(call("POST", "/sc/ki", "A", body=ask_body(name)), 400, message)


@pytest.mark.parametrize("kind", [None, "Foo", 5])
def test_k6_a_type_must_be_known(call, join, kind):
    join("A")
    made = call("POST", "/sc/ki", "A", body=ask_body(knowledgeInteractionType=kind))
    assert made.status_code == 400
    assert made.json()["message"].startswith("InvalidTypeIdException: ")


def test_an_ask_needs_its_pattern(call, join):
    join("A")
    message = "graphPattern must be given for ASK/ANSWER knowledge interactions."
    assert refused(call("POST", "/sc/ki", "A", body=ask_body(pattern=None)), 400, message)


@pytest.mark.parametrize("kind", ["Post", "React"])
def test_k8_a_post_needs_a_pattern(call, join, kind):
    join("A")
    body = {"knowledgeInteractionType": f"{kind}KnowledgeInteraction"}
    message = (
        "At least one of argumentGraphPattern and resultGraphPattern must be given "
        f"for {kind.upper()} knowledge interactions."
    )
    assert refused(call("POST", "/sc/ki", "A", body=body), 400, message)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("", id="K9 empty"),
        pytest.param(".", id="K9 dot"),
        pytest.param("?a ?b", id="K10"),
        pytest.param("?a foo:b ?c", id="K11"),
        pytest.param("?a <http://e/p>/<http://e/q> ?c", id="K13"),
        pytest.param("_:x <http://e/p> ?c", id="K14 label"),
        pytest.param("[] <http://e/p> ?c", id="K14 brackets"),
        pytest.param("?a <http://e/p> (1 2)", id="K14 list"),
        pytest.param("FILTER(?c > 1) ?a <http://e/p> ?c .", id="K16"),
        pytest.param("OPTIONAL { ?a <http://e/p> ?c }", id="optional"),
    ],
)
def test_k_patterns_that_are_none_are_refused(call, join, pattern):
    join("A")
    made = call("POST", "/sc/ki", "A", body=ask_body(pattern=pattern))
    assert made.status_code == 400
    assert made.json()["message"].startswith("Invalid graph pattern: ")
    assert ("prefixes" in made.json()["message"]) == ("foo:" in pattern)


def test_k12_prefixes_are_expanded_away(call, join):
    join("A")
    body = ask_body(pattern="?a foo:b ?c", prefixes={"foo": "http://foo/"})
    assert call("POST", "/sc/ki", "A", body=body).status_code == 200
    (listed,) = call("GET", "/sc/ki", "A").json()
    assert (listed["prefixes"], listed["graphPattern"]) == ({}, "?a <http://foo/b> ?c . ")


def test_k17_patterns_are_listed_in_canonical_form(call, join):
    join("A", ask={"q": '?a a <http://e/T>; <http://e/p> 1, true, 1.5, "x"@en, "y"^^<http://e/d>'})
    objects = ["<http://e/T>", "1", "true", "1.5", '"x"@en', '"y"^^<http://e/d>']
    predicates = [RDF_TYPE, *["<http://e/p>"] * 5]
    (listed,) = call("GET", "/sc/ki", "A").json()
    triples = [f"?a {p} {o} . " for p, o in zip(predicates, objects, strict=True)]
    assert sorted(re.findall(r"\?a .*? \. ", listed["graphPattern"])) == sorted(triples)


def test_k18_a_boolean_may_be_a_text(call, join):
    join("A")
    assert call("POST", "/sc/ki", "A", body=ask_body(knowledgeGapsEnabled="true")).status_code == 200
    assert call("GET", "/sc/ki", "A").json()[0]["knowledgeGapsEnabled"] is True


def test_k20_a_result_pattern_may_be_null(call, join):
    join("A")
    body = {
        "knowledgeInteractionType": "PostKnowledgeInteraction",
        "argumentGraphPattern": "?a <http://e/p> ?b",
        "resultGraphPattern": None,
    }
    assert call("POST", "/sc/ki", "A", body=body).status_code == 200


def test_k21_a_result_pattern_alone_is_refused(call, join):
    join("A")
    body = {"knowledgeInteractionType": "ReactKnowledgeInteraction", "resultGraphPattern": "?a <http://e/p> ?b"}
    assert call("POST", "/sc/ki", "A", body=body).status_code == 400


@pytest.mark.parametrize(
    ("act", "what"),
    [
        ({}, "requirement"),
        ({"requiredPurposes": [], "satisfiedPurposes": [INFORM]}, "requirement"),
        ({"requiredPurposes": [INFORM], "satisfiedPurposes": []}, "satisfaction"),
    ],
)
def test_a_communicative_act_has_purposes(call, join, act, what):
    join("A")
    made = call("POST", "/sc/ki", "A", body=ask_body(communicativeAct=act))
    assert refused(made, 400, f"There should be at least 1 {what} purpose.")


def test_k22_k25_an_unknown_knowledge_base_has_no_interactions(call):
    message = (
        "Could not add knowledge interaction, because the given knowledge base ID (http://ex.org/nope) is unknown."
    )
    assert refused(call("POST", "/sc/ki", "nope", body=ask_body()), 404, message)
    message = "Knowledge base not found, because its knowledge base ID is unknown."
    assert refused(call("GET", "/sc/ki", "nope"), 404, message)


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


def test_k26_removing_an_interaction(call, join):
    join("A", ask={"q": "?s <http://e/p> ?o"})
    removed = call("DELETE", "/sc/ki", "A", "A/q")
    assert (removed.status_code, removed.content) == (200, b"")
    message = "Knowledge base found, but the given knowledge interaction knowledge base ID is unknown."
    assert refused(call("DELETE", "/sc/ki", "A", "A/q"), 404, message)
    assert refused(call("DELETE", "/sc/ki", "A", "a b"), 404, message)
    assert refused(call("DELETE", "/sc/ki", "A"), 400, "Missing valid Knowledge-Interaction-Id header.")


def test_domain_knowledge_says_clearly_that_it_is_not_there(call, join):
    join("A")
    rules = call("POST", "/sc/knowledge", "A", data=b"", headers={"Content-Type": "text/plain"})
    assert (rules.status_code, rules.json()["messageType"]) == (501, "error")
    assert call("POST", "/sc/knowledge", "A", body={}).status_code == 415
