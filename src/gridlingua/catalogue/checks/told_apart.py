"""What tells two values apart is what they are, and not only their unit, nor a text.

Where one value differs from another in nothing but its unit, an engine takes one for the other as soon as the unit is a
variable on one side, and so does a peer that converts units: every row comes crosswise, too. The same holds of two
nodes that only a constant text or number tells apart. What is symmetric even so, the check ambiguity tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.quantities import UNIT_OF
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.matching import symmetry
from gridlingua.semantics.patterns import Pattern, Triple
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


def check_pattern(written: Written) -> Iterator[Problem]:
    if written.role == "graph":
        return
    pattern = written.pattern
    units = {(s, o) for s, p, o in pattern.triples if p in UNIT_OF}
    texts = {(s, o) for s, _, o in pattern.triples if o.startswith('"')}
    if len({unit for _, unit in units}) > 1 and (moved := _moved(pattern, lambda triple: triple[1] in UNIT_OF)):
        yield _problem(written, "unit", moved, dict(units), "say of each what it is a value of")
    elif len({text for _, text in texts}) > 1 and (moved := _moved(pattern, lambda triple: triple[2].startswith('"'))):
        yield _problem(written, "text", moved, dict(texts), "give one of them a class or a property of its own")


def _moved(pattern: Pattern, alike: Callable[[Triple], bool]) -> dict[str, str]:
    """The nodes that change places once some triples' objects are taken for one; none where they do so anyway."""
    plain = Pattern(tuple(dict.fromkeys((s, p, _ANY if alike((s, p, o)) else o) for s, p, o in pattern.triples)))
    moved = symmetry(plain)
    return moved if moved and not symmetry(pattern) else {}


def _problem(
    written: Written, what: str, moved: Mapping[str, str], constants: Mapping[str, str], remedy: str
) -> Problem:
    told = {node: constants[node] for node in moved if node in constants}
    pairs = ", ".join(f"{node} ({_shown(one, written)})" for node, one in sorted(told.items()))
    message = f"only the {what} tells these apart: {pairs}: {remedy}"
    return written.problem("told_apart", message, next(iter(told.values()), ""))


def _shown(node: str, written: Written) -> str:
    return written.vocabulary.curie(split_iri(node)) if is_iri(node) else node
