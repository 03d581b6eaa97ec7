"""Where a runtime hangs or breaks down our server refuses in words, and what it offers beyond a runtime."""

import time

import pytest

PATTERN = "?s <http://e/p> ?o"
S = [{"s": "<http://s>"}]


@pytest.fixture
def asker(call, join):
    join("A", ask={"q": PATTERN})
    return lambda body, **options: call("POST", "/sc/ask", "A", "A/q", body, **options)


@pytest.fixture
def pair(asker, call, join, background):
    join("B", answer={"r": "?x <http://e/p> ?y"})

    def begin(**options):
        asking = background(asker, S, **options)
        call("GET", "/sc/handle", "B")
        return asking

    return begin


@pytest.fixture
def answer(call):
    return lambda rows: call("POST", "/sc/handle", "B", "B/r", {"handleRequestId": 1, "bindingSet": rows})


@pytest.mark.parametrize("value", ["http://a", "null", '"open', "<http://a> <http://b>", ' "x"', "", "abc", "0x1F"])
def test_v12_what_is_no_term_is_shown(asker, value):
    status, message = asker([{"s": value}]).error
    assert (status, message.startswith(f"{value!r} is not an RDF term: write an IRI as <https://")) == (400, True)


def test_i13_rows_that_are_null_are_none(asker):
    body = {"recipientSelector": {"knowledgeBases": []}, "bindingSet": None}
    assert asker(body).error == (400, "The BindingSet should be a valid JSON array with Bindings.")


def test_h18_an_answer_that_is_no_term_is_refused_and_the_asker_is_told(pair, answer):
    asking = pair()
    status, message = answer([{"x": "<http://s>", "y": "abc"}]).error
    assert (status, message.startswith("'abc' is not an RDF term")) == (400, True)
    (exchange,) = asking.result().json()["exchangeInfo"]
    assert (exchange["status"], exchange["failedMessage"]) == ("FAILED", message)


def test_h22_an_answer_of_null_is_refused_and_can_be_corrected(pair, answer):
    asking = pair()
    assert answer(None).status == 400
    answer([])
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


def test_h8_a_poll_whose_client_is_gone_neither_blocks_nor_swallows(call, join, asker, background, answer, hang_up):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    hang_up("/sc/handle", "B")
    time.sleep(0.1)
    asking = background(asker, S)
    assert call("GET", "/sc/handle", "B").json()["handleRequestId"] == 1
    answer([])
    assert asking.result().json()["exchangeInfo"][0]["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("?a <http://e/p>/<http://e/q> ?c", "a property path"),
        ("FILTER(?c > 1) ?a <http://e/p> ?c .", "not FILTER"),
        ("OPTIONAL { ?a <http://e/z> ?c } ?a <http://e/p> ?c .", "not OPTIONAL"),
        ("VALUES ?c { 1 } ?a <http://e/p> ?c .", "not VALUES"),
    ],
    ids=["K13", "K16 filter", "K16 optional", "K16 values"],
)
def test_k_a_pattern_that_would_lose_its_meaning_is_refused(call, join, pattern, reason):
    join("A")
    body = {"knowledgeInteractionType": "AskKnowledgeInteraction", "graphPattern": pattern}
    status, message = call("POST", "/sc/ki", "A", body=body).error
    assert (status, message.startswith("Invalid graph pattern: "), reason in message) == (400, True, True)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_k25_k26_a_call_without_the_header_says_so(call, method):
    assert call(method, "/sc/ki", ki="A/q").error == (400, "Missing valid Knowledge-Base-Id header.")


def test_d10_a_rule_whose_head_has_a_variable_of_its_own_is_refused_when_it_is_loaded(call, join):
    join("A")
    rules = b"(?a <http://e/p> ?b) -> (?a <http://e/q> ?c) ."
    made = call("POST", "/sc/knowledge", "A", data=rules, headers={"Content-Type": "text/plain"})
    assert (made.error[0], "?c" in made.message) == (400, True)


def test_a_call_may_shorten_the_wait(pair):
    began = time.monotonic()
    asking = pair(headers={"Gridlingua-Timeout": "0.3"})
    assert asking.result().json()["exchangeInfo"][0]["failedMessage"].startswith("Error 'TimeoutException' ")
    assert time.monotonic() - began < 2


def test_a_wait_that_is_no_number_is_refused(asker):
    message = "Gridlingua-Timeout must be a number of seconds and not 'soon'"
    assert asker(S, headers={"Gridlingua-Timeout": "soon"}).error == (400, message)
