"""Terms by the words in their names, over every pinned version of every ontology."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.terms import TermInfo, TermList
from gridlingua.semantics.terms import split_iri
from gridlingua.semantics.units import UNITS

Sort = Literal["class", "property", "individual", "unit"]

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CURIE: Final = re.compile(r"(?P<prefix>[A-Za-z][\w.-]*):(?P<local>[\w.%-]*)")
_WHOLE, _WORD, _BEGINNING, _PART, _NEAR = 100.0, 60.0, 45.0, 30.0, 25.0
_CLOSE: Final = 0.78
_SHORT: Final = 3


@dataclass(frozen=True)
class Found:
    """A term that words lead to, as its newest list has it; the names of all lists that define it, oldest first."""

    term: TermInfo
    lists: tuple[str, ...]
    score: float


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: ``hasFlexRequestID`` → has, flex, request, id."""
    return tuple(one.lower() for one in _WORDS.findall(name))


def find_terms(
    words: Sequence[str], lists: Iterable[TermList], *, sort: Sort | None = None, used: Collection[str] = ()
) -> list[Found]:
    """The terms whose names have all of the words, best first: as a whole, as a word, at the beginning of one, within,
    or nearly. A prefix before a colon narrows the search; a symbol such as kWh finds its unit. Terms that are ``used``
    (IRIs) win over their equals, deprecated ones lose."""
    defined: dict[str, list[tuple[TermList, TermInfo]]] = {}
    for one in lists:
        for iri, term in one.terms.items():
            if not term.borrowed:
                defined.setdefault(iri, []).append((one, term))
    symbols = {split_iri(term): unit.symbol for unit in UNITS.values() for term in (unit.term, *unit.synonyms)}
    found = []
    for iri, told in defined.items():
        told.sort(key=lambda pair: version_key(pair[0].version))
        term = told[-1][1]
        if sort and not is_sort(term, sort):
            continue
        if score := _score(
            words, told[-1][0].prefix, spelling.split(iri, [told[-1][0].namespace])[1], symbols.get(iri)
        ):
            score += 4 * (iri in used) - 10 * term.deprecated
            found.append(Found(term, tuple(one.name for one, _ in told), score))
    return sorted(found, key=lambda one: (-one.score, len(one.term.iri), one.term.iri))


def find_some(
    words: Sequence[str], lists: Sequence[TermList], *, sort: Sort | None = None, used: Collection[str] = ()
) -> list[Found]:
    """The terms whose names have some of the words, those with the most of them first, and then as ``find_terms``."""
    counts: dict[str, int] = {}
    best: dict[str, Found] = {}
    for word in dict.fromkeys(words):
        for one in find_terms([word], lists, sort=sort, used=used):
            counts[one.term.iri] = counts.get(one.term.iri, 0) + 1
            known = best.get(one.term.iri)
            best[one.term.iri] = one if known is None or one.score > known.score else known
    return sorted(best.values(), key=lambda one: (-counts[one.term.iri], -one.score, one.term.iri))


def is_sort(term: TermInfo, sort: Sort) -> bool:
    """Whether a term is of a kind as people ask for it: a unit is an individual that measures something."""
    if sort == "unit":
        return term.kind == "individual" and bool(term.quantity_kinds or any("Unit" in one for one in term.types))
    return term.kind.endswith(sort)


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """What sorts versions by age: 1.1.2 before 2.1.1, 3.9 before 3.10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.\-]", version))


def _score(words: Sequence[str], prefix: str, local: str, symbol: str | None) -> float:
    """How well a name answers all of the words, 0: not at all; what else it says counts against it."""
    total = 0.0
    parts = words_of(local)
    for word in words:
        if found := _CURIE.fullmatch(word):
            if not prefix.lower().startswith(found["prefix"].lower()):
                return 0
            word = found["local"]
            total += 1
        if not word:
            continue
        best = _WHOLE if symbol == word else _of_word(word.lower(), local.lower(), parts)
        if not best:
            return 0
        total += best
    return max(total - 2 * max(len(parts) - len(words), 0), 0.1) if total else 0


def _of_word(word: str, local: str, parts: Sequence[str]) -> float:
    if word == local:
        return _WHOLE
    if word in parts:
        return _WORD
    if len(word) >= _SHORT and any(one.startswith(word) or _stem(one) == _stem(word) for one in parts):
        return _BEGINNING
    if len(word) >= _SHORT and word in local:
        return _PART
    near = max((_ratio(word, one) for one in (*parts, local) if len(one) > _SHORT), default=0.0)
    return _NEAR * near if len(word) > _SHORT and near >= _CLOSE else 0


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|y|s|ing|ed|e)$", "", word) if len(word) > _SHORT + 1 else word


def _ratio(left: str, right: str) -> float:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE else 0.0


def as_iri(text: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a term as people type it: ``saref:Power``, ``<https://…>`` or bare; empty when it is neither."""
    text = text.removeprefix("<").removesuffix(">")
    found = _CURIE.fullmatch(text)
    if found and found["prefix"] in prefixes:
        return prefixes[found["prefix"]] + found["local"]
    return text if "://" in text else ""
