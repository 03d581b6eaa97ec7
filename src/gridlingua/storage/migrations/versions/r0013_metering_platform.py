"""Metering platform."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _metering_platform_dispatches()
    _metering_platform_frames()
    _metering_platform_dispatches_heard()


def _metering_platform_dispatches() -> None:
    op.create_table(
        "metering_platform_dispatches",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("recipients", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String, nullable=False),
        sa.Column("recorded_at", UTCInstant, nullable=False),
    )
    op.create_index("ix_metering_platform_dispatches_subject", "metering_platform_dispatches", ["subject"])


def _metering_platform_frames() -> None:
    op.create_table(
        "metering_platform_frames",
        sa.Column("meter_id", sa.String, primary_key=True),
        sa.Column("timestamp_utc", UTCInstant, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
    )


def _metering_platform_dispatches_heard() -> None:
    op.create_table(
        "metering_platform_dispatches_heard",
        sa.Column(
            "dispatch",
            sa.Integer,
            sa.ForeignKey("metering_platform_dispatches.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("retry", sa.Boolean, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
    )
