"""Secrets of clients and API keys: made here, shown once, kept as a hash.

A secret has 256 random bits, so one round of SHA-256 keeps it: nobody can guess 256 bits, and the slow hashes that
passwords need would slow down every call by an API key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from gridlingua.services.access import ROLES, Caller
from gridlingua.services.accounts.tables import CREDENTIALS
from gridlingua.services.organisations import ORGANISATIONS
from gridlingua.services.refusals import ConflictError, NotFoundError, RefusedError

PREFIXES = {"client": "glc", "key": "glk"}
"""What the ids of OAuth 2 clients and of API keys begin with, so that a scanner of leaked secrets knows them."""


@dataclass(frozen=True)
class Issued:
    """A new credential; its ``secret`` is known to nobody else and cannot be shown again."""

    id: str
    secret: str

    @property
    def key(self) -> str:
        """The one text that an API key is."""
        return f"{self.id}.{self.secret}"


def issue(
    connection: Connection,
    kind: str,
    organisation: str,
    now: datetime,
    *,
    label: str = "",
    roles: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> Issued:
    """Make a client (``kind`` client) or an API key (``key``) of an organisation.

    ``roles`` are those of the organisation when none are named. Raises ``NotFoundError`` for an organisation there is
    not, ``RefusedError`` for a role that it has not.
    """
    owner = connection.execute(select(ORGANISATIONS).where(ORGANISATIONS.c.id == organisation)).one_or_none()
    if owner is None:
        raise NotFoundError(f"there is no organisation {organisation!r}")
    if missing := sorted(set(roles) - set(owner.roles)):
        raise RefusedError(f"{organisation} has not the role {missing[0]}; it has {', '.join(owner.roles)}")
    issued = Issued(f"{PREFIXES[kind]}_{secrets.token_hex(8)}", secrets.token_urlsafe(32))
    row = {"id": issued.id, "kind": kind, "organisation": organisation, "label": label, "roles": sorted(roles)}
    kept = {"secret_hash": _hash(issued.secret), "active": True, "created_at": now, "expires_at": expires_at}
    connection.execute(insert(CREDENTIALS).values(row | kept))
    return issued


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_ID = re.compile(r"[a-z0-9_]{1,64}")
# Asked at every request: made once, as making a statement takes longer than carrying it out.
_HOLDER = (
    select(CREDENTIALS, ORGANISATIONS.c.name, ORGANISATIONS.c.roles.label("owner_roles"))
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CREDENTIALS.c.organisation)
    .where(CREDENTIALS.c.id == bindparam("id"), CREDENTIALS.c.active, ORGANISATIONS.c.active)
)


def verified(connection: Connection, kind: str, id_: str, secret: str, now: datetime) -> Caller | None:
    """Who has this secret, or None: nobody, somebody who was switched off, or whose time is over."""
    row = connection.execute(_HOLDER, {"id": id_}).one_or_none() if _ID.fullmatch(id_) else None
    is_right = hmac.compare_digest(row.secret_hash if row is not None else "", _hash(secret))
    return _caller(row, now) if row is not None and is_right and row.kind == kind else None


def holder(connection: Connection, id_: str, now: datetime) -> Caller | None:
    """Who holds a credential that may be used now."""
    row = connection.execute(_HOLDER, {"id": id_}).one_or_none()
    return None if row is None else _caller(row, now)


def _caller(row: Row[Any], now: datetime) -> Caller | None:
    if row.expires_at is not None and row.expires_at <= now:
        return None
    # to speak for others is never had by the way: a credential of the adapter says so
    roles = set(row.owner_roles) & set(row.roles) if row.roles else set(row.owner_roles) - {"adapter"}
    return Caller(row.organisation, row.name, frozenset(roles), client=row.id)


def represented(connection: Connection, organisation: str) -> Caller | None:
    """An active organisation as it asks over the network; only market parties do, never the own staff."""
    row = connection.execute(
        select(ORGANISATIONS).where(ORGANISATIONS.c.id == organisation, ORGANISATIONS.c.active)
    ).one_or_none()
    return None if row is None else Caller(row.id, row.name, frozenset(row.roles) - STAFF)


STAFF = frozenset({"operator", "admin", "auditor", "portal", "adapter"})


def switch(connection: Connection, id_: str, *, active: bool) -> None:
    """Let a credential be used, or not any more; raises ``NotFoundError`` for one there is not."""
    done = connection.execute(update(CREDENTIALS).where(CREDENTIALS.c.id == id_).values(active=active))
    if done.rowcount == 0:
        raise NotFoundError(f"there is no client or API key {id_!r}")


def known_roles(roles: Sequence[str]) -> list[str]:
    """Roles in order, each once; raises ``RefusedError`` for one there is not."""
    if unknown := sorted(set(roles) - set(ROLES)):
        raise RefusedError(f"there is no role {unknown[0]!r}; there are {', '.join(ROLES)}")
    return sorted(set(roles))


def conflict(organisation: str, iri: str) -> ConflictError:
    """A knowledge base belongs to one organisation."""
    return ConflictError(f"knowledge base {iri} is registered for {organisation} already; remove it there first")
