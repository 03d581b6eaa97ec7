"""The addresses of pages: 256 random bits that a user holds, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from gridlingua.services.consent.tables import LINKS

DECISION, MANAGEMENT = "decision", "management"


def make(connection: Connection, reference: str, opens: str, now: datetime, expires_at: datetime) -> str:
    """A new token for a consent. A link to decide takes the place of the former; those to withdraw all stay good."""
    if opens == DECISION:
        former = (LINKS.c.reference == reference) & (LINKS.c.opens == DECISION) & LINKS.c.used_at.is_(None)
        connection.execute(delete(LINKS).where(former))
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "reference": reference, "opens": opens}
    connection.execute(insert(LINKS).values(row | {"made_at": now, "expires_at": expires_at}))
    return token


def _hash(token: str) -> str:
    # one round is enough: nobody can guess 256 random bits
    return hashlib.sha256(token.encode()).hexdigest()


def find(connection: Connection, token: str) -> RowMapping | None:
    """The link of a token, used or expired as it may be; it changes only for who has locked its consent's record."""
    query = select(LINKS).where(LINKS.c.token_hash == _hash(token))
    return connection.execute(query).mappings().one_or_none()


def used_at(connection: Connection, reference: str, at: datetime) -> RowMapping | None:
    """The link of a consent by which it was decided at this instant."""
    query = select(LINKS).where(LINKS.c.reference == reference, LINKS.c.used_at == at)
    return connection.execute(query).mappings().one_or_none()


def use(connection: Connection, link: RowMapping, now: datetime) -> None:
    """Use up a link."""
    connection.execute(update(LINKS).where(LINKS.c.token_hash == link["token_hash"]).values(used_at=now))
