"""What tells two values apart is what they are, and not only their unit, nor a text.

Where one value differs from another in nothing but its unit, an engine takes one for the other as soon as the unit is a
variable on one side, and so does a peer that converts units: every row comes crosswise, too. The same holds of two
nodes that only a constant text or number tells apart. What is symmetric even so, the check ambiguity tells.
"""

from __future__ import annotations

import contextlib
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
    units = {triple[0]: triple for triple in pattern.triples if triple[1] in UNIT_OF}
    texts = {triple[0]: triple for triple in pattern.triples if triple[2].startswith('"')}
    if len({o for _, _, o in units.values()}) > 1 and (moved := _moved(pattern, lambda one: one[1] in UNIT_OF)):
        yield _problem(written, "unit", moved, units, "say of each what it is a value of")
    elif len({o for _, _, o in texts.values()}) > 1 and (moved := _moved(pattern, lambda one: one[2].startswith('"'))):
        yield _problem(written, "text", moved, texts, "give each a class or a property of its own")


def _moved(pattern: Pattern, alike: Callable[[Triple], bool]) -> set[str]:
    """The nodes that change places once some triples' objects are taken for one; none where they do so anyway."""
    plain = Pattern(tuple(dict.fromkeys((s, p, _ANY if alike((s, p, o)) else o) for s, p, o in pattern.triples)))
    if symmetry(pattern):
        return set()
    moved: set[str] = set()
    with contextlib.suppress(TooInterchangeableError):
        for match in islice(matches(plain, plain), _WAYS):
            moved |= {target for target, source in match.nodes if target != source}
    return moved


def _problem(
    written: Written, what: str, moved: Collection[str], triples: Mapping[str, Triple], remedy: str
) -> Problem:
    told = [triple for node, triple in triples.items() if node in moved]
    pairs = ", ".join(f"{node} ({_shown(constant, written)})" for node, _, constant in told)
    message = f"only the {what} tells these apart: {pairs}: {remedy}"
    return written.problem("told_apart", message, told[0][2], triple=told[0])


def _shown(node: str, written: Written) -> str:
    return written.vocabulary.curie(split_iri(node)) if is_iri(node) else node
