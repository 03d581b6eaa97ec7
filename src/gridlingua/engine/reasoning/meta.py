"""What a network says of its knowledge bases: the metadata that an ask may include (contract 5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gridlingua.engine.bindings import short_form
from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import INFORM, TYPES, Interaction, Kind, KnowledgeBase
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import RDF_TYPE, XSD, literal

_KE: Final = "https://w3id.org/knowledge-engine/"
_TRIPLES: Final = """
    ?kb a KnowledgeBase / ?kb hasName ?name / ?kb hasDescription ?description / ?kb hasKnowledgeInteraction ?ki /
    ?ki a ?kiType / ?ki isMeta ?isMeta / ?ki hasCommunicativeAct ?act / ?act a CommunicativeAct /
    ?act hasRequirement ?req / ?act hasSatisfaction ?sat / ?req a ?reqType / ?sat a ?satType /
    ?ki hasGraphPattern ?gp / ?gp a ?patternType / ?gp hasPattern ?pattern
"""


def _node(word: str) -> str:
    return RDF_TYPE if word == "a" else word if word.startswith("?") else f"<{_KE}{word}>"


def _triple(text: str) -> tuple[str, str, str]:
    s, p, o = map(_node, text.split())
    return s, p, o


PATTERN: Final = Pattern(tuple(_triple(text) for text in _TRIPLES.split("/")))
"""What every knowledge base answers about itself."""

_CHANGES: Final = ("New", "Changed", "Removed")


def _own(name: str, kind: Kind, required: str = INFORM, satisfied: str = INFORM) -> Interaction:
    return Interaction(name, kind, PATTERN, required=(required,), satisfied=(satisfied,))


def _interactions() -> tuple[Interaction, ...]:
    posts = [_own(f"post/{c.lower()}", "post", satisfied=f"{_KE}{c}KnowledgePurpose") for c in _CHANGES]
    reacts = [_own(f"react/{c.lower()}", "react", required=f"{_KE}{c}KnowledgePurpose") for c in _CHANGES]
    return (_own("ask", "ask"), _own("answer", "answer"), *posts, *reacts)


INTERACTIONS: Final = _interactions()
"""The eight that every knowledge base has besides its own."""


def meta_rule(knowledge_base: KnowledgeBase, entries: Sequence[Entry]) -> Rule:
    """The rule that tells what a knowledge base is and has registered."""
    own = [
        Entry(f"{knowledge_base.id}/meta/knowledgeinteractions/{one.name}", knowledge_base.id, one)
        for one in INTERACTIONS
    ]
    answer = next(entry for entry in own if entry.interaction.kind == "answer")

    def compute(_: object) -> list[Row]:
        told = [(entry, "false") for entry in entries] + [(entry, "true") for entry in own]
        return [row for entry, is_meta in told for row in _rows(knowledge_base, entry, is_meta)]

    return Rule(answer.id, None, PATTERN, answer, compute)


def _rows(knowledge_base: KnowledgeBase, entry: Entry, is_meta: str) -> Iterator[Row]:
    one = entry.interaction
    base = {
        "kb": f"<{knowledge_base.id}>",
        "name": literal(knowledge_base.name),
        "description": literal(knowledge_base.description),
        "ki": f"<{entry.id}>",
        "kiType": f"<{_KE}{TYPES[one.kind]}>",
        "isMeta": literal(is_meta, f"{XSD}boolean"),
        "act": f"<{entry.id}/act>",
        "req": f"<{entry.id}/act/req>",
        "sat": f"<{entry.id}/act/sat>",
    }
    for gp, pattern_type, pattern in _patterns(one):
        shown = {
            "gp": f"<{entry.id}/{gp}>",
            "patternType": f"<{_KE}{pattern_type}>",
            "pattern": literal(short_form(pattern)),
        }
        for required in one.required:
            for satisfied in one.satisfied:
                yield {**base, **shown, "reqType": f"<{required}>", "satType": f"<{satisfied}>"}


def _patterns(one: Interaction) -> Iterator[tuple[str, str, Pattern]]:
    if one.kind in ("ask", "answer"):
        yield "gp", "GraphPattern", one.pattern
        return
    yield "argumentgp", "ArgumentGraphPattern", one.pattern
    if one.result is not None:
        yield "resultgp", "ResultGraphPattern", one.result
