"""Forecasts."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _forecast_issues()


def _forecast_issues() -> None:
    op.create_table(
        "forecast_issues",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("technology", sa.String, nullable=False),
        sa.Column("start_time_utc", UTCInstant, nullable=False),
        sa.Column("end_time_utc", UTCInstant, nullable=False),
        sa.Column("created_at_utc", UTCInstant, nullable=False),
        sa.Column("received_at", UTCInstant, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "provider", "name", name="forecast_issue_of_a_provider"),
    )
    op.create_index("forecast_issues_of_a_subject", "forecast_issues", ["kind", "subject", "start_time_utc"])
