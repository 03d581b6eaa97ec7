"""``gridlingua map``: what a message means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from gridlingua.catalogue import EXTENSION_BASE, Exchange, load, reply_rows, request_rows
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Part
from gridlingua.catalogue.explanation import fillings, short
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.cli.options import BaseOption, CatalogueOption, content
from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Mapping, Minter
from gridlingua.semantics.patterns import instantiate
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.schema import read_json

_MOST_ROWS = 20


def map_message(
    exchange: Annotated[str, typer.Argument(help="Id of the exchange, such as flexibility/needs.")],
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="JSON of a request, or of a case: {request: …, reply: …}."),
    ],
    explain: Annotated[bool, typer.Option("--explain", help="Show which field filled which variable.")] = False,
    resource_base: Annotated[
        str, typer.Option(help="Beginning of the IRIs that are minted.")
    ] = "https://party.example.org/",
    catalogue: CatalogueOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Print the rows, the triples and SHACL's verdict of a message. Status 1 when it is refused."""
    console = Console(soft_wrap=True)
    try:
        found = load(content(catalogue, extension_base))
        one = found.exchanges.get(exchange)
        if one is None:
            raise GridlinguaError(f"there is no exchange {exchange!r}; there are {', '.join(found.exchanges)}")
        refused = _show(console, one, _case(file), Minter(resource_base), found.vocabulary, explain)
    except GridlinguaError as error:
        typer.echo(f"gridlingua map: {error}", err=True)
        raise typer.Exit(1) from None
    if refused:
        raise typer.Exit(1)


def _case(file: Path) -> dict[str, Any]:
    message = read_json(file.read_bytes())
    is_case = isinstance(message, dict) and "request" in message and message.keys() <= {"request", "reply"}
    return message if is_case else {"request": message}


def _show(
    console: Console, exchange: Exchange, case: dict[str, Any], minter: Minter, vocabulary: Vocabulary, explain: bool
) -> bool:
    """Show every part of a case; whether one was refused."""
    request = lift(exchange.request, case["request"], minter)
    _show_part(console, exchange, "request", request, vocabulary, explain)
    refused = _verdict(console, lambda: str(request_rows(exchange, case["request"], minter).verdict))
    if "reply" in case and not refused:
        given = request[0] if exchange.kind == "ask" else {}
        lifted = lift(exchange.reply, case["reply"], minter, given)
        _show_part(console, exchange, "reply", [{**given, **row} for row in lifted], vocabulary, explain)
        refused = _verdict(
            console,
            lambda: str(reply_rows(exchange, case["reply"], request, JUDGED_PROFILE, minter).verdict),
        )
    return refused


def _show_part(
    console: Console, exchange: Exchange, part: Part, rows: Rows, vocabulary: Vocabulary, explain: bool
) -> None:
    mapping = exchange.request if part == "request" else exchange.reply
    console.rule(f"{exchange.id} {part}: {len(rows)} row{'s' if len(rows) != 1 else ''}")
    pattern = exchange.judged[part]
    if explain and rows:
        console.print(_explanation(mapping, rows[0], vocabulary))
    names = [name for name in pattern.variables if rows and name in rows[0]]
    for number, row in enumerate(rows[:_MOST_ROWS], 1):
        console.print(f"[bold]row {number}[/bold]")
        for name in names:
            console.print(f"  ?{name} = {escape(short(row[name], vocabulary))}", highlight=False)
    if len(rows) > _MOST_ROWS:
        console.print(f"… and {len(rows) - _MOST_ROWS} more rows")
    console.print()
    graph = instantiate(pattern, rows)
    for prefix, namespace in vocabulary.prefixes.items():
        graph.bind(prefix, namespace)
    console.print(escape(graph.serialize(format="turtle").strip()), highlight=False)
    console.print()


def _verdict(console: Console, judged: Any) -> bool:
    try:
        console.print(f"[green]SHACL: {judged()}[/green]")
    except MessageError as error:
        console.print("[red]refused[/red]")
        for fault in error.faults:
            console.print(f"  {escape(str(fault))}", highlight=False)
        return True
    return False


def _explanation(mapping: Mapping, row: Row, vocabulary: Vocabulary) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in ("from", "by", "variable", "in the first row")))
    for one in fillings(mapping):
        term = row[one.variable]
        table.add_row(one.pointer, one.by, f"?{one.variable}", term if one.is_node else short(term, vocabulary))
    return table
