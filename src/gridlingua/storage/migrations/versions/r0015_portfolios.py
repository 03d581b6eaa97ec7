"""Portfolios: contracts."""

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.columns import UTCInstant

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "portfolios_contracts",
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("meter_id", sa.String, primary_key=True),
        sa.Column("valid_from", UTCInstant, primary_key=True),
        sa.Column("valid_until", UTCInstant, nullable=False),
    )
    op.create_index("ix_portfolios_contracts_meter_id", "portfolios_contracts", ["meter_id"])
