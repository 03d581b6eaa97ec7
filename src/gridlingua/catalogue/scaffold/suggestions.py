"""Terms that an author may want, by the words of a field's name and description."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.terms import TermInfo
from gridlingua.catalogue.scaffold.words import Words, words

_PREFIXES: Final = ("saref", "s4ener", "s4grid", "s4city", "s4syst", "gl")
_COMMON: Final = frozenset(words("a an the of is to in for and or this has be by with it on as from at id"))


class Suggestions:
    """Suggests terms of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def nearest(self, name: Words, description: str = "", kinds: Collection[str] = (), limit: int = 3) -> list[str]:
        """CURIEs of the terms whose names have most words in common, best first; the words of a name count double."""
        wanted, described = set(name) - _COMMON, set(words(description)) - _COMMON
        scored = []
        for curie, said, term in self._terms:
            shared = 2 * len(said & wanted) + len(said & (described - wanted))
            if (not kinds or term.kind in kinds) and (said & wanted or shared > 1):
                scored.append((-shared / (len(said) + 2), term.deprecated, len(curie), curie))
        return [one[-1] for one in sorted(scored)[:limit]]

    @cached_property
    def _terms(self) -> list[tuple[str, frozenset[str], TermInfo]]:
        return list(self._found())

    def _found(self) -> Iterator[tuple[str, frozenset[str], TermInfo]]:
        """The terms that patterns use, each with its CURIE and the words of its name."""
        vocabulary = self._vocabulary
        namespaces = {prefix: vocabulary.prefixes[prefix] for prefix in _PREFIXES if prefix in vocabulary.prefixes}
        for iri, term in vocabulary.terms.items():
            for prefix, namespace in namespaces.items():
                if iri.startswith(namespace) and vocabulary.find(iri) and term.kind != "annotation property":
                    local = iri.removeprefix(namespace)
                    yield f"{prefix}:{local}", frozenset(words(local)) - _COMMON, term
