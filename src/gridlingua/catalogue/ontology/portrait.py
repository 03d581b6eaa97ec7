"""All that the pinned ontologies say of one term, put together for who wants to use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from gridlingua.catalogue.ontology.core import CORE, core_terms
from gridlingua.catalogue.ontology.generations import Generations
from gridlingua.catalogue.ontology.search import version_key
from gridlingua.catalogue.ontology.terms import Expression, TermInfo, TermList
from gridlingua.catalogue.ontology.vocabulary import Vocabulary


@dataclass(frozen=True)
class Version:
    """A version of the ontology that a term is of; ``kind`` is what it says the term is, empty where it has none."""

    name: str
    profiles: tuple[str, ...]
    kind: str
    deprecated: bool = False


@dataclass(frozen=True)
class Portrait:
    """A term; references are IRIs, unions tuples of IRIs.

    ``parents`` are chains from the term's own parents up. ``subject_of`` and ``object_of`` are the properties that may
    lead from and to instances of a class, its own and inherited ones. ``successors`` stand for it in the second
    generation, it stands there for ``predecessors``. ``page`` is where its official prose is.
    """

    iri: str
    kind: str
    profile: str
    versions: tuple[Version, ...]
    since: str = ""
    gone_since: str = ""
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parents: tuple[tuple[str, ...], ...] = ()
    children: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    domain: tuple[Expression, ...] = ()
    range: tuple[Expression, ...] = ()
    inverse: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    subject_of: tuple[str, ...] = ()
    object_of: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    individuals: tuple[str, ...] = ()
    quantity_kinds: tuple[str, ...] = ()
    dimension: str = ""
    ontology: str = ""
    page: str = ""

    def said(self) -> Iterator[tuple[str, Any]]:
        """Every fact that there is, by name."""
        return ((one.name, value) for one in fields(self) if (value := getattr(self, one.name)))


def portrait(iri: str, vocabulary: Vocabulary, generations: Generations | None = None) -> Portrait | None:
    """What is known of a term, in the newest profile that has it; None when no pinned version defines it."""
    view = next((view for view in _views(vocabulary) if view.find(iri)), None)
    term = view.find(iri) if view else None
    if view is None or term is None:
        return None
    told = generations or Generations.known()
    versions = tuple(_versions(iri, vocabulary))
    own = next((one for one in vocabulary.all_lists if one.name == term.source), None)
    above = view.superclasses(iri) | {iri}
    return Portrait(
        iri=iri,
        kind=term.kind,
        profile=view.profile,
        versions=versions,
        since=_since(versions),
        gone_since=_gone_since(versions),
        deprecated=term.deprecated,
        replaced_by=term.replaced_by,
        successors=told.successions[iri].new if iri in told.successions else (),
        predecessors=tuple(one.old for one in told.successions.values() if iri in one.new),
        notes=tuple(_notes(iri, told)),
        parents=tuple(_chains(term, view, (iri,))),
        children=_of(view, lambda one: iri in (*one.superclasses, *one.superproperties)),
        equivalents=term.equivalents,
        disjoint=tuple(dict.fromkeys([*term.disjoint, *_of(view, lambda one: iri in one.disjoint)])),
        domain=term.domain,
        range=term.range,
        inverse=tuple(dict.fromkeys([*term.inverse, *_of(view, lambda one: iri in one.inverse)])),
        characteristics=term.characteristics,
        subject_of=_of(view, lambda one: _meets(one.domain, above)) if term.kind == "class" else (),
        object_of=_of(view, lambda one: _meets(one.range, above)) if term.kind == "class" else (),
        types=term.types,
        individuals=_of(view, lambda one: iri in one.types),
        quantity_kinds=term.quantity_kinds,
        dimension=term.dimension,
        ontology=f"{own.title} ({own.name})" if own else CORE,
        page=(own.version_iri or own.ontology) if own else "",
    )


def _views(vocabulary: Vocabulary) -> Iterator[Vocabulary]:
    """The vocabulary as each profile has it, the judged one first."""
    yield vocabulary
    profiles = {name for one in vocabulary.all_lists for name in one.profiles} - {vocabulary.profile}
    yield from (vocabulary.of(name) for name in sorted(profiles))


def _versions(iri: str, vocabulary: Vocabulary) -> Iterator[Version]:
    """The lists of the namespace that the term is in, oldest first, with what each says of it."""
    having = [one for one in vocabulary.all_lists if iri in one.terms and not one.terms[iri].borrowed]
    spaces = {one.namespace for one in having}
    for one in sorted(_in(spaces, vocabulary.all_lists), key=lambda one: version_key(one.version)):
        term = one.terms.get(iri)
        own = term if term and not term.borrowed else None
        if own or not one.selection:
            yield Version(one.name, tuple(sorted(one.profiles)), own.kind if own else "", bool(own and own.deprecated))


def _in(spaces: Iterable[str], lists: Iterable[TermList]) -> Iterator[TermList]:
    wanted = set(spaces)
    return (one for one in lists if one.namespace in wanted)


def _since(versions: tuple[Version, ...]) -> str:
    """The first version that has a term, where an older one has it not."""
    first = next((position for position, one in enumerate(versions) if one.kind), 0)
    return versions[first].name if first else ""


def _gone_since(versions: tuple[Version, ...]) -> str:
    """The first version that has a term no more."""
    having = [position for position, one in enumerate(versions) if one.kind]
    return versions[having[-1] + 1].name if having and having[-1] + 1 < len(versions) else ""


def _notes(iri: str, told: Generations) -> Iterator[str]:
    if (known := told.successions.get(iri)) and known.note:
        yield known.note
    yield from (one.note for one in told.reshapings if one.term == iri)


def _chains(term: TermInfo, view: Vocabulary, seen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every way up from a term to what has no parent."""
    for parent in (*term.superclasses, *term.superproperties):
        if parent in seen:
            continue
        above = view.terms.get(parent)
        inner = list(_chains(above, view, (*seen, parent))) if above else []
        yield from ((parent, *chain) for chain in inner or [()])


def _of(view: Vocabulary, wanted: Any) -> tuple[str, ...]:
    core = core_terms()
    found = (iri for iri, one in view.terms.items() if iri not in core and iri not in view.strays and wanted(one))
    return tuple(sorted(found, key=view.curie))


def _meets(expressions: tuple[Expression, ...], above: Iterable[str]) -> bool:
    return any(one in above for expression in expressions for one in expression)


def references(found: Portrait) -> Mapping[str, Any]:
    """The portrait as JSON has it."""
    return {
        name: [vars(one) for one in value] if name == "versions" else value  # a version is flat
        for name, value in found.said()
    }
