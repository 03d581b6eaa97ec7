"""``gridlingua ontology``: the term lists of official ontologies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gridlingua.catalogue.content import shipped
from gridlingua.catalogue.ontology import TermList, Vocabulary, extract_list, read_list, write_list
from gridlingua.cli.ontology_find import find
from gridlingua.cli.ontology_show import show
from gridlingua.errors import GridlinguaError

ontology_app = typer.Typer(
    help="The terms of official ontologies: what there is, and who uses it.", no_args_is_help=True
)
ontology_app.command("find")(find)
ontology_app.command("show")(show)


@ontology_app.command("extract")
def extract(
    official_files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="The ontology's files, RDF/XML or Turtle.")
    ],
    prefix: Annotated[str, typer.Option(help="The prefix of its terms, e.g. s4ener.")],
    version: Annotated[str, typer.Option(help="The version of the file, e.g. 2.1.1.")],
    output: Annotated[Path, typer.Option(dir_okay=False, help="The term list, e.g. ontologies/s4ener-2.1.1.json.")],
    namespace: Annotated[str, typer.Option(help="Namespace of the terms, when the file does not say.")] = "",
) -> None:
    """Write the term list of an ontology's official files.

    Title, licence, prefixes and selection of a list that is there already are kept.
    """
    try:
        previous = read_list(output) if output.exists() else None
        terms = extract_list(official_files, prefix, version, previous, namespace)
        output.write_text(write_list(terms), encoding="utf-8")
    except (GridlinguaError, ValueError) as error:
        raise _refused(error) from None
    Console().print(f"{terms.name}: {len(terms.terms)} terms{_changes(terms, previous)} in {escape(str(output))}")


def _changes(now: TermList, before: TermList | None) -> str:
    if before is None:
        return ""
    new, gone = now.terms.keys() - before.terms.keys(), before.terms.keys() - now.terms.keys()
    facts = [_said(now, iri) != _said(before, iri) for iri in now.terms.keys() & before.terms.keys()]
    return f" ({len(new)} new, {len(gone)} gone, {sum(facts)} changed)"


def _said(terms: TermList, iri: str) -> str:
    """What a list says of a term, without the name of the list."""
    return repr(terms.terms[iri]).replace(repr(terms.name), "")


@ontology_app.command("list")
def list_(
    folder: Annotated[Path | None, typer.Option(file_okay=False, help="The folder of the lists.")] = None,
) -> None:
    """Show every vocabulary that patterns may use, with its version and the number of its terms."""
    try:
        vocabulary = Vocabulary.load(folder or shipped().ontologies)
    except GridlinguaError as error:
        raise _refused(error) from None
    table = Table(title="Vocabularies that patterns may use")
    table.add_column("prefix", no_wrap=True)
    table.add_column("version", no_wrap=True)
    table.add_column("terms", justify="right", no_wrap=True)
    table.add_column("borrowed", justify="right", no_wrap=True)
    table.add_column("profile", no_wrap=True)
    table.add_column("title")
    for one in vocabulary.all_lists:
        borrowed = sum(term.borrowed for term in one.terms.values())
        version = one.version + (" (part)" if one.selection else "")
        profile = ", ".join(sorted(one.profiles)) or "all"
        table.add_row(one.prefix, version, str(len(one.terms)), str(borrowed), profile, one.title)
    Console().print(table)


def _refused(error: Exception) -> typer.Exit:
    Console(stderr=True).print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
    return typer.Exit(1)
