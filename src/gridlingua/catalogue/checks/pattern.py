"""Every triple can be read, and every prefix is declared.

A knowledge engine refuses a pattern with one bad statement whole, and knows no prefix by itself: not even `rdf:` or
`xsd:`. Everything that is wrong in a text is told at once, and what can be read is put to the other checks all the
same. In files whose prefixes code or another file may declare (`.gp` without PREFIX lines, `.properties`, YAML), a
prefix that everyone uses alike is taken as declared; where the file declares some of its prefixes, the one it forgot is
a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem
from gridlingua.semantics.reading import Slip

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


def check_pattern(written: Written) -> Iterator[Problem]:
    for slip in written.slips:
        if slip.kind == "unreadable":
            yield written.problem_at("pattern", slip.message, slip.start)
        elif slip.kind == "prefix" and (problem := _undeclared(written, slip)):
            yield problem


def _undeclared(written: Written, slip: Slip) -> Problem | None:
    """What is to be said of a prefix that the text does not declare."""
    borrows, some = written.borrows_prefixes, bool(written.script.pattern.prefixes)
    if slip.message:
        if borrows and not some:
            return None
        message = f"the prefix {slip.text} is not declared: everywhere else it stands for <{slip.message}>"
        return written.problem_at("pattern", message, slip.start, "warning" if borrows else "error")
    meant = _meant(slip.text.rstrip(":"), written.vocabulary)
    if meant:
        message = (
            f"the prefix {slip.text} is not declared: did you mean {meant}: <{written.vocabulary.prefixes[meant]}>?"
        )
        return written.problem_at("pattern", message, slip.start)
    message = f"the prefix {slip.text} is not declared: say what it stands for, PREFIX {slip.text} <https://…>"
    return written.problem_at("pattern", message, slip.start, "warning" if borrows else "error")


def _meant(prefix: str, vocabulary: Vocabulary) -> str:
    """The prefix that everyone writes where somebody writes this one: the name of the ontology, or a slip."""
    for known, namespace in vocabulary.prefixes.items():
        if namespace.rstrip("/#").rpartition("/")[2].lower() == prefix.lower():
            return known
    return next(iter(get_close_matches(prefix, vocabulary.prefixes, 1, 0.8)), "")
