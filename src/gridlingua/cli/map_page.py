"""What ``gridlingua map`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from gridlingua.catalogue import Exchange
from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.semantics.mapping import Mapping, write_pointer
from gridlingua.semantics.patterns import Pattern, instantiate
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import is_iri, split_iri

if TYPE_CHECKING:
    from gridlingua.cli.map import Lifted

_MOST_ROWS: Final = 20
_ELSEWHERE: Final = "not in this pattern"


def pattern_of(exchange: Exchange, profile: str, part: Part) -> Pattern:
    """What rows of a part instantiate; of an ask's request what its variables bind."""
    found = exchange.profiles[profile]
    if part == "reply":
        return found.reply
    return found.request if exchange.kind == "post" else found.request.bound_by(exchange.request_variables)


def variables_of(exchange: Exchange, profile: str, part: Part) -> tuple[str, ...]:
    """What rows of a part bind; of an ask's request also what only triples with the reply's variables have."""
    found = exchange.profiles[profile]
    if part == "reply":
        return found.reply.variables
    return tuple(one for one in found.request.variables if exchange.kind == "post" or one in exchange.request_variables)


def show(
    console: Console,
    exchange: Exchange,
    profile: str,
    parts: Sequence[Lifted],
    vocabulary: Vocabulary,
    faults: Sequence[str],
    *,
    explain: bool,
) -> None:
    """Every part: rows, triples and verdict; at the end what is refused, by line."""
    for one in parts:
        if one.rows or not one.refusal:
            _show_part(console, exchange, profile, one, vocabulary, explain)
        if not one.refusal:
            console.print(f"[green]SHACL: {one.verdict}[/green]")
    if faults:
        console.print("[red]refused[/red]")
    for fault in faults:
        console.print(f"  {escape(fault)}", highlight=False)


def _show_part(
    console: Console, exchange: Exchange, profile: str, one: Lifted, vocabulary: Vocabulary, explain: bool
) -> None:
    rows = one.rows
    console.rule(f"{exchange.id} {one.part}: {len(rows)} row{'s' if len(rows) != 1 else ''}")
    if explain and rows:
        console.print(_explanation(exchange.mapping(one.part, profile), rows[0], vocabulary))
    names = [name for name in variables_of(exchange, profile, one.part) if rows and name in rows[0]]
    for number, row in enumerate(rows[:_MOST_ROWS], 1):
        console.print(f"[bold]row {number}[/bold]")
        for name in names:
            console.print(f"  ?{name} = {escape(_short(row[name], vocabulary))}", highlight=False)
    if len(rows) > _MOST_ROWS:
        console.print(f"… and {len(rows) - _MOST_ROWS} more rows")
    console.print()
    console.print(escape(turtle(exchange, profile, one, vocabulary)), highlight=False)
    console.print()


def turtle(exchange: Exchange, profile: str, one: Lifted, vocabulary: Vocabulary) -> str:
    """The graph that the rows of a part mean."""
    graph = instantiate(pattern_of(exchange, profile, one.part), one.rows)
    for prefix, namespace in vocabulary.prefixes.items():
        graph.bind(prefix, namespace)
    return graph.serialize(format="turtle").strip()


def in_json(exchange: Exchange, profile: str, parts: Sequence[Lifted], faults: Sequence[str]) -> dict[str, Any]:
    """The same for machines."""
    return {
        "exchange": exchange.id,
        "profile": profile,
        "accepted": not faults,
        "faults": list(faults),
        **{one.part: {"rows": one.rows, "shacl": one.verdict or None} for one in parts},
    }


def _explanation(mapping: Mapping, row: Row, vocabulary: Vocabulary) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in ("from", "by", "variable", "in the first row")))
    for name, field in mapping.fields.items():
        term = _short(row[name], vocabulary) if name in row else _ELSEWHERE
        table.add_row(write_pointer(field.pointer), field.converter.name, f"?{name}", term)
    for level in mapping.levels:
        for node in level.nodes:
            keys: Sequence[str] = node.slots or level.keys
            by = f"minted by {', '.join(keys)}" if keys else "minted by what the message says"
            term = row.get(node.variable, _ELSEWHERE)
            table.add_row(write_pointer(level.pointer) or "/", by, f"?{node.variable}", term)
    return table


def _short(term: str, vocabulary: Vocabulary) -> str:
    if is_iri(term):
        return vocabulary.curie(split_iri(term))
    value, caret, datatype = term.rpartition("^^")
    return f"{value}^^{vocabulary.curie(split_iri(datatype))}" if caret else term
