"""Every triple can be read, and every prefix is declared.

A knowledge engine refuses a pattern with one bad statement whole, and knows no prefix by itself: not even `rdf:` or
`xsd:`. Everything that is wrong in a text is told at once, and what can be read is put to the other checks all the
same. Where code or another file may declare the prefixes (`.gp` without PREFIX lines, `.properties`, YAML that is a
part of a configuration), a prefix is taken as declared unless it is one letter away from one that everyone uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology.spelling import within_one_edit
from gridlingua.errors import Problem

EXAMPLE: Final = Example(
    wrong="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId
          ?zone s4syst:connectedTo ?meter ; saref:hasIdentifier .
        }
    """,
    right="""
        PREFIX s4syst: <https://saref.etsi.org/saref4syst/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId .
          ?zone s4syst:connectedTo ?meter ; saref:hasIdentifier ?zoneId .
        }
    """,
)

_LONG: Final = 5


def check_pattern(written: Written) -> Iterator[Problem]:
    """Prefixes that another file, or code, may declare are not missed, but for slips."""
    if not written.borrows_prefixes:
        yield from written.of_slips("pattern")
        return
    passed = {slip.start for slip in written.slips if slip.kind == "prefix" and not _is_slip(slip.text, written)}
    yield from written.of_slips("pattern", passed)


def _is_slip(prefix: str, written: Written) -> bool:
    """Whether a prefix, with its colon, is surely another one: a letter away, and too long for chance."""
    name, known = prefix.rstrip(":"), written.vocabulary.prefixes
    if name in known or len(name) < _LONG:
        return False
    return any(len(one) >= _LONG and within_one_edit(name, one) for one in known)
