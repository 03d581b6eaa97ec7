"""The words of one pattern in those of another, as far as their terms are kin."""

from __future__ import annotations

from collections.abc import Iterable

from gridlingua.catalogue.ontology.kinship import Kin, Kinship
from gridlingua.semantics.alignment import Words
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.terms import is_iri, split_iri


def words_between(left: Pattern, right: Pattern, kinship: Kinship) -> tuple[Words, tuple[Kin, ...]]:
    """What to write in the right pattern so that it says the same in terms of the left one, and why.

    Only terms that one pattern has and the other has not are looked at; a property stands for a property only.
    """
    constants: dict[str, str] = {}
    inverses: dict[str, str] = {}
    found: list[Kin] = []
    for as_property in (True, False):
        ours = [one for one in _iris(left, as_property) if one not in _iris(right, as_property)]
        theirs = [one for one in _iris(right, as_property) if one not in _iris(left, as_property)]
        for term in theirs:
            known = _nearest((kinship.between(one, term) for one in ours), kinship)
            turned = (
                None if known or not as_property else _nearest((kinship.inverse(one, term) for one in ours), kinship)
            )
            if kin := known or turned:
                (constants if known else inverses)[f"<{term}>"] = f"<{kin.left}>"
                found.append(kin)
    return Words(constants, inverses), tuple(dict.fromkeys(found))


def _nearest(found: Iterable[Kin | None], kinship: Kinship) -> Kin | None:
    known = (kin for kin in found if kin)
    return min(known, key=lambda kin: (kin.either, kin.length, kinship.rank(kin)), default=None)


def _iris(pattern: Pattern, as_property: bool) -> dict[str, None]:
    """The IRIs that stand as predicates, or elsewhere, in order."""
    terms = (
        node
        for subject, predicate, value in pattern.triples
        for node in ((predicate,) if as_property else (subject, value))
    )
    return dict.fromkeys(split_iri(term) for term in terms if is_iri(term))
