"""Whatever is sent to the engine, it does not break down, and its answers are as its own document says.

schemathesis makes calls from the document: right ones, and wrong in every way it knows. Most would fail at the first
word, an id that nobody has; so they get ids, patterns and terms that mean something. What a call gets depends on
nothing but the call: every run makes the same ones.
"""

import threading
import zlib
from collections import Counter
from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gridlingua.engine import EmbeddedEngine, Interaction, KnowledgeBase, Network
from gridlingua.engine.protocol import TYPES
from gridlingua.engine.server import EngineServer
from gridlingua.engine.serving.api import VERSION
from gridlingua.engine.serving.openapi import build_document
from gridlingua.engine.serving.protection import Protection
from gridlingua.engine.serving.tokens import TokenFile, new_grant
from gridlingua.semantics.patterns import parse_body

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    ignored_auth,
]
DOCUMENT = build_document(VERSION, "/rest", takes_tokens=True)
OURS, PARTY = "http://ex.org/A", "http://ex.org/party"
IDS = (OURS, OURS, OURS, "http://ex.org/nobody", "http://others.example/kb")
TRIPLE = "?s <http://example.org/p> ?o ."
TEXTS = (TRIPLE, "?s a ?t . ?t <http://example.org/q> 'x'@en .", "?s <http://e/p>/<http://e/q> ?o", "?s ?p")
RIGHT_TERMS = ("<http://example.org/s>", '"5"^^<http://www.w3.org/2001/XMLSchema#integer>', "1.5", '"a"@EN', "_:b")
TERMS = (*RIGHT_TERMS, "abc", "?x", "<http://a b>")
RULES = (
    "(?s <http://example.org/q> ?o) -> (?s <http://example.org/p> ?o) .",
    "-> (<http://example.org/a> <http://example.org/p> 'x') .",
    "@prefix ex: <http://example.org/> . [r: (?a ex:p ?b), (?b ex:p ?c) -> (?a ex:p ?c)]",
)
VARIABLES = ("s", "o", "?s", "other")
NAMES = {"/sc/ask": "ask", "/sc/post": "post", "/sc/handle": "answer"}
TOKEN, GRANT = new_grant("tester", ["http://ex.org/*"])
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
EXAMPLES = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)

anything = schemathesis.openapi.from_dict(DOCUMENT)
right = schemathesis.openapi.from_dict(
    DOCUMENT, config=schemathesis.Config.from_dict({"generation": {"mode": "positive"}})
).include(path=["/sc", "/sc/ki", "/sc/ask", "/sc/post", "/sc/handle", "/sc/knowledge"], method=["GET", "POST"])


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """A network with a party that asks, answers and reacts."""
    network = Network(wait_timeout=0.3)
    with EmbeddedEngine(network) as engine:
        engine.register(KnowledgeBase(PARTY, "a party", "that answers"), interactions())
        engine.handle(PARTY, lambda request: [{"s": "<http://example.org/s>", "o": "1", **row} for row in request.rows])
        yield network


def interactions() -> list[Interaction]:
    pattern = parse_body(TRIPLE)
    return [
        Interaction(kind, kind, pattern, pattern if kind in ("post", "react") else None)
        for kind in ("ask", "answer", "post", "react")
    ]


@pytest.fixture(scope="module")
def url(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a protected engine over that network."""
    path = tmp_path_factory.mktemp("tokens") / "tokens"
    path.write_text(str(GRANT), "utf-8")
    ready = threading.Event()
    protection = Protection(TokenFile(path), longest_body=1_000_000)
    server = EngineServer(network, port=0, heartbeat=0.05, protection=protection, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    yield server.url
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@anything.parametrize()
@EXAMPLES
def test_every_answer_is_in_the_document(case: schemathesis.Case, network: Network, url: str) -> None:
    be_there(network)
    choices = {"Knowledge-Base-Id": IDS, "Knowledge-Interaction-Id": [f"{OURS}/interaction/{one}" for one in KINDS]}
    case.headers = {name: meant(value, choices.get(name, ())) for name, value in (case.headers or {}).items()}
    case.body = enriched(case.body, VARIABLES, TERMS)
    check(case, url)


@right.parametrize()
@EXAMPLES
def test_every_answer_to_a_right_call_is_in_the_document(
    case: schemathesis.Case, network: Network, url: str, successes: Counter[str]
) -> None:
    be_there(network)
    if case.path == "/sc/handle":
        network.ask(PARTY, f"{PARTY}/interaction/ask", [{}], (OURS,), 0.3)
    name = NAMES.get(case.path, "ask")
    case.headers = {"Knowledge-Base-Id": OURS, "Knowledge-Interaction-Id": f"{OURS}/interaction/{name}"}
    if isinstance(case.body, dict) and "handleRequestId" in case.body:
        case.body["handleRequestId"] = requested(url)
    if isinstance(case.body, dict) and case.path == "/sc/ki":
        kind = meant(case.body["knowledgeInteractionType"], list(TYPES.values()))
        patterns = {"graphPattern": TRIPLE, "argumentGraphPattern": TRIPLE}  # the document has them in schemas apart
        case.body |= {**patterns, **case.body, "knowledgeInteractionType": kind}
    case.body = enriched(case.body, ("s", "o"), RIGHT_TERMS)
    successes[case.operation.label] += check(case, url) == 200


@pytest.fixture(scope="module")
def successes() -> Iterator[Counter[str]]:
    """How often each right call was of use; refusals alone would show little."""
    counted = Counter[str]()
    yield counted
    assert {name: count for name, count in counted.items() if count < 10} == {}


KINDS = ("ask", "ask", "post", "answer", "nothing")


def check(case: schemathesis.Case, url: str) -> int:
    response = case.call(base_url=url, headers=AUTHORIZED)
    is_heartbeat = response.status_code == 202 and not response.content  # OpenAPI cannot say "or no body"
    if not is_heartbeat:
        case.validate_response(response, checks=CHECKS)
    return int(response.status_code)


def be_there(network: Network) -> None:
    """Put the knowledge base that calls are made for on the network as it was, if a call has changed it."""
    ids = {one.id for one in network.knowledge_bases()}
    for one in ids - {OURS, PARTY}:
        network.leave(one)
    if OURS in ids and len(network.interactions(OURS)) == 4:
        return
    if OURS in ids:
        network.leave(OURS)
    network.join(KnowledgeBase(OURS, "ours", "that calls", 1, 3600))
    for interaction in interactions():
        network.add(OURS, interaction)


def requested(url: str) -> int:
    """The number of a request that waits for our answer."""
    headers = {**AUTHORIZED, "Knowledge-Base-Id": OURS}
    return int(requests.get(f"{url}/sc/handle", headers=headers, timeout=5).json()["handleRequestId"])


def meant(value: object, choices: tuple[str, ...] | list[str]) -> object:
    """What was made, or in four of five cases one of the choices instead."""
    number = zlib.crc32(repr(value).encode())
    return choices[number // 5 % len(choices)] if choices and number % 5 and isinstance(value, str) else value


def enriched(value: object, variables: tuple[str, ...], terms: tuple[str, ...], name: str = "") -> object:
    """A body with ids, patterns and rows that mean something in it; ``name`` is the key that it stands at."""
    if not name and isinstance(value, str):
        return meant(value, RULES)
    if isinstance(value, dict):
        if name == "row":
            return {meant(key, variables): meant(term, terms) for key, term in value.items()}
        return {key: enriched(one, variables, terms, key) for key, one in value.items()}
    if isinstance(value, list):
        inner = {"": "row", "bindingSet": "row", "knowledgeBases": "knowledgeBaseId"}.get(name, "")
        return [enriched(one, variables, terms, inner) for one in value]
    if name.endswith("raphPattern"):
        return meant(value, TEXTS)
    return meant(value, IDS) if name == "knowledgeBaseId" else value


HALF = '"\\ud800"'  # half a surrogate pair: an escape that JSON allows, and that no UTF-8 can say
BODIES = {
    "/sc": f'{{"knowledgeBaseId": "http://ex.org/B", "knowledgeBaseName": {HALF}, "knowledgeBaseDescription": "d"}}',
    "/sc/ki": f'{{"knowledgeInteractionType": "AskKnowledgeInteraction", "knowledgeInteractionName": {HALF}}}',
    "/sc/ask": f'[{{"s": {HALF}}}]',
    "/sc/post": f'{{"recipientSelector": {{"knowledgeBases": [{HALF}]}}, "bindingSet": []}}',
    "/sc/handle": f'{{"handleRequestId": 1, "errorMessage": {HALF}}}',
}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("body", [*BODIES.values(), b'["\xed\xa0\x80"]', b'["\xff"]'])
def test_a_text_that_nobody_can_be_told_is_refused(network: Network, url: str, path: str, body: str | bytes) -> None:
    be_there(network)
    headers = {**AUTHORIZED, "Content-Type": "application/json", "Knowledge-Base-Id": OURS}
    headers["Knowledge-Interaction-Id"] = f"{OURS}/interaction/ask"
    answer = requests.post(f"{url}{path}", data=body, headers=headers, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("JsonParseException: 'utf-8' codec can't")


def test_a_whole_surrogate_pair_is_a_text(network: Network, url: str) -> None:
    body = BODIES["/sc"].replace("ud800", "ud83d\\ude00")
    headers = {**AUTHORIZED, "Content-Type": "application/json"}
    assert requests.post(f"{url}/sc", data=body, headers=headers, timeout=5).status_code == 200
    assert "\N{GRINNING FACE}" in requests.get(f"{url}/sc", headers=AUTHORIZED, timeout=5).text


def test_a_party_in_this_process_does_not_break_the_answers_for_others(network: Network, url: str) -> None:
    network.join(KnowledgeBase("http://ex.org/odd", "\ud800", "d"))
    (found,) = [
        one
        for one in requests.get(f"{url}/sc", headers=AUTHORIZED, timeout=5).json()
        if one["knowledgeBaseId"] == "http://ex.org/odd"
    ]
    assert found["knowledgeBaseName"] == "\ud800"
