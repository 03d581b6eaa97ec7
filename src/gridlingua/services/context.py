"""What every service is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from gridlingua.services.network import Network
from gridlingua.storage import Database


@dataclass(frozen=True)
class Context:
    """Everything a service needs of its surroundings; passed in once, when the app is made.

    ``name`` is who acknowledges messages, ``zone`` where local days begin, ``clock`` gives the present with its zone;
    ``fewest_clients`` is over how many clients an anonymized sum is told at least.
    """

    database: Database
    network: Network
    name: str
    zone: ZoneInfo
    clock: Callable[[], datetime]
    fewest_clients: int = 10


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Here = Annotated[Context, Depends(_context)]
