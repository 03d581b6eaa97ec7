"""``gridlingua validate``: data against shapes, as a gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE, Content
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
    refuse,
)
from gridlingua.cli.reports import Report, counted
from gridlingua.cli.reports.rules import check_rules, validate_rules
from gridlingua.errors import CatalogueError, GridlinguaError, Problem

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
        by_shapes = ShapesGate(shapes, tuple(ontology or ()), each, together) if shapes else None
        outcome, problems = _judged(found, by_shapes, exchange, authored(catalogue, extension_base))
        rules = validate_rules()
        judgement = Judgement(settings, {*check_rules(), *rules})
        report = Report(
            command="validate",
            problems=tuple(judgement.told(problems, outcome.files, rules)),
            files=tuple(map(shown, outcome.files)),
            rules=rules,
            subject=counted(len(found), "file"),
            strict=strict,
            coloured=is_coloured(),
            excepted=judgement.excepted,
        )
        conclude(report, where)
    except GridlinguaError as error:
        refuse("validate", error, formats or (), output)


def _judged(
    files: Sequence[Path], by_shapes: ShapesGate | None, exchange: str, catalogue: Content
) -> tuple[Outcome, list[tuple[Problem, Path]]]:
    """What is found in files, by shapes or else by an exchange of a catalogue, with where each problem stands."""
    try:
        gate = by_shapes or ExchangeGate(one_exchange(catalogue, exchange)[0])
        outcome = gate.judge(files)
    except CatalogueError as error:
        return Outcome(error.problems), [(one, located(one, catalogue.root)) for one in error.problems]
    return outcome, [(one, Path(one.path)) for one in outcome.problems]
