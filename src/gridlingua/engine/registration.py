"""What may join a network: checks of knowledge bases and interactions, in the words of contract 1.2 and 1.7."""

from __future__ import annotations

import re
from typing import Final

from gridlingua.engine.compat import Compat
from gridlingua.engine.errors import RegistrationError
from gridlingua.engine.protocol import Interaction, KnowledgeBase

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//(?:[?#]|$))\S+")
_URL: Final = re.compile(r"(?:(?:https?|ftp|file|jar):|mailto:[^/])", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_NAME: Final = re.compile(r"[a-zA-Z0-9-]*")
LONGEST_LEASE: Final = 3600
MOST_TRIPLES: Final = 300
"""In a graph pattern; the largest of the field have a few dozen."""


def is_absolute_iri(text: str) -> bool:
    """Whether a text can be the id of a knowledge base: a scheme, and something after it."""
    return bool(_ABSOLUTE.fullmatch(text)) and not _FORBIDDEN.search(text)


def is_name(text: str) -> bool:
    """Whether a text can be the name of an interaction."""
    return bool(_NAME.fullmatch(text))


def check_knowledge_base(knowledge_base: KnowledgeBase, shortest_lease: int, compat: Compat) -> None:
    """Raises RegistrationError for an id, lease or level that the contract refuses."""
    _check_id(knowledge_base.id, compat)
    lease = knowledge_base.lease
    if lease is not None and compat.limits_leases and not shortest_lease <= lease <= LONGEST_LEASE:
        raise RegistrationError(
            f"The lease renewal time should be between {shortest_lease} and {LONGEST_LEASE} seconds and not {lease}"
        )
    if not 1 <= knowledge_base.reasoner_level <= 5:
        raise RegistrationError(
            f"The reasoner level should be between 1 and 5, inclusive and not {knowledge_base.reasoner_level}"
        )


def _check_id(text: str, compat: Compat) -> None:
    if not text:
        raise RegistrationError("Knowledge Base ID must be a non-empty URI.")
    if compat.ids_are_urls:
        if not is_absolute_iri(text) or not _URL.match(text):
            raise RegistrationError("Knowledge base ID must be a valid URI.")
        if ":///" in text:
            raise RegistrationError("Knowledge base ID must be a valid IRI.")
    if not is_absolute_iri(text):
        raise RegistrationError(f"Knowledge base ID must be a valid RDF IRI. {text!r} is not an absolute IRI.")


def check_interaction(interaction: Interaction) -> None:
    """Raises RegistrationError for a name, purposes or patterns that the contract refuses."""
    if not is_name(interaction.name):
        raise RegistrationError(
            f"Knowledge Interaction names should only contain alphanumeric characters and hyphens "
            f"and not '{interaction.name}'"
        )
    for purposes, what in ((interaction.required, "requirement"), (interaction.satisfied, "satisfaction")):
        if not purposes:
            raise RegistrationError(f"There should be at least 1 {what} purpose.")
    for pattern in (interaction.pattern, interaction.result):
        if pattern is not None and len(pattern.triples) > MOST_TRIPLES:
            raise RegistrationError(
                f"Invalid graph pattern: it has {len(pattern.triples)} triples, at most {MOST_TRIPLES} are taken."
            )
    if interaction.result is not None and interaction.kind in ("ask", "answer"):
        raise RegistrationError(f"An {interaction.kind} interaction has one pattern, it takes no result pattern.")
