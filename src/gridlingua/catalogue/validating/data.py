"""RDF in files, by suffix."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from xml.sax import SAXParseException

from rdflib import Dataset, Graph

from gridlingua.catalogue.texts import read_text
from gridlingua.catalogue.validating.places import Places
from gridlingua.errors import CatalogueError, Problem

_FORMATS: Final = {
    ".ttl": ("turtle", "Turtle"),
    ".nt": ("nt", "N-Triples"),
    ".rdf": ("xml", "RDF/XML"),
    ".owl": ("xml", "RDF/XML"),
    ".xml": ("xml", "RDF/XML"),
    ".jsonld": ("json-ld", "JSON-LD"),
    ".trig": ("trig", "TriG"),
    ".nq": ("nquads", "N-Quads"),
    ".n3": ("n3", "Notation3"),
}
_NESTED: Final = re.compile(r"""<!ENTITY\s+(?:%\s+)?[^\s"'>]+\s+(?:"[^"&]*&|'[^'&]*&)""")
_BROKEN: Final = re.compile(r"Invalid line(?: \([^)]*\))?:\s*'?(?P<text>[^\n']*)")


def rdf_suffixes() -> tuple[str, ...]:
    """The suffixes of files that hold RDF."""
    return tuple(_FORMATS)


@dataclass(frozen=True)
class Data:
    """A file of triples: its graph, and where in its text a node stands. ``place`` is how problems name it."""

    place: str
    graph: Graph = field(repr=False)
    text: str = field(repr=False)
    base: str = ""

    @classmethod
    def read(cls, path: Path, place: str = "") -> Data:
        """Read a file; raises CatalogueError with the line where it breaks."""
        graph, text = parse_graph(path, place or str(path), "data")
        return cls(place or str(path), graph, text, path.resolve().as_uri())

    @cached_property
    def places(self) -> Places:
        """Where its nodes stand; found when first asked for."""
        return Places.of(self.text, self.graph, self.base)


def parse_graph(path: Path, place: str, check: str) -> tuple[Graph, str]:
    """The triples of a file, those of all its named graphs together, and its text.

    Raises CatalogueError, with a problem of the check, for a file that is missing, of another kind or broken.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(_FORMATS)
        raise CatalogueError([Problem(place, 1, check, f"{path.name} is no RDF file; those end in {known}")])
    try:
        text = read_text(path, "utf-8-sig")
    except FileNotFoundError:
        raise CatalogueError([Problem(place, 1, check, "there is no such file")]) from None
    except OSError as error:
        raise CatalogueError([Problem(place, 1, check, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise CatalogueError([Problem(place, 1, check, f"not a text in UTF-8: {error}")]) from None
    name, title = kind
    try:
        _refuse_remote(text, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own parsers use what rdflib deprecates
            graph = _parsed(text, name, path.resolve().as_uri())
    except Exception as error:  # rdflib's parsers raise what they like
        line = min(_line(error, text), text.count("\n") + 1)
        raise CatalogueError([Problem(place, line, check, f"not {title}: {_said(error)}")]) from None
    return graph, text


def _parsed(text: str, name: str, base: str) -> Graph:
    """One graph of the triples, of all graphs of a dataset: SHACL judges triples."""
    if name not in {"trig", "nquads", "json-ld"}:
        return Graph().parse(data=text, format=name, publicID=base)
    whole, flat = Dataset(), Graph()
    whole.parse(data=text, format=name, publicID=base)
    for prefix, namespace in whole.namespaces():
        flat.bind(prefix, namespace)
    for s, p, o, _ in whole.quads((None, None, None, None)):
        flat.add((s, p, o))
    return flat


def _refuse_remote(text: str, name: str) -> None:
    """A gate must say the same tomorrow, and without a network: a context that stands elsewhere is not fetched, and
    entities that unfold to more than any memory holds are not unfolded."""
    if name == "json-ld" and (found := next(_remote_contexts(json.loads(text)), None)):
        raise ValueError(f"its context is at {found}, which is not fetched: write the context into the file")
    if name == "xml" and _NESTED.search(text):
        raise ValueError("an entity that holds another entity, which is not unfolded: write out what it stands for")


def _remote_contexts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        context = value.get("@context")
        for one in context if isinstance(context, list) else [context]:
            if isinstance(one, str) and not _is_beneath(one):
                yield one
        if isinstance(imported := value.get("@import"), str):
            yield imported
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _remote_contexts(inner)


def _is_beneath(context: str) -> bool:
    """Whether a context is a file in the same folder, or in one below."""
    steps = context.replace("\\", "/").split("/")
    return ":" not in context and steps[0] != "" and ".." not in steps and "%" not in context


def _line(error: Exception, text: str) -> int:
    """The line at which a parser of rdflib stopped."""
    if isinstance(breaks := getattr(error, "lines", None), int):  # notation3 counts the line breaks before it
        return breaks + 1
    if isinstance(error, SAXParseException):
        return error.getLineNumber() or 1
    if isinstance(line := getattr(error, "lineno", None), int):
        return line
    found = _BROKEN.search(str(error))
    return text.count("\n", 0, max(text.find(found["text"]), 0)) + 1 if found else 1


def _said(error: Exception) -> str:
    """The parser's reason in one line."""
    reason = getattr(error, "_why", None) or getattr(error, "_msg", None) or getattr(error, "msg", None) or str(error)
    lines = [line.strip() for line in str(reason).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
