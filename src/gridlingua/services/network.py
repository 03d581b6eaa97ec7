"""The network as a service sees it: the REST interface of its own adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests
import simplejson

from gridlingua.decimals import read_decimal
from gridlingua.errors import RemoteError

_OPAQUE = ("gridlingua-", "server-timing")
RESPONDER = "Gridlingua-Responder"
RELAYED: dict[int | str, dict[str, Any]] = {
    403: {"description": "the other party refuses this asker"},
    404: {"description": "what was named is unknown, here or to the other party"},
    409: {"description": "the other party knows it otherwise"},
    502: {"description": "the adapter or the other party gave a worthless answer"},
    503: {"description": "the adapter or the other party cannot be reached, or nobody answers"},
    504: {"description": "the adapter or the other party did not answer in time"},
}
PARTIAL = "some of the parties failed, and `failures` names them; what the others said is in the result, and kept"
FAILURES = """

**Failures.** Where some of several parties fail, the status is 207: what the others said is in the result, and kept,
and `failures` names each party that failed with `party` (its knowledge base id), the `status` that says it best,
`detail` and whether to `retry`. Where all fail, the answer is a problem document: that of the party itself when it is
one, else the first one's status, with a `detail` that names every party and why it failed.
"""


@dataclass(frozen=True)
class Reply:
    """What came back of one call, whether one party is configured in the adapter or several.

    ``messages`` are pairs of the knowledge base id of who replies (as a header has it; empty when the adapter does not
    say) and the JSON, with numbers as ``Decimal`` or ``int``; ``failures`` the parties that failed; ``headers`` those
    of the adapter, to be passed on unread.
    """

    messages: Sequence[tuple[str, Any]]
    failures: Sequence[RemoteError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class RelayedError(RemoteError):
    """A problem document (RFC 9457) that the adapter gave, to be passed on as it is."""

    def __init__(self, status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        message = str(document.get("detail") or document.get("title") or f"status {status}")
        party = str(document.get("party", "adapter"))
        super().__init__(message, party=party, status=status, retry=bool(document.get("retry")))
        self.document = dict(document)
        self.headers = dict(headers)


@dataclass(frozen=True)
class Network:
    """Calls of the own adapter at ``base_url``; ``timeout`` is in seconds.

    ``key`` is the API key that the adapter knows its callers by. A call is carried to the party ``to`` (a knowledge
    base id), or to all that are configured in the adapter. Raises ``RelayedError`` when the adapter refuses in words,
    else ``RemoteError``: 503 when it is not there, 504 when it is too late, 502 when its answer is worthless.
    """

    base_url: str
    timeout: float = 60.0
    key: str = field(default="", repr=False)

    def get(self, path: str, params: Mapping[str, str | Sequence[str]], to: str = "") -> Reply:
        """A list among ``params`` is one parameter for each of its elements."""
        return self._call("GET", path, params=params, headers=self._known() | _addressed(to))

    def post(self, path: str, body: object, to: str = "") -> Reply:
        data = simplejson.dumps(body, use_decimal=True).encode()
        headers = {"Content-Type": "application/json"} | self._known() | _addressed(to)
        return self._call("POST", path, data=data, headers=headers)

    def _known(self) -> dict[str, str]:
        return {"X-API-Key": self.key} if self.key else {}

    def _call(self, method: str, path: str, **arguments: Any) -> Reply:
        if not self.base_url:
            raise RemoteError(
                "this service has no adapter: give its address with --network or GRIDLINGUA_NETWORK",
                party="adapter",
                status=503,
            )
        try:
            with requests.Session() as session:
                session.trust_env = False  # the own adapter is a neighbour: no proxy, no .netrc
                response = session.request(
                    method, self.base_url.rstrip("/") + path, timeout=self.timeout, allow_redirects=False, **arguments
                )
        except requests.RequestException as error:
            raise self._failure(error) from error
        return _read(response)

    def _failure(self, error: requests.RequestException) -> RemoteError:
        if isinstance(error, requests.Timeout):
            said = f"the adapter at {self.base_url} did not answer within {self.timeout:g} s"
            return RemoteError(said, party="adapter", status=504, retry=True)
        if isinstance(error, requests.exceptions.ConnectionError):
            said = (
                f"the adapter at {self.base_url} cannot be reached: start it with `gridlingua adapter`, "
                "or correct --network (GRIDLINGUA_NETWORK)"
            )
            return RemoteError(said, party="adapter", status=503, retry=True)
        return RemoteError(f"the call of the adapter at {self.base_url} failed: {error}", party="adapter")


def _addressed(to: str) -> dict[str, str]:
    return {RESPONDER: as_header(to)} if to else {}


def as_header(knowledge_base: str) -> str:
    """An id as a header carries it, which is how services know who asks: beyond ASCII it is percent-encoded."""
    return quote(knowledge_base, safe="%/:?#[]@!$&'()*+,;=~")


def _read(response: requests.Response) -> Reply:
    headers = {name: value for name, value in response.headers.items() if name.lower().startswith(_OPAQUE)}
    body = _json(response)
    if response.status_code >= 400 and isinstance(body, dict):
        raise RelayedError(response.status_code, body, headers)
    if not 200 <= response.status_code < 300:
        raise _worthless(response, f"status {response.status_code} without a problem document")
    if body is None:
        raise _worthless(response, "what is not JSON")
    if not isinstance(body, dict) or body.keys() != {"replies", "failures"}:
        return Reply([(as_header(response.headers.get(RESPONDER, "")), body)], headers=headers)
    try:
        return Reply(*_opened(body), headers=headers)
    except (TypeError, KeyError, AttributeError) as error:
        raise _worthless(response, "replies and failures that cannot be read") from error


def _opened(envelope: Mapping[str, Any]) -> tuple[list[tuple[str, Any]], list[RemoteError]]:
    messages = [(as_header(one["party"]), one["message"]) for one in envelope["replies"]]
    failures = [
        RemoteError(one["detail"], party=as_header(one["party"]), status=one["status"], retry=one["retry"])
        for one in envelope["failures"]
    ]
    return messages, failures


def _json(response: requests.Response) -> Any:
    try:
        return simplejson.loads(response.content, parse_float=read_decimal)
    except (ValueError, RecursionError):
        return None


def _worthless(response: requests.Response, what: str) -> RemoteError:
    return RemoteError(f"{response.request.method} {response.url} was answered with {what}", party="adapter")
