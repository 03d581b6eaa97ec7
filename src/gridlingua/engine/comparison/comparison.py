"""Two interactions compared: the engine's verdict, and their patterns side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from gridlingua.catalogue.ontology.kinship import Kin, Kinship
from gridlingua.engine.bindings import value_key
from gridlingua.engine.comparison.verdict import Side, argument_level, result_level, serving_level
from gridlingua.engine.comparison.words import words_between
from gridlingua.engine.protocol import Interaction
from gridlingua.engine.purposes import compatible
from gridlingua.semantics.alignment import Alignment, align
from gridlingua.semantics.patterns import Pattern, Triple

Name = Literal["pattern", "argument", "result"]

_MEETING = {("ask", "answer"), ("post", "react")}


@dataclass(frozen=True)
class Part:
    """A pattern of A and the one of B that it is compared with.

    ``level`` is the lowest at which they match, ``mended`` the lowest at which they would once B is put into A's words
    (``kin`` says which); None: at none. ``alignment`` is that of A with B in A's words.
    """

    name: Name
    level: int | None
    alignment: Alignment
    kin: tuple[Kin, ...] = ()
    mended: int | None = None


@dataclass(frozen=True)
class Comparison:
    """A and B: who of them asks or posts, and what comes of it.

    ``level`` is the lowest reasoner level at which B serves A, or A serves B; None: at none. ``purposes_fit``: their
    communicative acts do. ``mended``: the lowest once the terms that are kin are the same, and purposes fit.
    ``helped``: the lowest at which the responder takes part when somebody else brings the triples ``open_``.
    """

    a: Side
    b: Side
    parts: tuple[Part, ...]
    level: int | None
    purposes_fit: bool
    mended: int | None
    helped: int | None = None
    open_: tuple[Triple, ...] = ()

    @property
    def a_initiates(self) -> bool:
        return self.a.is_initiator or not self.b.is_initiator

    @property
    def initiator(self) -> Side:
        return self.a if self.a_initiates else self.b

    @property
    def responder(self) -> Side:
        return self.b if self.a_initiates else self.a

    @property
    def kinds_meet(self) -> bool:
        """Whether an ask meets an answer, or a post a react."""
        return (self.initiator.interaction.kind, self.responder.interaction.kind) in _MEETING

    @property
    def is_same_party(self) -> bool:
        """Whether both are of one knowledge base, which never serves itself (contract 4.1)."""
        return bool(self.a.knowledge_base) and self.a.knowledge_base == self.b.knowledge_base

    @cached_property
    def kin(self) -> tuple[Kin, ...]:
        return tuple(dict.fromkeys(kin for part in self.parts for kin in part.kin))


def compare(a: Side, b: Side, kinship: Kinship) -> Comparison:
    """Compare two sides; one of them should ask or post and the other answer or react."""
    bare = Comparison(a, b, (), None, compatible(a.interaction, b.interaction), None)
    first, second = bare.initiator.interaction, bare.responder.interaction
    parts = tuple(_parts(bare, kinship))
    if not bare.kinds_meet or bare.is_same_party:
        return replace(bare, parts=parts)
    level = serving_level(first, second)
    helped, open_ = (None, ()) if argument_level(first, second) else _helped(first, second)
    return replace(bare, parts=parts, level=level, mended=_mended(bare, parts), helped=helped, open_=open_)


def _parts(bare: Comparison, kinship: Kinship) -> Iterator[Part]:
    b = bare.b.interaction
    for name, left, right in _pairs(bare):
        words, kin = words_between(left, right, kinship)
        alignment = align(left, right, words, value_key)
        found = Part(name, None, alignment, kin)
        if bare.kinds_meet:
            found = replace(
                found, level=_level(bare, name, b), mended=_level(bare, name, _with(b, {name: alignment.said}))
            )
        yield found


def _pairs(bare: Comparison) -> Iterator[tuple[Name, Pattern, Pattern]]:
    a, b = bare.a.interaction, bare.b.interaction
    if {a.kind, b.kind} == {"ask", "react"}:  # what a react brings could answer, if somebody brought its argument
        left, right = ((one.result or one.pattern) if one.kind == "react" else one.pattern for one in (a, b))
        yield "pattern", left, right
        return
    posts = a.kind in ("post", "react") and b.kind in ("post", "react")
    if "result" not in (bare.a.part, bare.b.part) or not posts:
        yield "argument" if posts else "pattern", a.pattern, b.pattern
    if posts and a.result and b.result:
        yield "result", a.result, b.result


def _with(interaction: Interaction, patterns: dict[Name, Pattern]) -> Interaction:
    pattern = patterns.get("argument") or patterns.get("pattern") or interaction.pattern
    return replace(interaction, pattern=pattern, result=patterns.get("result") or interaction.result)


def _level(bare: Comparison, name: Name, b: Interaction) -> int | None:
    first, second = (bare.a.interaction, b) if bare.a_initiates else (b, bare.a.interaction)
    return result_level(first, second) if name == "result" else argument_level(first, second)


def _mended(bare: Comparison, parts: tuple[Part, ...]) -> int | None:
    a, b = bare.a.interaction, _with(bare.b.interaction, {part.name: part.alignment.said for part in parts})
    b = replace(b, required=a.required, satisfied=a.required)
    a = replace(a, satisfied=a.required)
    return serving_level(a, b) if bare.a_initiates else serving_level(b, a)


def _helped(first: Interaction, second: Interaction) -> tuple[int | None, tuple[Triple, ...]]:
    """At which level a responder takes part whose own triples are not enough, and those that somebody must add: for an
    ask what it asks for beyond them, for a post what the react takes beyond what is posted."""
    wanted, there = (first.pattern, second.pattern) if first.kind == "ask" else (second.pattern, first.pattern)
    found = align(wanted, there, key=value_key)
    brought = {position for position, _ in found.together}
    rest = tuple(triple for position, triple in enumerate(wanted.triples) if position not in brought)
    if not brought or not rest:
        return None, ()
    level = argument_level(first, second, [Interaction("rest", "answer", Pattern(rest))])
    return (level, rest) if level else (None, ())
