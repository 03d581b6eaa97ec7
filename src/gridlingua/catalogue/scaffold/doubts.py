"""What an author has to decide although a block knows the words: the questions, empty where there is no doubt."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from gridlingua.catalogue.scaffold.blocks import Quantities, Statement
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Proposal

_BOUNDS: Final = frozenset(("max", "maximum", "min", "minimum", "nominal", "rated", "highest", "lowest"))
_BOUND: Final = (
    "a bound or a rating is no measurement: which kind of limit is it (such as s4ener:NominalPowerLimit), and of what?"
)


def of_codes(block: Statement, leaf: Leaf, terms: Collection[str], source: str) -> str:
    """Whether the document may mean the terms of a field otherwise than the block does."""
    said = set(re.findall(r"[a-z]+", f"{source} {leaf.description}".casefold()))
    return block.doubt.says if block.doubt and block.doubt.terms & set(terms) and block.doubt.words & said else ""


def of_quantity(block: Quantities, kind: str, leaf: Leaf, beside: Sequence[Leaf], proposal: Proposal) -> str:
    """Whether a number is of no known property, or no measurement at all."""
    if block.kinds.get(kind, {}).keys() & {"property", "links"}:
        return _BOUND if _BOUNDS & set(leaf.said) else ""
    question = "which property is this (saref:isValueOfProperty)?"
    properties = {
        one["property"].partition(":")[2]: one["property"] for one in block.kinds.values() if "property" in one
    }
    for other in beside:
        known = [f"{one}: {properties[one]}" for one in other.schema.get("enum", ()) if one in properties]
        if known and other.around == leaf.around:
            name = proposal.variables[other]
            return f"{question} ?{name} tells it: give that field codes ({', '.join(known)}), and say it."
    return question
