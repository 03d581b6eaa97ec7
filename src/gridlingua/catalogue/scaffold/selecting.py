"""Which triples lead from a thing to one field and to no other: what a rule about that field has to name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Final

from gridlingua.catalogue.scaffold.proposal import Proposal
from gridlingua.semantics.matching import matches
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.search import TooInterchangeableError
from gridlingua.semantics.terms import RDF_TYPE

_ENOUGH: Final = 50
_MOST: Final = 16  # triples of a rule: a query of many costs more than the rule is worth


class Selecting:
    """Selects triples of a proposal's patterns."""

    def __init__(self, proposal: Proposal) -> None:
        self._whole = Pattern(tuple(dict.fromkeys(one for side in proposal.sides for one in proposal.triples[side])))
        asked = {proposal.variables[one] for one in proposal.leaves("request")}
        asked |= {name for found in proposal.nodes["request"].values() for name in found}
        self._asked = Pattern(tuple(self._whole.bound_by(frozenset(asked)).triples))

    def telling(self, way: Sequence[Triple], wanted: Collection[str], in_request: bool) -> list[Triple] | None:
        """The triples of a way, with as many around it as tell its ``wanted`` variables from all others.

        ``in_request``: only triples that a request has. None when nothing tells them apart.
        """
        known = self._asked.triples if in_request else self._whole.triples
        nodes = {one[0] for one in way}
        constant = [one for one in known if one[0] in nodes and one[2][0] != "?"]
        chosen = [*way, *(one for one in constant if one[1] != RDF_TYPE)]
        if not self._tells(chosen, wanted):
            chosen += [one for one in constant if one[1] == RDF_TYPE]
        while not self._tells(chosen, wanted):
            ends = {node for one in chosen for node in (one[0], one[2]) if node.startswith("?")}
            more = [one for one in known if one not in chosen and ends & {one[0], one[2]} and one[1] != RDF_TYPE]
            if not more or len(chosen) + len(more) > _MOST:
                return None
            chosen += more
        return list(dict.fromkeys(chosen))

    def _tells(self, chosen: Sequence[Triple], wanted: Collection[str]) -> bool:
        """Whether the triples match nowhere else in the pattern, as far as the wanted variables go."""
        names = {f"?{one}" for one in wanted}
        try:
            for match in islice(matches(Pattern(tuple(chosen)), self._whole), _ENOUGH):
                if any(target in names and source != target for target, source in match.nodes):
                    return False
        except TooInterchangeableError:
            return False
        return True
