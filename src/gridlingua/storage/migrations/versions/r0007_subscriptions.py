"""Subscriptions."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _subscriptions_deliveries()
    _subscriptions_hosts()
    _subscriptions_subscriptions()


def _subscriptions_deliveries() -> None:
    op.create_table(
        "subscriptions_deliveries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("organisation", sa.String, nullable=False),
        sa.Column("subscription_id", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_at", UTCInstant, nullable=False),
        sa.Column("last_at", UTCInstant, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.UniqueConstraint("organisation", "message_id", name="subscriptions_deliveries_by_message"),
    )


def _subscriptions_hosts() -> None:
    op.create_table(
        "subscriptions_hosts",
        sa.Column("host", sa.String, primary_key=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("allowed_by", sa.String, nullable=False),
        sa.Column("allowed_at", UTCInstant, nullable=False),
    )


def _subscriptions_subscriptions() -> None:
    op.create_table(
        "subscriptions_subscriptions",
        sa.Column("organisation", sa.String, primary_key=True),
        sa.Column("subscription_id", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("callback", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("subscribed_at", UTCInstant, nullable=False),
        sa.Column("ended_at", UTCInstant),
        sa.Column("ended_by", sa.String, nullable=False),
        sa.Column("withdrawn_at", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("former_secret", sa.String, nullable=False),
        sa.Column("secret_at", UTCInstant, nullable=False),
    )
    op.create_index(
        "subscriptions_one_active",
        "subscriptions_subscriptions",
        ["organisation"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
