"""Shapes on disk: an exchange's own file and the concepts it imports."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from rdflib import OWL, Graph, URIRef

from gridlingua.catalogue.content import Content
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.shacl import Shapes


def read_shapes(content: Content, path: Path) -> Shapes:
    """The shapes graph of a file and all that it imports; raises CatalogueError naming what cannot be read."""
    graph, seen, waiting = Graph(), set[Path](), [path]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        base = current.resolve().as_uri()
        try:
            graph.parse(data=content.read(current), format="turtle", publicID=base)
        except FileNotFoundError:
            message = f"there is no {content.shown(current)}"
            raise CatalogueError([Problem(content.shown(path), 1, "shapes", message)]) from None
        except Exception as error:  # rdflib's parser raises what it likes
            raise CatalogueError([Problem(content.shown(current), _line(error), "shapes", _first(error))]) from None
        imported = graph.objects(URIRef(base), OWL.imports)
        waiting += [Path(unquote(str(target).removeprefix("file://"))) for target in imported]
    return Shapes(graph)


def _line(error: Exception) -> int:
    return int(getattr(error, "lines", 0) or 0) + 1


def _first(error: Exception) -> str:
    return f"not Turtle: {str(error).strip().splitlines()[0]}" if str(error).strip() else "not Turtle"
