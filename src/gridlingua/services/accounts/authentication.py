"""Who asks: the holder of a token or of an API key, or whom the own adapter speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request
from sqlalchemy import Connection

from gridlingua.services.access import Caller, organisation_of
from gridlingua.services.accounts import credentials, webhooks
from gridlingua.services.accounts.tokens import InvalidTokenError, Tokens
from gridlingua.services.refusals import ForbiddenError, UnauthorizedError
from gridlingua.services.routes import SIGNATURE
from gridlingua.storage import Database

REQUESTER = "Gridlingua-Requester"
API_KEY = "X-API-Key"
_LONGEST = 500


@dataclass(frozen=True)
class Authentication:
    """Finds out who asks; looked up at every request, so that who is switched off is out at once."""

    database: Database
    tokens: Tokens
    clock: Callable[[], datetime]

    def __call__(self, request: Request) -> Caller:
        """The caller of a request.

        Raises ``UnauthorizedError`` (401) without a credential that is good, ``ForbiddenError`` for a knowledge base
        that is not registered, or for somebody who speaks for another and is no adapter.
        """
        now = self.clock()
        requester = request.headers.get(REQUESTER, "")[:_LONGEST]
        with self.database.reading() as connection:
            caller = self._holder(connection, request, now)
            if not requester:
                return caller
            request.state.claimed = requester
            return _spoken_for(connection, caller, requester)

    def _holder(self, connection: Connection, request: Request, now: datetime) -> Caller:
        if key := request.headers.get(API_KEY):
            id_, _, secret = key.partition(".")
            if caller := credentials.verified(connection, "key", id_, secret, now):
                return caller
            raise UnauthorizedError("the API key is not known here, was switched off, or has expired", "invalid_token")
        if SIGNATURE in request.headers and request.method == "POST":
            if caller := webhooks.signer(connection, request.headers, request.state.body, now):
                return caller
            raise UnauthorizedError("the signature is nobody's who is known here, or too old", "invalid_token")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError(
                "say who you are: Authorization: Bearer with a token of POST /oauth/token, or X-API-Key with an API key"
            )
        try:
            client = self.tokens.read(connection, token.strip(), now)
        except InvalidTokenError as error:
            raise UnauthorizedError(f"the token is refused: {error}", "invalid_token") from error
        if caller := credentials.holder(connection, client, now):
            return caller
        raise UnauthorizedError("the client of this token was switched off", "invalid_token")


def _spoken_for(connection: Connection, adapter: Caller, knowledge_base: str) -> Caller:
    if "adapter" not in adapter.roles:
        raise ForbiddenError(f"{adapter.name} may not speak for {knowledge_base}: only the own adapter does")
    organisation = organisation_of(connection, knowledge_base)
    asking = credentials.represented(connection, organisation) if organisation else None
    if asking is None:
        said = "is not registered here; its organisation asks the operator to be entered with its id"
        raise ForbiddenError(f"knowledge base {knowledge_base} {said}")
    return replace(asking, knowledge_base=knowledge_base, client=adapter.client)
