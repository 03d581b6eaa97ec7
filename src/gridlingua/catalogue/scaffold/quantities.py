"""The units of numbers: from a field beside them, their name or their description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gridlingua.catalogue.scaffold.blocks import Quantities
from gridlingua.catalogue.scaffold.brief import UNDECIDED
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.words import Words, contain, words
from gridlingua.semantics.terms import Term
from gridlingua.semantics.units import UNITS

_SYMBOLS: Final = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_DESCRIBED: Final = re.compile(rf"(?:\b(?:in|unit is|unit:|units:|unit)\s+|[(\[])({_SYMBOLS})(?![\w/])")
_ABBREVIATION: Final = 3
_VAGUE: Final = frozenset(words("value quantity amount measurement reading number result figure size volume"))
"""What a number is called whose unit beside it tells what it is."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number, and its unit: the field that carries it, or the one that it always is."""

    number: Leaf
    unit: Leaf | Term
    kind: str = ""


@dataclass
class Units:
    """Finds the units of the numbers of one message; ``codes`` are the terms of the units that fields carry."""

    block: Quantities
    leaves: Sequence[Leaf]

    def __post_init__(self) -> None:
        self.codes: dict[Leaf, dict[str, Term] | None] = {}
        self._fields = [one for one in self.leaves if self._prefix(one) is not None and self._carries(one)]

    def quantities(self) -> Iterator[Quantity]:
        """The numbers whose unit is known."""
        for leaf in self.leaves:
            if not leaf.is_number or leaf.is_identifier:
                continue
            field, symbol = self._beside(leaf), self._symbol(leaf)
            if field is not None and self._is_foreign(leaf, field):
                field = None
            if field is not None and (not symbol or self._prefix(field)):
                yield Quantity(leaf, field, self._kind(leaf, field))
            elif symbol:
                yield Quantity(leaf, UNITS[symbol].term, UNITS[symbol].kind)

    def likely_kind(self, leaf: Leaf) -> str:
        """The kind of quantity that a number's words tell of, if they do: the longest words win."""
        found = [
            (len(said), kind)
            for kind, one in self.block.kinds.items()
            for said in (tuple(text.split()) for text in one.get("words", ()))
            if contain(leaf.said, said)
        ]
        return max(found, default=(0, ""))[1]

    def _prefix(self, leaf: Leaf) -> Words | None:
        """The words before ``unit`` of a unit's field, None for another field."""
        if leaf.datatype != "string":
            return None
        ends = [one for one in self.block.unit_words if leaf.words[-len(one) :] == one]
        return leaf.words[: -len(max(ends, key=len))] if ends else None

    def _carries(self, leaf: Leaf) -> bool:
        """Whether the values of a unit's field are units that we know; fills in ``codes``."""
        allowed = [str(one) for one in leaf.schema.get("enum", ())]
        symbols = [one if one in UNITS else self.block.spellings.get(one.casefold(), "") for one in allowed]
        if not all(symbols) or len(set(symbols)) < len(symbols):
            return False
        spelt = symbols != allowed
        self.codes[leaf] = (
            {text: UNITS[one].term for text, one in zip(allowed, symbols, strict=True)} if spelt else None
        )
        return True

    def _beside(self, leaf: Leaf) -> Leaf | None:
        """The unit's field for a number: named after it, or the only one in its object, its level or above."""

        def rank(field: Leaf) -> tuple[bool, bool, int]:
            prefix = self._prefix(field) or ()
            named = bool(prefix) and (
                contain(leaf.said, prefix) or prefix in (("measurement",), ("quantity",), ("value",))
            )
            return named, field.around == leaf.around and field.level == leaf.level, len(field.level)

        fitting = [
            one
            for one in self._fields
            if one.level == leaf.level[: len(one.level)] and (not self._prefix(one) or rank(one)[0])
        ]
        return max(fitting, key=rank, default=None)

    def _is_foreign(self, leaf: Leaf, field: Leaf) -> bool:
        """Whether a unit's field without a name speaks of others: the number is of another kind, or beside a quantity
        of its kind a count or a number whose words tell of none."""
        if self._prefix(field):
            return False
        kinds, likely = self._kinds(field), self.likely_kind(leaf)
        if likely and kinds:
            return likely not in kinds
        rivals = [one for one in self.leaves if one.is_number and one.level == leaf.level and one is not leaf]
        named = any(self.likely_kind(one) in (kinds or self.block.kinds) for one in rivals)
        if leaf.datatype == "integer":
            return named or any(one.datatype == "decimal" for one in rivals)
        return named and not likely and leaf.words[-1] not in _VAGUE

    def _kinds(self, field: Leaf) -> set[str]:
        """The kinds of the units that a field may have, none when it does not say which."""
        codes = self.codes[field]
        allowed = field.schema.get("enum", ())
        return {
            unit.kind
            for unit in UNITS.values()
            if (unit.term in codes.values() if codes is not None else unit.symbol in allowed)
        }

    def _symbol(self, leaf: Leaf) -> str:
        """The symbol of the unit that a number's name ends in (a single letter only after other words), or that its
        description names."""
        for size in (3, 2, 1):
            tail = leaf.words[-size:]
            for text in ("".join(tail), " ".join(tail), "/".join(tail)):
                if text in self.block.spellings and (len(leaf.words) > size or len(text) > 1):
                    return self.block.spellings[text]
        if found := _DESCRIBED.search(leaf.description):
            return found[1]
        if found := self._spelt.search(leaf.description.casefold()):
            return self.block.spellings[found[1]]
        return ""

    @cached_property
    def _spelt(self) -> re.Pattern[str]:
        """``in percent``, ``in kilowatt hours``: a unit written out in a description."""
        names = (one for one in self.block.spellings if len(one) > _ABBREVIATION and one not in UNITS)
        return re.compile(rf"\bin\s+({'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})s?\b")

    def _shown_kind(self, field: Leaf) -> str:
        """The kind of the unit that an example of a unit's field has."""
        shown = [str(one) for one in field.schema.get("examples", ())]
        return next((UNITS[one].kind for one in shown if one in UNITS), "")

    def _kind(self, leaf: Leaf, field: Leaf) -> str:
        """The kind of a number by the units that it may have; a field without a list of units gets one."""
        if "enum" not in field.schema:
            likely = self._shown_kind(field) or self.likely_kind(leaf)
            field.schema["enum"] = [one.symbol for one in UNITS.values() if one.kind == likely or not likely]
            mark = f"which units may this be? It is not said; here any of {likely or 'those that are known'}"
            field.schema["$comment"] = UNDECIDED + mark
            for other in ("minLength", "maxLength", "pattern", "examples"):
                field.schema.pop(other, None)
            return likely
        kinds = self._kinds(field)
        return kinds.pop() if len(kinds) == 1 else ""
