"""Contract 8.5: long polls and answers."""

import time

import pytest

PATTERN = "?s <http://e/p> ?o"
ANSWER = "?x <http://e/p> ?y"
S = [{"s": "<http://s>"}]
NUMBERS = "Handle request id {} not found. Are you sure it is still being processed?"
HURRY = {"headers": {"Gridlingua-Timeout": "0.3"}}
"""Our own server waits no longer than this for a party; others wait as long as they are told to at their start."""


@pytest.fixture
def asker(call, join):
    join("A", ask={"q": PATTERN}, post={"pst": PATTERN})
    return lambda body, kind="ask", ki="q", **options: call("POST", f"/sc/{kind}", "A", f"A/{ki}", body, **options)


@pytest.fixture
def pair(asker, call, join, background):
    """A asks ``[{"s": "<http://s>"}]`` in the background and B has been handed the request."""
    join("B", answer={"r": ANSWER, "r2": "?x <http://e/z> ?y"})

    def begin(rows=S, **options):
        asking = background(asker, rows, **options)
        return asking, call("GET", "/sc/handle", "B").json()

    return begin


@pytest.fixture
def answer(call):
    def send(rows=None, number=1, kb="B", ki="B/r", **body):
        sent = {"handleRequestId": number, **body} | ({} if rows is None else {"bindingSet": rows})
        return call("POST", "/sc/handle", kb, ki, sent)

    return send


def only(asking):
    (exchange,) = asking.result().json()["exchangeInfo"]
    return exchange


def failure(asking):
    assert only(asking)["status"] == "FAILED"
    assert asking.result().json()["bindingSet"] == []
    return only(asking)["failedMessage"]


def test_h1_a_poll_brings_the_request(asker, call, join, background, answer):
    join("B", answer={"r": ANSWER})
    poll = background(call, "GET", "/sc/handle", "B")
    time.sleep(0.2)
    asking = background(asker, S)
    assert poll.result().json() == {
        "knowledgeInteractionId": "http://ex.org/B/interaction/r",
        "handleRequestId": 1,
        "bindingSet": [{"x": "<http://s>"}],
        "requestingKnowledgeBaseId": "http://ex.org/A",
    }
    assert answer([{"x": "<http://s>", "y": '"é"'}]).body == b""
    assert asking.result().json()["bindingSet"] == [{"s": "<http://s>", "o": '"é"'}]
    exchange = only(asking)
    names = "initiator knowledgeBaseId knowledgeInteractionId exchangeStart exchangeEnd status bindingSet"
    assert set(exchange) == set(names.split())
    assert exchange["initiator"] == "knowledgeBase"
    assert exchange["bindingSet"] == [{"x": "<http://s>", "y": '"é"'}]


def test_h2_a_request_waits_for_the_poll(asker, call, join, background, answer):
    join("B", answer={"r": ANSWER})
    asking = background(asker, S)
    time.sleep(0.2)
    assert call("GET", "/sc/handle", "B").json()["handleRequestId"] == 1
    answer([])
    assert only(asking)["status"] == "SUCCEEDED"


def test_h4_a_poll_that_nothing_comes_for_ends_with_202_and_no_body(call, join, target):
    join("B", answer={"r": ANSWER})
    began = time.monotonic()
    nothing = call("GET", "/sc/handle", "B")
    assert (nothing.status, nothing.body) == (202, b"")
    assert abs(time.monotonic() - began - target.heartbeat) < 0.5


def test_h5_a_poll_without_reactive_interactions_is_told_that_it_is_pointless(call, asker):
    nothing = call("GET", "/sc/handle", "A")
    assert (nothing.status, nothing.json()["messageType"]) == (202, "info")


def test_h6_one_poll_at_a_time(call, join, background):
    join("B", answer={"r": ANSWER})
    first = background(call, "GET", "/sc/handle", "B")
    time.sleep(0.2)
    message = "Only one connection per Knowledge-Base-Id is allowed and we already have one."
    assert call("GET", "/sc/handle", "B").error == (409, message)
    call("DELETE", "/sc", "B")
    assert first.result().status == 410


def test_h8_a_request_that_comes_while_there_is_only_a_dropped_poll_is_lost(call, join, asker, background, hang_up):
    join("B", answer={"r": ANSWER})
    hang_up("/sc/handle", "B")
    time.sleep(0.2)
    asking = background(asker, S, **HURRY)
    assert failure(asking).startswith("Error 'TimeoutException' ")


def test_h9_polls_of_nobody(call):
    message = "A Knowledge Base for the given Knowledge-Base-Id cannot be found."
    assert call("GET", "/sc/handle", "nope").error == (404, message)
    message = "Smart Connector not found, because its ID must be a valid URI."
    assert call("GET", "/sc/handle", "a b").error == (400, message)


def test_h9_a_poll_without_saying_whose(call, target):
    made = call("GET", "/sc/handle")
    if target.version == "1.4":
        assert (made.status, made.message) == (500, "")
    else:
        assert made.violation == "scHandleGet.arg0 must not be null"


def test_h10_a_request_is_answered_once(pair, answer):
    asking, _ = pair()
    assert answer([], number=999).error == (404, NUMBERS.format(999))
    assert answer([]).status == 200
    assert answer([]).error == (404, NUMBERS.format(1))
    asking.result()


def test_h12_an_answer_says_which_request_it_is_for(pair, call, answer, target):
    asking, _ = pair()
    made = call("POST", "/sc/handle", "B", "B/r", {"bindingSet": []})
    message = "The handleRequestId property is mandatory, but not provided."
    assert (made.status, made.message) == target.by_version((500, ""), (400, message))
    answer([])
    asking.result()


def test_h13_the_interaction_of_an_answer_must_exist(pair, answer):
    asking, _ = pair()
    for unknown in ("http://x", "a b"):
        message = f"Knowledge Interaction not found, because its ID must match an existing KI: {unknown}"
        assert answer([], ki=unknown).error == (400, message)
    answer([])
    asking.result()


def test_h13_who_answers_must_be_known(call, answer):
    message = "A Knowledge Base for the given Knowledge-Base-Id cannot be found."
    assert answer([], kb="nope").error == (404, message)
    message = "Smart Connector not found, because its ID must be a valid URI and not a b"
    assert answer([], kb="a b").error == (400, message)


def test_h13_an_answer_without_its_headers(call, join, target):
    join("B", answer={"r": ANSWER})
    body = {"handleRequestId": 1, "bindingSet": []}
    nobody, nothing = call("POST", "/sc/handle", None, "B/r", body), call("POST", "/sc/handle", "B", None, body)
    if target.version == "1.4":
        message = "Smart Connector not found, because its ID must be a valid URI and not null"
        assert nobody.error == (400, message)
        assert (nothing.status, nothing.message) == (500, "")
    else:
        assert nobody.violation == "scHandlePost.arg0 must not be null"
        assert nothing.violation == "scHandlePost.arg1 must not be null"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("null", id="nothing but null"),
        pytest.param("", id="nothing"),
        "[]",
        '{"handleRequestId":"x"}',
        '{"handleRequestId":1,"bindingSet":[5]}',
    ],
)
def test_h12_an_answer_that_cannot_be_read(call, join, target, body):
    join("B", answer={"r": ANSWER})
    made = call("POST", "/sc/handle", "B", "B/r", data=body, headers={"Content-Type": "application/json"})
    if body in ("null", ""):
        assert made.status == target.by_version(500, 400)
    else:
        kind = "InvalidFormatException" if "x" in body else "MismatchedInputException"
        assert made.unread == target.by_version("text", kind)


def test_h14_the_interaction_of_an_answer_may_be_another(pair, answer):
    asking, _ = pair()
    assert answer([], ki="B/r2").status == 200
    assert only(asking)["status"] == "SUCCEEDED"


def test_h16_an_unknown_variable_fails_the_exchange_at_once_and_a_correction_has_no_effect(pair, answer, target):
    asking, _ = pair()
    message = (
        f"Given binding set uses key '{target.by_version('z', '?z')}', but this does not occur as a variable "
        "in graph pattern '?x <http://e/p> ?y . '."
    )
    assert answer([{"x": "<http://s>", "y": "1", "z": "1"}]).error == (400, message)
    assert failure(asking).endswith(message)
    assert answer([{"x": "<http://s>", "y": "1"}]).status == 200


def test_h16_a_missing_variable_fails_the_exchange(pair, answer):
    asking, _ = pair()
    status, message = answer([{"x": "<http://s>"}]).error
    assert (status, "y" in message) == (400, True)
    assert failure(asking).endswith(message)


@pytest.mark.parametrize("row", [{"x": "<http://s>", "y": None}, {"x": "<http://s>", "?y": "1"}, None])
def test_h17_after_a_null_or_a_question_mark_a_correction_counts(pair, answer, row):
    asking, _ = pair()
    assert answer([row]).status == 400
    assert answer([{"x": "<http://s>", "y": '"1"'}]).status == 200
    assert asking.result().json()["bindingSet"] == [{"s": "<http://s>", "o": '"1"'}]


@pytest.mark.parametrize("value", ["abc", "<http://a b>", '"open'])
def test_h18_what_is_no_term_fails_the_exchange(pair, answer, target, value):
    asking, _ = pair()
    made = answer([{"x": "<http://s>", "y": value}])
    if target.version == "1.4":
        assert made.error == (400, f"'{value}' is not an unprefixed URI or literal.")
    else:
        assert (made.status, made.message) == (500, "")
    failure(asking)


@pytest.mark.parametrize("value", ["rdf:type", "_:b0"])
def test_h18_prefixed_names_and_blank_nodes_are_answers_from_1_5(pair, answer, target, value):
    asking, _ = pair()
    made = answer([{"x": "<http://s>", "y": value}])
    if target.version == "1.4":
        what = "a valid unprefixed URI" if value[0] != "_" else "an unprefixed URI or literal"
        assert made.error == (400, f"'{value}' is not {what}.")
        failure(asking)
    else:
        assert made.status == 200
        assert only(asking)["status"] == "SUCCEEDED"


def test_h20_an_answer_to_something_else_is_200_and_fails_the_exchange(pair, answer):
    asking, _ = pair()
    assert answer([{"x": "<http://s>", "y": "1"}, {"x": "<http://other>", "y": "1"}]).status == 200
    assert "KB gave outgoing binding " in failure(asking)
    assert failure(asking).endswith("but this doesn't have a matching incoming binding!")


@pytest.mark.parametrize("rows", [None, []])
def test_h21_an_answer_without_rows_is_empty(pair, answer, rows):
    asking, _ = pair()
    assert answer(rows).status == 200
    assert only(asking)["status"] == "SUCCEEDED"


def test_h22_null_rows_break_the_call_and_the_asker_waits_in_vain(pair, call):
    asking, _ = pair(**HURRY)
    made = call("POST", "/sc/handle", "B", "B/r", {"handleRequestId": 1, "bindingSet": None})
    assert (made.status, made.message) == (500, "")
    assert failure(asking).startswith("Error 'TimeoutException' ")


def test_h24_h26_who_does_not_answer_in_time_fails_and_a_late_answer_has_no_effect(pair, answer):
    asking, _ = pair(**HURRY)
    assert failure(asking).startswith("Error 'TimeoutException' occurred while waiting for response to message: ")
    assert answer([{"x": "<http://s>", "y": "1"}]).status == 200


def test_h25_one_silent_party_does_not_lose_the_others_answer(pair, answer, join):
    join("C", answer={"r": ANSWER})
    asking, _ = pair(**HURRY)
    answer([{"x": "<http://s>", "y": '"1"'}])
    told = asking.result().json()
    assert told["bindingSet"] == [{"s": "<http://s>", "o": '"1"'}]
    status = {one["knowledgeBaseId"][-1]: one["status"] for one in told["exchangeInfo"]}
    assert status == {"B": "SUCCEEDED", "C": "FAILED"}


def test_h28_who_leaves_while_it_is_asked_fails_at_once(pair, call):
    asking, _ = pair()
    began = time.monotonic()
    call("DELETE", "/sc", "B")
    assert failure(asking).endswith("KB with id http://ex.org/B will no longer respond, because it stopped.")
    assert time.monotonic() - began < 2


def test_h29_an_ask_ends_when_the_asker_leaves(pair, call):
    asking, _ = pair()
    call("DELETE", "/sc", "A")
    assert failure(asking).startswith("Error 'CancellationException' ")


@pytest.mark.parametrize("rows", [[{}], [{"u": "1"}]])
def test_h30_a_react_without_result_answers_nothing(asker, call, join, background, answer, rows):
    join("B", react={"r": ANSWER})
    posting = background(asker, [{"s": "<http://s>", "o": "1"}], "post", "pst")
    call("GET", "/sc/handle", "B")
    assert answer(rows).error == (400, "Bindings must be empty when the graph pattern is missing.")
    assert only(posting)["status"] == "FAILED"


def test_h30_a_react_without_result_succeeds_with_no_rows(asker, call, join, background, answer):
    join("B", react={"r": ANSWER})
    posting = background(asker, [{"s": "<http://s>", "o": '"1"'}], "post", "pst")
    call("GET", "/sc/handle", "B")
    answer([])
    assert posting.result().json()["resultBindingSet"] == []
    exchange = only(posting)
    assert exchange["argumentBindingSet"] == [{"x": "<http://s>", "y": '"1"'}]
    assert (exchange["resultBindingSet"], exchange["status"]) == ([], "SUCCEEDED")


def test_h32_the_oldest_of_51_waiting_requests_fails(asker, call, join, background):
    join("B", answer={"r": ANSWER})
    first = background(asker, S)
    time.sleep(0.3)
    rest = [background(asker, S) for _ in range(50)]
    began = time.monotonic()
    assert "queue is full" in failure(first)
    assert time.monotonic() - began < 2.5
    call("DELETE", "/sc", "B")
    assert all("will no longer respond" in failure(one) for one in rest)


def test_h32_the_oldest_of_101_unanswered_requests_fails(asker, call, join, background):
    join("B", answer={"r": ANSWER})
    asks = []
    for _ in range(101):
        asks.append(background(asker, S))
        call("GET", "/sc/handle", "B")
    assert only(asks[0])["status"] == "FAILED"
    call("DELETE", "/sc", "B")
    for one in asks:
        one.result()


def test_h33_two_requests_are_numbered_and_answered_in_any_order(asker, call, join, background, answer):
    join("B", answer={"r": ANSWER})
    asks = [background(asker, [{"s": f"<http://{number}>"}]) for number in "12"]
    handed = [call("GET", "/sc/handle", "B").json() for _ in asks]
    assert [one["handleRequestId"] for one in handed] == [1, 2]
    for one in reversed(handed):
        answer([one["bindingSet"][0] | {"y": '"y"'}], number=one["handleRequestId"])
    assert [ask.result().json()["bindingSet"][0]["s"] for ask in asks] == ["<http://1>", "<http://2>"]


def test_h21_an_error_message_fails_the_exchange_where_the_runtime_knows_it(pair, answer, target):
    asking, _ = pair()
    assert answer([{"x": "<http://s>", "y": '"1"'}], errorMessage="no such meter").status == 200
    if target.version == "1.4":
        assert asking.result().json()["bindingSet"] == [{"s": "<http://s>", "o": '"1"'}]
    else:
        assert failure(asking).endswith("An error occurred while ANSWERing: no such meter")
