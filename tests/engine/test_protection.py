"""A served engine that demands something: tokens for ids, bodies not too long, callers that call not too often."""

import contextlib
import json
import threading
import time

import pytest
import requests

from gridlingua.engine import Network
from gridlingua.engine.server import EngineServer
from gridlingua.engine.serving.api import VERSION
from gridlingua.engine.serving.openapi import build_document
from gridlingua.engine.serving.protection import Protection
from gridlingua.engine.serving.rates import Rate
from gridlingua.engine.serving.tokens import TokenFile, new_grant

A, B, POOL = "http://ex.org/A", "http://ex.org/B", "http://pool.example/"


@contextlib.contextmanager
def serving(**demands):
    """The URL of an engine that demands something."""
    ready = threading.Event()
    network = Network(wait_timeout=2)
    protection = Protection(**demands)
    server = EngineServer(network, port=0, heartbeat=0.3, protection=protection, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    try:
        yield server.url
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


class Caller:
    """Somebody who calls, with a token or without."""

    def __init__(self, url, token=None):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        if token is not None:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method, path, kb=None, ki=None, body=None, **options):
        headers = options.pop("headers", {}) | {"Content-Type": "application/json"}
        headers |= {"Knowledge-Base-Id": kb} if kb else {}
        headers |= {"Knowledge-Interaction-Id": f"{kb}/interaction/{ki}"} if ki else {}
        data = options.pop("data", None if body is None else json.dumps(body))
        return self.session.request(method, self.url + path, headers=headers, data=data, timeout=10, **options)

    def create(self, kb):
        texts = {"knowledgeBaseName": "n", "knowledgeBaseDescription": "d"}
        return self("POST", "/sc", body={"knowledgeBaseId": kb, **texts})

    def add(self, kb, kind, name):
        body = {"knowledgeInteractionType": f"{kind}KnowledgeInteraction", "knowledgeInteractionName": name}
        return self("POST", "/sc/ki", kb, body={**body, "graphPattern": "?s <http://e/p> ?o"})


def refusal(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    body = response.json()
    assert body["messageType"] == "error"
    return body["message"]


@pytest.fixture
def guarded(tmp_path):
    """Makes callers of an engine that has three tokens: of A, of B and a pool, of everybody."""
    grants = {"a": [A], "b": [B, f"{POOL}*"], "operator": ["*"]}
    made = {name: new_grant(name, ids) for name, ids in grants.items()}
    path = tmp_path / "tokens"
    path.write_text("".join(f"{grant}\n" for _, grant in made.values()), "utf-8")
    with serving(tokens=TokenFile(path)) as url:
        yield lambda name=None: Caller(url, made[name][0] if name in made else name)


EVERYTHING = [
    ("GET", "/sc"),
    ("POST", "/sc"),
    ("DELETE", "/sc"),
    ("PUT", "/sc/lease/renew"),
    ("GET", "/sc/ki"),
    ("POST", "/sc/ki"),
    ("DELETE", "/sc/ki"),
    ("POST", "/sc/ask"),
    ("POST", "/sc/post"),
    ("GET", "/sc/handle"),
    ("POST", "/sc/handle"),
]


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_a_token_that_is_known_nothing_is_done(guarded, method, path, token):
    response = guarded(token)(method, path, A, body=[])
    assert "token" in refusal(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_other_schemes_than_bearer_are_no_token(guarded):
    response = guarded()("GET", "/sc", headers={"Authorization": "Basic YTpi"})
    assert "send Authorization: Bearer" in refusal(response, 401)


READING = [("GET", "/sc"), ("GET", "/sc/ki")]


@pytest.mark.parametrize(("method", "path"), READING)
def test_who_is_on_the_network_with_what_may_be_read_with_any_token(guarded, method, path):
    assert guarded("operator").create(B).status_code == 200
    assert guarded("a")(method, path, B).status_code == 200
    assert guarded()(method, path, B).status_code == 401


@pytest.mark.parametrize(("method", "path"), [one for one in EVERYTHING if tuple(one) not in READING])
def test_a_token_for_another_id_is_told_which_it_may_act_for(guarded, method, path):
    assert guarded("operator").create(B).status_code == 200
    response = guarded("a")(method, path, B, body={})
    assert refusal(response, 403) == f"The token of a may act for {A} and not for {B}."
    assert guarded("operator")("GET", "/sc", B).status_code == 200


def test_a_knowledge_base_is_created_only_by_a_token_for_its_id(guarded):
    assert refusal(guarded("a").create(B), 403) == f"The token of a may act for {A} and not for {B}."
    assert guarded("operator")("GET", "/sc").json() == []
    assert guarded("a").create(A).status_code == 200
    assert guarded("b").create(f"{POOL}7").status_code == 200
    assert refusal(guarded("b").create(A), 403) == f"The token of b may act for {B}, {POOL}* and not for {A}."


def test_an_id_that_stands_twice_in_a_body_is_judged_as_it_is_taken(guarded):
    text = f'"knowledgeBaseName": "n", "knowledgeBaseDescription": "d", "knowledgeBaseId": "{B}"'
    body = f'{{"knowledgeBaseId": "{A}", {text}}}'
    assert B in refusal(guarded("a")("POST", "/sc", data=body), 403)


def test_an_id_that_is_refused_forges_no_line_of_the_log_and_fills_none(guarded, caplog):
    told = refusal(guarded("a").create(f"http://ex.org/\n{'x' * 10_000}"), 403)
    assert len(told) < 400
    (line,) = [one for one in caplog.messages if "was used for" in one]
    assert line.startswith(r"the token of a was used for 'http://ex.org/\nxxx")
    assert len(line) < 400


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"knowledgeBaseId": []}'])
def test_a_body_that_creates_nobody_is_refused_by_the_operation_itself(guarded, body):
    assert "Exception: " in refusal(guarded("a")("POST", "/sc", data=body), 400)


def test_any_token_sees_who_is_on_the_network_and_everybody_the_version_and_the_document(guarded):
    guarded("a").create(A)
    assert [one["knowledgeBaseId"] for one in guarded("b")("GET", "/sc").json()] == [A]
    assert guarded()("GET", "/version").status_code == 200
    assert guarded()("GET", "/openapi.json").json() == build_document(VERSION, "/rest", takes_tokens=True)


def test_a_browser_may_ask_first_without_a_token_and_is_told_that_it_may_send_one(guarded):
    response = guarded()("OPTIONS", "/sc")
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Headers"].endswith(", Authorization")
    assert guarded()("GET", "/sc").headers["Access-Control-Allow-Origin"] == "*"


def test_two_parties_with_tokens_exchange(guarded):
    a, b = guarded("a"), guarded("b")
    for caller, kb, kind, name in ((a, A, "Ask", "q"), (b, B, "Answer", "r")):
        assert caller.create(kb).status_code == 200
        assert caller.add(kb, kind, name).status_code == 200
    asking = threading.Thread(target=lambda: results.append(a("POST", "/sc/ask", A, "q", body=[{}])))
    results = []
    asking.start()
    while (polled := b("GET", "/sc/handle", B)).status_code == 202:
        pass
    answer = {"handleRequestId": polled.json()["handleRequestId"], "bindingSet": [{"s": "<http://s>", "o": "1"}]}
    assert b("POST", "/sc/handle", B, "r", body=answer).status_code == 200
    asking.join(10)
    assert results[0].json()["bindingSet"][0]["s"] == "<http://s>"


def test_a_token_that_is_taken_out_of_the_file_ends_without_a_restart(guarded, tmp_path):
    caller = guarded("a")
    assert caller("GET", "/sc").status_code == 200
    lines = (tmp_path / "tokens").read_text("utf-8").splitlines()
    (tmp_path / "tokens").write_text("\n".join(line for line in lines if not line.startswith("a ")), "utf-8")
    ends = time.monotonic() + 8
    while caller("GET", "/sc").status_code == 200:
        assert time.monotonic() < ends, "the token still works"
        time.sleep(0.1)
    assert guarded("b")("GET", "/sc").status_code == 200


def chunks(length):
    for _ in range(length // 1000):
        yield b" " * 1000


LIMIT = 100_000
NO_MORE = f"This engine takes bodies of up to {LIMIT} bytes: send less at once."


@pytest.mark.parametrize("path", ["/sc", "/sc/ki", "/sc/ask", "/sc/post", "/sc/handle"])
@pytest.mark.parametrize("length", [LIMIT + 1000, 8_000_000])
@pytest.mark.parametrize("how", ["at once", "in chunks"])
def test_a_body_that_is_too_long_is_refused_with_the_limit(path, length, how):
    with serving(longest_body=LIMIT) as url:
        caller = Caller(url)
        caller.create(A)
        data = chunks(length) if how == "in chunks" else b" " * length
        assert refusal(caller("POST", path, A, "q", data=data), 413) == NO_MORE
        assert caller("GET", "/sc").status_code == 200


def test_a_body_may_be_as_long_as_the_limit():
    with serving(longest_body=LIMIT) as url:
        caller = Caller(url)
        caller.create(A)
        caller.add(A, "Ask", "q")
        body = b"[]".ljust(LIMIT)
        assert caller("POST", "/sc/ask", A, "q", data=body).status_code == 200
        assert caller("POST", "/sc/ask", A, "q", data=iter([body[:50], body[50:]])).status_code == 200


def test_a_body_that_is_too_long_is_not_kept_while_it_is_checked_whom_it_creates(tmp_path):
    token, grant = new_grant("a", [A])
    (tmp_path / "tokens").write_text(str(grant), "utf-8")
    with serving(longest_body=LIMIT, tokens=TokenFile(tmp_path / "tokens")) as url:
        assert refusal(Caller(url, token)("POST", "/sc", data=chunks(LIMIT + 1000)), 413) == NO_MORE


def test_who_calls_too_often_is_told_when_to_try_again():
    with serving(rate=Rate(0.5, 3)) as url:
        caller = Caller(url)
        caller.create(A)
        answers = [caller("GET", "/sc", A) for _ in range(5)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
        assert refusal(answers[-1], 429).startswith(f"{A} may call 3 times at once and 0.5 times per second: try again")
        assert answers[-1].headers["Retry-After"] in ("1", "2")
        assert caller("GET", "/sc", B).status_code == 404


def test_calls_with_one_token_are_one_callers_whomever_they_are_for(tmp_path):
    token, grant = new_grant("pool", [f"{POOL}*"])
    (tmp_path / "tokens").write_text(str(grant), "utf-8")
    with serving(rate=Rate(0.1, 3), tokens=TokenFile(tmp_path / "tokens")) as url:
        caller = Caller(url, token)
        statuses = [caller("GET", "/sc", f"{POOL}{number}").status_code for number in range(5)]
        assert statuses == [404, 404, 404, 429, 429]
        assert "pool may call 3 times" in refusal(caller("GET", "/sc"), 429)


def test_who_calls_too_often_still_polls_and_answers():
    with serving(rate=Rate(0.1, 4)) as url:
        a, b = Caller(url), Caller(url)
        for caller, kb, kind, name in ((a, A, "Ask", "q"), (b, B, "Answer", "r")):
            caller.create(kb)
            caller.add(kb, kind, name)
        while b("GET", "/sc", B).status_code != 429:
            pass
        for _ in range(3):
            asking = threading.Thread(target=lambda: a("POST", "/sc/ask", A, "q", body=[{}]))
            asking.start()
            polled = b("GET", "/sc/handle", B)
            assert polled.status_code == 200
            answer = {"handleRequestId": polled.json()["handleRequestId"], "bindingSet": []}
            assert b("POST", "/sc/handle", B, "r", body=answer).status_code == 200
            asking.join(10)


def test_polls_that_are_refused_are_counted():
    with serving(rate=Rate(0.1, 3)) as url:
        statuses = [Caller(url)("GET", "/sc/handle", A).status_code for _ in range(5)]
        assert statuses == [404, 404, 404, 429, 429]


def test_the_same_engine_demands_nothing_by_default():
    with serving() as url:
        caller = Caller(url)
        assert caller("GET", "/openapi.json").json() == build_document(VERSION, "/rest", takes_tokens=False)
        assert caller.create(A).status_code == 200
        response = caller("GET", "/sc", A)
        assert "Authorization" not in response.headers["Access-Control-Allow-Headers"]
