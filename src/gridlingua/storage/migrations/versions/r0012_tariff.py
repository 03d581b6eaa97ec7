"""Tariffs."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _tariff_dispatches()
    _tariff_tariffs()
    _tariff_dispatches_heard()


def _tariff_dispatches() -> None:
    op.create_table(
        "tariff_dispatches",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("recipients", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String, nullable=False),
        sa.Column("recorded_at", UTCInstant, nullable=False),
    )
    op.create_index("ix_tariff_dispatches_subject", "tariff_dispatches", ["subject"])


def _tariff_tariffs() -> None:
    op.create_table(
        "tariff_tariffs",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tariff_id", sa.String, nullable=False),
        sa.Column("zone_id", sa.String, nullable=False),
        sa.Column("start_time_utc", UTCInstant, nullable=False),
        sa.Column("end_time_utc", UTCInstant, nullable=False),
        sa.Column("published_at_utc", UTCInstant, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("entered_at", UTCInstant, nullable=False),
        sa.UniqueConstraint("tariff_id"),
    )
    op.create_index("ix_tariff_tariffs_zone_id", "tariff_tariffs", ["zone_id"])


def _tariff_dispatches_heard() -> None:
    op.create_table(
        "tariff_dispatches_heard",
        sa.Column(
            "dispatch", sa.Integer, sa.ForeignKey("tariff_dispatches.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("retry", sa.Boolean, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
    )
