"""What the DSO's staff enters of contracts."""

from __future__ import annotations

from typing import Any

from gridlingua.services.accounts.messages import Slug
from gridlingua.services.wire import Identifier, Message, Time, example

CONTRACT: dict[str, Any] = {
    "provider": "aggregator-one",
    "meterId": "M000001",
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
}


class Contract(Message):
    """A provider may offer the flexibility of a meter, from ``valid_from`` until ``valid_until``."""

    model_config = example(CONTRACT)

    provider: Slug
    meter_id: Identifier
    valid_from: Time
    valid_until: Time
