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
    if written.is_query:
        return
    for slip in written.slips:
        if slip.kind == "blank_node":
            what = "a list is made of blank nodes" if slip.text.startswith("(") else f"{slip.text} is a blank node"
            remedy = "one triple for each member" if slip.text.startswith("(") else f"a variable such as {slip.message}"
            yield written.problem_at(
                "blank_nodes", f"{what}, which a knowledge engine refuses: write {remedy}", slip.start
            )
