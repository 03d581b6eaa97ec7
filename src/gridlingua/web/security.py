"""What OpenAPI says of signing in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from gridlingua.services.accounts.authentication import API_KEY

SCHEMES: dict[str, Any] = {
    "oauth2": {
        "type": "oauth2",
        "description": "client credentials (RFC 6749, 4.4): a token for ten minutes",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": API_KEY,
        "description": "for machines that cannot do OAuth",
    },
}


def install(app: FastAPI) -> None:
    """Let the app's OpenAPI say how to sign in."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        openapi = describe()
        openapi.setdefault("components", {})["securitySchemes"] = SCHEMES
        return openapi

    app.openapi = described  # type: ignore[method-assign]
