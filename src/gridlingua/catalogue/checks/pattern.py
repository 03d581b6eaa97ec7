"""Every triple can be read, and every prefix is declared.

A knowledge engine refuses a pattern with one bad statement whole, and knows no prefix by itself: not even `rdf:` or
`xsd:`. Everything that is wrong in a text is told at once, and what can be read is put to the other checks all the
same. Where code or another file may declare the prefixes (`.gp` without PREFIX lines, `.properties`, YAML that is a
part of a configuration), a prefix is taken as declared unless it is one letter away from one that everyone uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.spelling import within_one_edit
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

_LONG: Final = 5


def check_pattern(written: Written) -> Iterator[Problem]:
    for slip in written.slips:
        if slip.kind == "unreadable":
            yield written.problem_at("pattern", slip.message, slip.start)
        elif slip.kind == "prefix" and (problem := _undeclared(written, slip)):
            yield problem


def _undeclared(written: Written, slip: Slip) -> Problem | None:
    """What is to be said of a prefix that the text does not declare."""
    prefix, vocabulary = slip.text.rstrip(":"), written.vocabulary
    if written.borrows_prefixes and not _is_slip(prefix, vocabulary):
        return None
    if slip.message:
        message = f"the prefix {slip.text} is not declared: everywhere else it stands for <{slip.message}>"
    elif meant := _meant(prefix, vocabulary):
        message = f"the prefix {slip.text} is not declared: did you mean {meant}: <{vocabulary.prefixes[meant]}>?"
    else:
        message = f"the prefix {slip.text} is not declared: say what it stands for, PREFIX {slip.text} <https://…>"
    return written.problem_at("pattern", message, slip.start)


def _is_slip(prefix: str, vocabulary: Vocabulary) -> bool:
    """Whether a prefix is surely another one: a letter away, and too long for chance."""
    if prefix in vocabulary.prefixes or len(prefix) < _LONG:
        return False
    return any(len(one) >= _LONG and within_one_edit(prefix, one) for one in vocabulary.prefixes)


def _meant(prefix: str, vocabulary: Vocabulary) -> str:
    """The prefix that everyone writes where somebody writes this one: the name of the ontology, or a slip."""
    for known, namespace in vocabulary.prefixes.items():
        if namespace.rstrip("/#").rpartition("/")[2].lower() == prefix.lower():
            return known
    return next(iter(get_close_matches(prefix, vocabulary.prefixes, 1, 0.8)), "")
