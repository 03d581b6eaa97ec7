"""Communicative acts: who was meant to talk with whom (contract 4.7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gridlingua.engine.protocol import INFORM, Interaction

_KE: Final = "https://w3id.org/knowledge-engine/"
_PURPOSE: Final = f"{_KE}Purpose"
_BROADER: Final = {
    INFORM: (_PURPOSE,),
    **{f"{_KE}{name}KnowledgePurpose": (INFORM, _PURPOSE) for name in ("New", "Changed", "Removed", "Retrieve")},
    **{f"{_KE}{name}Purpose": (_PURPOSE,) for name in ("Actuation", "Conversion", "Periodic", "WhenChanged")},
}
"""Every purpose of the vocabulary with all its super-classes; any other IRI stands for itself alone."""


def compatible(one: Interaction, other: Interaction) -> bool:
    """Whether each side's required purposes are all among what the other satisfies, super-classes included."""
    return _upward(one.required) <= _upward(other.satisfied) and _upward(other.required) <= _upward(one.satisfied)


def _upward(purposes: Iterable[str]) -> frozenset[str]:
    return frozenset(broader for purpose in purposes for broader in (purpose, *_BROADER.get(purpose, ())))
