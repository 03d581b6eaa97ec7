"""A pattern holds triples only: no FILTER, OPTIONAL, UNION, BIND, VALUES, MINUS, GRAPH or SERVICE.

A knowledge engine refuses them, or drops them without a word. A limit that an answer must keep travels as a variable
of the pattern, which the one who asks binds; a choice is an interaction each; and rows have no gaps, so what is
optional is an interaction of its own. A query for a database (SELECT, ASK) may have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem

EXAMPLE: Final = Example(
    wrong="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasTimestamp ?at ; saref:hasResult ?result .
          ?result a saref:PropertyValue ; saref:hasValue ?voltage .
          FILTER(?at >= "2026-01-01T00:00:00Z")
        }
    """,
    right="""
        PREFIX gl:     <https://w3id.org/gridlingua#>
        PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
        PREFIX saref:  <https://saref.etsi.org/core/>
        PREFIX time:   <http://www.w3.org/2006/time#>

        CONSTRUCT WHERE {
          ?query a gl:Query ; s4ener:hasEffectivePeriod ?window ; gl:answeredBy ?reading .
          ?window a time:Interval ; time:hasBeginning ?begin .
          ?begin a time:Instant ; time:inXSDDateTimeStamp ?from .
          ?reading a saref:Observation ; saref:hasTimestamp ?at ; saref:hasResult ?result .
          ?result a saref:PropertyValue ; saref:hasValue ?voltage .
        }
    """,
)


def check_pattern(written: Written) -> Iterator[Problem]:
    return written.of_slips("filters")
