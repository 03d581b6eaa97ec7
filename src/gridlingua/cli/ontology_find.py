"""``gridlingua ontology find``: which term says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from gridlingua.catalogue import EXTENSION_BASE, Catalogue, load
from gridlingua.catalogue.ontology.search import Found, Sort, find_some, find_terms
from gridlingua.catalogue.usage import Use, usage
from gridlingua.cli.options import AuthoredOption, BaseOption, JsonSwitch, authored
from gridlingua.engine.survey.strangers import json_text
from gridlingua.errors import GridlinguaError

_MOST_NAMED: Final = 2


def find(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD...",
            help="Words of its name: power, flex request, kWh; saref: or saref:meas to stay within one ontology.",
        ),
    ],
    kind: Annotated[Sort | None, typer.Option(help="Only terms of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
    as_json: JsonSwitch = False,
) -> None:
    """Find the terms of all pinned ontologies whose names have every word, best first, and who uses them.

    Words are found as a whole, at the beginning of a word, within, and nearly; where no name has all of them, those
    with some are shown. Status 1 when there is none.
    """
    try:
        known = load(authored(catalogue, extension_base))
        used = usage(known)
    except GridlinguaError as error:
        typer.echo(f"gridlingua ontology find: {error}", err=True)
        raise typer.Exit(2) from None
    wanted, lists = [one for text in words for one in text.split()], known.vocabulary.all_lists
    prefixes = {one.prefix for one in lists}
    wanted = [f"{one}:" if one in prefixes and not find_terms([one], lists) else one for one in wanted]
    found = find_terms(wanted, lists, sort=kind, used=used)
    if not found and (found := find_some(wanted, lists, sort=kind, used=used)):
        typer.echo(f"no term has all of {', '.join(wanted)}; these have some", err=True)
    if as_json:
        typer.echo(json_text([_in_json(one, known, used) for one in found[:limit]]))
    elif found:
        _show(found, limit, known, used)
    else:
        typer.echo(f"no term has {' and '.join(words)}" + (f" and is a {kind}" if kind else ""), err=True)
    if not found:
        raise typer.Exit(1)


def _show(found: Sequence[Found], limit: int, known: Catalogue, used: Mapping[str, Sequence[Use]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("term", "kind", "in", "used by"):
        table.add_column(name, no_wrap=name in ("term", "kind"), overflow="fold")
    for one in found[:limit]:
        kind = f"{one.term.kind}, deprecated" if one.term.deprecated else one.term.kind
        users = list(dict.fromkeys(use.exchange for use in used.get(one.term.iri, ())))
        more = f" and {len(users) - _MOST_NAMED} more" if len(users) > _MOST_NAMED else ""
        named = ", ".join(users[:_MOST_NAMED]) + more
        table.add_row(known.vocabulary.curie(one.term.iri), kind, ", ".join(one.lists), named)
    console = Console()
    console.print(table)
    if len(found) > limit:
        console.print(f"and {len(found) - limit} more: name another word, --kind, or --limit")


def _in_json(one: Found, known: Catalogue, used: Mapping[str, Sequence[Use]]) -> dict[str, Any]:
    users = dict.fromkeys(use.exchange for use in used.get(one.term.iri, ()))
    return {
        "term": known.vocabulary.curie(one.term.iri),
        "iri": one.term.iri,
        "kind": one.term.kind,
        "deprecated": one.term.deprecated,
        "lists": list(one.lists),
        "usedBy": list(users),
    }
