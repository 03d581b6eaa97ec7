"""The variables of fields: their own names, one name for what a reply repeats of its request."""

from __future__ import annotations

from collections import Counter
from typing import Final

from gridlingua.catalogue.exchange import Operation
from gridlingua.catalogue.scaffold.leaves import Leaf
from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.catalogue.scaffold.words import camel, fresh, variable
from gridlingua.semantics.schema import Schema

_DEMANDS: Final = ("enum", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "multipleOf")


def name_leaves(proposal: Proposal, operation: Operation) -> None:
    """Give every leaf its variable."""
    asked = list(proposal.leaves("request"))
    _name(proposal, asked, "request")
    answered: list[Leaf] = []
    for leaf in proposal.leaves("reply"):
        same = next((one for one in asked if _repeats(proposal, one, leaf, operation)), None)
        already = same is not None and proposal.variables[same] in {
            proposal.variables[one] for one in answered if one in proposal.variables
        }
        if same is not None and not already:
            proposal.variables[leaf] = proposal.variables[same]
        answered.append(leaf)
    _name(proposal, [one for one in answered if one not in proposal.variables], "reply")


def _repeats(proposal: Proposal, asked: Leaf, leaf: Leaf, operation: Operation) -> bool:
    """Whether a field of the reply is one of the request again: an identifier of the same name.

    ``id`` alone is the same only where it is of the same thing: an ask's reply itself, a post's element as deep.
    """
    if asked.name != leaf.name or asked.datatype != leaf.datatype or asked.around != leaf.around:
        return False
    given = asked.name in operation.parameters and not leaf.level  # an element's own may be something else
    if not (asked.is_identifier or given) or not _is_alike(asked.schema, leaf.schema):
        return False
    if asked.is_own_identifier:
        return leaf.level == () if proposal.kind == "ask" else leaf.level.count("*") == asked.level.count("*")
    return leaf.level.count("*") >= asked.level.count("*")


def _is_alike(asked: Schema, said: Schema) -> bool:
    """Whether one value can be both: the same demands, or none on one side."""
    demands = [{key: one[key] for key in _DEMANDS if one.get(key) not in (None, 0, 1)} for one in (asked, said)]
    return demands[0] == demands[1] or not all(demands)


def _name(proposal: Proposal, leaves: list[Leaf], part: str) -> None:
    often = Counter(variable(one.name) for one in leaves)
    for leaf in leaves:
        taken = set(proposal.variables.values())
        name = variable(leaf.name)
        around = leaf.around or next(
            (level.noun for level in proposal.levels[leaf.part] if level.pointer == leaf.level), ()
        )
        if (often[name] > 1 or name in taken) and around:
            name = camel((*around, *leaf.words))
        if name in taken:
            name = camel((part, *leaf.words))
        proposal.variables[leaf] = fresh(name, taken)
