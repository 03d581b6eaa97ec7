"""The vocabulary of both generations, and what one check tells of a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import Written, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import passages
from gridlingua.errors import Problem

Telling = Callable[..., list[Problem]]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


@pytest.fixture(scope="session")
def told(vocabulary: Vocabulary) -> Telling:
    """The problems of a check in a text, which is that of a bare file of a profile."""

    def tell(check: str, text: str, profile: str = "saref4", file: str = "pattern.gp") -> list[Problem]:
        found = passages(PurePath(file), text)
        return run_written([Written.of(file, one, vocabulary, profile) for one in found], [check])

    return tell
