"""All exchanges, shapes and ontologies: loaded, checked, and translated for either party."""

from gridlingua.catalogue.content import EXTENSION_BASE, Content, shipped
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Case, Exchange, Operation, Profile
from gridlingua.catalogue.load import Catalogue, load
from gridlingua.catalogue.translation import Translation, reply_message, reply_rows, request_message, request_rows

__all__ = [
    "EXTENSION_BASE",
    "JUDGED_PROFILE",
    "Case",
    "Catalogue",
    "Content",
    "Exchange",
    "Operation",
    "Profile",
    "Translation",
    "load",
    "reply_message",
    "reply_rows",
    "request_message",
    "request_rows",
    "shipped",
]
