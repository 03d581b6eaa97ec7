"""Accounts: who may ask, by which credentials, and the record of what was asked (D4.2 2.2.3 and 3.5)."""

from gridlingua.services.accounts.api import router
from gridlingua.services.accounts.oauth import pages
from gridlingua.services.organisations import metadata

__all__ = ["metadata", "pages", "router"]
