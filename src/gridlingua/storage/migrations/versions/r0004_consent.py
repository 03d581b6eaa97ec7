"""Consent.

The grants of release 0.1.0 become those that the DSO has entered on its own evidence, for metering.
"""

import secrets

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant
from gridlingua.storage.migrations.growing import only_grows

revision = "0004"
down_revision = "0003"

_RETENTION_DAYS = 365
_PERIOD = ("valid_from", "valid_from_utc", "valid_until", "valid_until_utc")
_INSTANTS = ("received_at", "valid_from_utc", "valid_until_utc", "changed_at", "answer_by", "requested_at", "at")
_TYPES = {"kinds": sa.JSON, "shown": sa.JSON, "retention_days": sa.Integer, **dict.fromkeys(_INSTANTS, UTCInstant)}


def upgrade() -> None:
    _consent_links()
    _consent_notices()
    _consent_purposes()
    _consent_records()
    _consent_settings()
    _consent_transitions()
    _grants()


def _grants() -> None:
    names = ("number", "received_at", "reference", "user", "grantee", *_PERIOD)
    grants = sa.table("data_sharing_grants", *(sa.column(name, _TYPES.get(name, sa.String)) for name in names))
    for grant in op.get_bind().execute(sa.select(grants).order_by(grants.c.number)).mappings().all():
        _enter(grant)
    op.drop_table("data_sharing_grants")


def _enter(grant: sa.RowMapping) -> None:
    reference, at = f"C-{secrets.token_hex(8)}", grant["received_at"]
    times = {name: grant[name] for name in _PERIOD}
    ids = {"reference": reference, "grant_reference": grant["reference"], "organisation": grant["grantee"]}
    said = {"user_id": grant["user"], "kinds": ["metering"], "purpose": "", "retention_days": _RETENTION_DAYS}
    kept = {"state": "granted", "changed_at": at, "answer_by": at, "requested_at": at}
    op.execute(_row("consent_records", times | ids | said | kept))
    moved = {"reference": reference, "before": "", "after": "granted", "at": at}
    told = {"cause": "entered by the DSO", "actor": "gridlingua 0.1.0", "shown": {}}
    op.execute(_row("consent_transitions", moved | told))


def _row(name: str, values: dict[str, object]) -> sa.Insert:
    table = sa.table(name, *(sa.column(key, _TYPES.get(key, sa.String)) for key in values))
    return table.insert().values(values)


def _consent_links() -> None:
    op.create_table(
        "consent_links",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("opens", sa.String, nullable=False),
        sa.Column("made_at", UTCInstant, nullable=False),
        sa.Column("expires_at", UTCInstant, nullable=False),
        sa.Column("used_at", UTCInstant),
    )
    op.create_index("ix_consent_links_reference", "consent_links", ["reference"])


def _consent_notices() -> None:
    op.create_table(
        "consent_notices",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("written_at", UTCInstant, nullable=False),
        sa.Column("sent_at", UTCInstant),
    )
    op.create_index("ix_consent_notices_reference", "consent_notices", ["reference"])
    op.create_index("ix_consent_notices_sent_at", "consent_notices", ["sent_at"])


def _consent_purposes() -> None:
    op.create_table(
        "consent_purposes",
        sa.Column("organisation", sa.String, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("retention_days", sa.Integer, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
    )


def _consent_records() -> None:
    op.create_table(
        "consent_records",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("grant_reference", sa.String),
        sa.Column("question", sa.String),
        sa.Column("organisation", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("valid_from", sa.String, nullable=False),
        sa.Column("valid_from_utc", UTCInstant, nullable=False),
        sa.Column("valid_until", sa.String, nullable=False),
        sa.Column("valid_until_utc", UTCInstant, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("retention_days", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("changed_at", UTCInstant, nullable=False),
        sa.Column("answer_by", UTCInstant, nullable=False),
        sa.Column("requested_at", UTCInstant, nullable=False),
        sa.UniqueConstraint("grant_reference"),
        sa.UniqueConstraint("question"),
        sa.UniqueConstraint("reference"),
    )
    op.create_index("ix_consent_records_organisation", "consent_records", ["organisation"])
    op.create_index("ix_consent_records_user_id", "consent_records", ["user_id"])


def _consent_settings() -> None:
    op.create_table(
        "consent_settings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("answer_days", sa.Integer, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("notices", sa.Boolean, nullable=False),
    )


def _consent_transitions() -> None:
    op.create_table(
        "consent_transitions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("after", sa.String, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("shown", sa.JSON, nullable=False),
    )
    op.create_index("ix_consent_transitions_reference", "consent_transitions", ["reference"])
    only_grows("consent_transitions")
