"""Limits of power."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _limits_capabilities()
    _limits_dispatches()
    _limits_dispatches_heard()


def _limits_capabilities() -> None:
    op.create_table(
        "limits_capabilities",
        sa.Column("connection_point", sa.String, primary_key=True),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("asked_at", UTCInstant, nullable=False),
    )


def _limits_dispatches() -> None:
    op.create_table(
        "limits_dispatches",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("recipients", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String, nullable=False),
        sa.Column("recorded_at", UTCInstant, nullable=False),
    )
    op.create_index("ix_limits_dispatches_subject", "limits_dispatches", ["subject"])


def _limits_dispatches_heard() -> None:
    op.create_table(
        "limits_dispatches_heard",
        sa.Column(
            "dispatch", sa.Integer, sa.ForeignKey("limits_dispatches.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("retry", sa.Boolean, nullable=False),
        sa.Column("at", UTCInstant, nullable=False),
    )
