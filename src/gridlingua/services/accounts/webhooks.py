"""Who signed a message that was posted here (Standard Webhooks): a party that was given an address, not an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from gridlingua.services.access import Caller
from gridlingua.services.accounts import credentials
from gridlingua.services.accounts.tables import WEBHOOKS
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.refusals import NotFoundError, RefusedError
from gridlingua.services.subscriptions import signatures
from gridlingua.storage import upsert

SIGNATURE = "webhook-signature"


def put(connection: Connection, organisation: str, secret: str, now: datetime) -> None:
    """Let what an organisation signs with ``secret`` in; raises ``NotFoundError`` or ``RefusedError``."""
    if connection.execute(select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.id == organisation)).first() is None:
        raise NotFoundError(f"there is no organisation {organisation!r}")
    if not signatures.is_secret(secret):
        raise RefusedError("a secret is whsec_ and base64, as its sender gave it")
    upsert(connection, WEBHOOKS, [{"organisation": organisation, "secret": secret, "set_at": now}])


def signer(connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime) -> Caller | None:
    """The organisation whose signature a message bears, as the market party that it is; None for nobody's."""
    for organisation, secret in connection.execute(select(WEBHOOKS.c.organisation, WEBHOOKS.c.secret)).all():
        if signatures.is_genuine([secret], headers, body, now):
            return credentials.represented(connection, organisation)
    return None
