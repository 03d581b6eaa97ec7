"""Terms of an ontology, and lists of them as JSON files: one file per ontology and version, one line per term."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.terms import OWL, RDF, RDFS, XSD

Kind = Literal["class", "object property", "datatype property", "annotation property", "individual", "datatype"]
"""What a term may be used as."""

Expression = tuple[str, ...]
"""A class by its IRI, or a union of classes by the IRIs of its members."""

STANDARD_PREFIXES: Final = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}

_CHECK: Final = "term-list"
_UNIONS: Final = ("domain", "range")
_LOCAL: Final = re.compile(r"[\w.%-]*")
_HEADER: Final = ("ontology", "prefix", "namespace", "version", "title", "licence", "source", "terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermInfo:
    """What an ontology says of a term, references as full IRIs.

    ``domain`` and ``range`` hold one expression per axiom: all of them apply, and of a union any member will do.
    ``borrowed`` marks a term of another ontology's namespace that this one declares or says something about.
    ``quantity_kinds`` and ``dimension`` are given for units, ``replaced_by`` for some deprecated terms.
    """

    iri: str
    kind: Kind
    source: str
    borrowed: bool = False
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    superclasses: tuple[str, ...] = ()
    superproperties: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    domain: tuple[Expression, ...] = ()
    range: tuple[Expression, ...] = ()
    inverse: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    quantity_kinds: tuple[str, ...] = ()
    dimension: str = ""


_AXIOMS: Final = tuple(one.name for one in fields(TermInfo) if one.name not in ("iri", "source"))
_LITERAL: Final = frozenset(("kind", "borrowed", "deprecated", "characteristics"))


@dataclass(frozen=True, kw_only=True)
class TermList:
    """The terms of one version of one ontology; ``selection`` (IRIs) is not empty when the list holds a part of it.

    ``profiles`` are the generations of vocabulary that use this version, all when empty. ``transcribed_from`` says
    where the terms were read when there is no official file to extract them from.
    """

    ontology: str
    prefix: str
    namespace: str
    version: str
    version_iri: str = ""
    title: str = ""
    licence: Mapping[str, str] = field(default_factory=dict)
    source_file: str = ""
    source_sha256: str = ""
    transcribed_from: str = ""
    profiles: frozenset[str] = frozenset()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    selection: frozenset[str] = frozenset()
    terms: Mapping[str, TermInfo] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Prefix and version, as an error names the list."""
        return f"{self.prefix} {self.version}"

    @property
    def all_prefixes(self) -> dict[str, str]:
        """Every prefix that the list's file may use."""
        return {**STANDARD_PREFIXES, **self.prefixes, self.prefix: self.namespace}


def shrink(iri: str, prefixes: Mapping[str, str]) -> str:
    """``prefix:local`` by the longest namespace that fits, ``<iri>`` when none does."""
    fitting = [prefix for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    for prefix in sorted(fitting, key=lambda one: (-len(prefixes[one]), one)):
        if _LOCAL.fullmatch(local := iri[len(prefixes[prefix]) :]):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def expand(curie: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of a CURIE. Raises KeyError with the prefix when that is not declared."""
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local


def read_list(path: Path) -> TermList:
    """Read a term list. Raises CatalogueError with the line of what is wrong."""
    text = path.read_text(encoding="utf-8")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _error(path, error.lineno, f"not JSON: {error.msg}") from None
    if missing := [key for key in _HEADER if not isinstance(data, dict) or key not in data]:
        raise _error(path, 1, f"a term list has no {', '.join(missing)}")
    return _list_of(path, text, data)


def _list_of(path: Path, text: str, data: Mapping[str, Any]) -> TermList:
    given = data.get("prefixes", {})
    prefixes = {**STANDARD_PREFIXES, **given, data["prefix"]: data["namespace"]}
    name = f"{data['prefix']} {data['version']}"
    terms, problems = {}, []
    for curie, axioms in data["terms"].items():
        try:
            term = _term(curie, axioms, name, prefixes)
            terms[term.iri] = term
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(str(path), _line(text, curie), _CHECK, _sentence(curie, error)))
    if problems:
        raise CatalogueError(problems)
    return TermList(
        ontology=data["ontology"],
        prefix=data["prefix"],
        namespace=data["namespace"],
        version=data["version"],
        version_iri=data.get("versionIRI", ""),
        title=data["title"],
        licence=data["licence"],
        source_file=data["source"].get("file", ""),
        source_sha256=data["source"].get("sha256", ""),
        transcribed_from=data["source"].get("transcribed_from", ""),
        profiles=frozenset(data.get("profiles", ())),
        prefixes=given,
        selection=frozenset(expand(curie, prefixes) for curie in data.get("selection", ())),
        terms=terms,
    )


def _term(curie: str, axioms: Mapping[str, Any], source: str, prefixes: Mapping[str, str]) -> TermInfo:
    if axioms["kind"] not in get_args(Kind):
        raise ValueError(f"{axioms['kind']!r} is no kind of term: {', '.join(get_args(Kind))}")
    values = {key: _value(key, value, prefixes) for key, value in axioms.items()}
    return TermInfo(iri=expand(curie, prefixes), source=source, **values)


def _value(key: str, value: Any, prefixes: Mapping[str, str]) -> Any:
    if key in _LITERAL:
        return tuple(value) if isinstance(value, list) else value
    if isinstance(value, str):
        return expand(value, prefixes)
    if key in _UNIONS:
        return tuple(tuple(expand(o, prefixes) for o in ([one] if isinstance(one, str) else one)) for one in value)
    return tuple(expand(one, prefixes) for one in value)


def _sentence(curie: str, error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{curie}: {error.args[0]!r} is missing: a key of the term, or a prefix nobody declared"
    return f"{curie}: {error}"


def _line(text: str, curie: str) -> int:
    return text.count("\n", 0, max(text.find(f'"{curie}": {{'), 0)) + 1


def _error(path: Path, line: int, message: str) -> CatalogueError:
    return CatalogueError([Problem(str(path), line, _CHECK, message)])


def write_list(terms: TermList) -> str:
    """The JSON text of a term list: deterministic, one term a line, names as CURIEs.

    Raises ValueError with the IRIs that no prefix of the list covers.
    """
    prefixes = terms.all_prefixes
    lines = {shrink(iri, prefixes): _axioms(term, prefixes) for iri, term in terms.terms.items()}
    if bare := sorted(set(re.findall(r"<[^>]*>", json.dumps(lines)))):
        some = ", ".join(bare[:5]) + (f" and {len(bare) - 5} more" if len(bare) > 5 else "")
        raise ValueError(
            f"no prefix for {some}: add it under prefixes of the list that is there, or to FOREIGN_PREFIXES"
        )
    head = [f"  {json.dumps(key)}: {_head(value)}" for key, value in _header(terms, lines) if value]
    body = ",\n".join(f"    {json.dumps(curie)}: {_compact(axioms)}" for curie, axioms in sorted(lines.items()))
    return "{\n" + ",\n".join(head) + ',\n  "terms": {\n' + body + "\n  }\n}\n"


def _header(terms: TermList, lines: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    used = set(re.findall(r'"([A-Za-z][\w.-]*):', json.dumps(lines)))
    yield "ontology", terms.ontology
    yield "prefix", terms.prefix
    yield "namespace", terms.namespace
    yield "version", terms.version
    yield "versionIRI", terms.version_iri
    yield "title", terms.title
    yield "licence", dict(terms.licence)
    if terms.transcribed_from:
        yield "source", {"transcribed_from": terms.transcribed_from}
    else:
        yield "source", {"file": terms.source_file, "sha256": terms.source_sha256}
    yield "profiles", sorted(terms.profiles)
    yield "prefixes", {prefix: iri for prefix, iri in sorted(_foreign(terms)) if prefix in used}
    yield "selection", sorted(shrink(iri, terms.all_prefixes) for iri in terms.selection)


def _axioms(term: TermInfo, prefixes: Mapping[str, str]) -> dict[str, Any]:
    return {key: _shrunk(key, value, prefixes) for key in _AXIOMS if (value := getattr(term, key))}


def _shrunk(key: str, value: Any, prefixes: Mapping[str, str]) -> Any:
    if key in _LITERAL:
        return value
    if isinstance(value, str):
        return shrink(value, prefixes)
    if key in _UNIONS:
        unions = [_sorted(union, prefixes) for union in value]
        return sorted((one[0] if len(one) == 1 else one for one in unions), key=str)
    return _sorted(value, prefixes)


def _sorted(iris: Iterable[str], prefixes: Mapping[str, str]) -> list[str]:
    return sorted(shrink(iri, prefixes) for iri in iris)


def _foreign(terms: TermList) -> Iterator[tuple[str, str]]:
    known = {*STANDARD_PREFIXES, terms.prefix}
    return ((prefix, iri) for prefix, iri in terms.prefixes.items() if prefix not in known)


def _head(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"    {_compact(one)}" for one in value) + "\n  ]"
    return _compact(value)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
