"""What is to be said of a term that is not there, in the versions in use or in any."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from rdflib import OWL, RDF, RDFS

from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.names import Names, complete
from gridlingua.catalogue.ontology.profiles import profiles_of
from gridlingua.catalogue.ontology.terms import TermInfo, TermList
from gridlingua.catalogue.ontology.unit_names import is_other_unit
from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.terms import XSD

_CLOSE: Final = 0.9
_SHORT: Final = 6
_MOST: Final = 3
_FEW: Final = 2
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)+")
_W3C: Final = (str(RDF), str(RDFS), str(OWL))


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
    if not re.fullmatch(r"[^\W\d][^/#]*", local) or _VERSION.fullmatch(local):
        return ""  # the namespace itself, a version, something below a term
    name = vocabulary.curie(iri)
    if space == XSD:
        return f"{name} is no datatype of XML Schema{hint_for(iri, vocabulary)}"
    if known := complete().get(space):
        is_there = local in known.names or (space == str(RDF) and local[:1] == "_")
        return "" if is_there else f"{name} is {known.where()}{_near_name(iri, local, known, vocabulary)}"
    if lists and not any(one.selection or one.transcribed_from for one in lists):
        versions = [one.name for one in lists]
        where = f"not in {versions[0]}" if len(versions) == 1 else f"in neither {' nor '.join(versions)}"
        return f"{name} is {where}{hint_for(iri, vocabulary)}"
    if meant := _slip(local, space, lists):
        return f"{name} is no term that we know: did you mean {vocabulary.curie(meant)}?"
    return ""


def unseen(iri: str, vocabulary: Vocabulary) -> str:
    """A sentence on a term that is not among those which were seen of an ontology that nobody published as a whole, ""
    for any other. It may be right all the same."""
    space, local = spelling.split(iri, vocabulary.prefixes.values())
    lists = [
        one for one in vocabulary.all_lists if one.namespace == space and one.transcribed_from and not one.selection
    ]
    if vocabulary.versions(iri) or not lists or space in complete() or not re.fullmatch(r"[^\W\d][^/#]*", local):
        return ""
    seen = [term for one in lists for term in one.terms.values() if not term.borrowed]
    near = spelling.similar(iri, seen, [space], _FEW)
    prefix = lists[0].prefix
    hint = f": did you mean {' or '.join(map(vocabulary.curie, near))}?" if near else ""
    of = f"among the {len(seen)} terms" if len(seen) > 1 else "the one term"
    return f"{vocabulary.curie(iri)} is not {of} seen of {prefix} (gridlingua ontology find {prefix}:){hint}"


def hint_for(iri: str, vocabulary: Vocabulary) -> str:
    """What to write for a term that is not in use: its successors, or terms of any version that read like it."""
    if advice := succession(iri, vocabulary):
        return f": {advice}"
    near = _near(iri, vocabulary)
    return f": did you mean {' or '.join(near)}?" if near else ""


def _near(iri: str, vocabulary: Vocabulary) -> list[str]:
    """What reads like a term: of the versions in use, or, where its own ontology has none there, of the others."""
    ours = vocabulary.suggestions(iri)
    prefix = vocabulary.curie(iri).partition(":")[0]
    if any(one.partition(":")[0] == prefix for one in ours):
        return ours
    theirs = _of_other_versions(iri, vocabulary)
    if not ours:
        return theirs
    return [*(one for one in theirs if one.partition(":")[0] == prefix), *ours][:_MOST]


def _near_name(iri: str, local: str, known: Names, vocabulary: Vocabulary) -> str:
    """What to write for a name that a large ontology has not: a term that we know, or else any name alike."""
    elsewhere = [one + local for one in _W3C if known.namespace in _W3C and local in complete()[one].names]
    if elsewhere:
        return f": did you mean {' or '.join(map(vocabulary.curie, elsewhere))}?"
    if hint := hint_for(iri, vocabulary):
        return hint
    alike = (known.namespace + one for one in sorted(get_close_matches(local, known.names, 2)))
    near = [vocabulary.curie(one) for one in alike if not is_other_unit(iri, one)]
    return f": did you mean {' or '.join(near)}?" if near else ""


def succession(iri: str, vocabulary: Vocabulary) -> str:
    """What stands for a term of the other generation in the version in use, if that has it: its successors, or the term
    of the same name that it replaced."""
    known = Generations.known().successions.get(iri)
    if known is None:
        before = _predecessor(iri, vocabulary)
        return f"use {vocabulary.curie(before)}" if before else ""
    if any(not vocabulary.find(new) for new in known.new):
        return ""
    note = f" ({known.note})" if known.note else ""
    if not known.new:
        return f"nothing stands for it there{note}"
    return f"use {' and '.join(map(vocabulary.curie, known.new))}{note}"


def _predecessor(iri: str, vocabulary: Vocabulary) -> str:
    name = re.split("[/#]", iri)[-1]
    told = Generations.known().successions.values()
    same = (one.old for one in told if one.new == (iri,) and one.old != iri and re.split("[/#]", one.old)[-1] == name)
    return next((old for old in same if vocabulary.find(old)), "")


def _of_other_versions(iri: str, vocabulary: Vocabulary) -> list[str]:
    """Suggestions of the other profiles, each with the list that has it."""
    profiles = sorted({name for one in vocabulary.all_lists for name in one.profiles} - {vocabulary.profile})
    found: dict[str, str] = {}
    for profile in profiles:
        view = vocabulary.of(profile)
        for curie in view.suggestions(iri):
            sources = [one.name for one in view.all_lists if vocabulary.expanded(curie) in one.terms]
            found.setdefault(curie, f"{curie} (of {sources[0]})" if sources else curie)
    return list(found.values())[:_MOST]


def _slip(local: str, space: str, lists: list[TermList]) -> str:
    """The term of an ontology, known in part, of which a name is almost surely a slip.

    Names in a hand's copy of an ontology are few and long: what reads much like one is a slip. In a part of one only
    another case, or, since units are named alike, a letter in a longer name that is no unit.
    """
    whole = all(one.transcribed_from for one in lists)
    for one in lists:
        for term in one.terms.values():
            if not term.borrowed and _is_slip(local, term.iri.removeprefix(space), term, whole):
                return term.iri
    return ""


def _is_slip(local: str, known: str, term: TermInfo, whole: bool) -> bool:
    if local.lower() == known.lower():
        return local[:1] == known[:1] or term.kind == "individual"
    if local[:1] == known[:1] and len(known) > _SHORT and _is_swap(local, known):
        return True
    if whole:
        return local[:1] == known[:1] and spelling.ratio(local.lower(), known.lower()) >= _CLOSE
    return term.kind != "individual" and len(known) > _SHORT and spelling.within_one_edit(local, known)


def _is_swap(left: str, right: str) -> bool:
    """Whether two neighbouring letters changed places."""
    apart = [n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b]
    return (
        len(left) == len(right)
        and len(apart) == 2
        and apart[1] == apart[0] + 1
        and (left[apart[0]], left[apart[1]]) == (right[apart[1]], right[apart[0]])
    )
