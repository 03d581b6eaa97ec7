"""Namespaces that are almost those of everyone: a slash, a scheme, a prefix that nobody expands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.generations import Generations, Replacement
from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES
from gridlingua.catalogue.ontology.unit_names import meant_unit
from gridlingua.catalogue.ontology.vocabulary import Vocabulary
from gridlingua.semantics.reading import Script
from gridlingua.semantics.terms import is_iri, split_iri

_UNEXPANDED: Final = re.compile(r"(?P<prefix>[A-Za-z][\w.-]*):(?P<local>[\w.%-]+)")
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)*/(?=[A-Za-z]\w*$)")
_ALIKE: Final = 0.85


@dataclass(frozen=True)
class Stray:
    """A namespace as it is written, and the one that was meant.

    ``prefix`` is the one that is ``declared`` for it, if one is; ``iris`` are those that use it, ``mended`` what the
    first of them should be. ``unexpanded``: a prefixed name stands in angle brackets. ``former``: the older ontology
    whose namespace it was.
    """

    written: str
    meant: str
    prefix: str
    iris: tuple[str, ...]
    mended: str
    declared: bool = False
    unexpanded: bool = False
    former: str = ""


def strays(script: Script, vocabulary: Vocabulary, elsewhere: Mapping[str, str]) -> Iterator[Stray]:
    """Each such namespace of a text once; ``elsewhere`` are prefixes that are declared outside of it."""
    used = [split_iri(term) for term in script.offsets if is_iri(term)]
    told: set[str] = set()
    for prefix, namespace in {**elsewhere, **script.pattern.prefixes}.items():
        found = _of_prefix(prefix, namespace, [iri for iri in used if iri.startswith(namespace)], vocabulary)
        if found:
            told.update(found.iris)
            yield found
    yield from _in_full([iri for iri in used if iri not in told], script, vocabulary)


def _of_prefix(prefix: str, namespace: str, used: list[str], vocabulary: Vocabulary) -> Stray | None:
    """What is wrong with a declared prefix that is used."""
    if not namespace or not used:
        return None
    everyones = vocabulary.prefixes.get(prefix, "")
    if known := _replaced(namespace):
        mended = {iri: known.new + iri.removeprefix(known.old) for iri in used}
    elif namespace.startswith("<"):
        mended = {iri: iri.replace(namespace, namespace.strip("<>"), 1) for iri in used}
    elif namespace in vocabulary.prefixes.values():
        mended = _swapped(namespace, everyones, used, vocabulary)
    else:
        mended = {iri: near for iri in used if (near := _near(iri, vocabulary))}
        if not mended and _is_misremembered(namespace, everyones):
            mended = {iri: everyones + iri.removeprefix(namespace) for iri in used}
    if not mended:
        return None
    first = next(iter(mended))
    meant = mended[first].removesuffix(first.removeprefix(namespace).lstrip("/#"))
    former = known.note if known else ""
    return Stray(namespace, meant, prefix, tuple(mended), mended[first], declared=True, former=former)


def _replaced(iri: str) -> Replacement | None:
    """What took the place of the older ontology whose namespace an IRI is in, if it is in one."""
    return next((one for one in Generations.known().replaced if iri.startswith(one.old)), None)


def _near(iri: str, vocabulary: Vocabulary) -> str | None:
    """The IRI with its namespace put right when that is almost one of an ontology that we hold: with the version of the
    ontology in it, or with a slash behind the term, too."""
    spaces = (*STANDARD_PREFIXES.values(), *(one.namespace for one in vocabulary.all_lists))
    space, local = spelling.split(iri, spaces)
    if space in spaces and local[:1] not in ("/", "#"):
        if _VERSION.match(local):
            return space + _VERSION.sub("", local)
        bare = space + local.rstrip("/#")
        return bare if bare != iri and vocabulary.versions(bare) else None
    near = vocabulary.near_namespace(iri)
    return near if near and near.startswith(spaces) else None


def _is_below(iri: str, near: str, vocabulary: Vocabulary) -> bool:
    """Whether an IRI may be something else that stands below an ontology's own IRI: a version, a file of shapes."""
    return "#" in near and "#" not in iri and not vocabulary.versions(near)


def _swapped(namespace: str, everyones: str, used: list[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The terms of a prefix that stands for another ontology than everyone's, when they are not terms of that."""
    if not everyones or everyones == namespace:
        return {}
    moved = {iri: everyones + iri.removeprefix(namespace) for iri in used}
    wrong = any(not vocabulary.versions(iri) and vocabulary.versions(moved[iri]) for iri in used)
    return moved if wrong else {}


def _is_misremembered(namespace: str, everyones: str) -> bool:
    """Whether a namespace is at the same place as everyone's, and reads much like it."""
    if not everyones or namespace.split("/")[:3] != everyones.split("/")[:3]:
        return False
    return SequenceMatcher(None, namespace.rstrip("/#"), everyones.rstrip("/#")).ratio() >= _ALIKE


def _in_full(used: list[str], script: Script, vocabulary: Vocabulary) -> Iterator[Stray]:
    """The namespaces of IRIs that are written out."""
    groups: dict[str, list[tuple[str, str]]] = {}
    former: dict[str, str] = {}
    prefixes = {**vocabulary.prefixes, **script.pattern.prefixes}
    for iri in used:
        found = _UNEXPANDED.fullmatch(iri)
        if found and found["prefix"] in script.undeclared:
            continue
        if found and found["prefix"] in prefixes:
            mended = prefixes[found["prefix"]] + found["local"]
            groups.setdefault(f"{found['prefix']}:", []).append((iri, mended))
        elif known := _replaced(iri):
            former[known.old] = known.note
            moved = known.new + iri.removeprefix(known.old)
            groups.setdefault(known.old, []).append((iri, meant_unit(moved) or moved))
        elif (near := _near(iri, vocabulary)) and not _is_below(iri, near, vocabulary):
            groups.setdefault(_common(iri, near), []).append((iri, near))
    for written, pairs in groups.items():
        iri, mended = pairs[0]
        meant = mended.removesuffix(_local(iri, mended))
        iris, is_name = tuple(one for one, _ in pairs), written.endswith(":")
        yield Stray(written, meant, "", iris, mended, unexpanded=is_name, former=former.get(written, ""))


def _local(iri: str, mended: str) -> str:
    """What two IRIs end with alike, up to their namespaces."""
    local = re.split("[/#]", mended)[-1]
    return local if iri.endswith(local) else ""


def _common(iri: str, near: str) -> str:
    """The namespace as an IRI writes it."""
    return iri.removesuffix(_local(iri, near))
