"""The tables of consent: a record each, every transition for good, purposes, links and the outbox."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, Text

from gridlingua.storage import UTCInstant, append_only

metadata = MetaData()
RECORDS = Table(
    "consent_records",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("reference", String, nullable=False, unique=True),
    Column("grant_reference", String, unique=True),  # none until it is given
    Column("question", String, unique=True),  # what makes a question the same; none for a grant the DSO entered itself
    Column("organisation", String, nullable=False, index=True),
    Column("user_id", String, nullable=False, index=True),
    Column("kinds", JSON, nullable=False),
    Column("valid_from", String, nullable=False),
    Column("valid_from_utc", UTCInstant, nullable=False),
    Column("valid_until", String, nullable=False),
    Column("valid_until_utc", UTCInstant, nullable=False),
    Column("purpose", Text, nullable=False),  # empty: the default sentence, in the reader's language
    Column("retention_days", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("changed_at", UTCInstant, nullable=False),
    Column("answer_by", UTCInstant, nullable=False),
    Column("requested_at", UTCInstant, nullable=False),
)
TRANSITIONS = append_only(
    Table(
        "consent_transitions",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("reference", String, nullable=False, index=True),
        Column("before", String, nullable=False),  # empty: the beginning
        Column("after", String, nullable=False),
        Column("at", UTCInstant, nullable=False),
        Column("cause", String, nullable=False),
        Column("actor", String, nullable=False),
        Column("shown", JSON, nullable=False),  # what the user was told when they decided
    )
)
LINKS = Table(
    "consent_links",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("reference", String, nullable=False, index=True),
    Column("opens", String, nullable=False),
    Column("made_at", UTCInstant, nullable=False),
    Column("expires_at", UTCInstant, nullable=False),
    Column("used_at", UTCInstant),
)
PURPOSES = Table(
    "consent_purposes",
    metadata,
    Column("organisation", String, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("retention_days", Integer, nullable=False),
    Column("kinds", JSON, nullable=False),
)
SETTINGS = Table(
    "consent_settings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # there is one row
    Column("address", String, nullable=False),
    Column("answer_days", Integer, nullable=False),
    Column("contact", Text, nullable=False),
    Column("notices", Boolean, nullable=False),
)
NOTICES = Table(
    "consent_notices",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("reference", String, nullable=False, index=True),
    Column("user_id", String, nullable=False),
    Column("about", String, nullable=False),
    Column("written_at", UTCInstant, nullable=False),
    Column("sent_at", UTCInstant, index=True),
)
