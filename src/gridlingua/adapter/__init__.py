"""The Service Specific Adapter: one party's exchanges, hosted, carried and replayed."""

from gridlingua.adapter.adapter import Adapter
from gridlingua.adapter.bridge import API_KEY, REQUESTER, header
from gridlingua.adapter.http import Call, from_call, to_call
from gridlingua.adapter.initiator import Outcome, Reply
from gridlingua.adapter.settings import SHARED_BASE, USUAL_UNITS, AdapterSettings

__all__ = [
    "API_KEY",
    "REQUESTER",
    "SHARED_BASE",
    "USUAL_UNITS",
    "Adapter",
    "AdapterSettings",
    "Call",
    "Outcome",
    "Reply",
    "from_call",
    "header",
    "to_call",
]
