"""Organisations, their knowledge bases and their credentials, as administrators see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridlingua.services.accounts import credentials
from gridlingua.services.accounts.messages import Credential, NewOrganisation, Organisation
from gridlingua.services.accounts.tables import CREDENTIALS
from gridlingua.services.instants import Instant
from gridlingua.services.network import as_header
from gridlingua.services.organisations import KNOWLEDGE_BASES, ORGANISATIONS, knowledge_bases, organisation_of
from gridlingua.services.refusals import ConflictError, NotFoundError


def put(connection: Connection, one: NewOrganisation, now: datetime) -> bool:
    """Enter an organisation, or change its name, roles and knowledge bases; tells whether it is new.

    Raises ``ConflictError`` for a knowledge base that is another organisation's.
    """
    bases = list(dict.fromkeys(map(as_header, one.knowledge_bases)))  # as the adapter names who asks
    for iri in bases:
        if (owner := organisation_of(connection, iri)) not in (None, one.id):
            raise credentials.conflict(str(owner), iri)
    said = {"name": one.name, "roles": credentials.known_roles(one.roles)}
    try:
        known = connection.execute(update(ORGANISATIONS).where(ORGANISATIONS.c.id == one.id).values(said)).rowcount
        if not known:
            connection.execute(insert(ORGANISATIONS).values(said | {"id": one.id, "active": True, "created_at": now}))
        connection.execute(delete(KNOWLEDGE_BASES).where(KNOWLEDGE_BASES.c.organisation == one.id))
        for iri in bases:
            connection.execute(insert(KNOWLEDGE_BASES).values(iri=iri, organisation=one.id))
    except IntegrityError as error:
        raise ConflictError(f"{one.id} or a knowledge base of it is being entered by somebody else") from error
    return not known


def switch(connection: Connection, id_: str, *, active: bool) -> None:
    """Let an organisation in, or keep it out; raises ``NotFoundError`` for one there is not."""
    changed = update(ORGANISATIONS).where(ORGANISATIONS.c.id == id_).values(active=active)
    if connection.execute(changed).rowcount == 0:
        raise NotFoundError(f"there is no organisation {id_!r}")


def find(connection: Connection, id_: str | None = None) -> list[Organisation]:
    """Every organisation by id, or the one that is named; raises ``NotFoundError`` when that is not there."""
    query = select(ORGANISATIONS).order_by(ORGANISATIONS.c.id)
    rows = connection.execute(query if id_ is None else query.where(ORGANISATIONS.c.id == id_)).all()
    if id_ is not None and not rows:
        raise NotFoundError(f"there is no organisation {id_!r}")
    return [
        Organisation(
            id=row.id,
            name=row.name,
            roles=tuple(row.roles),
            knowledge_bases=tuple(knowledge_bases(connection, row.id)),
            active=row.active,
        )
        for row in rows
    ]


def credentials_of(connection: Connection, organisation: str) -> list[Credential]:
    """The clients and API keys of an organisation, in the order they were made."""
    find(connection, organisation)
    query = select(CREDENTIALS).where(CREDENTIALS.c.organisation == organisation)
    rows = connection.execute(query.order_by(CREDENTIALS.c.created_at, CREDENTIALS.c.id)).mappings()
    return [_credential(row) for row in rows]


def _credential(row: RowMapping) -> Credential:
    said = {name: row[name] for name in ("id", "kind", "organisation", "label", "active")}
    times = {name: Instant.of(row[name]) if row[name] else None for name in ("created_at", "expires_at")}
    return Credential.model_validate(said | times | {"roles": tuple(row["roles"])})
