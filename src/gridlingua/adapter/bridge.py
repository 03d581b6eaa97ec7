"""Replay an operation at the party's own service."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import requests

from gridlingua.adapter.http import to_call
from gridlingua.adapter.settings import AdapterSettings
from gridlingua.catalogue import Exchange
from gridlingua.errors import MessageError, RemoteError
from gridlingua.listening import is_loopback
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import read_json

REQUESTER = "Gridlingua-Requester"
"""The header in which a service is told which knowledge base asks."""
API_KEY = "X-API-Key"
"""The header in which the adapter shows its services, and its callers show the adapter, who they are."""


def header(iri: str) -> str:
    """An IRI as a header carries it: characters beyond ASCII percent-encoded, as in its URI (RFC 3987, 3.1)."""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")


class Bridge:
    """Calls services by base URL; what goes wrong becomes a RemoteError that says whose turn it is."""

    def __init__(self, settings: AdapterSettings) -> None:
        self._settings = settings
        self._session = requests.Session()
        self._session.trust_env = not all(map(is_loopback, settings.services.values()))
        if settings.service_key:
            self._session.headers[API_KEY] = settings.service_key
        # one adapter serves as many exchanges at once as its handler threads allow
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))

    def call(self, exchange: Exchange, message: Json, requester: str, seconds: float) -> Json:
        """The reply of the service to a request message, within ``seconds``.

        Raises RemoteError: with the service's own status when it refuses (4xx), 502 when it fails or answers no JSON,
        503 when it cannot be reached, 504 when it is too slow.
        """
        url = self._settings.base_url(exchange.service)
        if url is None:
            raise RemoteError(f"no {exchange.service} service is configured here", status=503)
        call = to_call(exchange, message)
        headers = {REQUESTER: header(requester), "Accept": "application/json"}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._session.request(
                call.method,
                url + call.path,
                params=call.query,
                data=call.body.encode() if call.body is not None else None,
                headers=headers,
                timeout=max(seconds, 0.05),
                allow_redirects=False,  # a POST would arrive elsewhere as a GET
            )
        except requests.Timeout:
            raise RemoteError(
                f"the {exchange.service} service did not answer in time", status=504, retry=True
            ) from None
        except requests.RequestException:
            raise RemoteError(f"the {exchange.service} service cannot be reached", status=503, retry=True) from None
        return _reply(exchange, response)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()


def _reply(exchange: Exchange, response: requests.Response) -> Json:
    service = f"the {exchange.service} service"
    if 400 <= response.status_code < 500:
        raise RemoteError(_detail(response), status=response.status_code)
    if not 200 <= response.status_code < 300:
        raise RemoteError(f"{service} failed with status {response.status_code}", status=502, retry=True)
    if response.status_code == 204 and not exchange.reply.fields:  # an empty object says no more
        return {}
    try:
        return read_json(response.content)
    except MessageError as error:
        raise RemoteError(f"{service} answered nonsense: {error.faults[0].message}", status=502) from None


def _detail(response: requests.Response) -> str:
    """What a refusal says: the detail of a problem document, else its title, else the reason phrase."""
    try:
        document = response.json()
    except requests.JSONDecodeError:
        document = None
    said = document if isinstance(document, Mapping) else {}
    return str(said.get("detail") or said.get("title") or response.reason or "no reason was given")
