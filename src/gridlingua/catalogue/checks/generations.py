"""A pattern is of one generation of vocabulary: SAREF core 3.1.1 with SAREF4ENER 1.1.2 and the pilots' `ic-*`, or 4.1.1
with SAREF4ENER 2.1.1.

The IRIs of both are in the same namespaces, so nothing but the terms tells them apart, and no peer speaks both in one
pattern: half a migration matches nobody. Most terms of a pattern say which it is; of the others the one is told that
took its place. Where the profile is known, as in a catalogue or where `gridlingua.toml` pins one, `terms` tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.missing import succession
from gridlingua.catalogue.ontology.profiles import markers, profiles_of
from gridlingua.errors import Problem

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


def check_pattern(written: Written) -> Iterator[Problem]:
    view = written.vocabulary
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
