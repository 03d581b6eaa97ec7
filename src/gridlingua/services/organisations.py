"""The organisations that may ask, and the knowledge bases by which they ask over the network."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Connection, ForeignKey, MetaData, String, Table, select

from gridlingua.storage import UTCInstant

metadata = MetaData()
ORGANISATIONS = Table(
    "accounts_organisations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UTCInstant, nullable=False),
)
KNOWLEDGE_BASES = Table(
    "accounts_knowledge_bases",
    metadata,
    Column("iri", String, primary_key=True),
    Column("organisation", ForeignKey("accounts_organisations.id"), nullable=False, index=True),
)


def knowledge_bases(connection: Connection, organisation: str) -> list[str]:
    """The ids of an organisation's knowledge bases, in order; the network reaches it there."""
    mine = KNOWLEDGE_BASES.c.organisation == organisation
    return list(connection.execute(select(KNOWLEDGE_BASES.c.iri).where(mine).order_by(KNOWLEDGE_BASES.c.iri)).scalars())


def knowledge_bases_of(connection: Connection, role: str) -> list[str]:
    """The ids of all knowledge bases of the organisations that are let in with a role, in order."""
    joined = KNOWLEDGE_BASES.join(ORGANISATIONS, KNOWLEDGE_BASES.c.organisation == ORGANISATIONS.c.id)
    let_in = select(KNOWLEDGE_BASES.c.iri, ORGANISATIONS.c.roles).select_from(joined).where(ORGANISATIONS.c.active)
    return [row.iri for row in connection.execute(let_in.order_by(KNOWLEDGE_BASES.c.iri)) if role in row.roles]


def organisation_of(connection: Connection, knowledge_base: str) -> str | None:
    """The organisation that a knowledge base belongs to."""
    named = KNOWLEDGE_BASES.c.iri == knowledge_base
    return connection.execute(select(KNOWLEDGE_BASES.c.organisation).where(named)).scalar_one_or_none()
