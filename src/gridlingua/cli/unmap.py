"""``gridlingua unmap``: what message rows say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from gridlingua.catalogue import EXTENSION_BASE, JUDGED_PROFILE, Exchange, reply_message, request_message, request_rows
from gridlingua.catalogue.exchange import Part
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.cli.map_page import pattern_of, variables_of
from gridlingua.cli.one_exchange import UsageError, one_exchange, profile_of
from gridlingua.cli.options import AuthoredOption, BaseOption, authored
from gridlingua.cli.unmap_rows import PARTS, graph_of, inspect, part_of, rows_of_graph, rows_of_json
from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Rows, project
from gridlingua.semantics.schema import read_json, write_json

USAGE: Final = 2
_MINTER: Final = Minter("https://party.example.org/")
_JSON: Final = re.compile(r"\s*(?:\{|\[\s*\{|\[\s*\]\s*$)")
"""How rows begin in JSON, and Turtle does not."""


def unmap(
    exchange: Annotated[
        str, typer.Argument(help="Id of the exchange, such as flexibility/needs, or the path of its folder.")
    ],
    rows: Annotated[
        str,
        typer.Argument(
            metavar="ROWS",
            help="JSON, [{variable: term}, …], as map --format rows or a knowledge engine writes it; or Turtle. "
            "- for the standard input.",
        ),
    ],
    part: Annotated[
        Literal["request", "reply"] | None,
        typer.Option(help="What the rows say; guessed from their variables when absent."),
    ] = None,
    profile: Annotated[str, typer.Option(help="Generation of vocabulary that they are written in.")] = JUDGED_PROFILE,
    given: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="JSON of the request that a reply is about, or of a case."),
    ] = None,
    case: Annotated[
        bool, typer.Option("--case", help="Print request and reply, as an example of the catalogue has them.")
    ] = False,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Print the message that rows say; the inverse of map.

    The message is judged as if it had come from the network: by its schema and by SHACL. Status 0: it is accepted;
    1: the rows are wrong, or what they say is refused; 2: what was typed names nothing that is there.
    """
    try:
        one, vocabulary = one_exchange(authored(catalogue, extension_base), exchange)
        profile_of(one, profile)
        found, chosen = _rows(one, profile, part, _text(rows), vocabulary, is_json=rows.endswith(".json"))
        inspect(one, profile, chosen, found)
        asked = _asked(one, profile, given, found) if chosen == "reply" else []
        message = _message(one, profile, chosen, found, asked)
    except MessageError as error:
        for fault in error.faults:
            where = " ".join(filter(None, (error.part, fault.pointer)))
            typer.echo(f"gridlingua unmap: {rows}: {f'{where}: ' if where else ''}{fault.message}", err=True)
        raise typer.Exit(1) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua unmap: {error}", err=True)
        raise typer.Exit(USAGE) from None
    if case and chosen == "request":
        message = {"request": message}
    elif case:
        message = {"request": request_message(one, asked, profile, _MINTER).message, "reply": message}
    typer.echo(write_json(message, indent=2))


def _text(rows: str) -> str:
    try:
        return sys.stdin.read() if rows == "-" else Path(rows).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{rows}: {getattr(error, 'strerror', None) or error}") from None


def _rows(
    exchange: Exchange, profile: str, part: Part | None, text: str, vocabulary: Vocabulary, *, is_json: bool
) -> tuple[Rows, Part]:
    """The rows of a text and the part they say."""
    if is_json or _JSON.match(text):
        rows = rows_of_json(text, dict(vocabulary.prefixes))
        names = frozenset(name for row in rows for name in row)
        return rows, part or part_of(exchange, profile, names)
    graph = graph_of(text)
    found: list[tuple[Rows, Part]] = []
    refusals = []
    for one in (part,) if part else reversed(PARTS):
        try:
            pattern, mapping = pattern_of(exchange, profile, one), exchange.mapping(one, profile)
            found.append((rows_of_graph(graph, pattern, mapping, vocabulary), one))
        except MessageError as error:
            refusals.append(f"{one}: {error.faults[0].message}")
    if len(found) == 2 and exchange.kind == "post":
        raise MessageError("this graph holds a request and a reply: say which with --part")
    if not found:
        raise MessageError("; ".join(refusals))
    return found[0]  # a reply to an ask holds its request, too


def _asked(exchange: Exchange, profile: str, given: Path | None, rows: Rows) -> Rows:
    """The rows of the request that a reply is about: those given, else of an ask what its own rows say of it."""
    if given is not None:
        message = read_json(given.read_bytes())
        is_case = isinstance(message, dict) and "request" in message and message.keys() <= {"request", "reply"}
        return request_rows(exchange, message["request"] if is_case else message, _MINTER, profile).rows
    if exchange.kind == "ask":
        return project(rows, variables_of(exchange, profile, "request"))
    if profile != JUDGED_PROFILE:
        raise UsageError(f"a reply in {profile} is judged with its request: name the file of that with --given")
    return []


def _message(exchange: Exchange, profile: str, part: Part, rows: Rows, asked: Rows) -> object:
    if part == "request":
        return request_message(exchange, rows, profile, _MINTER).message
    return reply_message(exchange, rows, asked, profile, _MINTER).message
