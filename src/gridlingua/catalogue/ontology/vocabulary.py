"""The vocabulary: every official term list and our own extension as one dictionary of terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rdflib import DCTERMS, OWL, RDF, Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax

from gridlingua.catalogue.content import EXTENSION_BASE, shipped
from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.ontology import spelling
from gridlingua.catalogue.ontology.axioms import axiom_graph
from gridlingua.catalogue.ontology.core import core_terms
from gridlingua.catalogue.ontology.extract import extract_terms
from gridlingua.catalogue.ontology.reasoning.tbox import TBox
from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, TermInfo, TermList, expand, read_list, shrink
from gridlingua.catalogue.ontology.unit_names import is_other_unit, meant_unit
from gridlingua.errors import CatalogueError, Problem

EXTENSION: Final = "gridlingua.ttl"

_CHECK: Final = "vocabulary"
_LISTED: Final = tuple(one.name for one in fields(TermInfo) if one.default == ())


@dataclass(frozen=True)
class Vocabulary:
    """All terms that a pattern of one profile may use.

    ``lists`` are the official term lists by file name and then the extension, ``all_lists`` those of the other profiles
    too; ``prefixes`` the one registry of prefixes; ``extension`` the graph of our Turtle as its author wrote it (do not
    change it); ``derived`` keeps what was worked out from all of it, for every profile.
    """

    profile: str
    all_lists: tuple[TermList, ...] = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)
    extension: Graph = field(repr=False)
    derived: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _views: dict[str, Vocabulary] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, extension_base: str | None = None) -> Vocabulary:
        """Read every ``*.json`` of the folder, ``gridlingua.ttl``, when it is there, and every other ``*.ttl``, each an
        extension of somebody's own, for the judged profile. A folder of such extensions alone adds to our lists.

        ``extension_base`` replaces the default base in the text of the extension. Raises CatalogueError with everything
        that is wrong.
        """
        own = [path for path in sorted(folder.glob("*.ttl")) if path.name != EXTENSION]
        official = shipped().ontologies if own and not any(folder.glob("*.json")) else folder
        lists, problems = _read_lists(sorted(official.glob("*.json")))
        extension = Graph(bind_namespaces="none")
        for path in (official / EXTENSION, *own):
            try:
                lists += _read_extension(path, extension_base or EXTENSION_BASE, extension)
            except CatalogueError as error:
                problems += error.problems
        if not lists and not problems:
            problems.append(Problem(str(folder), 1, _CHECK, "the folder holds no term list"))
        prefixes = _registry(folder, lists, problems)
        if problems:
            raise CatalogueError(problems)
        return cls(JUDGED_PROFILE, tuple(lists), prefixes, extension)

    def of(self, profile: str) -> Vocabulary:
        """The same, as patterns of another profile may use it."""
        known = self if profile == self.profile else self._views.get(profile)
        if known is None:
            known = self._views[profile] = replace(self, profile=profile, _views=self._views)
        return known

    @cached_property
    def lists(self) -> tuple[TermList, ...]:
        """The lists that this profile uses."""
        return tuple(one for one in self.all_lists if not one.profiles or self.profile in one.profiles)

    @cached_property
    def terms(self) -> Mapping[str, TermInfo]:
        """Every term that they name, by IRI."""
        return _merge(self.lists)

    def elsewhere(self, iri: str) -> list[str]:
        """Names of the lists of other profiles that define a term."""
        ours = {one.name for one in self.lists}
        return [one.name for one in self.all_lists if one.name not in ours and iri in one.terms]

    def versions(self, iri: str) -> list[TermList]:
        """The lists of any profile that define a term, and do not just borrow it."""
        return [one for one in self.all_lists if iri in one.terms and not one.terms[iri].borrowed]

    def find(self, iri: str) -> TermInfo | None:
        """What is known of a term; None when no ontology defines it (a stray term is not defined)."""
        return None if iri in self.strays else self.terms.get(iri)

    def curie(self, iri: str) -> str:
        """``prefix:local``, or ``<iri>`` when no prefix fits."""
        return shrink(iri, self.prefixes)

    def expanded(self, curie: str) -> str:
        """The IRI of what ``curie`` gives back."""
        return curie[1:-1] if curie.startswith("<") else expand(curie, self.prefixes)

    @cached_property
    def strays(self) -> Mapping[str, TermInfo]:
        """Terms that an ontology borrows from another one that, in the version we hold, does not define them.

        S4ENER 2.1.1 declares saref:hasPrice, which SAREF core 4.1.1 has dropped.
        """
        whole = {one.namespace for one in self.lists if not one.selection} | {*STANDARD_PREFIXES.values()}
        return {
            iri: term
            for iri, term in self.terms.items()
            if term.borrowed and spelling.split(iri, self._namespaces)[0] in whole
        }

    def superclasses(self, iri: str) -> frozenset[str]:
        """Every class above a class, or property above a property; equivalents count, the term itself does not."""
        above: set[str] = set()
        pending = [iri]
        while pending:
            term = self.terms.get(pending.pop())
            known = (*term.superclasses, *term.superproperties, *term.equivalents) if term else ()
            pending += (fresh := set(known) - above)
            above |= fresh
        return frozenset(above - {iri})

    def suggestions(self, iri: str, limit: int = 3) -> list[str]:
        """CURIEs of the terms that may have been meant, best first; empty when nothing comes close."""
        meant = self.near_namespace(iri) or iri
        if meant != iri and self.find(meant):
            return [self.curie(meant)]
        if unit := meant_unit(meant):
            return [self.curie(unit)]
        defined = (term for term in self.terms.values() if term.iri not in self.strays)
        near = spelling.similar(meant, defined, self._namespaces, limit)
        return [self.curie(one) for one in near if not is_other_unit(meant, one)]

    def near_namespace(self, iri: str) -> str | None:
        """The IRI with its namespace put right when that is almost a known one, else None."""
        return spelling.near_namespace(iri, self.prefixes)

    @cached_property
    def tbox(self) -> TBox:
        """The axioms of the terms in use, for inference."""
        return TBox.of(term for iri, term in self.terms.items() if iri not in self.strays)

    def graph(self) -> Graph:
        """A new graph of the axioms of all terms and the whole extension, for an OWL RL reasoner."""
        core = core_terms()
        graph = axiom_graph(term for iri, term in self.terms.items() if iri not in core and iri not in self.strays)
        for triple in self.extension:
            graph.add(triple)
        return graph

    @cached_property
    def _namespaces(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.prefixes.values())))


def _read_lists(paths: Iterable[Path]) -> tuple[list[TermList], list[Problem]]:
    lists: list[TermList] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            lists.append(read_list(path))
        except CatalogueError as error:
            problems += error.problems
    return lists, problems


def _read_extension(path: Path, base: str, into: Graph) -> list[TermList]:
    if not path.is_file():
        return []
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=path.read_text(encoding="utf-8").replace(EXTENSION_BASE, base), format="turtle")
    except BadSyntax as error:
        message = f"not Turtle: {error.message}"
        raise CatalogueError([Problem(str(path), error.lines + 1, _CHECK, message)]) from None
    prefixes = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    head = base if path.name == EXTENSION else str(next(graph.subjects(RDF.type, OWL.Ontology), ""))
    own = next(
        ((one, space) for one, space in prefixes.items() if head and space.rstrip("#/") == head.rstrip("#/")), None
    )
    if own is None:
        message = f"no prefix stands for <{head}>" if head else "no owl:Ontology says whose terms these are"
        raise CatalogueError([Problem(str(path), 1, _CHECK, message)])
    for triple in graph:
        into.add(triple)
    return [_extension_list(graph, *own, prefixes, path.name)]


def _extension_list(graph: Graph, prefix: str, base: str, prefixes: Mapping[str, str], file: str) -> TermList:
    head = next(graph.subjects(RDF.type, OWL.Ontology), URIRef(base))
    version = str(graph.value(head, OWL.versionInfo) or "")
    return TermList(
        ontology=str(head),
        prefix=prefix,
        namespace=base,
        version=version,
        version_iri=str(graph.value(head, OWL.versionIRI) or ""),
        title=str(graph.value(head, DCTERMS.title) or ""),
        licence={"url": str(licence)} if (licence := graph.value(head, DCTERMS.license)) else {},
        source_file=file,
        prefixes=prefixes,
        terms=extract_terms(graph, base, f"{prefix} {version}".strip()),
    )


def _registry(folder: Path, lists: Iterable[TermList], problems: list[Problem]) -> dict[str, str]:
    registry = dict(STANDARD_PREFIXES)
    owners: dict[str, list[TermList]] = defaultdict(list)
    for one in lists:
        file = str(
            folder / (one.source_file if one.source_file.endswith(".ttl") else f"{one.prefix}-{one.version}.json")
        )
        for owner in owners[one.prefix]:
            if not owner.profiles or not one.profiles or owner.profiles & one.profiles:
                message = f"the prefix {one.prefix}: is that of two lists of one profile, {owner.name} and {one.name}"
                problems.append(Problem(file, 1, _CHECK, message))
        owners[one.prefix].append(one)
        for prefix, namespace in one.all_prefixes.items():
            if (known := registry.setdefault(prefix, namespace)) != namespace:
                message = f"the prefix {prefix}: stands for <{known}> elsewhere, for <{namespace}> here"
                problems.append(Problem(file, 1, _CHECK, message))
    return registry


def _merge(lists: Iterable[TermList]) -> dict[str, TermInfo]:
    """One entry a term: the kind its own ontology gives it, with the axioms that others add."""
    said: dict[str, list[TermInfo]] = defaultdict(list)
    for term in (*core_terms().values(), *(term for one in lists for term in one.terms.values())):
        said[term.iri].append(term)
    return {iri: terms[0] if len(terms) == 1 else _together(terms) for iri, terms in said.items()}


def _together(terms: list[TermInfo]) -> TermInfo:
    ordered = sorted(terms, key=lambda term: term.borrowed)
    together: dict[str, Any] = {
        name: tuple(dict.fromkeys(value for term in ordered for value in getattr(term, name))) for name in _LISTED
    }
    return replace(ordered[0], **together)
