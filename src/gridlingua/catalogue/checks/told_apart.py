"""What tells two values apart is what they are, and not only their unit, nor a text.

Where one value differs from another in nothing but its unit, an engine takes one for the other as soon as the unit is a
variable on one side, and so does a peer that converts units: every row comes crosswise, too. The same holds of two
nodes that only a constant text or number tells apart. What is symmetric even so, the check ambiguity tells.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.quantities import UNIT_OF
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.matching import matches, symmetry
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.search import TooInterchangeableError
from gridlingua.semantics.terms import is_iri, split_iri

SEVERITY: Final[Severity] = "warning"

EXAMPLE: Final = Example(
    wrong="""
        PREFIX om:    <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasResult ?power , ?energy .
          ?power a saref:PropertyValue ; saref:hasValue ?kilowatts ; saref:isMeasuredIn om:kilowatt .
          ?energy a saref:PropertyValue ; saref:hasValue ?hours ; saref:isMeasuredIn om:kilowattHour .
        }
    """,
    right="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasResult ?power , ?energy .
          ?power a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?kilowatts ;
              saref:isMeasuredIn om:kilowatt .
          ?energy a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActiveEnergy ; saref:hasValue ?hours ;
              saref:isMeasuredIn om:kilowattHour .
        }
    """,
)

_ANY: Final = '"any"'
_WAYS: Final = 24
"""As many as four values have; of more, some are named."""


def check_pattern(written: Written) -> Iterator[Problem]:
    if written.role == "graph":
        return
    pattern = written.pattern
    for what, remedy, alike in (
        ("unit", "say of each what it is a value of", lambda triple: triple[1] in UNIT_OF),
        ("text", "give each a class or a property of its own", lambda triple: triple[2].startswith('"')),
    ):
        triples = {triple[0]: triple for triple in pattern.triples if alike(triple)}
        if _some_look_alike(triples, pattern) and (moved := _moved(pattern, alike)):
            yield _problem(written, what, moved, triples, remedy)
            return


def _some_look_alike(triples: Mapping[str, Triple], pattern: Pattern) -> bool:
    """Whether two nodes with different constants have the same properties; what has not changes no places."""
    if len({constant for _, _, constant in triples.values()}) < 2:
        return False
    around: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for s, p, o in pattern.triples:
        if p.startswith("?"):
            return True
        around[s][p, True] += 1
        around[o][p, False] += 1
    kinds = Counter(frozenset(around[node].items()) for node in triples)
    return any(number > 1 for number in kinds.values())


def _moved(pattern: Pattern, alike: Callable[[Triple], bool]) -> set[str]:
    """The nodes that change places once some triples' objects are taken for one; none where they do so anyway."""
    plain = Pattern(tuple(dict.fromkeys((s, p, _ANY if alike((s, p, o)) else o) for s, p, o in pattern.triples)))
    moved: set[str] = set()
    with contextlib.suppress(TooInterchangeableError):
        for match in islice(matches(plain, plain), _WAYS):
            moved |= {target for target, source in match.nodes if target != source}
    return moved if moved and not symmetry(pattern) else set()


def _problem(
    written: Written, what: str, moved: Collection[str], triples: Mapping[str, Triple], remedy: str
) -> Problem:
    told = [triple for node, triple in triples.items() if node in moved]
    pairs = ", ".join(f"{node} ({_shown(constant, written)})" for node, _, constant in told)
    message = f"only the {what} tells these apart: {pairs}: {remedy}"
    return written.problem("told_apart", message, told[0][2], triple=told[0])


def _shown(node: str, written: Written) -> str:
    return written.vocabulary.curie(split_iri(node)) if is_iri(node) else node
