"""``gridlingua new``: a new exchange, written into a catalogue."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE, Content
from gridlingua.catalogue.scaffold import Brief, Document, Messages, Written, refuse_existing, write
from gridlingua.catalogue.scaffold.inference import messages as messages_of_example
from gridlingua.catalogue.scaffold.notation import messages as messages_of_words
from gridlingua.catalogue.scaffold.openapi import Choices
from gridlingua.catalogue.scaffold.openapi import messages as messages_of_operation
from gridlingua.cli.interview import Interview, exchange_id
from gridlingua.cli.options import BaseOption
from gridlingua.errors import GridlinguaError


def new(
    exchange: Annotated[str, typer.Argument(metavar="SERVICE/NAME", help="Id of the exchange, such as market/trades.")],
    openapi: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="OpenAPI 3.0 or 3.1 document, YAML or JSON; with --operation."),
    ] = None,
    operation: Annotated[str, typer.Option(help="The operation: its operationId, or 'GET /path'.")] = "",
    example: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Example: {request: …, reply: …}, or one message; with --rest."),
    ] = None,
    request: Annotated[
        str | None, typer.Option(help="What the request says, as in 'meterId, from: time, to: time'; '' for nothing.")
    ] = None,
    reply: Annotated[
        str | None,
        typer.Option(help="What the reply says, as in 'meterId, readings[].time: time, readings[].power: number kW'."),
    ] = None,
    rest: Annotated[str, typer.Option(help="REST operation, as in 'GET /Meters/{meterId}/Load'.")] = "",
    kind: Annotated[str, typer.Option(help="ask or post; by the method when absent: GET asks, others post.")] = "",
    initiator: Annotated[str, typer.Option(help="Party that asks or posts; service_provider when absent.")] = "",
    responder: Annotated[str, typer.Option(help="Party that answers or reacts; dso when absent.")] = "",
    title: Annotated[str, typer.Option(help="What the exchange is, in a few words.")] = "",
    source: Annotated[str, typer.Option(help="The passage that describes the message.")] = "",
    access: Annotated[str, typer.Option(help="open, own, granted or aggregated; own when absent.")] = "",
    keep: Annotated[
        list[str] | None, typer.Option(help="Optional query parameter to carry; may be repeated. Others are left out.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="Pointer to leave out of the messages, as /links; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: decide, and mark what was decided.")] = False,
    catalogue: Annotated[
        Path,
        typer.Option(envvar="GRIDLINGUA_CATALOGUE", exists=True, file_okay=False, help="Catalogue to write into."),
    ] = Path("."),
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Write a new exchange that passes check, from an OpenAPI operation, an example, or a few questions.

    Schemas, fields, keys, nodes, a proposed pattern, shapes, an example and rejects; what could not be decided is
    marked, and check says what is left. Nothing is asked without a terminal or with --yes, nothing is written until
    everything is known, and nothing is overwritten. Status 1 when it cannot be written, 2 for wrong usage.
    """
    interview = Interview(sys.stdin.isatty() and not yes)
    content = Content(catalogue, extension_base)
    try:
        known = exchange_id(exchange)
        refuse_existing(known, content)
        interview.refuse_several(openapi=openapi, example=example, request=request if request is not None else reply)
        found: Messages | None = None
        if openapi is not None:
            choices = Choices(tuple(keep or ()), tuple(drop or ()))
            document = Document(openapi)
            wanted = operation or interview.operation([one.name for one in document.operations()])
            found = messages_of_operation(document, wanted, choices)
        elif keep or drop:
            raise typer.BadParameter("--keep and --drop are for operations of --openapi")
        if found is None and example is None:
            request, reply = interview.words(request, reply)
        rest = interview.rest(rest, known, found, example, reply)
        if found is None and example is not None:
            found = messages_of_example(example, rest)
        if found is None:
            found = messages_of_words(request or "", reply or "", rest)
        brief = Brief(
            id=known,
            title=interview.text("title", title, found.title or _title(known), "What is it, in a few words?"),
            source=interview.text("source", source, found.source, "Which passage describes it?"),
            kind=interview.kind(kind, rest),
            initiator=interview.party("initiator", initiator, "service_provider"),
            responder=interview.party("responder", responder, "dso"),
            rest=rest,
            access=interview.access(access),
            messages=found,
            undecided=interview.undecided,
        )
        _tell(write(brief, content), brief, catalogue)
    except GridlinguaError as error:
        typer.echo(f"gridlingua new: {error}", err=True)
        raise typer.Exit(1) from None


def _title(exchange: str) -> str:
    return exchange.partition("/")[2].replace("_", " ").capitalize()


def _tell(written: Written, brief: Brief, catalogue: Path) -> None:
    """What was written, what is left to decide, and what comes next."""
    typer.echo(f"{brief.id}: {brief.kind}, {brief.rest}")
    for path in written.files:
        if path.parent.name != "rejects":
            typer.echo(f"  wrote {_shown(path)}")
    rejects = [one for one in written.files if one.parent.name == "rejects" and one.suffix == ".json"]
    if rejects:
        typer.echo(f"  wrote {_shown(rejects[0].parent)}: {len(rejects)} rejects and what their senders are told")
    _list("What the document says and the exchange does not:", brief.messages.remarks)
    places = [(f"{_shown(catalogue / one.path)}:{one.line}: ", one) for one in written.problems]
    _list("Left to decide:", [place + one.message for place, one in places if one.check == "undecided"])
    _list("Worth a look:", [f"{place}[{one.check}] {one.message}" for place, one in places if one.check != "undecided"])
    if {one.check for one in written.problems} - {"undecided"} == {"size"}:
        typer.echo(
            "\nAdapters of gridlingua work at level 1, where size costs nothing. When all your peers do, write in "
            "gridlingua.toml:"
            '\n  [checks]\n  size = {severity = "off", reason = "every engine of this network works at level 1"}'
        )
    where = f" --catalogue {catalogue}"
    case = next(one for one in written.files if one.parent.name == "examples")
    _list(
        "Next:",
        [
            f"gridlingua check {brief.id}{where}",
            f"gridlingua map {brief.id} {_shown(case)}{where}",
            f"gridlingua test {brief.id}{where}",
        ],
    )


def _list(head: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{head}")
        for line in lines:
            typer.echo(f"  {line}")


def _shown(path: Path) -> str:
    here = Path.cwd()
    found = path.resolve()
    return found.relative_to(here).as_posix() if found.is_relative_to(here) else path.as_posix()
