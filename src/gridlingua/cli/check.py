"""``gridlingua check``: everything that is wrong with a catalogue, or with anybody's patterns and triples."""

from __future__ import annotations

from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE
from gridlingua.catalogue.checking import checks
from gridlingua.catalogue.passages import suffixes
from gridlingua.cli.inspection import Inspection
from gridlingua.cli.judgement import Judgement, shown
from gridlingua.cli.one_exchange import UsageError
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
from gridlingua.cli.reports import Report
from gridlingua.cli.reports.rules import check_rules, validate_rules
from gridlingua.cli.targets import find_targets
from gridlingua.errors import GridlinguaError


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Exchanges by id, files or folders of a catalogue, or files and folders with graph patterns and"
            " triples. A whole catalogue when absent.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Run only this check; may be repeated. {', '.join(checks())}.")
    ] = None,
    formats: FormatOption = None,
    output: OutputOption = None,
    strict: StrictSwitch = False,
    settings: SettingsOption = None,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Check a catalogue, or anybody's graph patterns and triples: all problems at once, each with its place.

    Status 1 for errors. Without paths it checks the catalogue of --catalogue, or of the working directory, or its own.
    """
    try:
        where = destinations(formats or (), output)
        if unknown := [one for one in only or () if one not in checks()]:
            raise UsageError(f"there is no check {unknown[0]!r}; there are {', '.join(checks())}")
        default = authored(catalogue, extension_base)
        targets = find_targets(paths or (), default, sorted(suffixes()))
        inspection = Inspection(targets, only or (), default.ontologies, extension_base)
        rules = check_rules()
        report = Report(
            command="check",
            problems=tuple(inspection.problems(Judgement(settings, {*rules, *validate_rules()}))),
            files=tuple(map(shown, inspection.files)),
            rules=rules,
            subject=inspection.subject,
            strict=strict,
            coloured=is_coloured(),
        )
        conclude(report, where)
    except GridlinguaError as error:
        typer.echo(f"gridlingua check: {error}", err=True)
        raise typer.Exit(2) from None
