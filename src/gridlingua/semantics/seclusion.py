"""SPARQL of strangers, answered from the graph alone: a query in shapes must not ask the network, nor read a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from rdflib.plugins import sparql

from gridlingua.errors import GridlinguaError
from gridlingua.semantics.grammar import PARSING

_NAME: Final = "gridlingua: no federation"
# An escape may spell a keyword, so a query with one counts, too. A variable, such as ?from, is none.
_ELSEWHERE: Final = re.compile(r"(?<![?$])\b(?:SERVICE|FROM)\b|\\u", re.IGNORECASE)


class FederationError(GridlinguaError):
    """A query that asks somebody else."""


def may_ask_elsewhere(query: str) -> bool:
    """Whether a query may have SERVICE or FROM, as its text looks: a literal that holds the word counts, too."""
    return bool(_ELSEWHERE.search(query))


@contextmanager
def secluded() -> Iterator[None]:
    """While it lasts, rdflib and pySHACL fetch nothing for a query: SERVICE raises FederationError, and FROM names only
    what is there. One thread at a time, as with PARSING. Answers must be read to the end within it."""
    with PARSING:
        before = sparql.CUSTOM_EVALS.get(_NAME), sparql.SPARQL_LOAD_GRAPHS
        sparql.CUSTOM_EVALS[_NAME], sparql.SPARQL_LOAD_GRAPHS = _refuse_service, False
        try:
            yield
        finally:
            sparql.SPARQL_LOAD_GRAPHS = before[1]
            if before[0] is None:
                del sparql.CUSTOM_EVALS[_NAME]


def _refuse_service(_: Any, part: Any) -> Any:
    if part.name == "ServiceGraphPattern":
        raise FederationError("a query asks another service (SERVICE), which nothing of gridlingua does")
    raise NotImplementedError  # rdflib's way to say: not mine
