"""Scheduling."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _scheduling_jobs()
    _scheduling_kinds()
    _scheduling_attempts()


def _scheduling_jobs() -> None:
    op.create_table(
        "scheduling_jobs",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("due", UTCInstant, nullable=False),
        sa.Column("until", UTCInstant),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("next_at", UTCInstant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.String),
        sa.Column("lease_until", UTCInstant),
        sa.Column("finished_at", UTCInstant),
        sa.Column("detail", sa.String, nullable=False),
    )
    op.create_index("scheduling_jobs_by_state", "scheduling_jobs", ["state", "next_at"])


def _scheduling_kinds() -> None:
    op.create_table(
        "scheduling_kinds",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("since", UTCInstant, nullable=False),
        sa.Column("planned_until", UTCInstant, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
    )


def _scheduling_attempts() -> None:
    op.create_table(
        "scheduling_attempts",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("claim", sa.String, nullable=False),
        sa.Column("begun_at", UTCInstant, nullable=False),
        sa.Column("ended_at", UTCInstant),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["kind", "key"], ["scheduling_jobs.kind", "scheduling_jobs.key"]),
    )
    op.create_index("scheduling_attempts_by_job", "scheduling_attempts", ["kind", "key"])
