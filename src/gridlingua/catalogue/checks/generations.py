"""A pattern is of one generation of vocabulary: SAREF core 3.1.1 with SAREF4ENER 1.1.2 and the pilots' `ic-*`, or 4.1.1
with SAREF4ENER 2.1.1.

The IRIs of both are in the same namespaces, so nothing but the terms tells them apart, and no peer speaks both in one
pattern: half a migration matches nobody. Most terms of a pattern say which it is; of the others the one is told that
took its place. Where the profile is known, as in a catalogue or where `gridlingua.toml` or `--profile` pins one,
`terms` tells it. Some terms kept their IRI and moved to another node, in every pattern: a `saref:hasValue` is no more
that of the `saref:Observation`. What became of every term: [generations.md](../generations.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.missing import succession
from gridlingua.catalogue.ontology.profiles import markers, profiles_of
from gridlingua.catalogue.ontology.reshaped import Flattened, flattened
from gridlingua.errors import Problem
from gridlingua.semantics.terms import is_iri, split_iri

EXAMPLE: Final = Example(
    wrong="""
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId ; saref:makesMeasurement ?reading .
          ?reading saref:hasTimestamp ?time .
        }
    """,
    right="""
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a s4grid:GridMeter ; saref:hasIdentifier ?meterId ; saref:madeExecution ?reading .
          ?reading a saref:Observation ; saref:hasTimestamp ?time .
        }
    """,
)

_SHOWN: Final = 2
_NAMES: Final = ("?value", "?result", "?propertyValue", "?valueOfObservation")


def check_pattern(written: Written) -> Iterator[Problem]:
    view = written.vocabulary
    for one in flattened(written.pattern.triples, view):
        yield written.problem("generations", _two_nodes(one, written), one.triples[0][1], triple=one.triples[0])
    if written.pinned:
        return
    ours = [iri for iri in written.iris if view.profile in profiles_of(iri, view)]
    first = {markers(view)[iri].name: iri for iri in reversed(ours)}
    shown = " and ".join(f"{view.curie(iri)} of {name}" for name, iri in [*reversed(first.items())][:_SHOWN])
    for iri in written.iris:
        theirs = profiles_of(iri, view)
        if theirs and view.profile not in theirs:
            advice = succession(iri, view) or "write the whole pattern in one generation"
            message = f"{view.curie(iri)} is of {markers(view)[iri].name}, and stands beside {shown}: {advice}"
            yield written.problem("generations", message, iri)


def _two_nodes(one: Flattened, written: Written) -> str:
    """Which node has what is said of another one, and the triples to write instead."""
    curie = written.vocabulary.curie

    def shown(node: str) -> str:
        return curie(split_iri(node)) if is_iri(node) else node

    names = [shown(predicate) for _, predicate, _ in one.triples]
    source, target, link = (curie(iri) for iri in (one.reshaping.source, one.reshaping.target, one.reshaping.new))
    has = f"{shown(one.node)} is a {source} and has {' and '.join(dict.fromkeys(names))}"
    which = f"{has}, which in this generation the {target} behind {link} has"
    if written.role == "graph":
        return f"{which}: put them there"
    behind = one.behind or next(name for name in _NAMES if name[1:] not in written.pattern.variables)
    said = " ; ".join([f"{shown(behind)} a {target}", *(f"{shown(p)} {shown(o)}" for _, p, o in one.triples)])
    tie = "" if one.behind else f"{shown(one.node)} {link} {behind} . "
    return f"{which}: write {tie}{said}"
