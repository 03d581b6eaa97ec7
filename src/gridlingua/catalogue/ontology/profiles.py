"""Which generation of vocabulary a pattern is written in, as its own terms say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.terms import TermList
from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.terms import is_iri, split_iri


def markers(vocabulary: Vocabulary) -> Mapping[str, TermList]:
    """The list of each term that one generation has and no other: ``saref:Measurement``, ``saref:Observation``.

    Lists of a part of an ontology say nothing, nor do ontologies that have no generations.
    """
    known = vocabulary.derived.get("markers")
    if known is None:
        known = vocabulary.derived["markers"] = _markers(vocabulary)
    found: Mapping[str, TermList] = known
    return found


def likely_profile(pattern: Pattern, vocabulary: Vocabulary) -> str:
    """The profile that most of the terms of a pattern are of that tell; the judged one where they say nothing."""
    told = Counter(profile for iri in iris(pattern) for profile in profiles_of(iri, vocabulary))
    return max(told, key=lambda profile: (told[profile], profile == JUDGED_PROFILE), default=JUDGED_PROFILE)


def profiles_of(iri: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The profiles that have a term, where others have not; empty for a term that says nothing."""
    found = markers(vocabulary).get(iri)
    return found.profiles if found else frozenset()


def iris(pattern: Pattern) -> list[str]:
    """The IRIs that a pattern uses."""
    return [split_iri(node) for node in pattern.constants if is_iri(node)]


def _markers(vocabulary: Vocabulary) -> dict[str, TermList]:
    generations = Generations.known().prefixes
    found: dict[str, TermList] = {}
    common: set[str] = set()
    for one in vocabulary.all_lists:
        told = one.profiles and not one.selection and (one.prefix in generations or one.prefix.startswith("ic-"))
        for iri, term in one.terms.items():
            if term.borrowed:
                continue
            if not told or (iri in found and found[iri].profiles != one.profiles):
                common.add(iri)
            found.setdefault(iri, one)
    return {iri: one for iri, one in found.items() if iri not in common}
