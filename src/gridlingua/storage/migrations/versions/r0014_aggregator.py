"""Aggregator."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import ExactDecimal, UTCInstant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _aggregator_answers()
    _aggregator_baselines()
    _aggregator_reports()


def _aggregator_answers() -> None:
    op.create_table(
        "aggregator_answers",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("start_time", sa.String, nullable=False),
        sa.Column("start_time_utc", UTCInstant, nullable=False),
        sa.Column("responded_at", sa.String, nullable=False),
        sa.Column("responded_at_utc", UTCInstant, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("dso", sa.String, nullable=False),
        sa.Column("acknowledged", sa.String, nullable=False),
        sa.UniqueConstraint("dso", "request_id", "offer_id"),
    )
    op.create_index("ix_aggregator_answers_responded_at_utc", "aggregator_answers", ["responded_at_utc"])
    op.create_index("ix_aggregator_answers_start_time_utc", "aggregator_answers", ["start_time_utc"])


def _aggregator_baselines() -> None:
    op.create_table(
        "aggregator_baselines",
        sa.Column("meter_id", sa.String, primary_key=True),
        sa.Column("time_utc", UTCInstant, primary_key=True),
        sa.Column("power", ExactDecimal, nullable=False),
    )


def _aggregator_reports() -> None:
    op.create_table(
        "aggregator_reports",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("dso", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
    )
    op.create_index("ix_aggregator_reports_request_id", "aggregator_reports", ["request_id"])
