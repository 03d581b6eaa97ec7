"""What is to be said of a term that is not there, in the versions in use or in any."""

from __future__ import annotations

import re
from typing import Final

from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.profiles import profiles_of
from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, TermInfo, TermList
from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.terms import XSD

_CLOSE: Final = 0.9


def missing(iri: str, vocabulary: Vocabulary) -> str:
    """A sentence on a term that the versions in use do not have, "" for one that they have."""
    if vocabulary.find(iri):
        return ""
    hint = hint_for(iri, vocabulary)
    if others := vocabulary.elsewhere(iri):
        known = " and ".join(others)
        return f"{vocabulary.curie(iri)} is of {known}, which {vocabulary.profile} does not use{hint}"
    if stray := vocabulary.strays.get(iri):
        return f"{vocabulary.curie(iri)} is gone from the version in use ({stray.source} still names it){hint}"
    return f"{vocabulary.curie(iri)} is in no ontology in use{hint}"


def missing_anywhere(iri: str, vocabulary: Vocabulary, *, pinned: bool) -> str:
    """The same of a term of anybody's pattern, who may use ontologies that we know in part, or not at all.

    A term of another generation is told only where the profile is ``pinned``.
    """
    if vocabulary.find(iri):
        return ""
    if vocabulary.versions(iri):
        return missing(iri, vocabulary) if pinned and profiles_of(iri, vocabulary) else ""
    space, local = spelling.split(iri, vocabulary.prefixes.values())
    lists = [one for one in vocabulary.all_lists if one.namespace == space]
    if not re.fullmatch(r"[^\W\d][^/#]*", local):  # the namespace itself, a version, something below a term
        return ""
    name = vocabulary.curie(iri)
    if space == XSD:
        return f"{name} is no datatype of XML Schema{hint_for(iri, vocabulary)}"
    if lists and not any(one.selection or one.transcribed_from for one in lists):
        versions = [one.name for one in lists]
        where = f"not in {versions[0]}" if len(versions) == 1 else f"in neither {' nor '.join(versions)}"
        return f"{name} is {where}{hint_for(iri, vocabulary)}"
    if meant := _slip(local, space, lists, vocabulary):
        return f"{name} is no term that we know: did you mean {vocabulary.curie(meant)}?"
    return ""


def hint_for(iri: str, vocabulary: Vocabulary) -> str:
    """What to write for a term that is not in use: its successors, or terms of any version that read like it."""
    if advice := succession(iri, vocabulary):
        return f": {advice}"
    ours = vocabulary.suggestions(iri)
    theirs = [] if ours else _of_other_versions(iri, vocabulary)
    return f": did you mean {' or '.join(ours or theirs)}?" if ours or theirs else ""


def succession(iri: str, vocabulary: Vocabulary) -> str:
    """What stands for a term of the first generation in the version in use, if that has it."""
    known = Generations.known().successions.get(iri)
    if known is None or any(not vocabulary.find(new) for new in known.new):
        return ""
    note = f" ({known.note})" if known.note else ""
    if not known.new:
        return f"nothing stands for it there{note}"
    return f"use {' and '.join(map(vocabulary.curie, known.new))}{note}"


def _of_other_versions(iri: str, vocabulary: Vocabulary) -> list[str]:
    """Suggestions of the other profiles, each with the list that has it."""
    profiles = sorted({name for one in vocabulary.all_lists for name in one.profiles} - {vocabulary.profile})
    found: dict[str, str] = {}
    for profile in profiles:
        view = vocabulary.of(profile)
        for curie in view.suggestions(iri):
            sources = [one.name for one in view.all_lists if vocabulary.expanded(curie) in one.terms]
            found.setdefault(curie, f"{curie} (of {sources[0]})" if sources else curie)
    return list(found.values())[:3]


def _slip(local: str, space: str, lists: list[TermList], vocabulary: Vocabulary) -> str:
    """The term of an ontology, known in part, of which a name is almost surely a slip.

    Names in a hand's copy of an ontology are few and long: what reads much like one is a slip. In a part of one only
    another case, or, since units are named alike, a letter in a longer name that is no unit.
    """
    if space in STANDARD_PREFIXES.values():
        near = [term for term in vocabulary.terms.values() if term.iri == space + spelling.split(term.iri)[1]]
        return next((term.iri for term in near if term.iri.lower() == (space + local).lower()), "")
    whole = all(one.transcribed_from for one in lists)
    for one in lists:
        for term in one.terms.values():
            if not term.borrowed and _is_slip(local, term.iri.removeprefix(space), term, whole):
                return term.iri
    return ""


def _is_slip(local: str, known: str, term: TermInfo, whole: bool) -> bool:
    if local.lower() == known.lower():
        return local[:1] == known[:1] or term.kind == "individual"
    if whole:
        return local[:1] == known[:1] and spelling.ratio(local.lower(), known.lower()) >= _CLOSE
    return term.kind != "individual" and len(known) > 6 and spelling.within_one_edit(local, known)
