"""What may join a network: checks of knowledge bases and interactions, in the words of contract 1.2 and 1.7."""

from __future__ import annotations

import re
from typing import Final

from gridlingua.engine.errors import RegistrationError
from gridlingua.engine.protocol import Interaction, KnowledgeBase

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#\s]+)?(?!//)[^\s]*")
_FORBIDDEN: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_NAME: Final = re.compile(r"[a-zA-Z0-9-]*")
_LONGEST_LEASE: Final = 3600


def is_absolute_iri(text: str) -> bool:
    """Whether a text can be the id of a knowledge base: a scheme, and after ``//`` a host."""
    return bool(_ABSOLUTE.fullmatch(text)) and not text.endswith(":") and not _FORBIDDEN.search(text)


def check_knowledge_base(knowledge_base: KnowledgeBase, shortest_lease: int) -> None:
    """Raises RegistrationError for an id, lease or level that the contract refuses."""
    if not knowledge_base.id:
        raise RegistrationError("Knowledge Base ID must be a non-empty URI.")
    if not is_absolute_iri(knowledge_base.id):
        raise RegistrationError(
            f"Knowledge Base ID must be a valid RDF IRI. {knowledge_base.id!r} is not an absolute IRI."
        )
    lease = knowledge_base.lease
    if lease is not None and not shortest_lease <= lease <= _LONGEST_LEASE:
        raise RegistrationError(
            f"The lease renewal time should be between {shortest_lease} and {_LONGEST_LEASE} seconds and not {lease}"
        )
    if not 1 <= knowledge_base.reasoner_level <= 5:
        raise RegistrationError(
            f"The reasoner level should be between 1 and 5, inclusive and not {knowledge_base.reasoner_level}"
        )


def check_interaction(interaction: Interaction) -> None:
    """Raises RegistrationError for a name, purposes or patterns that the contract refuses."""
    if not _NAME.fullmatch(interaction.name):
        raise RegistrationError(
            f"Knowledge Interaction names should only contain alphanumeric characters and hyphens "
            f"and not '{interaction.name}'"
        )
    for purposes, what in ((interaction.required, "requirement"), (interaction.satisfied, "satisfaction")):
        if not purposes:
            raise RegistrationError(f"There should be at least 1 {what} purpose.")
    if interaction.result is not None and interaction.kind in ("ask", "answer"):
        raise RegistrationError(f"An {interaction.kind} interaction has one pattern, it takes no result pattern.")
