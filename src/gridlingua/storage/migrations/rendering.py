"""How a drafted migration writes our column types."""

from __future__ import annotations

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext

from gridlingua.storage.columns import ExactDecimal, UTCInstant


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """``UTCInstant()`` and ``ExactDecimal()`` with their import; whatever else as Alembic writes it."""
    if kind == "type" and isinstance(item, UTCInstant | ExactDecimal):
        name = type(item).__name__
        context.imports.add(f"from gridlingua.storage.columns import {name}")
        return f"{name}()"
    return False
