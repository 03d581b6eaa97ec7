"""``gridlingua ontology show``: what the ontologies say of a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gridlingua.catalogue import EXTENSION_BASE, Catalogue, load
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.catalogue.ontology.portrait import Portrait, Version, portrait, references
from gridlingua.catalogue.ontology.search import as_iri, find_terms, words_of
from gridlingua.catalogue.ontology.spelling import similar, split
from gridlingua.catalogue.usage import Use, usage
from gridlingua.cli.options import AuthoredOption, BaseOption, JsonSwitch, authored
from gridlingua.engine.survey.strangers import json_text
from gridlingua.errors import GridlinguaError

_MOST: Final = 24
_MOST_CHAINS: Final = 8


def show(
    term: Annotated[str, typer.Argument(help="A term: s4ener:FlexRequest, or its IRI.")],
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
    as_json: JsonSwitch = False,
) -> None:
    """Show what the pinned ontologies say of a term, since and until which version, and who uses it.

    Status 1 when no version defines it: then what may be meant.
    """
    try:
        known = load(authored(catalogue, extension_base))
        found, iri = _portrait(term, known)
        uses = usage(known).get(iri, ())
    except GridlinguaError as error:
        typer.echo(f"gridlingua ontology show: {error}", err=True)
        raise typer.Exit(2) from None
    if found is None:
        typer.echo(f"gridlingua ontology show: {_unknown(term, iri, known.vocabulary)}", err=True)
        raise typer.Exit(1)
    if as_json:
        users = [{"exchange": use.exchange, "profile": use.profile, "where": use.where} for use in uses]
        typer.echo(json_text({"term": known.vocabulary.curie(iri), **references(found), "usedBy": users}))
    else:
        _print(Console(), found, uses, known.vocabulary)


def _portrait(text: str, known: Catalogue) -> tuple[Portrait | None, str]:
    """The portrait and the IRI of a term; a bare name is one when only one term has it."""
    iri = as_iri(text, known.vocabulary.prefixes)
    if not iri and ":" not in text:
        spaces = [one.namespace for one in known.vocabulary.all_lists]
        having = {
            one.term.iri
            for one in find_terms([text], known.vocabulary.all_lists)
            if split(one.term.iri, spaces)[1] == text
        }
        iri = having.pop() if len(having) == 1 else ""
    return portrait(iri, known.vocabulary) if iri else None, iri


def _unknown(text: str, iri: str, vocabulary: Vocabulary) -> str:
    """What may be meant by a term that no pinned version defines."""
    kinship = Kinship(vocabulary)
    if iri and (steps := kinship.meant(iri)):
        return f"no pinned version has {text}: {vocabulary.curie(steps[-1].meant)} is meant"
    local = split(iri)[1] if iri else text.rpartition(":")[2]
    every = find_terms([local], vocabulary.all_lists) or find_terms(words_of(local), vocabulary.all_lists)
    alike = vocabulary.suggestions(iri) if iri else []
    own = [vocabulary.curie(one) for one in _of_its_list(iri, vocabulary)]
    near = list(dict.fromkeys([*own, *alike, *(vocabulary.curie(one.term.iri) for one in every)]))
    hint = f": did you mean {' or '.join(near[:4])}?" if near else "; gridlingua ontology find WORD looks for words"
    return f"no pinned version has {text}{hint}"


def _of_its_list(iri: str, vocabulary: Vocabulary) -> list[str]:
    """The terms of the ontologies with the namespace of an IRI that read most like it."""
    spaces = [one.namespace for one in vocabulary.all_lists]
    space = split(iri, spaces)[0]
    terms = {one.iri: one for some in vocabulary.all_lists if some.namespace == space for one in some.terms.values()}
    return similar(iri, terms.values(), [space], 2) if space in spaces else []


def _print(console: Console, found: Portrait, uses: Sequence[Use], vocabulary: Vocabulary) -> None:
    console.print(f"[bold]{escape(vocabulary.curie(found.iri))}[/bold]  {found.kind}", highlight=False)
    console.print(f"<{found.iri}>", highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, text in (*_facts(found, vocabulary), *_used(uses)):
        table.add_row(name, escape(text))
    console.print(table)


def _facts(found: Portrait, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    yield from _history(found, vocabulary)
    for chain in found.parents[:_MOST_CHAINS]:
        yield "parents", " < ".join(map(vocabulary.curie, chain))
    for label, unions in (("domain", found.domain), ("range", found.range)):
        if unions:
            yield label, " and ".join(" or ".join(map(vocabulary.curie, union)) for union in unions)
    for label, iris in (
        ("children", found.children),
        ("same as", found.equivalents),
        ("disjoint with", found.disjoint),
        ("inverse", found.inverse),
        ("properties", found.subject_of),
        ("pointed at by", found.object_of),
        ("is a", found.types),
        ("individuals", found.individuals),
        ("measures", found.quantity_kinds),
        ("dimension", (found.dimension,) if found.dimension else ()),
    ):
        if iris:
            yield label, _names(iris, vocabulary)
    if found.characteristics:
        yield "is", ", ".join(found.characteristics)
    yield "official text", f"{found.iri}" + (f" (ontology: {found.page})" if found.page else "")


def _history(found: Portrait, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """In which versions it is, and what came before and after it."""
    yield "defined in", "; ".join(_version(one) for one in found.versions) or found.ontology
    for label, version in (("since", found.since), ("gone since", found.gone_since)):
        if version:
            yield label, version
    if found.deprecated:
        yield "deprecated", f"use {_names(found.replaced_by, vocabulary)}" if found.replaced_by else "nothing instead"
    for label, iris in (("now said by", found.successors), ("stands for", found.predecessors)):
        if iris:
            yield label, _names(iris, vocabulary)
    yield from (("note", note) for note in found.notes)


def _names(iris: Sequence[str], vocabulary: Vocabulary) -> str:
    more = f" and {len(iris) - _MOST} more" if len(iris) > _MOST else ""
    return ", ".join(map(vocabulary.curie, iris[:_MOST])) + more


def _version(one: Version) -> str:
    what = f"{one.kind}{', deprecated' if one.deprecated else ''}" if one.kind else "not there"
    return f"{one.name}: {what}" + (f" (profile {', '.join(one.profiles)})" if one.profiles else "")


def _used(uses: Sequence[Use]) -> Iterator[tuple[str, str]]:
    """Each exchange once, with the places."""
    if not uses:
        yield "used by", "no exchange"
    for number, exchange in enumerate(dict.fromkeys(use.exchange for use in uses)):
        places = [" ".join(filter(None, (use.profile, use.where))) for use in uses if use.exchange == exchange]
        yield "" if number else "used by", f"{exchange}: {', '.join(places)}"
