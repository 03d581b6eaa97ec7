"""What is kept of credentials, signing keys, processing operations and incidents."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from gridlingua.services.organisations import metadata
from gridlingua.storage import UTCInstant, append_only

# Clients of OAuth 2 and API keys alike: an id and the hash of a secret.
CREDENTIALS = Table(
    "accounts_credentials",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("organisation", ForeignKey("accounts_organisations.id"), nullable=False, index=True),
    Column("label", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UTCInstant, nullable=False),
    Column("expires_at", UTCInstant),
)
# Secrets by which others sign what they post here (Standard Webhooks): to check a signature takes the secret itself.
WEBHOOKS = Table(
    "accounts_webhooks",
    metadata,
    Column("organisation", ForeignKey("accounts_organisations.id"), primary_key=True),
    Column("secret", String, nullable=False),
    Column("set_at", UTCInstant, nullable=False),
)
SIGNING_KEYS = Table(
    "accounts_signing_keys",
    metadata,
    Column("kid", String, primary_key=True),
    Column("private", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("created_at", UTCInstant, nullable=False, index=True),
    Column("retired_at", UTCInstant),
)
PROCESSING = Table(
    "accounts_processing",
    metadata,
    Column("id", String, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("changed_at", UTCInstant, nullable=False),
)
INCIDENTS = Table(
    "accounts_incidents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("occurred_at", String, nullable=False),
    Column("summary", String, nullable=False),
    Column("subjects", JSON, nullable=False),
)
INCIDENT_STEPS = append_only(
    Table(
        "accounts_incident_steps",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("incident", ForeignKey("accounts_incidents.id"), nullable=False, index=True),
        Column("state", String, nullable=False),
        Column("at", UTCInstant, nullable=False),
        Column("by", String, nullable=False),
        Column("cause", String, nullable=False),
    )
)
