"""Who is on the network of a runtime, seen from outside: two calls of the KE REST API, and nothing is registered."""

from __future__ import annotations

from typing import TypeVar

import requests

from gridlingua.engine.causes import elsewhere, root_cause
from gridlingua.engine.protocol import KnowledgeBase
from gridlingua.engine.serving.words import KNOWLEDGE_BASE
from gridlingua.engine.survey.overview import Participant
from gridlingua.engine.survey.reading import read_entry, read_member
from gridlingua.errors import RemoteError

T = TypeVar("T")


class Surveyor:
    """Looks at the network of the runtime at ``url`` (``http://host:port/rest``).

    ``session`` brings TLS settings and authentication; ``timeout`` in seconds for each call.
    """

    def __init__(self, url: str, session: requests.Session, *, timeout: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self._session = session
        self._timeout = timeout

    def version(self) -> str:
        """What the runtime calls itself. Raises RemoteError as ``participants`` does."""
        said = self._json(self._get("/version"), dict)
        return str(said.get("version", "of an unknown version"))

    def participants(self) -> tuple[Participant, ...]:
        """Everybody, in the order of their ids. One whose interactions the runtime cannot tell is in trouble, and who
        leaves meanwhile is left out. Raises RemoteError: 503 when the runtime cannot be reached, 502 for nonsense."""
        elements = self._json(self._get("/sc"), list)
        found = [self._participant(read_member(element)) for element in elements]
        return tuple(sorted((one for one in found if one), key=lambda one: one.knowledge_base.id))

    def _participant(self, knowledge_base: KnowledgeBase) -> Participant | None:
        response = self._get("/sc/ki", knowledge_base.id)
        if response.status_code == 404:
            return None
        if not response.ok:
            # A react or post without argument makes a runtime fail for its whole knowledge base (contract 1.7).
            hint = " (a post or react without an argument does that)" if response.status_code == 500 else ""
            return Participant(
                knowledge_base, trouble=f"its interactions cannot be told: {self._words(response)}{hint}"
            )
        entries, troubles = [], []
        for element in self._json(response, list):
            try:
                entries.append(read_entry(knowledge_base.id, element))
            except RemoteError as error:
                troubles.append(str(error))
        entries.sort(key=lambda one: (one.interaction.kind, one.id))
        return Participant(knowledge_base, tuple(entries), "; ".join(troubles))

    def _get(self, path: str, knowledge_base_id: str = "") -> requests.Response:
        headers = {KNOWLEDGE_BASE: knowledge_base_id} if knowledge_base_id else {}
        try:
            verify = self._session.verify  # or REQUESTS_CA_BUNDLE would win over what the session says
            response = self._session.get(self.url + path, headers=headers, timeout=self._timeout, verify=verify)
        except requests.RequestException as error:
            message = f"knowledge engine at {self.url} cannot be reached: {root_cause(error)}"
            raise RemoteError(message, party=self.url, status=503, retry=True) from error
        if not response.ok and not knowledge_base_id:
            said = self._words(response)
            raise RemoteError(
                f"knowledge engine at {self.url}: {said}", party=self.url, status=max(response.status_code, 400)
            )
        return response

    def _words(self, response: requests.Response) -> str:
        """What an engine said of its failure; a status where it did not choose the words."""
        try:
            return str(response.json()["message"])
        except (ValueError, KeyError, TypeError):
            return f"it answered {response.status_code} {response.reason}{elsewhere(response.status_code, self.url)}"

    def _json(self, response: requests.Response, kind: type[T]) -> T:
        try:
            said = response.json()
        except ValueError:
            said = None
        if isinstance(said, kind):
            return said
        raise RemoteError(
            f"knowledge engine at {self.url} answered what is not the KE REST API: {response.text[:80]!r}"
        )
