"""Two patterns compared in the vocabulary that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.lettering import written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.catalogue.ontology.terms import shrink
from gridlingua.engine import Interaction
from gridlingua.engine.comparison.comparison import Comparison, compare
from gridlingua.engine.comparison.hints import hints
from gridlingua.engine.comparison.verdict import Side
from gridlingua.semantics.patterns import Pattern, parse_body

PREFIXES = {
    "": "http://example.org/",
    "ic-data": "http://ontology.tno.nl/interconnect/datapoint#",
    "ic-flex": "http://ontology.tno.nl/interconnect/flexibility#",
    "ic-tplg": "http://ontology.tno.nl/interconnect/topology#",
    "ic-uom": "http://ontology.tno.nl/interconnect/units#",
}


@pytest.fixture(scope="session")
def kinship() -> Kinship:
    return Kinship(Vocabulary.load(shipped().ontologies))


@pytest.fixture(scope="session")
def pattern(kinship: Kinship) -> Callable[[str], Pattern]:
    """Reads the body of a pattern; the prefixes of our ontologies are known, and those of ``ic-``."""

    def read(text: str) -> Pattern:
        known = {**kinship.prefixes, **PREFIXES}
        return parse_body(text, {name: iri for name, iri in known.items() if f"{name}:" in text})

    return read


@pytest.fixture(scope="session")
def asked(pattern: Callable[[str], Pattern], kinship: Kinship) -> Callable[..., Comparison]:
    """An ask of one pattern against an answer of the other; ``more`` goes into the answer."""

    def against(ask: str, answer: str, **more: tuple[str, ...]) -> Comparison:
        first = Side("a", Interaction("q", "ask", pattern(ask)))
        return compare(first, Side("b", Interaction("q", "answer", pattern(answer), **more)), kinship)  # type: ignore[arg-type]

    return against


@pytest.fixture(scope="session")
def posted(pattern: Callable[[str], Pattern], kinship: Kinship) -> Callable[..., Comparison]:
    """A post of one pattern against a react of the other; ``back`` are their results."""

    def against(post: str, react: str, back: tuple[str | None, str | None] = (None, None)) -> Comparison:
        made = [
            Side(
                name,
                Interaction(
                    "q", "post" if name == "a" else "react", pattern(text), pattern(result) if result else None
                ),
            )
            for name, text, result in (("a", post, back[0]), ("b", react, back[1]))
        ]
        return compare(*made, kinship)

    return against


@pytest.fixture(scope="session")
def told(kinship: Kinship) -> Callable[[Comparison], dict[str, str]]:
    """The hints by what they are about; several of one kind are joined."""

    def texts(comparison: Comparison) -> dict[str, str]:
        found: dict[str, str] = {}
        for hint in hints(comparison, kinship, partial(written, curie=lambda iri: shrink(iri, kinship.prefixes))):
            found[hint.about] = f"{found.get(hint.about, '')} {hint.text}".strip()
        return found

    return texts
