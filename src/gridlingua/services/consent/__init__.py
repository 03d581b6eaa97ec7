"""Consent at the DSO (HLUC 5, D4.3 3.4.1): who asks for whose data, what the user says to it, and what it allows."""

from gridlingua.services.consent.api import router
from gridlingua.services.consent.pages import pages
from gridlingua.services.consent.tables import metadata

__all__ = ["metadata", "pages", "router"]
