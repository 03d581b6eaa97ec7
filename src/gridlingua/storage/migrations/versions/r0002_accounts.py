"""Accounts.

Release 0.1.0 knew parties by their knowledge bases alone. Those that made offers or hold grants become organisations,
which an administrator lets in: ``gridlingua admin organisation switch``.
"""

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant
from gridlingua.storage.migrations.growing import only_grows

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _accounts_idempotency()
    _accounts_incidents()
    _accounts_organisations()
    _accounts_processing()
    _accounts_signing_keys()
    _accounts_usage()
    _accounts_credentials()
    _accounts_incident_steps()
    _accounts_knowledge_bases()
    _accounts_webhooks()
    _parties()
    _acknowledged()


def _parties() -> None:
    """Enter the parties that are known, and keep what is theirs under the organisation from now on."""
    taken: set[str] = set()
    for party in sorted({party for table, column in _theirs() for party in _distinct(table, column)}):
        organisation = _slug(party, taken)
        taken.add(organisation)
        _enter(party, organisation)
        for table, column in _theirs():
            op.execute(table.update().where(table.c[column] == party).values({column: organisation}))


def _theirs() -> list[tuple[sa.TableClause, str]]:
    """The columns that name a party."""
    names = {"flexibility_offers": "provider", "flexibility_orders": "provider", "data_sharing_grants": "grantee"}
    return [(sa.table(table, sa.column(column, sa.String)), column) for table, column in names.items()]


def _distinct(table: sa.TableClause, column: str) -> list[str]:
    return list(op.get_bind().execute(sa.select(table.c[column]).distinct()).scalars())


def _slug(party: str, taken: set[str]) -> str:
    """An id for a party, such as aggregator-example-org-kb for https://aggregator.example.org/kb."""
    text = re.sub(r"[^a-z0-9]+", "-", party.lower().partition("://")[2] or party.lower())[:60].strip("-") or "unknown"
    numbers = (f"-{number}" for number in range(2, 99999))
    return next(one for one in (text, *(text[:56] + number for number in numbers)) if one not in taken)


def _enter(party: str, organisation: str) -> None:
    roles = sa.column("roles", sa.JSON)
    created = sa.column("created_at", UTCInstant)
    organisations = sa.table("accounts_organisations", *map(sa.column, ("id", "name", "active")), roles, created)
    values = {"id": organisation, "name": party, "roles": ["service_provider"], "active": False}
    op.execute(organisations.insert().values(values | {"created_at": datetime.now(UTC)}))
    if "://" in party:
        bases = sa.table("accounts_knowledge_bases", sa.column("iri"), sa.column("organisation"))
        op.execute(bases.insert().values(iri=party, organisation=organisation))


def _acknowledged() -> None:
    """What a party said of its orders is kept under its organisation, too."""
    op.execute(
        "UPDATE flexibility_acknowledgements SET party = (SELECT organisation FROM accounts_knowledge_bases "
        "WHERE iri = party) WHERE subject = 'order' AND party IN (SELECT iri FROM accounts_knowledge_bases)"
    )


def _accounts_idempotency() -> None:
    op.create_table(
        "accounts_idempotency",
        sa.Column("organisation", sa.String, primary_key=True),
        sa.Column("client", sa.String, primary_key=True),
        sa.Column("operation", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("begun_at", UTCInstant, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_index("ix_accounts_idempotency_begun_at", "accounts_idempotency", ["begun_at"])


def _accounts_incidents() -> None:
    op.create_table(
        "accounts_incidents",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("occurred_at", sa.String, nullable=False),
        sa.Column("summary", sa.String, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
    )


def _accounts_organisations() -> None:
    op.create_table(
        "accounts_organisations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", UTCInstant, nullable=False),
    )


def _accounts_processing() -> None:
    op.create_table(
        "accounts_processing",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("changed_at", UTCInstant, nullable=False),
    )


def _accounts_signing_keys() -> None:
    op.create_table(
        "accounts_signing_keys",
        sa.Column("kid", sa.String, primary_key=True),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UTCInstant, nullable=False),
        sa.Column("retired_at", UTCInstant),
    )
    op.create_index("ix_accounts_signing_keys_created_at", "accounts_signing_keys", ["created_at"])


def _accounts_usage() -> None:
    op.create_table(
        "accounts_usage",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("organisation", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("knowledge_base", sa.String, nullable=False),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
    )
    op.create_index("ix_accounts_usage_at", "accounts_usage", ["at"])
    op.create_index("ix_accounts_usage_organisation", "accounts_usage", ["organisation"])
    only_grows("accounts_usage")


def _accounts_credentials() -> None:
    op.create_table(
        "accounts_credentials",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("organisation", sa.String, sa.ForeignKey("accounts_organisations.id"), nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", UTCInstant, nullable=False),
        sa.Column("expires_at", UTCInstant),
    )
    op.create_index("ix_accounts_credentials_organisation", "accounts_credentials", ["organisation"])


def _accounts_incident_steps() -> None:
    op.create_table(
        "accounts_incident_steps",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("incident", sa.Integer, sa.ForeignKey("accounts_incidents.id"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
    )
    op.create_index("ix_accounts_incident_steps_incident", "accounts_incident_steps", ["incident"])
    only_grows("accounts_incident_steps")


def _accounts_knowledge_bases() -> None:
    op.create_table(
        "accounts_knowledge_bases",
        sa.Column("iri", sa.String, primary_key=True),
        sa.Column("organisation", sa.String, sa.ForeignKey("accounts_organisations.id"), nullable=False),
    )
    op.create_index("ix_accounts_knowledge_bases_organisation", "accounts_knowledge_bases", ["organisation"])


def _accounts_webhooks() -> None:
    op.create_table(
        "accounts_webhooks",
        sa.Column("organisation", sa.String, sa.ForeignKey("accounts_organisations.id"), primary_key=True),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("set_at", UTCInstant, nullable=False),
    )
