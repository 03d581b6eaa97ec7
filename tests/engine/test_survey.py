"""What is registered, read back from the REST API: from ours, and in the words of stock runtimes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from gridlingua.engine import KnowledgeBase
from gridlingua.engine.entries import Entry
from gridlingua.engine.serving.bodies import write_interaction, write_knowledge_base
from gridlingua.engine.survey.reading import read_entry, read_member
from gridlingua.engine.survey.registered import Surveyor
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import parse_body

XSD = "http://www.w3.org/2001/XMLSchema#"
INFORM = "https://w3id.org/knowledge-engine/InformPurpose"
ACT = {"requiredPurposes": [INFORM], "satisfiedPurposes": [INFORM]}
# As runtimes 1.4.0 and 1.5.0 wrote it back.
STOCK: dict[str, Any] = {
    "knowledgeInteractionType": "AskKnowledgeInteraction",
    "knowledgeInteractionName": "q",
    "knowledgeGapsEnabled": False,
    "communicativeAct": ACT,
    "prefixes": {},
    "graphPattern": "?s <http://ex/p> 1 . ?s <http://ex/p> 1.5 . ?s <http://ex/p> true . ?s <http://ex/p> 1e0 . "
    '?s <http://ex/p> "a"@en . ?s <http://ex/p> "y"^^<http://ex/dt> . ?s <http://ex/p> "x\\"y\\n" . '
    f'?s <http://ex/p> "2020-01-01T00:00:00Z"^^<{XSD}dateTime> . ?s <http://ex/p> 01 . ?s <http://ex/p> -5 . '
    f'?s <http://ex/p> "é" . ?s <http://ex/p> "1"^^<{XSD}int> . "five" <http://ex/p> ?s . ?s ?p ?é . ',
    "knowledgeInteractionId": "http://ex.org/A/interaction/q",
}


@pytest.mark.parametrize("lease", [None, 60])
def test_a_knowledge_base_reads_back_as_it_was_written(lease: int | None) -> None:
    one = KnowledgeBase("http://ex.org/A", 'n "q" é', "d", 3, lease)
    assert read_member(write_knowledge_base(one)) == one


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("kind", "result"), [("ask", None), ("answer", None), ("post", None), ("post", "?s q ?o"), ("react", "?o q ?s")]
)
def test_an_interaction_reads_back_as_it_was_written(say: Any, kind: str, result: str | None, named: bool) -> None:
    one = say(
        kind, '?s p ?o . ?s q 1 . ?s q "a"@en . ?s q 01', result, required=("http://e/a",), satisfied=("http://e/b",)
    )
    entry = Entry("http://ex.org/A/interaction/q", "http://ex.org/A", one, named)
    assert read_entry("http://ex.org/A", json.loads(json.dumps(write_interaction(entry)))) == entry


def test_what_a_stock_runtime_writes_is_read_with_every_term() -> None:
    entry = read_entry("http://ex.org/A", STOCK)
    assert entry.interaction.pattern == parse_body(STOCK["graphPattern"])
    assert len(entry.interaction.pattern.triples) == 14
    assert write_interaction(entry) == STOCK


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},
        STOCK | {"knowledgeInteractionType": "Nothing"},
        STOCK | {"graphPattern": None},
        STOCK | {"graphPattern": "?s ?p"},
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_what(broken: Any) -> None:
    with pytest.raises(
        RemoteError, match=r"what is no knowledge interaction|the pattern of http://ex.org/A/interaction/q"
    ):
        read_entry("http://ex.org/A", broken)


def test_everybody_is_found_with_all_interactions(served: Any, join: Any) -> None:
    join("B", ask={"q": "?s <http://e/p> ?o"}, react={"r": ["?s <http://e/p> ?o", "?s <http://e/q> ?o"]})
    join("A")
    with requests.Session() as session:
        first, second = Surveyor(served.url + "/", session).participants()
    assert (first.knowledge_base.id, first.entries) == ("http://ex.org/A", ())
    assert [one.interaction.kind for one in second.entries] == ["ask", "react"]
    assert second.entries == tuple(served.network.interactions("http://ex.org/B"))


@pytest.fixture
def runtime() -> Iterator[Callable[[dict[str, tuple[int, Any]]], str]]:
    """A runtime that says what the test lets it say, by knowledge base id (empty: ``GET /sc``)."""
    servers: list[ThreadingHTTPServer] = []

    def serve(says: dict[str, tuple[int, Any]]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = says[self.headers.get("Knowledge-Base-Id", "")]
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode() if isinstance(body, str) else json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}/rest"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def member(name: str) -> dict[str, Any]:
    return {"knowledgeBaseId": name, "knowledgeBaseName": "n", "knowledgeBaseDescription": "d", "reasonerLevel": 2}


def test_who_is_poisoned_is_named_and_who_vanished_is_left_out(runtime: Any) -> None:
    url = runtime(
        {
            "": (200, [member("http://gone"), member("http://poisoned"), member("http://well"), member("http://odd")]),
            "http://gone": (404, {"messageType": "error", "message": "Knowledge base not found."}),
            "http://poisoned": (500, "<html>Error 500 Request failed.</html>"),
            "http://well": (200, [STOCK]),
            "http://odd": (200, [STOCK | {"graphPattern": "?s"}, STOCK]),
        }
    )
    with requests.Session() as session:
        found = {one.knowledge_base.id: one for one in Surveyor(url, session).participants()}
    assert list(found) == ["http://odd", "http://poisoned", "http://well"]
    assert found["http://poisoned"].trouble == (
        "its interactions cannot be told: it answered 500 Internal Server Error "
        "(a post or react without an argument does that)"
    )
    assert (found["http://well"].trouble, len(found["http://well"].entries)) == ("", 1)
    assert "the pattern of http://ex.org/A/interaction/q: " in found["http://odd"].trouble
    assert len(found["http://odd"].entries) == 1


@pytest.mark.parametrize(
    ("says", "status", "message"),
    [
        ((200, "<html>"), 502, "is not the KE REST API"),
        ((200, {"a": 1}), 502, "is not the KE REST API"),
        ((200, [1]), 502, "what is no knowledge base: 1"),
        ((401, {"messageType": "error", "message": "who are you?"}), 401, "who are you?"),
        ((503, "Service Unavailable"), 503, "answered 503 Service Unavailable"),
    ],
)
def test_an_engine_that_is_none_is_an_error(runtime: Any, says: tuple[int, Any], status: int, message: str) -> None:
    with requests.Session() as session, pytest.raises(RemoteError, match=message) as raised:
        Surveyor(runtime({"": says}), session).participants()
    assert raised.value.status == status


@pytest.mark.parametrize("said", ["<html>", [], 1, None, "1.5.0"])
def test_a_version_that_is_none_is_an_error(runtime: Any, said: Any) -> None:
    with requests.Session() as session, pytest.raises(RemoteError, match="is not the KE REST API"):
        Surveyor(runtime({"": (200, said)}), session).version()


@pytest.mark.parametrize("said", ["<html>", 1, None, {"a": 1}])
def test_interactions_that_are_no_list_are_an_error(runtime: Any, said: Any) -> None:
    url = runtime({"": (200, [member("http://odd")]), "http://odd": (200, said)})
    with requests.Session() as session, pytest.raises(RemoteError, match="is not the KE REST API"):
        Surveyor(url, session).participants()


def test_an_engine_that_is_not_there_is_an_error() -> None:
    with requests.Session() as session, pytest.raises(RemoteError, match="cannot be reached") as raised:
        Surveyor("http://127.0.0.1:1/rest", session).participants()
    assert (raised.value.status, raised.value.retry) == (503, True)
