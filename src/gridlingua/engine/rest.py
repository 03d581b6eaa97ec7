"""The KE REST API as a client calls it: one method per call, every failure a RemoteError that names the engine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import requests
from urllib3.exceptions import NewConnectionError

from gridlingua.engine.causes import elsewhere, root_cause
from gridlingua.engine.connections import CuttableAdapter
from gridlingua.engine.errors import (
    EngineError,
    IdInUseError,
    NotCoveredError,
    RegistrationError,
    StoppedError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.protocol import TYPES, Exchange, Interaction, Kind, KnowledgeBase, Result
from gridlingua.engine.serving.api import INTERACTION, TIMEOUT
from gridlingua.engine.serving.bodies import write_knowledge_base
from gridlingua.engine.serving.words import KNOWLEDGE_BASE
from gridlingua.errors import RemoteError
from gridlingua.listening import is_loopback
from gridlingua.semantics.rows import Rows

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A 404 in these words says that the knowledge base is there and something else is not (contract 1.5, 1.10, 1.12).
_KNOWN_TO_IT: Final = ("Interaction not found", "lease could not be found", "Handle request id")


class RestTransport:
    """A knowledge engine runtime at ``url`` (``http://host:port/rest``).

    Times in seconds: ``connect_timeout``; ``poll_timeout`` for the reply to a poll (a runtime gives up after 29);
    ``call_timeout`` for registration and answers; ``initiate_timeout`` for an ask or a post without one of its own.
    A ``session`` of your own brings TLS settings and
    authentication; its adapter for ``url`` is replaced, and it is closed with the engine.
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        connect_timeout: float = 5.0,
        poll_timeout: float = 40.0,
        call_timeout: float = 30.0,
        initiate_timeout: float = 15.0,
    ) -> None:
        self.url = url.rstrip("/")
        self.party = f"knowledge engine at {self.url}"
        self._session = session or requests.Session()
        if session is None and is_loopback(self.url):
            self._session.trust_env = False
        self._adapter = CuttableAdapter(connections=64)
        self._session.mount(self.url, self._adapter)
        self._connect_timeout = connect_timeout
        self._poll_timeout = poll_timeout
        self._call_timeout = call_timeout
        self._initiate_timeout = initiate_timeout
        self._version: tuple[int, ...] = ()

    def create(self, knowledge_base: KnowledgeBase) -> None:
        if not knowledge_base.id.isascii():
            message = f"{knowledge_base.id} cannot be a header of HTTP: percent-encode what is beyond ASCII"
            raise RegistrationError(message, party=self.url)
        self._version = ()
        self._call("POST", "/sc", json=write_knowledge_base(knowledge_base))

    def delete(self, knowledge_base_id: str) -> None:
        self._call("DELETE", "/sc", knowledge_base_id, timeout=self._connect_timeout)

    def add(self, knowledge_base_id: str, interaction: Interaction) -> None:
        body: dict[str, Any] = {
            "knowledgeInteractionType": TYPES[interaction.kind],
            "knowledgeInteractionName": interaction.name,
            "communicativeAct": {
                "requiredPurposes": list(interaction.required),
                "satisfiedPurposes": list(interaction.satisfied),
            },
            "knowledgeGapsEnabled": interaction.gaps_enabled,
            "includeMetaKIs": interaction.include_meta,
        }
        if interaction.kind in ("ask", "answer"):
            body["graphPattern"] = str(interaction.pattern)
        else:
            body["argumentGraphPattern"] = str(interaction.pattern)
            if interaction.result is not None:
                body["resultGraphPattern"] = str(interaction.result)
        self._call("POST", "/sc/ki", knowledge_base_id, json=body)

    def learn(self, knowledge_base_id: str, rules: str) -> None:
        self._call("POST", "/sc/knowledge", knowledge_base_id, headers={"Content-Type": "text/plain"}, data=rules)

    def renew(self, knowledge_base_id: str) -> None:
        self._call("PUT", "/sc/lease/renew", knowledge_base_id)

    def poll(self, knowledge_base_id: str) -> Parcel | None:
        response = self._call("GET", "/sc/handle", knowledge_base_id, timeout=self._poll_timeout)
        if response.status_code != 200:
            return None
        return self._understand(response, _read_parcel)

    def answer(self, knowledge_base_id: str, parcel: Parcel, rows: Rows) -> None:
        self._reply(knowledge_base_id, parcel, {"bindingSet": rows})

    def refuse(self, knowledge_base_id: str, parcel: Parcel, message: str) -> None:
        if self._takes_errors():
            self._reply(knowledge_base_id, parcel, {"bindingSet": [], "errorMessage": message})
            return
        # Before 1.5.0 a runtime cannot say why: the asker sees an empty answer (contract 0).
        logger.error("%s cannot tell %s why it has no answer: %s", self.party, parcel.requester, message)
        self._reply(knowledge_base_id, parcel, {"bindingSet": []})

    def initiate(
        self,
        kind: Kind,
        knowledge_base_id: str,
        name: str,
        rows: Rows,
        recipients: Sequence[str],
        timeout: float | None,
    ) -> Result:
        limit = self._initiate_timeout if timeout is None else timeout
        headers = {INTERACTION: f"{knowledge_base_id}/interaction/{name}"}
        if timeout is not None:
            # Our own server stops waiting for parties in time to say which of them was late; others ignore it.
            headers[TIMEOUT] = f"{max(0.001, timeout - min(0.5, timeout / 5)):.3f}"
        response = self._call(
            "POST",
            f"/sc/{kind}",
            knowledge_base_id,
            headers=headers,
            json={"recipientSelector": {"knowledgeBases": list(recipients)}, "bindingSet": rows},
            timeout=limit,
            repeatable=kind == "ask",
        )
        return self._understand(response, lambda body: _read_result(body, kind), retry=kind == "ask")

    def close(self) -> None:
        self._adapter.cut()
        self._session.close()

    def _reply(self, knowledge_base_id: str, parcel: Parcel, body: dict[str, Any]) -> None:
        headers = {INTERACTION: parcel.interaction_id}
        body = {"handleRequestId": parcel.number, **body}
        self._call("POST", "/sc/handle", knowledge_base_id, headers=headers, json=body)

    def _takes_errors(self) -> bool:
        if not self._version:
            response = self._call("GET", "/version")
            self._version = self._understand(response, _read_version)
        return self._version >= (1, 5)

    def _call(
        self,
        method: str,
        path: str,
        knowledge_base_id: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: str | None = None,
        timeout: float | None = None,
        repeatable: bool = True,
    ) -> requests.Response:
        sent = {KNOWLEDGE_BASE: knowledge_base_id, **(headers or {})} if knowledge_base_id else headers
        read = self._call_timeout if timeout is None else timeout
        limits = (min(self._connect_timeout, read), read)
        try:
            response = self._session.request(
                method,
                self.url + path,
                headers=sent,
                json=json,
                data=None if data is None else data.encode(),
                timeout=limits,
                allow_redirects=False,  # a POST would become a GET
                verify=self._session.verify,  # or REQUESTS_CA_BUNDLE would win over what the session says
            )
        except requests.ConnectTimeout as error:
            raise self._absent(error) from error
        except requests.Timeout as error:
            message = f"{self.party} did not answer {method} {path} within {read:g} s"
            raise RemoteError(message, party=self.url, status=504, retry=repeatable) from error
        except requests.RequestException as error:
            raise self._absent(error, retry=repeatable or not _has_connected(error)) from error
        if response.status_code >= 300:
            raise self._refusal(response, knowledge_base_id, retry=repeatable)
        return response

    def _absent(self, error: Exception, *, retry: bool = True) -> RemoteError:
        reason = root_cause(error)
        return RemoteError(f"{self.party} cannot be reached: {reason}", party=self.url, status=503, retry=retry)

    def _refusal(self, response: requests.Response, knowledge_base_id: str, *, retry: bool) -> RemoteError:
        """A status above 399 as an error: in the engine's words, or, where these are no JSON, in ours."""
        message = _read_message(response)
        status = response.status_code
        if status == 403 and message is not None:
            return NotCoveredError(f"{self.party} refuses our credentials: {message}", party=self.url)
        if status in (401, 403):
            return self._unwelcome(f"refuses our credentials: {message or f'{status} {response.reason}'}")
        if status == 429:
            return self._unwelcome(f"has too much to do for us: {message or response.reason}", status=503, retry=True)
        if status < 400:
            return self._unwelcome(f"is at {response.headers.get('Location', 'another URL')}, as {status} says")
        if message is None or status >= 500:
            said = message or f"answered {status} {response.reason} in no words of a knowledge engine"
            said += elsewhere(status, self.url) if message is None else ""
            return RemoteError(f"{self.party}: {said}", party=self.url, status=max(502, status), retry=retry)
        if status == 404 and not any(words in message for words in _KNOWN_TO_IT):
            return UnknownKnowledgeBaseError(knowledge_base_id)
        if status == 410:
            return StoppedError()
        if status == 400 and "already in use" in message:
            return IdInUseError()
        return EngineError(f"{self.party}: {message}", party=self.url, status=status)

    def _unwelcome(self, why: str, *, status: int = 502, retry: bool = False) -> RemoteError:
        """Not in the status that came: whoever makes us call is not to think that it is meant for them."""
        return RemoteError(f"{self.party} {why}", party=self.url, status=status, retry=retry)

    def _understand(self, response: requests.Response, read: Callable[[Any], T], *, retry: bool = True) -> T:
        try:
            return read(response.json())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{self.party} answered what is not the KE REST API: {response.text[:80]!r}"
            raise RemoteError(message, party=self.url, status=502, retry=retry) from error


def _read_version(body: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in body["version"].split("-")[0].split("."))


def _read_parcel(body: Any) -> Parcel:
    return Parcel(
        str(body["knowledgeInteractionId"]),
        int(body["handleRequestId"]),
        _read_rows(body["bindingSet"]),
        str(body["requestingKnowledgeBaseId"]),
    )


def _read_result(body: Any, kind: Kind) -> Result:
    rows = _read_rows(body["bindingSet" if kind == "ask" else "resultBindingSet"])
    gaps = body.get("knowledgeGaps")
    return Result(
        rows,
        tuple(_read_exchange(one, kind) for one in body["exchangeInfo"]),
        None if gaps is None else tuple(tuple(map(str, gap)) for gap in gaps),
    )


def _read_exchange(body: Any, kind: Kind) -> Exchange:
    first, second = ("bindingSet", "") if kind == "ask" else ("argumentBindingSet", "resultBindingSet")
    return Exchange(
        knowledge_base=str(body["knowledgeBaseId"]),
        interaction=str(body["knowledgeInteractionId"]),
        status="SUCCEEDED" if body["status"] == "SUCCEEDED" else "FAILED",
        rows=_read_rows(body.get(first) or []),
        result_rows=_read_rows(body.get(second) or []),
        message=str(body.get("failedMessage") or ""),
        started=datetime.fromisoformat(body["exchangeStart"]),
        ended=datetime.fromisoformat(body["exchangeEnd"]),
    )


def _read_rows(value: Any) -> Rows:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise TypeError("not a binding set")
    return value


def _read_message(response: requests.Response) -> str | None:
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict) or "messageType" not in body:
        return None
    return str(body.get("message"))


def _has_connected(error: requests.RequestException) -> bool:
    """Whether a call that failed may have been heard."""
    cause = error.args[0] if error.args else None
    return not isinstance(getattr(cause, "reason", None), NewConnectionError)
