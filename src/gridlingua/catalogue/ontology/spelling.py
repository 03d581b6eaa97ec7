"""What an author may have meant by an IRI that no ontology defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final

from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, TermInfo

_CLOSE: Final = 0.8
_WORD: Final = 5
_BEGINNING: Final = 3
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PREFIXED: Final = re.compile(r"(?P<prefix>[A-Za-z][\w.-]*):(?P<local>[\w.%-]*)")
_SCHEME: Final = re.compile(r"^https?://")
_NAME: Final = re.compile(r"[A-Za-z_][\w.%-]*")


def split(iri: str, namespaces: Iterable[str] = ()) -> tuple[str, str]:
    """Namespace and local name: at the longest known namespace, else after the last ``#`` or ``/``."""
    known = max((one for one in namespaces if iri.startswith(one)), key=len, default="")
    cut = len(known) or max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def near_namespace(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI with its namespace put right, when that is almost a known one; None when it is known or far from all.

    Almost: a prefix that was not expanded, a separator that is missing, doubled or the other one, http for https, one
    other character.
    """
    if (found := _PREFIXED.fullmatch(iri)) and found["prefix"] in prefixes:
        return prefixes[found["prefix"]] + found["local"]
    known = sorted(set(prefixes.values()), key=lambda one: (-len(one), one))
    if any(iri.startswith(one) and iri[len(one) : len(one) + 1] not in ("/", "#") for one in known):
        return None
    for one in known:
        if (local := _local_after(iri, one)) is not None:
            return one + local
    space, local = split(iri)
    return next((one + local for one in known if within_one_edit(_bare(space), _bare(one))), None)


def _local_after(iri: str, namespace: str) -> str | None:
    """The local name when the namespace was written with another scheme or another separator, or with none."""
    rest = _SCHEME.sub("", iri)
    bare = _bare(namespace)
    if not rest.lower().startswith(bare):
        return None
    local = rest[len(bare) :].lstrip("/#")
    return local if _NAME.fullmatch(local) else None


def _bare(namespace: str) -> str:
    return _SCHEME.sub("", namespace).rstrip("/#").lower()


def within_one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion or replacement at most makes one the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    if len(longer) == len(shorter):
        return longer[start + 1 :] == shorter[start + 1 :]
    return longer[start + 1 :] == shorter[start:]


def similar(iri: str, terms: Iterable[TermInfo], namespaces: Iterable[str], limit: int) -> list[str]:
    """IRIs of the terms whose local names read most like this one's, best first.

    The same namespace wins over others, a term in use over a deprecated one; annotation properties and the terms of
    RDF, OWL and XSD come only from the same namespace. One there that differs in capitals only is the only one; when
    none there is close, one that contains this one, or is contained in it, will do too.
    """
    spaces = tuple(namespaces)
    space, rest = split(iri, spaces)
    local = re.split("[/#]", rest)[-1]
    scored = []
    for term in terms:
        other, name = split(term.iri, spaces)
        foreign = other != space
        if foreign and (term.kind == "annotation property" or other in STANDARD_PREFIXES.values()):
            continue
        alike = ratio(name.lower(), local.lower())
        if not foreign and alike < _CLOSE and _has_the_words(name, local):
            alike = _CLOSE
        if term.iri != iri and (alike >= _CLOSE or (not foreign and _contain(name.lower(), local.lower()))):
            case = name[:1].isupper() != local[:1].isupper()
            scored.append((alike < _CLOSE, foreign and alike < 1, -alike, foreign, term.deprecated, case, term.iri))
    near = [one for one in sorted(scored) if not one[0]]
    if near and near[0][2] == -1 and not near[0][3]:
        return [near[0][-1]]
    own = [] if any(not one[3] for one in near) else [one for one in sorted(scored) if one[0]]
    return [one[-1] for one in [*near[: limit - 1], *own, *near[limit - 1 :]][:limit]]


def ratio(left: str, right: str) -> float:
    """How alike two names are, from 0 to 1; 0 when they are far apart (below 0.8)."""
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    far = matcher.real_quick_ratio() < _CLOSE or matcher.quick_ratio() < _CLOSE
    return 0 if far else round(matcher.ratio(), 2)


def _contain(left: str, right: str) -> bool:
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= _WORD and shorter in longer


def _has_the_words(left: str, right: str) -> bool:
    """Whether two names have the same words, some cut short: ``FlexRequest`` and ``FlexibilityRequest``."""
    ours, theirs = _WORDS.findall(left), _WORDS.findall(right)
    return len(ours) == len(theirs) > 1 and all(map(_is_cut_short, ours, theirs))


def _is_cut_short(left: str, right: str) -> bool:
    shorter, longer = sorted((left.lower(), right.lower()), key=len)
    return shorter == longer or (len(shorter) >= _BEGINNING and longer.startswith(shorter))
