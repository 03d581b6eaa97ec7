"""A pattern holds triples only: no FILTER, OPTIONAL, UNION, BIND, VALUES, MINUS, GRAPH or SERVICE.

A knowledge engine refuses them, or drops them without a word. A limit that an answer must keep travels as a variable
of the pattern, which the one who asks binds; a choice is an interaction each; and rows have no gaps, so what is
optional is an interaction of its own.
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

_REMEDIES: Final = {
    "FILTER": "let what it compares with travel as a variable that the one who asks binds",
    "OPTIONAL": "rows have no gaps, so write an interaction of its own for it",
    "UNION": "write one pattern, and one interaction, for each side",
    "BIND": "nothing is computed in a pattern: compute it where rows are made",
    "VALUES": "bind the values in the rows of the ask",
    "MINUS": "nothing can be taken away from an answer: leave rows out where they are made",
    "GRAPH": "a knowledge base has one graph: write its triples alone",
    "SERVICE": "ask that service in an interaction of its own",
    "SELECT": "write the triples of the inner query alone",
}


def check_pattern(written: Written) -> Iterator[Problem]:
    if written.is_query:
        return
    for slip in written.slips:
        if slip.kind == "filter":
            keyword = slip.text.split("(")[0].split()[0].upper()
            remedy = _REMEDIES.get(keyword, "write the triples without braces around them")
            yield written.problem_at("filters", f"{slip.text} is no triple: {remedy}", slip.start)
