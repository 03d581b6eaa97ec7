"""Contract 8.4: what an ask or a post may say."""

import pytest

PATTERN = "?s <http://e/p> ?o"
SELECTOR = (
    "The RecipientSelector should be a valid JSON object with a singleKnowledgeBase key "
    "that leads to a string value of a KnowledgeBaseId."
)
BINDINGS = "The BindingSet should be a valid JSON array with Bindings."
JSON = "The JSON should be either an JSON Object or an JSON Array."
KEYS = "The JSON Object should contain both a recipientSelector and bindingSet key."
VALUE = "Variable values should not be null and follow SPARQL literal/iri syntax."
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def asker(call, join):
    join("A", ask={"q": PATTERN}, post={"pst": PATTERN})
    return lambda body, kind="ask", ki="q", **options: call("POST", f"/sc/{kind}", "A", f"A/{ki}", body, **options)


@pytest.mark.parametrize("rows", [[], [{}], [{"zzz": "1"}]], ids=["I1 none", "I1 open", "I10 unknown key"])
def test_i_an_ask_that_nobody_matches_is_empty(asker, rows):
    assert asker(rows).json() == {"bindingSet": [], "exchangeInfo": []}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *(pytest.param(body, JSON, id=f"I2 {body!r}") for body in (None, "x", 5)),
        pytest.param({"bindingSet": []}, KEYS, id="I2 no selector"),
        pytest.param({"recipientSelector": {}}, KEYS, id="I2 no rows"),
        *(pytest.param(b, BINDINGS, id=f"I4 {b}") for b in ([[]], [5], [{"a": {}}], [{"s": []}])),
        pytest.param([{"s": None}], VALUE, id="I5"),
        pytest.param([None], "Bindings must be non-null.", id="I5 row"),
        pytest.param(
            [{"s": "?x"}], "Binding values should be concrete nodes (either RDF literals or RDF URIs).", id="I8"
        ),
        pytest.param(
            [{"?s": "<http://x>"}], "Variable names should not be null or start with a question mark.", id="I9"
        ),
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
        pytest.param({"recipientSelector": {"knowledgeBases": []}, "bindingSet": {}}, BINDINGS, id="I12 rows"),
    ],
)
def test_i_a_body_that_is_none_is_refused_with_its_reason(asker, body, message):
    assert asker(body).error == (400, message)


def test_i6_numbers_and_booleans_are_terms(asker, call, join, background):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    asking = background(asker, [{"o": 5}, {"o": True}, {"o": 1.5}])
    handed = call("GET", "/sc/handle", "B").json()
    assert sorted(row["y"] for row in handed["bindingSet"]) == [
        f'"1.5"^^<{XSD}decimal>',
        f'"5"^^<{XSD}integer>',
        f'"true"^^<{XSD}boolean>',
    ]
    call("DELETE", "/sc", "B")
    asking.result()


def test_i13_no_rows_at_all_break_the_call(asker):
    made = asker({"recipientSelector": {"knowledgeBases": []}, "bindingSet": None})
    assert (made.status, made.message) == (500, "")


def test_i14_both_headers_are_needed(call, asker):
    message = "Both Knowledge-Base-Id and Knowledge-Interaction-Id headers should be non-null."
    assert call("POST", "/sc/ask", body=[]).error == (400, message)
    assert call("POST", "/sc/ask", "A", body=[]).error == (400, message)
    assert call("POST", "/sc/ask", ki="A/q", body=[]).error == (400, message)


def test_i14_unknown_ids_are_404(call, asker):
    for nobody in ("nope", "a b"):
        message = "Smart connector not found, because its ID is unknown."
        assert call("POST", "/sc/ask", nobody, "A/q", []).error == (404, message)
    assert asker([], ki="nope").error == (404, "Knowledge Interaction not found, because its ID is unknown.")
    message = "Knowledge interaction not found, because its ID must be a valid URI."
    assert call("POST", "/sc/ask", "A", "a b", []).error == (400, message)


def test_i16_the_kind_must_fit(asker):
    ask, post = "AskKnowledgeInteraction", "PostKnowledgeInteraction"
    text = "Given Knowledge Interaction ID should have type {} and not {}."
    assert asker([], ki="pst").error == (400, text.format(ask, post))
    assert asker([], kind="post").error == (400, text.format(post, ask))


@pytest.mark.parametrize("rows", [[], [{}], [{"s": "<http://s>"}]])
def test_i17_an_incomplete_post_reaches_nobody(asker, join, rows):
    join("B", react={"r": "?x <http://e/p> ?y"})
    assert asker(rows, "post", "pst").json() == {"resultBindingSet": [], "exchangeInfo": []}


@pytest.mark.parametrize(("kind", "operation"), [("ask", "scAskPost"), ("post", "scPostPost")])
def test_i18_an_empty_body_breaks_the_call_or_is_refused(asker, target, kind, operation):
    made = asker(None, kind, data=b"", headers={"Content-Type": "application/json"})
    if target.version == "1.4":
        assert (made.status, made.message) == (500, "")
    else:
        assert made.violation == f"{operation}.arg2 must not be null"


@pytest.mark.parametrize(
    "selector", [{"singleKnowledgeBase": "http://ex.org/B"}, {"knowledgeBases": ["http://ex.org/B"]}]
)
def test_i12_recipients_are_selected_by_either_key(asker, call, join, background, selector):
    join("B", answer={"r": "?x <http://e/p> ?y"})
    join("C", answer={"r": "?x <http://e/p> ?y"})
    asking = background(asker, {"recipientSelector": selector, "bindingSet": []})
    call("GET", "/sc/handle", "B")
    call("POST", "/sc/handle", "B", "B/r", {"handleRequestId": 1, "bindingSet": []})
    assert [one["knowledgeBaseId"] for one in asking.result().json()["exchangeInfo"]] == ["http://ex.org/B"]
