"""Knowledge bases that speak the KE REST API by hand: ``requests`` and nothing of gridlingua's."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import requests

Row = dict[str, str]
PREFIXES = {"ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
PATIENCE = 60.0
KINDS = {"ask": "AskKnowledgeInteraction", "answer": "AnswerKnowledgeInteraction"}


class Peer:
    """One knowledge base at ``url``, on a connection that it keeps; it leaves with ``leave``."""

    def __init__(self, url: str, name: str, level: int = 1) -> None:
        self.id = f"http://example.org/{name}"
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Knowledge-Base-Id"] = self.id
        body = {"knowledgeBaseId": self.id, "knowledgeBaseName": name, "knowledgeBaseDescription": "A benchmark"}
        self._call("POST", "/sc", body | {"reasonerLevel": level})

    def add(self, kind: str, pattern: str, name: str = "q") -> None:
        """Register an interaction."""
        body = {"knowledgeInteractionType": KINDS[kind], "knowledgeInteractionName": name, "graphPattern": pattern}
        self._call("POST", "/sc/ki", body | {"prefixes": PREFIXES})

    def ask(self, restriction: Row, name: str = "q") -> list[Row]:
        """The rows that came."""
        reply = self._call("POST", "/sc/ask", [restriction], interaction=f"{self.id}/interaction/{name}").json()
        if failed := [one for one in reply["exchangeInfo"] if one["status"] != "SUCCEEDED"]:
            raise RuntimeError(f"{len(failed)} failed, the first: {failed[0].get('failedMessage')}")
        rows: list[Row] = reply["bindingSet"]
        return rows

    def answer_for_ever(self, rows: Sequence[Row]) -> None:
        """Poll, and answer whatever comes with the same rows; ends when the knowledge base has left."""
        prepared = json.dumps(rows)
        while True:
            polled = self._call("GET", "/sc/handle", but=409)
            if polled.status_code != 200:
                continue  # a stock runtime may take the poll before for open still
            request = polled.json()
            body = f'{{"handleRequestId":{request["handleRequestId"]},"bindingSet":{prepared}}}'
            self._call("POST", "/sc/handle", body, interaction=request["knowledgeInteractionId"])

    def leave(self) -> None:
        self._call("DELETE", "/sc")
        self._session.close()

    def _call(self, method: str, path: str, body: Any = None, interaction: str = "", but: int = 0) -> requests.Response:
        """A call that must succeed, ``but`` for one status."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if interaction:
            headers["Knowledge-Interaction-Id"] = interaction
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        response = self._session.request(method, self._url + path, data=data, headers=headers, timeout=PATIENCE)
        if not response.ok and response.status_code != but:
            raise requests.HTTPError(f"{response.status_code} {response.text[:200]}", response=response)
        return response


@contextmanager
def answering(url: str, pattern: str, answers: Mapping[str, Sequence[Row]]) -> Iterator[None]:
    """Knowledge bases, by name, that answer a pattern with their rows, each in a process of its own."""
    apart = multiprocessing.get_context("spawn")
    peers = {name: Peer(url, name) for name in answers}
    for peer in peers.values():
        peer.add("answer", pattern)
    processes = [apart.Process(target=_answer, args=(peers[name], rows)) for name, rows in answers.items()]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for peer in peers.values():
            peer.leave()
        for process in processes:
            process.join()


def _answer(peer: Peer, rows: Sequence[Row]) -> None:
    try:
        peer.answer_for_ever(rows)
    except requests.HTTPError as error:
        if error.response is None or error.response.status_code not in (404, 410):
            raise
