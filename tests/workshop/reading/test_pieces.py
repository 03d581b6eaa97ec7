"""What ties a pattern together."""

from __future__ import annotations

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import Written, run_written
from gridlingua.catalogue.ontology import Vocabulary

PREFIXES = "PREFIX saref: <https://saref.etsi.org/core/>\nPREFIX time: <http://www.w3.org/2006/time#>\n"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


def pieces(body: str, vocabulary: Vocabulary) -> list[str]:
    written = Written.read("one.rq", f"{PREFIXES}CONSTRUCT WHERE {{ {body} }}", vocabulary)
    return [one.message for one in run_written([written], ["ambiguity"])]


def test_a_resource_of_which_the_pattern_says_something_ties_it_together(vocabulary: Vocabulary) -> None:
    tied = "?o saref:hasTimestamp ?t ; time:hasTime time:unitDay . time:unitDay time:hasBeginning ?b ."
    assert pieces(tied, vocabulary) == []


def test_a_value_that_two_pieces_share_does_not(vocabulary: Vocabulary) -> None:
    apart = (
        "?o saref:hasTimestamp ?t ; time:hasTime time:unitDay . ?p time:hasTime time:unitDay ; time:hasBeginning ?b ."
    )
    (message,) = pieces(apart, vocabulary)
    assert "falls into 2 pieces" in message
