"""A pattern has no property paths: no `/`, `|`, `^`, `*`, `+` or `?` after a property.

A knowledge engine fails on them, the stock one with an error 500. A sequence or an inverse is triples in another
spelling; alternatives are two interactions; any number of steps has to be said by the party that knows them.
A query for a database (SELECT, ASK) may have them.
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
          ?reading a saref:Observation ; saref:hasResult/saref:hasValue ?voltage .
        }
    """,
    right="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasResult ?result .
          ?result a saref:PropertyValue ; saref:hasValue ?voltage .
        }
    """,
)


def check_pattern(written: Written) -> Iterator[Problem]:
    return written.of_slips("paths")
