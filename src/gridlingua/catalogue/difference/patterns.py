"""The patterns of two exchanges, profile by profile: whether old and new still meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gridlingua.catalogue.difference.change import BOTH, Change, Role
from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.lettering import written
from gridlingua.semantics.alignment import Alignment, align
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.terms import RDF_TYPE

Level = Callable[[Exchange, Exchange, str], int | None]
"""The lowest reasoner level at which an initiator of the first exchange is served by a responder of the second one, in
a profile; None: at none."""
Curie = Callable[[str], str]

_MOST = 4


def pattern_changes(old: Exchange, new: Exchange, level: Level, curie: Curie) -> Iterator[Change]:
    """What changed in every profile that both have, and whether they meet; profiles that only one has."""
    for profile in dict.fromkeys([*old.profiles, *new.profiles]):
        if profile not in new.profiles:
            why = f"peers that speak {profile} find nobody any more"
            yield Change("pattern", f"the profile {profile} is gone", why, BOTH, gone=True)
        elif profile not in old.profiles:
            yield Change("pattern", f"the profile {profile} is new", f"peers that speak {profile} are met, too")
        elif old.kind == new.kind:  # else no pattern could make them meet
            yield from _of_profile(old, new, profile, level, curie)


def _of_profile(old: Exchange, new: Exchange, profile: str, level: Level, curie: Curie) -> Iterator[Change]:
    before, after = old.profiles[profile], new.profiles[profile]
    said = [
        text
        for text in (_said(before.request, after.request, curie), _said(before.result, after.result, curie))
        if text
    ]
    if not said:
        return
    broken: list[Role] = []
    reasons = []
    sides: tuple[tuple[Role, str, Exchange, Exchange], ...] = (
        ("initiators", "an old initiator and a new responder", old, new),
        ("responders", "a new initiator and an old responder", new, old),
    )
    for role, names, initiator, responder in sides:
        found = level(initiator, responder, profile)
        if found != 1:
            broken.append(role)
            reasons.append(f"{names} " + ("do not match" if found is None else f"match at reasoner level {found} only"))
    what = f"{profile}: {'; '.join(said)}"
    yield Change("pattern", what, "; ".join(reasons) or "old and new match one for one", frozenset(broken))


def _said(old: Pattern | None, new: Pattern | None, curie: Curie) -> str:
    """What differs, in words; empty when nothing does."""
    if old is None or new is None or old.triples == new.triples:
        return ""
    found = align(old, new)
    parts = []
    if lost := [old.triples[one] for one in found.left_alone]:
        parts.append(f"no longer {_triples(lost, curie)}")
    if won := [new.triples[one] for one in found.right_alone]:
        parts.append(f"now {_triples(won, curie)}")
    parts += [
        f"{_triples([new.triples[s]], curie)} instead of {_triples([old.triples[t]], curie)}"
        for t, s in (*found.differing, *found.apart)
    ]
    pairs = [(written(one, curie), written(other, curie)) for one, other in found.nodes.items() if one != other]
    names = [f"{other} instead of {one}" for one, other in pairs]
    if names:
        parts.append(", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else ""))
    return "; ".join(parts) or _order(found)


def _order(found: Alignment) -> str:
    return "" if found.is_whole else "other triples"


def _triples(triples: Sequence[Triple], curie: Curie) -> str:
    texts = [" ".join("a" if one == RDF_TYPE else written(one, curie) for one in triple) for triple in triples[:_MOST]]
    return " . ".join(texts) + (f" and {len(triples) - _MOST} more" if len(triples) > _MOST else "")
