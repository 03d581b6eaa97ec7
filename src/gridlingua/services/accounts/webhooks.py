"""Who signed a message that was posted here (Standard Webhooks): a party that was given an address, not an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, select

from gridlingua.services.access import Caller
from gridlingua.services.accounts import credentials
from gridlingua.services.accounts.tables import WEBHOOKS
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.refusals import NotFoundError, RefusedError
from gridlingua.services.subscriptions import signatures
from gridlingua.storage import upsert

SIGNERS = frozenset({"dso"})
"""The roles in which a party may come by its signature alone."""


def put(connection: Connection, organisation: str, secret: str, now: datetime) -> None:
    """Let what an organisation signs with ``secret`` in; raises ``NotFoundError`` or ``RefusedError``."""
    if connection.execute(select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.id == organisation)).first() is None:
        raise NotFoundError(f"there is no organisation {organisation!r}")
    if not signatures.is_secret(secret):
        raise RefusedError("a secret is whsec_ and base64, as its sender gave it")
    others = select(WEBHOOKS.c.organisation).where(WEBHOOKS.c.secret == secret, WEBHOOKS.c.organisation != organisation)
    if connection.execute(others).first() is not None:
        raise RefusedError("another organisation has this secret; each signs with its own")
    upsert(connection, WEBHOOKS, [{"organisation": organisation, "secret": secret, "set_at": now}])


def signer(connection: Connection, headers: Mapping[str, str], body: bytes, now: datetime) -> Caller | None:
    """The organisation whose signature a message bears; None for nobody's.

    A signature is of a message, not of a method and a path: so it stands for nothing but what a DSO posts, and for
    that once: the message's id must be its ``Idempotency-Key``.
    """
    if headers.get("Idempotency-Key") != headers.get("webhook-id"):
        return None
    for organisation, secret in connection.execute(select(WEBHOOKS.c.organisation, WEBHOOKS.c.secret)).all():
        if signatures.is_genuine([secret], headers, body, now):
            signer = credentials.represented(connection, organisation)
            return signer and replace(signer, roles=signer.roles & SIGNERS, client=f"webhook of {organisation}")
    return None


def remove(connection: Connection, organisation: str) -> None:
    """Let nothing in any more that an organisation signs; raises ``NotFoundError`` when it has no secret."""
    if connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.organisation == organisation)).rowcount == 0:
        raise NotFoundError(f"there is no webhook of {organisation!r}")
