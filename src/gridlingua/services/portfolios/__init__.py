"""Portfolios: which service provider has a contract with the customer behind a meter, and when.

A DSO that keeps this register takes offers of a meter from its provider alone; one that keeps none takes them from
everybody, as the pilots did.
"""

from gridlingua.services.portfolios.api import router
from gridlingua.services.portfolios.store import metadata

__all__ = ["metadata", "router"]
