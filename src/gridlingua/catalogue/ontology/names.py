"""Every name of large ontologies of which the term lists hold a part: what is not among them does not exist.

Nobody needs three thousand units; but who writes ``om:kilowwatt`` should be told, and who writes ``om:furlong`` not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from rdflib import OWL, RDF, RDFS, SKOS


@dataclass(frozen=True)
class Names:
    """All names of a namespace, in the versions that ``title`` tells: ``om 2.0.7 nor om 2.0.59``."""

    namespace: str
    title: str
    names: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Names:
        """Names between blanks, after lines with ``# namespace:``, ``# title:`` and whose they are."""
        lines = text.splitlines()
        said = dict(line[2:].partition(": ")[::2] for line in lines if line.startswith("# "))
        names = frozenset(name for line in lines if not line.startswith("#") for name in line.split())
        return cls(said["namespace"], said["title"], names)

    def where(self) -> str:
        """Where a name is not: ``neither om 2.0.7 nor om 2.0.59``, ``not in unit 2026-08-05``."""
        return f"in neither {self.title}" if " nor " in self.title else f"not in {self.title}"


@cache
def complete() -> Mapping[str, Names]:
    """The namespaces of which every name is known."""
    return MappingProxyType({one.namespace: one for one in (*_of_files(), *_of_w3c())})


def _of_files() -> Iterator[Names]:
    for file in resources.files(__package__).joinpath("names").iterdir():
        yield Names.read(file.read_text(encoding="utf-8"))


def _of_w3c() -> Iterator[Names]:
    known = {"RDF": RDF, "RDFS": RDFS, "OWL": OWL, "SKOS": SKOS}
    for title, space in known.items():
        yield Names(str(space), title, frozenset(space.__annotations__))
