"""``gridlingua validate``: data against shapes, as a gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE
from gridlingua.cli.data_gate import ExchangeGate, Outcome, ShapesGate, data_files
from gridlingua.cli.judgement import Judgement, located, shown
from gridlingua.cli.one_exchange import UsageError, one_exchange
from gridlingua.cli.options import AuthoredOption, BaseOption, authored
from gridlingua.cli.reporting import (
    FormatOption,
    OutputOption,
    SettingsOption,
    StrictSwitch,
    conclude,
    destinations,
    is_coloured,
)
from gridlingua.cli.reports import Report, counted
from gridlingua.cli.reports.rules import check_rules, validate_rules
from gridlingua.errors import CatalogueError, GridlinguaError

Paths = list[Path]


def validate(
    files: Annotated[Paths, typer.Argument(help="Files of data, or folders of them.")],
    shapes: Annotated[
        Paths | None, typer.Option(exists=True, help="Shapes: a file, or a folder of files. May be repeated.")
    ] = None,
    exchange: Annotated[
        str, typer.Option(metavar="ID", help="The exchange that the data is of; messages in JSON are judged too.")
    ] = "",
    ontology: Annotated[
        Paths | None,
        typer.Option(exists=True, dir_okay=False, help="Says what is a class of what, for sh:class. May be repeated."),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Every shape must find something in every file, not only in one.")
    ] = False,
    together: Annotated[bool, typer.Option("--together", help="Judge all files as one graph.")] = False,
    formats: FormatOption = None,
    output: OutputOption = None,
    strict: StrictSwitch = False,
    settings: SettingsOption = None,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Judge data by SHACL shapes, or by an exchange. Status 1 when it is refused, or a shape finds nothing to judge."""
    try:
        where = destinations(formats or (), output)
        if bool(shapes) == bool(exchange):
            raise UsageError("say what to judge by: either --shapes, or --exchange")
        if exchange and (ontology or each or together):
            raise UsageError("--ontology, --each and --together belong to --shapes: an exchange has its own way")
        found = data_files(files, messages=bool(exchange))
        judgement = Judgement(settings, {*check_rules(), *validate_rules()})
        root = authored(catalogue, extension_base)
        gate: ShapesGate | ExchangeGate
        try:
            if shapes:
                gate = ShapesGate(shapes, tuple(ontology or ()), each, together)
            else:
                gate = ExchangeGate(one_exchange(root, exchange)[0])
            outcome = gate.judge(found)
            problems = [(one, Path(one.path)) for one in outcome.problems]
        except CatalogueError as error:
            outcome = Outcome(error.problems)
            problems = [(one, located(one, root.root)) for one in error.problems]
        told = judgement.told(problems, outcome.files, validate_rules())
        report = Report(
            command="validate",
            problems=tuple(told),
            files=tuple(map(shown, outcome.files)),
            rules=validate_rules(),
            subject=counted(len(found), "file"),
            strict=strict,
            coloured=is_coloured(),
        )
        conclude(report, where)
    except GridlinguaError as error:
        typer.echo(f"gridlingua validate: {error}", err=True)
        raise typer.Exit(2) from None
