"""Contract 8.4 and 8.5 over HTTP, by hand: what an ask or a post may say, long polls, answers."""

import time

import pytest

PATTERN = "?s <http://e/p> ?o"
SELECTOR = (
    "The RecipientSelector should be a valid JSON object with a singleKnowledgeBase key "
    "that leads to a string value of a KnowledgeBaseId."
)
BINDINGS = "The BindingSet should be a valid JSON array with Bindings."
JSON = "The JSON should be either an JSON Object or an JSON Array."
VALUE = "Variable values should not be null and follow SPARQL literal/iri syntax."
S = [{"s": "<http://s>"}]


@pytest.fixture
def asker(call, join):
    join("A", ask={"q": PATTERN}, post={"pst": PATTERN})
    return lambda body, kind="ask", ki="q", **options: call("POST", f"/sc/{kind}", "A", f"A/{ki}", body, **options)


@pytest.fixture
def pair(asker, call, join, background):
    """A asks ``[{"s": "<http://s>"}]`` in the background and B has been handed the request."""
    join("B", answer={"r": "?x <http://e/p> ?y", "r2": "?x <http://e/z> ?y"})

    def begin(**options):
        asking = background(asker, S, **options)
        handed = call("GET", "/sc/handle", "B").json()
        return asking, handed

    return begin


@pytest.fixture
def answer(call):
    def send(rows=None, number=1, kb="B", ki="B/r", **body):
        sent = {"handleRequestId": number, **body} | ({} if rows is None else {"bindingSet": rows})
        return call("POST", "/sc/handle", kb, ki, sent)

    return send


def refused(response, status, message):
    assert (response.status_code, response.json()) == (status, {"messageType": "error", "message": message})
    return True


def failure(asking):
    (exchange,) = asking.result().json()["exchangeInfo"]
    assert exchange["status"] == "FAILED"
    assert asking.result().json()["bindingSet"] == []
    return exchange["failedMessage"]


@pytest.mark.parametrize("rows", [[], [{}], [{"zzz": "1"}]], ids=["I1 none", "I1 open", "I10 unknown key"])
def test_i1_i10_an_ask_that_nobody_matches_is_empty(asker, rows):
    assert asker(rows).json() == {"bindingSet": [], "exchangeInfo": []}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *(pytest.param(body, JSON, id=f"I2 {body!r}") for body in (None, "x", 5)),
        pytest.param({"bindingSet": []}, "The JSON object should contain both", id="I3"),
        *(pytest.param(b, BINDINGS, id=f"I4 {b}") for b in ([[]], [5], [{"a": {}}], [{"s": []}])),
        pytest.param([{"s": None}], VALUE, id="I5"),
        pytest.param([None], "Bindings must be non-null.", id="I5 row"),
        pytest.param(
            [{"s": "?x"}], "Binding values should be concrete nodes (either RDF literals or RDF URIs).", id="I8"
        ),
        pytest.param(
            [{"?s": "<http://x>"}], "Variable names should not be null or start with a question mark.", id="I9"
        ),
        pytest.param([{"s": "abc"}], "'abc' is not an RDF term", id="V12"),
        *(
            pytest.param({"recipientSelector": selector, "bindingSet": []}, SELECTOR, id=f"I12 {selector}")
            for selector in (
                {},
                None,
                {"knowledgeBases": ["a b"]},
                {"knowledgeBases": [5]},
                {"knowledgeBases": "x"},
                {"singleKnowledgeBase": 5},
            )
        ),
        pytest.param({"recipientSelector": {"knowledgeBases": []}, "bindingSet": None}, BINDINGS, id="I13"),
    ],
)
def test_i_a_body_that_is_none_is_refused_with_its_reason(asker, body, message):
    response = asker(body)
    assert (response.status_code, response.json()["messageType"]) == (400, "error")
    assert response.json()["message"].startswith(message)


def test_i6_numbers_and_booleans_are_terms(asker, call, join, background):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    asking = background(asker, [{"o": 5}, {"o": True}, {"o": 1.5}])
    handed = call("GET", "/sc/handle", "B").json()
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert [row["y"] for row in handed["bindingSet"]] == [
        f'"5"^^<{xsd}integer>',
        f'"true"^^<{xsd}boolean>',
        f'"1.5"^^<{xsd}decimal>',
    ]
    call("DELETE", "/sc", "B")
    asking.result()


def test_i14_both_headers_are_needed(call, asker):
    message = "Both Knowledge-Base-Id and Knowledge-Interaction-Id headers should be non-null."
    assert refused(call("POST", "/sc/ask", body=[]), 400, message)
    assert refused(call("POST", "/sc/ask", "A", body=[]), 400, message)


def test_i15_unknown_ids_are_404(call, asker):
    message = "Smart connector not found, because its ID is unknown."
    assert refused(call("POST", "/sc/ask", "nope", "A/q", []), 404, message)
    assert refused(asker([], ki="nope"), 404, "Knowledge Interaction not found, because its ID is unknown.")
    assert call("POST", "/sc/ask", "A", "a b", []).status_code == 400


def test_i16_the_kind_must_fit(asker):
    ask, post = "AskKnowledgeInteraction", "PostKnowledgeInteraction"
    text = "Given Knowledge Interaction ID should have type {} and not {}."
    assert refused(asker([], ki="pst"), 400, text.format(ask, post))
    assert refused(asker([], kind="post"), 400, text.format(post, ask))


@pytest.mark.parametrize("rows", [[], [{}], [{"s": "<http://s>"}]])
def test_i17_an_incomplete_post_reaches_nobody(asker, join, rows):
    join("B", react={"r": "?x <http://e/p> ?y"})
    assert asker(rows, "post", "pst").json() == {"resultBindingSet": [], "exchangeInfo": []}


def test_i18_an_empty_body_is_400(call, asker):
    empty = call("POST", "/sc/ask", "A", "A/q", data=b"", headers={"Content-Type": "application/json"})
    assert empty.status_code == 400


@pytest.mark.parametrize(
    "selector", [{"singleKnowledgeBase": "http://ex.org/B"}, {"knowledgeBases": ["http://ex.org/B"]}]
)
def test_recipients_are_selected_by_either_key(asker, call, join, background, answer, selector):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    join("C", answer={"r": "?x <http://e/p> ?y"})
    asking = background(asker, {"recipientSelector": selector, "bindingSet": []})
    call("GET", "/sc/handle", "B")
    answer([])
    assert [one["knowledgeBaseId"] for one in asking.result().json()["exchangeInfo"]] == ["http://ex.org/B"]


def test_h1_a_poll_brings_the_request(asker, call, join, background, answer):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    poll = background(call, "GET", "/sc/handle", "B")
    time.sleep(0.05)
    asking = background(asker, S)
    assert poll.result().json() == {
        "knowledgeInteractionId": "http://ex.org/B/interaction/r",
        "handleRequestId": 1,
        "bindingSet": [{"x": "<http://s>"}],
        "requestingKnowledgeBaseId": "http://ex.org/A",
    }
    assert answer([{"x": "<http://s>", "y": '"é"'}]).content == b""
    told = asking.result().json()
    assert told["bindingSet"] == [{"s": "<http://s>", "o": '"é"'}]
    (exchange,) = told["exchangeInfo"]
    assert list(exchange) == [
        "initiator",
        "knowledgeBaseId",
        "knowledgeInteractionId",
        "exchangeStart",
        "exchangeEnd",
        "status",
        "bindingSet",
    ]
    assert exchange["initiator"] == "knowledgeBase"
    assert exchange["bindingSet"] == [{"x": "<http://s>", "y": '"é"'}]


def test_h2_a_request_waits_for_the_poll(pair, answer):
    asking, handed = pair()
    assert handed["handleRequestId"] == 1
    answer([])
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


def test_h4_a_poll_that_nothing_comes_for_ends_with_202_and_no_body(call, join):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    nothing = call("GET", "/sc/handle", "B")
    assert (nothing.status_code, nothing.content) == (202, b"")


def test_h5_a_poll_without_reactive_interactions_is_told_that_it_is_pointless(call, asker):
    nothing = call("GET", "/sc/handle", "A")
    assert (nothing.status_code, nothing.json()["messageType"]) == (202, "info")


def test_h6_one_poll_at_a_time(call, join, background):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    first = background(call, "GET", "/sc/handle", "B")
    time.sleep(0.1)
    message = "Only one connection per Knowledge-Base-Id is allowed and we already have one."
    assert refused(call("GET", "/sc/handle", "B"), 409, message)
    assert first.result().status_code == 202


def test_h8_a_poll_whose_client_is_gone_neither_blocks_nor_swallows(call, join, asker, background, answer, hang_up):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    hang_up("/sc/handle", "B")
    time.sleep(0.1)
    asking = background(asker, S)
    assert call("GET", "/sc/handle", "B").json()["handleRequestId"] == 1
    answer([])
    assert asking.result().status_code == 200


def test_h9_polls_of_nobody(call):
    message = "A Knowledge Base for the given Knowledge-Base-Id cannot be found."
    assert refused(call("GET", "/sc/handle", "nope"), 404, message)
    message = "Smart Connector not found, because its ID must be a valid URI."
    assert refused(call("GET", "/sc/handle", "a b"), 400, message)
    assert call("GET", "/sc/handle").status_code == 400


def test_h10_a_request_is_answered_once(pair, answer):
    asking, _ = pair()
    message = "Handle request id {} not found. Are you sure it is still being processed?"
    assert refused(answer([], number=999), 404, message.format(999))
    assert answer([]).status_code == 200
    assert refused(answer([]), 404, message.format(1))
    asking.result()


def test_h12_an_answer_says_which_request_it_is_for(pair, call, answer):
    asking, _ = pair()
    message = "The handleRequestId property is mandatory, but not provided."
    assert refused(call("POST", "/sc/handle", "B", "B/r", {"bindingSet": []}), 400, message)
    answer([])
    asking.result()


def test_h13_h14_the_interaction_of_an_answer_must_exist(pair, answer):
    asking, _ = pair()
    message = "Knowledge Interaction not found, because its ID must match an existing KI: http://x"
    assert refused(answer([], ki="http://x"), 400, message)
    assert answer([], ki="B/r2").status_code == 200
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


def test_h16_an_unknown_variable_fails_the_exchange_at_once_and_a_correction_has_no_effect(pair, answer):
    asking, _ = pair()
    message = (
        "Given binding set uses key '?z', but this does not occur as a variable "
        "in graph pattern '?x <http://e/p> ?y . '."
    )
    assert refused(answer([{"x": "<http://s>", "y": "1", "z": "1"}]), 400, message)
    assert failure(asking) == message
    assert answer([{"x": "<http://s>", "y": "1"}]).status_code == 200


def test_h16_a_missing_variable_fails_the_exchange(pair, answer):
    asking, _ = pair()
    assert answer([{"x": "<http://s>"}]).status_code == 400
    assert "'y'" in failure(asking)


@pytest.mark.parametrize("row", [{"x": "<http://s>", "y": None}, {"x": "<http://s>", "?y": "1"}, None])
def test_h17_after_a_null_or_a_question_mark_a_correction_counts(pair, answer, row):
    asking, _ = pair()
    assert answer([row]).status_code == 400
    assert answer([{"x": "<http://s>", "y": '"1"'}]).status_code == 200
    assert asking.result().json()["bindingSet"] == [{"s": "<http://s>", "o": '"1"'}]


def test_h18_what_is_no_term_fails_the_exchange(pair, answer):
    asking, _ = pair()
    assert answer([{"x": "<http://s>", "y": "abc"}]).status_code == 400
    assert "'abc' is not an RDF term" in failure(asking)


def test_h20_an_answer_to_something_else_is_200_and_fails_the_exchange(pair, answer):
    asking, _ = pair()
    rows = [{"x": "<http://s>", "y": "1"}, {"x": "<http://other>", "y": "1"}]
    assert answer(rows).status_code == 200
    assert failure(asking).startswith("KB gave outgoing binding {x=<http://other>, ")
    assert failure(asking).endswith("but this doesn't have a matching incoming binding!")


@pytest.mark.parametrize("rows", [None, []])
def test_h21_an_answer_without_rows_is_empty(pair, answer, rows):
    asking, _ = pair()
    assert answer(rows).status_code == 200
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


def test_h22_null_rows_are_refused_and_the_asker_waits_on(pair, call, answer):
    asking, _ = pair()
    assert call("POST", "/sc/handle", "B", "B/r", {"handleRequestId": 1, "bindingSet": None}).status_code == 400
    answer([])
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


def test_h24_h26_who_does_not_answer_in_time_fails_and_a_late_answer_has_no_effect(pair, answer):
    asking, _ = pair(headers={"Gridlingua-Timeout": "0.3"})
    assert failure(asking).startswith("Error 'TimeoutException' occurred while waiting for response to message: ")
    assert answer([{"x": "<http://s>", "y": "1"}]).status_code == 200


def test_a_timeout_that_is_no_number_is_refused(asker):
    assert asker(S, headers={"Gridlingua-Timeout": "soon"}).status_code == 400


def test_h28_who_leaves_while_it_is_asked_fails_at_once(pair, call):
    asking, _ = pair()
    call("DELETE", "/sc", "B")
    assert failure(asking) == "KB with id http://ex.org/B will no longer respond, because it stopped."


def test_h29_an_ask_ends_when_the_asker_leaves(pair, call):
    asking, _ = pair()
    call("DELETE", "/sc", "A")
    assert failure(asking).startswith("Error 'CancellationException' ")


@pytest.mark.parametrize("rows", [[{}], [{"u": "1"}]])
def test_h30_a_react_without_result_answers_nothing(asker, call, join, background, answer, rows):
    join("B", react={"r": "?x <http://e/p> ?y"})
    posting = background(asker, [{"s": "<http://s>", "o": "1"}], "post", "pst")
    call("GET", "/sc/handle", "B")
    assert refused(answer(rows), 400, "Bindings must be empty when the graph pattern is missing.")
    assert posting.result().json()["exchangeInfo"][0]["status"] == "FAILED"


def test_h30_a_react_without_result_succeeds_with_no_rows(asker, call, join, background, answer):
    join("B", react={"r": "?x <http://e/p> ?y"})
    posting = background(asker, [{"s": "<http://s>", "o": '"1"'}], "post", "pst")
    call("GET", "/sc/handle", "B")
    answer([])
    told = posting.result().json()
    assert told["resultBindingSet"] == []
    (exchange,) = told["exchangeInfo"]
    assert exchange["argumentBindingSet"] == [{"x": "<http://s>", "y": '"1"'}]
    assert (exchange["resultBindingSet"], exchange["status"]) == ([], "SUCCEEDED")


def test_h33_two_requests_are_numbered_and_answered_in_any_order(asker, call, join, background, answer):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    asks = [background(asker, [{"s": f"<http://{number}>"}]) for number in "12"]
    handed = [call("GET", "/sc/handle", "B").json() for _ in asks]
    assert [one["handleRequestId"] for one in handed] == [1, 2]
    for one in reversed(handed):
        answer([one["bindingSet"][0] | {"y": '"y"'}], number=one["handleRequestId"])
    assert [ask.result().json()["bindingSet"][0]["s"] for ask in asks] == ["<http://1>", "<http://2>"]


def test_an_error_message_fails_the_exchange_and_drops_the_rows(pair, answer):
    asking, _ = pair()
    assert answer([{"x": "<http://s>", "y": "1"}], errorMessage="no such meter").status_code == 200
    assert failure(asking) == "An error occurred while ANSWERing: no such meter"
