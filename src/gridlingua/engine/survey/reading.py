"""What is registered at a runtime, read back from its KE REST API (contract 1.3, 1.8)."""

from __future__ import annotations

from typing import Any, Final

from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import INFORM, KINDS, Interaction, KnowledgeBase
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import Pattern, PatternError, parse_body

_NOT_SAID: Final = 2  # runtimes before 1.3 do not tell the level; this is their default


def read_member(element: Any) -> KnowledgeBase:
    """An element of ``GET /sc``. Raises RemoteError for what is none."""
    try:
        return KnowledgeBase(
            id=str(element["knowledgeBaseId"]),
            name=str(element.get("knowledgeBaseName") or ""),
            description=str(element.get("knowledgeBaseDescription") or ""),
            reasoner_level=int(element.get("reasonerLevel") or _NOT_SAID),
            lease=element.get("leaseRenewalTime"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RemoteError(f"what is no knowledge base: {str(element)[:80]}") from error


def read_entry(knowledge_base_id: str, element: Any) -> Entry:
    """An element of ``GET /sc/ki``: patterns come with full IRIs and no prefixes. Raises RemoteError for what is
    none, or has a pattern that cannot be read."""
    try:
        kind = KINDS[element["knowledgeInteractionType"]]
        id_, name = str(element["knowledgeInteractionId"]), element.get("knowledgeInteractionName")
        argument = "graphPattern" if kind in ("ask", "answer") else "argumentGraphPattern"
        result, act = element.get("resultGraphPattern"), element.get("communicativeAct") or {}
        interaction = Interaction(
            name=id_.rpartition("/interaction/")[2] if name is None else str(name),
            kind=kind,
            pattern=_pattern(element[argument], id_),
            result=None if result is None else _pattern(result, id_),
            required=_purposes(act, "requiredPurposes"),
            satisfied=_purposes(act, "satisfiedPurposes"),
            gaps_enabled=bool(element.get("knowledgeGapsEnabled")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RemoteError(f"what is no knowledge interaction: {str(element)[:80]}") from error
    return Entry(id_, knowledge_base_id, interaction, named=name is not None)


def _purposes(act: Any, key: str) -> tuple[str, ...]:
    return tuple(map(str, act.get(key) or [INFORM]))


def _pattern(text: str, interaction_id: str) -> Pattern:
    try:
        return parse_body(text, {})
    except PatternError as error:
        raise RemoteError(f"the pattern of {interaction_id}: {error}") from error
