"""A pattern has no blank nodes: no `_:label`, no brackets, no list in parentheses.

A knowledge engine refuses them. What a blank node says, a variable says as well, and its rows carry the node. Triples,
which are data, may have blank nodes, and so may a query for a database.
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
        PREFIX time:  <http://www.w3.org/2006/time#>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasPhenomenonTime [ time:inXSDDateTimeStamp ?at ] .
        }
    """,
    right="""
        PREFIX saref: <https://saref.etsi.org/core/>
        PREFIX time:  <http://www.w3.org/2006/time#>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasPhenomenonTime ?instant .
          ?instant a time:Instant ; time:inXSDDateTimeStamp ?at .
        }
    """,
)


def check_pattern(written: Written) -> Iterator[Problem]:
    return written.of_slips("blank_nodes")
