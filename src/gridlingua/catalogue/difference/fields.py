"""Fields, keys and nodes of two declarations of an exchange."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, get_args

from gridlingua.catalogue.difference.change import BOTH, JSON, Change, Part, broken_by, why
from gridlingua.catalogue.exchange import Exchange
from gridlingua.semantics.alignment import align
from gridlingua.semantics.datatypes import Converter
from gridlingua.semantics.mapping import ABSENT, Field, Level, write_pointer
from gridlingua.semantics.schema import write_json

Names = Mapping[str, str]
"""The variables of the old exchange by their names in the new one."""

_PARTS: Final[tuple[Part, ...]] = get_args(Part)


def renamed(old: Exchange, new: Exchange) -> dict[str, str]:
    """Variables that stand where others stood, and are neither in the old patterns nor stayed in the new."""
    found: dict[str, str] = {}
    for profile in old.profiles.keys() & new.profiles.keys():
        before, after = old.profiles[profile], new.profiles[profile]
        parts = [(before.request, after.request)]
        parts += [(before.result, after.result)] if before.result and after.result else []
        for left, right in parts:
            for one, other in align(left, right).nodes.items():
                is_new = one[1:] not in right.variables and other[1:] not in left.variables
                if one.startswith("?") and other.startswith("?") and is_new:
                    found[one[1:]] = other[1:]
    return found


def field_changes(old: Exchange, new: Exchange, names: Names) -> Iterator[Change]:
    """What became of each field that both have: where it stands, how it is written, what absence means."""
    for part in _PARTS:
        before, after = old.mapping(part).fields, new.mapping(part).fields
        for name, was in before.items():
            if (is_ := after.get(names.get(name, name))) is None:
                continue
            if was.pointer != is_.pointer:
                moved = (
                    f"{part}: ?{name} stands at {write_pointer(is_.pointer)} instead of {write_pointer(was.pointer)}"
                )
                yield Change("fields", moved, "rows are the same; who speaks the JSON must change with it", JSON)
            yield from _default(part, was, is_)
            for profile in old.profiles.keys() & new.profiles.keys():
                writes = [one.mapping(part, profile).fields for one in (old, new)]
                yield from _terms(part, profile, writes[0][name], writes[1][is_.variable])


def _default(part: Part, was: Field, is_: Field) -> Iterator[Change]:
    if ABSENT not in (was.default, is_.default) and was.default != is_.default:
        texts = [write_json(one.default) for one in (is_, was)]
        what = f"{part}: a message without {write_pointer(is_.pointer)} says {texts[0]} instead of {texts[1]}"
        yield Change("fields", what, "nobody is refused, and callers who leave it out say something else", JSON)


def _terms(part: Part, profile: str, was: Field, is_: Field) -> Iterator[Change]:
    """How the value is said in RDF."""
    one, other = was.converter, is_.converter
    if one.name != other.name and not (one.codes and other.codes):
        what = f"{part}: ?{was.variable} is written {other.name} instead of {one.name} in {profile}"
        yield Change("fields", what, "its terms are others, and neither side reads the other's", BOTH)
        return
    yield from _codes(f"{part}: ?{was.variable}", part, profile, one, other)


def _codes(about: str, part: Part, profile: str, one: Converter, other: Converter) -> Iterator[Change]:
    moved = [code for code, term in one.codes.items() if code in other.codes and other.codes[code] != term]
    for code in moved:
        what = f"{about}: {code} means {other.codes[code]} instead of {one.codes[code]} in {profile}"
        yield Change("fields", what, "one word says two things: neither side reads the other's term", BOTH)
    terms, now = {term: code for code, term in one.codes.items()}, {term: code for code, term in other.codes.items()}
    for term in terms.keys() & now.keys():
        if terms[term] != now[term] and terms[term] not in moved and now[term] not in moved:
            what = f"{about}: {term} is called {now[term]} instead of {terms[term]}"
            yield Change("fields", what, "rows are the same; who speaks the JSON must change with it", JSON)
    lost, won = terms.keys() - now.keys(), now.keys() - terms.keys()
    for way, iris, word in (("narrower", lost, "no longer has"), ("wider", won, "also has")):
        if listed := [term for term in (*terms, *now) if term in iris and (terms | now)[term] not in moved]:
            what = f"{about} {word} {', '.join(listed)} in {profile}"
            yield Change("fields", what, why(part, way), broken_by(part, way))  # type: ignore[arg-type]


def key_changes(old: Exchange, new: Exchange, names: Names) -> Iterator[Change]:
    """What makes an element itself, and in which order elements come."""
    for part in _PARTS:
        after = {level.pointer: level for level in new.mapping(part).levels}
        for level in old.mapping(part).levels:
            if is_ := after.get(level.pointer):
                yield from _keys(part, level, is_, names)


def _keys(part: Part, was: Level, is_: Level, names: Names) -> Iterator[Change]:
    place = f"{part} {write_pointer(was.pointer) or '/'}"
    before, after = [names.get(one, one) for one in was.keys], list(is_.keys)
    if set(before) != set(after):
        what = f"{place}: the keys are {_list(after)} instead of {_list(before)}"
        way = "narrower" if set(after) < set(before) else "wider" if set(before) < set(after) else "other"
        more = "the resources of an element get other names, and what was said of the old ones stays with those"
        yield Change("keys", what, f"{why(part, way)}; {more}", broken_by(part, way))  # type: ignore[arg-type]
    order = [names.get(one, one) for one in was.order], list(is_.order)
    if order[0] != order[1] and set(before) == set(after):
        what = f"{place}: elements come in the order of {_list(order[1])} instead of {_list(order[0])}"
        yield Change("keys", what, "the order of elements says nothing")


def _list(names: Collection[str]) -> str:
    return ", ".join(f"?{one}" for one in names) or "none"


def node_changes(old: Exchange, new: Exchange, names: Names) -> Iterator[Change]:
    """Resources with a name of their own, which other exchanges and other parties use too."""
    for part in _PARTS:
        after = new.mapping(part).nodes
        for name, was in old.mapping(part).nodes.items():
            is_ = after.get(names.get(name, name))
            if is_ is None or was.template == is_.template:
                continue
            texts = [one.template or "a name of its own" for one in (is_, was)]
            what = f"{part}: ?{name} is named {texts[0]} instead of {texts[1]}"
            shared = any(one.template and not one.template.startswith("./") for one in (was, is_))
            if shared:
                yield Change(
                    "nodes", what, "parties name one resource in two ways, so nobody sees that it is one", BOTH
                )
            else:
                yield Change("nodes", what, "a party's own names change: what it said before stays with the old ones")
