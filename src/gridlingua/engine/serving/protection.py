"""What a served engine demands of callers, as one ASGI layer: a token, a body that is not too long, not too often.

A stock runtime demands nothing: anybody may act for any knowledge base. Each demand is off until it is asked for.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridlingua.engine.errors import EngineError
from gridlingua.engine.serving.fields import read_object, read_text
from gridlingua.engine.serving.openapi import OPEN_TO_ALL
from gridlingua.engine.serving.rates import Rate
from gridlingua.engine.serving.replies import error_reply
from gridlingua.engine.serving.tokens import Grant, TokenFile
from gridlingua.engine.serving.words import KNOWLEDGE_BASE

logger = logging.getLogger(__name__)

_SHOWN: Final = 300


class UnknownCallerError(EngineError):
    """A call without a token, or with one that the engine does not know."""

    default_status = 401


class NotItsIdError(EngineError):
    """A call for a knowledge base that the caller's token may not act for."""

    default_status = 403


class BodyTooLongError(EngineError):
    """A body that is longer than the engine takes."""

    default_status = 413


class TooManyCallsError(EngineError):
    """A caller that calls too often; ``wait`` in seconds until it may again."""

    default_status = 429

    def __init__(self, caller: str, rate: Rate, wait: float) -> None:
        super().__init__(
            f"{caller} may call {rate.burst} times at once and {rate.per_second:g} times per second: "
            f"try again in {wait:.1f} s."
        )
        self.wait = wait


@dataclass(frozen=True)
class Protection:
    """``tokens`` say who may act for whom; None: anybody for anybody. ``longest_body`` in bytes, 0: any.

    ``rate`` is for one caller: a token where there are tokens, a knowledge base id otherwise; None: any.
    """

    tokens: TokenFile | None = None
    longest_body: int = 0
    rate: Rate | None = None


OPEN: Final = Protection()
"""No demands, as a stock runtime has none."""


class Guard:
    """Lets through to ``app`` what a Protection allows; anything else is refused in the words of the API.

    ``root`` is the path that the API is under. Everybody may see ``/version`` and ``/openapi.json``. Who is on the
    network and what they registered takes any token: to read that is to act for nobody.
    """

    def __init__(self, app: ASGIApp, protection: Protection, root: str) -> None:
        self._app = app
        self._protection = protection
        self._open = frozenset(f"{root}{path}" for path in OPEN_TO_ALL)
        self._create = ("POST", f"{root}/sc")
        self._reads = (("GET", f"{root}/sc"), ("GET", f"{root}/sc/ki"))
        self._handle = f"{root}/sc/handle"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._open:
            await self._app(scope, receive, send)
            return
        try:
            headers = Headers(scope=scope)
            grant = self._grant(headers)
            send = self._counted(scope, send, _caller(scope, headers, grant))
            receive = self._bounded(scope["method"], headers, receive)
            operation = (scope["method"], scope["path"])
            if grant is not None and operation not in self._reads:
                _check(grant, headers.get(KNOWLEDGE_BASE))
                if operation == self._create:
                    receive = await _created(grant, scope, receive)
        except EngineError as error:
            logger.info("refused %s %s: %r", scope["method"], scope["path"], str(error))
            await error_reply(error.status, str(error), headers=_headers(error))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _grant(self, headers: Headers) -> Grant | None:
        tokens = self._protection.tokens
        if tokens is None:
            return None
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise UnknownCallerError("This engine serves callers with a token: send Authorization: Bearer <token>.")
        grant = tokens.find(token.strip())
        if grant is None:
            raise UnknownCallerError("This engine does not know the token.")
        return grant

    def _counted(self, scope: Scope, send: Send, caller: str) -> Send:
        """Counts the call. How often ``/sc/handle`` is called is up to the others: there only refusals count."""
        rate = self._protection.rate
        if rate is None:
            return send
        is_handle = scope["path"] == self._handle
        counted = f"{caller} {self._handle}" if is_handle else caller
        if wait := rate.wait(counted):
            raise TooManyCallsError(caller, rate, wait)
        if not is_handle:
            rate.take(counted)
            return send

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                rate.take(counted)
            await send(message)

        return counting

    def _bounded(self, method: str, headers: Headers, receive: Receive) -> Receive:
        """A body as far as the engine takes it; what goes beyond is refused as soon as that is known."""
        limit = self._protection.longest_body
        if not limit:
            return receive
        if int(headers.get("Content-Length", "0")) > limit:
            raise _too_long(limit)
        if method == "GET":
            return receive  # nobody reads it, and a poll only listens for the end of the connection
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _too_long(limit)
            return message

        return bounded


def _caller(scope: Scope, headers: Headers, grant: Grant | None) -> str:
    if grant is not None:
        return grant.name
    host = scope["client"][0] if scope.get("client") else "somebody"
    return headers.get(KNOWLEDGE_BASE) or str(host)


def _check(grant: Grant, knowledge_base_id: str | None) -> None:
    if knowledge_base_id is not None and not grant.allows(knowledge_base_id):
        shown = knowledge_base_id[:_SHOWN]
        logger.warning("the token of %s was used for %r", grant.name, shown)
        raise NotItsIdError(f"The token of {grant.name} may act for {', '.join(grant.ids)} and not for {shown}.")


async def _created(grant: Grant, scope: Scope, receive: Receive) -> Receive:
    """Checks the knowledge base that a body creates; returns what gives that body once more."""
    body = await Request(scope, receive).body()
    try:
        created = read_text(read_object(body), "knowledgeBaseId")
    except EngineError:
        created = None  # the operation says what is wrong with the body
    _check(grant, created)
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_long(limit: int) -> BodyTooLongError:
    return BodyTooLongError(f"This engine takes bodies of up to {limit} bytes: send less at once.")


def _headers(error: EngineError) -> Mapping[str, str]:
    if isinstance(error, TooManyCallsError):
        return {"Retry-After": str(max(1, math.ceil(error.wait)))}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, UnknownCallerError) else {}
