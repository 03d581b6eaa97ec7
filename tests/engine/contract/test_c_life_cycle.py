"""Contract 8.1: smart connectors come and go; what holds for every path."""

import time
import uuid

import pytest
import requests

GONE = (
    "This long polling request is cancelled by the server because it or the Knowledge Base is stopping. "
    "Do not reinitiate this request."
)


@pytest.fixture
def create(call, kb_body):
    def send(**more):
        return call("POST", "/sc", body=kb_body("A") | more)

    return send


def test_c1_registration_answers_200_with_nothing(create):
    made = create()
    assert (made.status, made.body, made.headers.get("Content-Type")) == (200, b"", None)


def test_c2_an_id_is_taken_once(create, join):
    join("A")
    assert create().error == (400, "That knowledge base ID is already in use.")


@pytest.mark.parametrize(
    "bad", ["https://", "/relative.nl", "kb1", "a b", "http://e/{x}", "http://e/%zz", "http://e/|"]
)
def test_c4_an_id_is_an_absolute_iri(create, target, bad):
    status, message = create(knowledgeBaseId=bad).error
    assert status == 400
    assert message.startswith("Knowledge base ID must be a valid " + target.by_version("URI.", "RDF IRI. "))


def test_c4_an_id_without_a_host_will_do_from_1_5(create, target):
    made = create(knowledgeBaseId="http:///x")
    assert (made.status, made.message) == target.by_version((400, "Knowledge base ID must be a valid IRI."), (200, ""))


def test_c4_an_empty_id_is_refused(create):
    assert create(knowledgeBaseId="").error == (400, "Knowledge Base ID must be a non-empty URI.")


@pytest.mark.parametrize(
    "good", ["mailto:hello", "https://hello", "http://ex.org/é", "ftp://x/y", "http://e/a?b=c#d", "http://e"]
)
def test_c5_absolute_iris_that_are_urls_will_do(create, good):
    assert create(knowledgeBaseId=good).status == 200


@pytest.mark.parametrize("iri", ["urn:x:y", "tag:e,2026:x", "did:web:e"])
def test_c6_absolute_iris_that_are_none_will_do_from_1_5(create, target, iri):
    assert create(knowledgeBaseId=iri).status == target.by_version(400, 200)


def test_c8_a_level_is_a_number(create, target):
    assert create(reasonerLevel="abc").unread == target.by_version("text", "InvalidFormatException")


@pytest.mark.parametrize("level", [0, 6, -1])
def test_c8_a_level_is_from_1_to_5(create, level):
    message = f"The reasoner level should be between 1 and 5, inclusive and not {level}"
    assert create(reasonerLevel=level).error == (400, message)


@pytest.mark.parametrize("more", [{"reasonerLevel": None}, {"reasonerEnabled": True}, {"foo": 1}])
def test_c9_unknown_keys_are_ignored_and_the_level_is_2(call, join, kb_body, more):
    join("A", body=more)
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"reasonerLevel": 2}]


@pytest.mark.parametrize("level", [3, "3", 3.7])
def test_c10_a_level_is_kept(call, join, kb_body, level):
    join("A", body={"reasonerLevel": level})
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"reasonerLevel": 3}]


@pytest.mark.parametrize("body", ["[]", "{", "5", '"x"'], ids=repr)
def test_c12_a_body_is_an_object(call, target, body):
    made = call("POST", "/sc", data=body, headers={"Content-Type": "application/json"})
    kind = "JsonEOFException" if body == "{" else "MismatchedInputException"
    assert made.unread == target.by_version("text", kind)


@pytest.mark.parametrize("body", ["null", ""], ids=repr)
def test_c12_an_empty_body(call, target, body):
    made = call("POST", "/sc", data=body, headers={"Content-Type": "application/json"})
    if target.version == "1.4":
        assert (made.status, made.message) == (500, "")
    else:
        assert made.violation == "scPost.arg0 must not be null"


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {}])
def test_c13_another_content_type_is_415_and_no_message_of_the_engine(call, headers):
    made = call("POST", "/sc", data=b"{}", headers=headers)
    assert (made.status, made.message) == (415, "")


def test_c13_a_charset_is_ignored(call, kb_body):
    made = call("POST", "/sc", body=kb_body("A"), headers={"Content-Type": "application/json; charset=utf-8"})
    assert made.status == 200


def test_c14_who_accepts_no_json_gets_406(call):
    assert call("GET", "/sc", headers={"Accept": "text/html"}).status == 406
    assert call("GET", "/sc", headers={"Accept": "text/html, */*;q=0.1"}).status == 200


@pytest.mark.parametrize("missing", ["knowledgeBaseName", "knowledgeBaseDescription"])
@pytest.mark.parametrize("null", [False, True], ids=["absent", "null"])
def test_c16_without_a_name_or_description_nothing_is_registered(call, kb_body, target, missing, null):
    # An id of its own: what hangs can neither be registered anew nor deleted.
    body = kb_body(f"http://ex.org/{uuid.uuid4()}") | {missing: None}
    if not null:
        del body[missing]
    if target.version == "1.4":
        with pytest.raises(requests.Timeout):
            call("POST", "/sc", body=body, timeout=4)
    else:
        assert call("POST", "/sc", body=body).violation == f"scPost.arg0.{missing} must not be null"


def test_c16_without_an_id_nothing_is_registered(call, kb_body, target):
    body = kb_body("A")
    del body["knowledgeBaseId"]
    made = call("POST", "/sc", body=body)
    if target.version == "1.4":
        assert (made.status, made.message) == (500, "")
    else:
        assert made.violation == "scPost.arg0.knowledgeBaseId must not be null"


@pytest.mark.parametrize(
    ("lease", "limit"),
    [(5, "greater than or equal to 30"), (29, "greater than or equal to 30"), (5000, "less than or equal to 3600")],
)
def test_c17_a_lease_has_limits_from_1_5(create, target, lease, limit):
    if target.is_ours and lease < 30:
        lease, limit = 0, "greater than or equal to 1"  # our targets allow shorter leases, for the tests' sake
    made = create(leaseRenewalTime=lease)
    if target.version == "1.4":
        assert made.status == 200
    else:
        assert made.violation == f"scPost.arg0.leaseRenewalTime must be {limit}"


@pytest.mark.parametrize("lease", [30, 3600, "60"])
def test_c17_a_lease_within_the_limits_will_do(create, lease):
    assert create(leaseRenewalTime=lease).status == 200


def test_c18_an_empty_network_is_an_empty_list(call, kb_body):
    listed = call("GET", "/sc")
    # What hangs in 1.4.0 (C16) is listed too, without its name or description.
    assert (listed.status, [one for one in listed.json() if kb_body("A").keys() <= one.keys()]) == (200, [])


def test_c20_a_lease_is_listed(call, join, kb_body):
    join("A", body={"leaseRenewalTime": 60})
    assert call("GET", "/sc", "A").json() == [kb_body("A") | {"leaseRenewalTime": 60, "reasonerLevel": 2}]


def test_c20_everybody_is_listed_without_a_header(call, join):
    join("A")
    join("B")
    listed = {one["knowledgeBaseId"] for one in call("GET", "/sc").json()}
    assert listed >= {"http://ex.org/A", "http://ex.org/B"}


@pytest.mark.parametrize("kb", ["http://ex.org/nope", ""])
def test_c21_an_unknown_knowledge_base_is_404(call, kb):
    assert call("GET", "/sc", headers={"Knowledge-Base-Id": kb}).error == (404, "Knowledge base not found.")


def test_c22_an_id_that_is_no_iri_is_400(call):
    message = "Knowledge base not found, because its ID must be a valid URI."
    assert call("GET", "/sc", "a b").error == (400, message)


def test_c24_deleting_is_final(call, join):
    join("A")
    gone = call("DELETE", "/sc", "A")
    assert (gone.status, gone.body) == (200, b"")
    assert call("GET", "/sc", "A").status == 404
    message = "Deletion of knowledge base failed, because it could not be found."
    assert call("DELETE", "/sc", "A").error == (404, message)


def test_c24_deleting_needs_to_know_whom(call, target):
    assert call("DELETE", "/sc").error == (400, "Knowledge-Base-Id header should not be null.")
    invalid = (400, "Knowledge base not found, because its ID must be a valid URI.")
    assert call("DELETE", "/sc", "a b").error == invalid
    unknown = (404, "Deletion of knowledge base failed, because it could not be found.")
    assert call("DELETE", "/sc", headers={"Knowledge-Base-Id": ""}).error == target.by_version(unknown, invalid)


def test_c25_deleting_ends_an_open_poll_with_410(call, join, background):
    join("A", answer={"r": "?x <http://e/p> ?y"})
    poll = background(call, "GET", "/sc/handle", "A")
    time.sleep(0.2)
    began = time.monotonic()
    assert call("DELETE", "/sc", "A").status == 200
    ended = poll.result()
    assert (ended.status, ended.json()) == (410, {"messageType": "message", "message": GONE})
    assert time.monotonic() - began < 2


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
    assert (
        headers["Access-Control-Allow-Headers"] == "Accept, Content-Type, Knowledge-Base-Id, Knowledge-Interaction-Id"
    )


def test_c29_options_unknown_paths_and_wrong_methods(call):
    options = call("OPTIONS", "/sc")
    assert options.status == 200
    assert {"GET", "POST", "DELETE", "OPTIONS"} <= set(options.headers["Allow"].replace(" ", "").split(","))
    for path, status in (("/nope", 404), ("/sc/ask", 405)):
        page = call("GET", path)
        assert (page.status, page.message) == (status, "")


def test_c29_a_trailing_slash_makes_no_difference(call, kb_body):
    assert call("POST", "/sc/", body=kb_body("A")).status == 200
    assert len(call("GET", "/sc/", "A").json()) == 1
    assert call("GET", "/sc/ki/", "A").json() == []


def test_c29_the_version_is_told(call, target):
    assert call("GET", "/version").json() == {"version": f"{target.version}.0"}
