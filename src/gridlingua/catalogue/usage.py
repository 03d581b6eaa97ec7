"""Who uses a term: the patterns, codes and shapes of every exchange."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import unquote

from rdflib import OWL, Graph, URIRef

from gridlingua.catalogue.content import Content
from gridlingua.catalogue.exchange import Exchange, Part
from gridlingua.catalogue.load import Catalogue
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.schema import Schema, leaf
from gridlingua.semantics.terms import is_iri, split_iri


@dataclass(frozen=True, order=True)
class Use:
    """An exchange and where in it a term stands; ``profile`` is empty for shapes, which judge one profile only."""

    exchange: str
    profile: str
    where: str

    def __str__(self) -> str:
        return f"{self.exchange} ({' '.join(filter(None, (self.profile, self.where)))})"


def usage(catalogue: Catalogue) -> Mapping[str, tuple[Use, ...]]:
    """By IRI, every use of a term. Raises CatalogueError when a shape file cannot be read."""
    found: dict[str, dict[Use, None]] = defaultdict(dict)
    named = cache(partial(_named, catalogue.content))
    for exchange in catalogue.exchanges.values():
        for use, iri in (*_of_patterns(exchange), *_of_codes(exchange)):
            found[iri][use] = None
        for iri in _of_shapes(exchange.shapes_path, named):
            found[iri][Use(exchange.id, "", "shapes")] = None
    return {iri: tuple(sorted(uses)) for iri, uses in found.items()}


def _of_patterns(exchange: Exchange) -> Iterator[tuple[Use, str]]:
    for profile in exchange.profiles.values():
        parts = (
            {"argument": profile.request, "result": profile.result} if profile.result else {"pattern": profile.request}
        )
        for where, pattern in parts.items():
            for term in pattern.constants if pattern else ():
                if is_iri(term):
                    yield Use(exchange.id, profile.name, where), split_iri(term)


def _of_codes(exchange: Exchange) -> Iterator[tuple[Use, str]]:
    """The terms of finite lists, as far as the schema lets their values in."""
    parts: tuple[tuple[Part, Schema], ...] = (("request", exchange.request_schema), ("reply", exchange.reply_schema))
    for profile in exchange.profiles:
        for part, schema in parts:
            for name, field in exchange.mapping(part, profile).fields.items():
                allowed = leaf(schema, field.pointer).get("enum")
                for code, term in field.converter.codes.items():
                    if is_iri(term) and (allowed is None or code in allowed):
                        yield Use(exchange.id, profile, f"codes of ?{name}"), split_iri(term)


def _of_shapes(path: Path, named: Callable[[Path], tuple[frozenset[str], tuple[Path, ...]]]) -> Iterator[str]:
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current not in seen and current.is_file():
            seen.add(current)
            iris, imported = named(current)
            yield from iris
            waiting += imported


def _named(content: Content, path: Path) -> tuple[frozenset[str], tuple[Path, ...]]:
    """The IRIs that a shape file has, and the files it imports."""
    graph = Graph(bind_namespaces="none")
    base = path.resolve().as_uri()
    try:
        graph.parse(data=content.read(path), format="turtle", publicID=base)
    except Exception as error:  # rdflib's parser raises what it likes
        raise CatalogueError([Problem(content.shown(path), 1, "shapes", f"not Turtle: {error}")]) from None
    iris = frozenset(str(node) for triple in graph for node in triple if isinstance(node, URIRef))
    imported = graph.objects(URIRef(base), OWL.imports)
    return iris, tuple(Path(unquote(str(one).removeprefix("file://"))) for one in imported)
