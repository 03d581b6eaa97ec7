"""What is proposed for an exchange: its variables, nodes, keys and triples, and what is left to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.scaffold.blocks import Thing
from gridlingua.catalogue.scaffold.leaves import Leaf, Level
from gridlingua.semantics.mapping import Pointer
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.terms import Term

Side = Literal["pattern", "argument", "result"]
"""The pattern files of an exchange: ``saref4.rq``, or ``saref4.argument.rq`` and ``saref4.result.rq``."""


@dataclass(frozen=True)
class Placed:
    """A thing of the proposal: its node, the level it stands at, its classes (IRIs)."""

    variable: str
    thing: Thing
    part: Part
    level: Pointer
    types: tuple[str, ...]
    noun: str


@dataclass(frozen=True)
class Mark:
    """What an author has to decide: the variable it is about, a sentence."""

    side: Side
    variable: str
    sentence: str


@dataclass(frozen=True)
class Order:
    """Two times of one period: the first must be later than the second."""

    part: Part
    later: str
    than: str
    message: str


@dataclass
class Proposal:
    """The proposal as it grows. ``variables`` are those of leaves, ``converters`` how exchange.yaml writes them when
    that is not ``as:`` a datatype: ``{"with": "unit"}`` or ``{"codes": {…}}``."""

    kind: Literal["ask", "post"]
    levels: Mapping[Part, tuple[Level, ...]]
    variables: dict[Leaf, str] = field(default_factory=dict)
    converters: dict[Leaf, dict[str, object]] = field(default_factory=dict)
    nodes: dict[Part, dict[Pointer, dict[str, str]]] = field(
        default_factory=lambda: {"request": defaultdict(dict), "reply": defaultdict(dict)}
    )
    keys: dict[Part, dict[Pointer, tuple[str, ...]]] = field(default_factory=lambda: {"request": {}, "reply": {}})
    unsure_keys: list[tuple[Part, Pointer]] = field(default_factory=list)
    triples: dict[Side, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    marks: list[Mark] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    things: list[Placed] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """What a node is called where two would be interchangeable."""

    def side(self, part: Part) -> Side:
        """The pattern file in which a part is said."""
        if self.kind == "ask":
            return "pattern"
        return "argument" if part == "request" else "result"

    @property
    def sides(self) -> tuple[Side, ...]:
        return ("pattern",) if self.kind == "ask" else ("argument", "result")

    def pattern(self, side: Side) -> Pattern:
        """The pattern of a file, as far as it is proposed."""
        return Pattern(tuple(dict.fromkeys(self.triples[side])))

    def leaves(self, part: Part) -> Iterator[Leaf]:
        """The leaves of a part, outermost level first."""
        return (leaf for level in self.levels[part] for leaf in level.leaves)

    def taken(self) -> set[str]:
        """The names of all variables there are."""
        nodes = (name for levels in self.nodes.values() for found in levels.values() for name in found)
        return {*self.variables.values(), *nodes}

    def add(self, side: Side, triple: Triple) -> None:
        """Say a triple, once."""
        if triple not in self.triples[side]:
            self.triples[side].append(triple)

    def leaf_of(self, variable: str, part: Part | None = None) -> Leaf | None:
        """The leaf that a variable carries (of a part, where both carry it)."""
        return next(
            (one for one, name in self.variables.items() if name == variable and part in (None, one.part)), None
        )


def constant(text: str) -> Term:
    """A text as a literal of a pattern."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
