"""Settlement."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import ExactDecimal, UTCInstant
from gridlingua.storage.migrations.growing import only_grows

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _settlement_baselines()
    _settlement_reports()
    _settlement_history()
    _settlement_quarters()


def _settlement_baselines() -> None:
    op.create_table(
        "settlement_baselines",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("meter_id", sa.String, nullable=False),
        sa.Column("start_time", UTCInstant, nullable=False),
        sa.Column("created_at", UTCInstant, nullable=False),
        sa.Column("end_time", UTCInstant, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("powers", sa.JSON, nullable=False),
        sa.UniqueConstraint(
            "provider", "meter_id", "start_time", "created_at", name="settlement_baselines_once_worked_out"
        ),
    )
    op.create_index("ix_settlement_baselines_start_time", "settlement_baselines", ["start_time"])
    only_grows("settlement_baselines")


def _settlement_reports() -> None:
    op.create_table(
        "settlement_reports",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("offer_id", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", UTCInstant, nullable=False),
        sa.Column("month", sa.String, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("start_time", UTCInstant, nullable=False),
        sa.Column("end_time", UTCInstant, nullable=False),
        sa.Column("ordered_power", ExactDecimal, nullable=False),
        sa.Column("quarters", sa.Integer, nullable=False),
        sa.Column("gaps", sa.Integer, nullable=False),
        sa.Column("ordered_energy", ExactDecimal, nullable=False),
        sa.Column("delivered_energy", ExactDecimal, nullable=False),
        sa.Column("paid_energy", ExactDecimal, nullable=False),
        sa.Column("price", ExactDecimal, nullable=False),
        sa.Column("amount", ExactDecimal, nullable=False),
        sa.Column("clearing_amount", ExactDecimal, nullable=False),
        sa.UniqueConstraint(
            "provider", "request_id", "offer_id", "version", name="settlement_reports_one_of_a_version"
        ),
    )
    op.create_index("ix_settlement_reports_month", "settlement_reports", ["month"])
    op.create_index("ix_settlement_reports_request_id", "settlement_reports", ["request_id"])
    op.create_index("ix_settlement_reports_start_time", "settlement_reports", ["start_time"])
    only_grows("settlement_reports")


def _settlement_history() -> None:
    op.create_table(
        "settlement_history",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("report", sa.Integer, sa.ForeignKey("settlement_reports.number"), nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
    )
    op.create_index("ix_settlement_history_report", "settlement_history", ["report"])
    only_grows("settlement_history")


def _settlement_quarters() -> None:
    op.create_table(
        "settlement_quarters",
        sa.Column(
            "report", sa.Integer, sa.ForeignKey("settlement_reports.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("start_time", UTCInstant, primary_key=True),
        sa.Column("ordered", ExactDecimal, nullable=False),
        sa.Column("baseline", ExactDecimal),
        sa.Column("metered", ExactDecimal),
        sa.Column("delivered", ExactDecimal),
        sa.Column("paid", ExactDecimal, nullable=False),
        sa.Column("clearing_price", ExactDecimal, nullable=False),
        sa.Column("cause", sa.String),
        sa.Column("meter_ids", sa.JSON, nullable=False),
    )
    only_grows("settlement_quarters")
