"""The example on the page of every check is what it says: the wrong one is found, the right one is clean."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import Written, checks, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import Passage

SHOWN = {name: one.example for name, one in checks().items() if one.example and one.example.language == "sparql"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


@pytest.mark.parametrize("name", SHOWN)
def test_the_wrong_example_is_found_by_its_check_and_by_no_other(name: str, vocabulary: Vocabulary) -> None:
    written = Written.of("example.rq", Passage(dedent(SHOWN[name].wrong)), vocabulary)
    found = run_written([written])
    assert found
    assert {one.check for one in found} == {name}, found


@pytest.mark.parametrize("name", SHOWN)
def test_the_right_example_is_clean(name: str, vocabulary: Vocabulary) -> None:
    assert run_written([Written.of("example.rq", Passage(dedent(SHOWN[name].right)), vocabulary)]) == []
