"""OAuth 2 client credentials (RFC 6749, 4.4): a client's id and secret for a short-lived token."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import Annotated, Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request, Response

from gridlingua.services import usage
from gridlingua.services.access import allow_public
from gridlingua.services.accounts import credentials, tokens
from gridlingua.services.accounts.tokens import Tokens
from gridlingua.services.context import Here
from gridlingua.services.routes import ExactRoute
from gridlingua.services.usage import Use
from gridlingua.services.wire import Message, example, reply

pages = APIRouter(route_class=ExactRoute, tags=["accounts"])
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_log = logging.getLogger(__name__)
GRANT_TYPE = "client_credentials"


class Token(Message):
    """A token and for how many seconds it is good (RFC 6749, 5.1: names with underscores)."""

    model_config = example({"access_token": "eyJ…", "token_type": "Bearer", "expires_in": 600}) | {
        "alias_generator": None
    }

    access_token: str
    token_type: str
    expires_in: int


class Refusal(Message):
    """Why there is no token (RFC 6749, 5.2)."""

    model_config = example({"error": "invalid_client", "error_description": "unknown client, or a wrong secret"}) | {
        "alias_generator": None
    }

    error: str
    error_description: str


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "the request is incomplete, or asks for another kind of grant"},
    401: {"model": Refusal, "description": "unknown client, or a wrong secret"},
}


@pages.post("/oauth/token", response_model=Token, responses=_REFUSALS, **allow_public())
def give_token(
    here: Here,
    request: Request,
    grant_type: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    client_secret: Annotated[str, Form()] = "",
) -> Response:
    """A token for a client that shows its id and secret, by HTTP Basic or in the form."""
    if grant_type != GRANT_TYPE:
        return _refused(400, "unsupported_grant_type" if grant_type else "invalid_request", f"grant_type={GRANT_TYPE}")
    shown = _basic(request.headers.get("Authorization", "")) or (client_id, client_secret)
    issuer: Tokens = request.app.state.tokens
    now = here.clock()
    with here.database.reading() as connection:  # who guesses must not hold up who writes
        caller = credentials.verified(connection, "client", *shown, now)
    if caller is None:
        _log.warning("a token was refused to %.64r", shown[0])
        return _refused(401, "invalid_client", "unknown client, or a wrong secret")
    with here.database.writing() as connection:
        token = issuer.issue(connection, caller.client, now)
        usage.note(connection, Use(now, caller.organisation, caller.client, "", "POST /oauth/token", (), 200))
    lifetime = int(tokens.LIFETIME.total_seconds())
    return reply(Token(access_token=token, token_type="Bearer", expires_in=lifetime), headers=_NOT_KEPT)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        id_, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(id_), unquote_plus(secret)  # RFC 6749, 2.3.1


def _refused(status: int, error: str, description: str) -> Response:
    headers = _NOT_KEPT | ({"WWW-Authenticate": 'Basic realm="gridlingua"'} if status == 401 else {})
    return reply(Refusal(error=error, error_description=description), status=status, headers=headers)


@pages.get("/.well-known/jwks.json", **allow_public())
def public_keys(here: Here) -> Response:
    """The public keys of tokens (RFC 7517), for whoever wants to check them."""
    with here.database.reading() as connection:
        return reply(tokens.key_set(connection, here.clock()))


@pages.get("/.well-known/oauth-authorization-server", **allow_public())
def metadata(request: Request) -> Response:
    """Where to get a token, and how (RFC 8414)."""
    issuer: Tokens = request.app.state.tokens
    base = str(request.base_url).rstrip("/")
    return reply(
        {
            "issuer": issuer.issuer,
            "token_endpoint": f"{base}/oauth/token",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "grant_types_supported": [GRANT_TYPE],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )
