"""``gridlingua map``: what a message means."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console

from gridlingua.catalogue import EXTENSION_BASE, JUDGED_PROFILE, Exchange, reply_rows, request_rows
from gridlingua.catalogue.exchange import Part
from gridlingua.cli.json_lines import Place, fault_lines, lines_of
from gridlingua.cli.map_page import in_json, show, turtle, variables_of
from gridlingua.cli.one_exchange import UsageError, one_exchange, profile_of
from gridlingua.cli.options import AuthoredOption, BaseOption, authored
from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.rows import Row, Rows, project
from gridlingua.semantics.schema import read_json, write_json

Format = Literal["text", "rows", "turtle", "json"]
USAGE: Final = 2


@dataclass(frozen=True)
class Lifted:
    """One part of a message: its rows, and SHACL's verdict or what the sender is told."""

    part: Part
    rows: Rows
    verdict: str = ""
    refusal: MessageError | None = None


@dataclass(frozen=True)
class Source:
    """A file as it was read: the messages by part, whether it was a case of both, and its text."""

    name: str
    text: str
    messages: dict[Part, Json]
    is_case: bool

    @cached_property
    def _lines(self) -> dict[Place, int]:
        try:
            return lines_of(self.text)
        except RecursionError:  # a refusal is worth more than its place
            return {}

    def told(self, exchange: Exchange, part: Part, refusal: MessageError) -> Iterator[str]:
        """Each fault with the lines of the file that it is about."""
        mapping, within = exchange.mapping(part), ((part,) if self.is_case else ())
        for fault in refusal.faults:
            lines = fault_lines(fault, self.messages[part], mapping, self._lines, within)
            where = f"{self.name}:{lines[0]}" if lines else self.name
            more = f" (and line{'s' if len(lines) > 2 else ''} {', '.join(map(str, lines[1:4]))})" if lines[1:] else ""
            yield f"{where}: {fault}{more}"


def map_message(
    exchange: Annotated[
        str, typer.Argument(help="Id of the exchange, such as flexibility/needs, or the path of its folder.")
    ],
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="JSON of a request, or of a case: {request: …, reply: …}; with --part reply also of a reply. "
            "- for the standard input.",
        ),
    ],
    explain: Annotated[bool, typer.Option("--explain", help="Show which field filled which variable.")] = False,
    profile: Annotated[str, typer.Option(help="Generation of vocabulary to write it in.")] = JUDGED_PROFILE,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="text for people; rows as a knowledge engine carries them, [{variable: term}], or turtle, of one "
            "part; json of everything.",
        ),
    ] = "text",
    part: Annotated[
        Literal["request", "reply"] | None,
        typer.Option(help="The part that is meant; with --format rows or turtle the reply when the file has one."),
    ] = None,
    given: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON of the request that a reply is about.")
    ] = None,
    resource_base: Annotated[
        str, typer.Option(help="Beginning of the IRIs that are minted.")
    ] = "https://party.example.org/",
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Print the rows, the triples and SHACL's verdict of a message; the inverse of unmap.

    Each fault of a message that is refused comes with the line of the file where the field stands. Status 0: it is
    accepted; 1: it is refused; 2: what was typed names nothing that is there.
    """
    try:
        one, vocabulary = one_exchange(authored(catalogue, extension_base), exchange)
        profile_of(one, profile)
        source = read_source(file, part, given)
        lifted = list(lift_parts(one, source, profile, Minter(resource_base)))
    except MessageError as error:
        typer.echo(f"gridlingua map: {file}: {error.faults[0].message if len(error.faults) == 1 else error}", err=True)
        raise typer.Exit(1) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua map: {error}", err=True)
        raise typer.Exit(USAGE) from None
    chosen = [found for found in lifted if part in (None, found.part)] or lifted[-1:]
    wanted = [replace(found, rows=project(found.rows, variables_of(one, profile, found.part))) for found in chosen]
    faults = [text for last in lifted if last.refusal for text in source.told(one, last.part, last.refusal)]
    if format_ == "text":
        show(Console(soft_wrap=True), one, profile, wanted, vocabulary, faults, explain=explain)
    elif format_ == "json":
        typer.echo(write_json(in_json(one, profile, wanted, faults), indent=2))
    elif faults:
        typer.echo("\n".join(faults), err=True)
    elif format_ == "rows":
        typer.echo(write_json(wanted[-1].rows, indent=2))
    else:
        typer.echo(turtle(one, profile, wanted[-1], vocabulary))
    if faults:
        raise typer.Exit(1)


def read_source(file: str, part: Part | None, given: Path | None) -> Source:
    """The messages of a file; ``-`` is the standard input. Raises MessageError when it is no JSON, UsageError when it
    cannot be read."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {getattr(error, 'strerror', None) or error}") from None
    message = read_json(text)
    name = "<stdin>" if file == "-" else file
    if isinstance(message, dict) and "request" in message and message.keys() <= {"request", "reply"}:
        return Source(name, text, message, is_case=True)
    if part != "reply":
        return Source(name, text, {"request": message}, is_case=False)
    if given is None:
        raise UsageError(f"{file} holds no request beside the reply: name the file of the request with --given")
    asked = read_json(given.read_bytes())
    asked = asked["request"] if isinstance(asked, dict) and asked.keys() == {"request", "reply"} else asked
    return Source(name, text, {"request": asked, "reply": message}, is_case=False)


def lift_parts(exchange: Exchange, source: Source, profile: str, minter: Minter) -> Iterator[Lifted]:
    """Each part in turn, up to the first that is refused: its rows in a profile, judged."""
    try:
        request = _rows(exchange, "request", source.messages["request"], profile, minter, {})
    except MessageError as error:
        yield Lifted("request", [], refusal=_of_part(error, "request"))
        return
    first = Lifted("request", request)
    try:
        told = request_rows(exchange, source.messages["request"], minter, profile)
        yield replace(first, verdict=str(told.verdict))
    except MessageError as error:
        yield replace(first, refusal=_of_part(error, "request"))
        return
    if "reply" in source.messages:
        yield _reply(exchange, source.messages["reply"], request, profile, minter)


def _reply(exchange: Exchange, message: Json, request: Rows, profile: str, minter: Minter) -> Lifted:
    given = request[0] if exchange.kind == "ask" and request else {}
    rows: Rows = []
    try:
        rows = [{**given, **row} for row in _rows(exchange, "reply", message, profile, minter, given)]
        told = reply_rows(exchange, message, request, profile, minter)
        return Lifted("reply", told.rows, str(told.verdict))
    except MessageError as error:
        return Lifted("reply", rows, refusal=_of_part(error, "reply"))


def _rows(exchange: Exchange, part: Part, message: Json, profile: str, minter: Minter, given: Row) -> Rows:
    return lift(exchange.mapping(part, profile), message, minter, given)


def _of_part(error: MessageError, part: Part) -> MessageError:
    return MessageError(error.faults, exchange=error.exchange, part=part)
