"""Tables that only grow, in a migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gridlingua.storage.append_only import triggers


def only_grows(table: str) -> None:
    """Let the database refuse every UPDATE and DELETE of a table that was created."""
    for statement in triggers(table, op.get_bind().dialect.name):
        op.execute(sa.text(statement))
