"""Subscriptions of flexibility needs and activation plans (D4.3 4.4), and how a subscriber is reached."""

from gridlingua.services.subscriptions.api import router
from gridlingua.services.subscriptions.gates import jobs
from gridlingua.services.subscriptions.store import metadata

__all__ = ["jobs", "metadata", "router"]
