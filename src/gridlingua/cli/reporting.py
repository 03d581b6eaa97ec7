"""Options of the commands that find problems, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from gridlingua.catalogue.checking.kinds import POLICY
from gridlingua.cli.judgement import shown
from gridlingua.cli.one_exchange import UsageError
from gridlingua.cli.reports import Destination, Report, counted, deliver, formats, read_destination
from gridlingua.cli.reports.rules import policy_rules
from gridlingua.errors import CatalogueError, GridlinguaError

FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT[:FILE]",
        help=f"How problems are told: {', '.join(formats())}; text when absent. NAME:FILE writes it to a file."
        " May be repeated.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Write the report to this file; the terminal then gets text.")
]
StrictSwitch = Annotated[bool, typer.Option("--strict", help="Fail for warnings too.")]
SettingsOption = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="The policy file; the nearest gridlingua.toml above what is judged when absent.",
    ),
]


def destinations(named: Sequence[str], output: Path | None) -> list[Destination]:
    """Where the report goes; ``output`` is the file of the format that names none. Raises UsageError."""
    try:
        found = [read_destination(one) for one in named or ["text"]]
    except GridlinguaError as error:
        raise UsageError(str(error)) from None
    open_ones = [one for one in found if one.file is None]
    if len(open_ones) > 1:
        raise UsageError(f"only one report goes to the terminal: write --format {open_ones[1].format}:FILE")
    if output and not open_ones:
        raise UsageError("every format names its file already, so --output has nothing to do")
    return [Destination(one.format, output) if one.file is None else one for one in found]


def conclude(report: Report, where: Sequence[Destination]) -> None:
    """Write the report and a last line on the standard error; status 1 when it fails. Raises GridlinguaError."""
    deliver(report, where, typer.echo)
    typer.echo(report.summary, err=True)
    if report.failed:
        raise typer.Exit(1)


def refuse(
    command: Literal["check", "validate"], error: GridlinguaError, named: Sequence[str], to: Path | None
) -> NoReturn:
    """End with status 2 and a sentence. What is wrong with the policy file is reported as all else that is found."""
    told = str(error)
    if isinstance(error, CatalogueError) and {one.check for one in error.problems} == {POLICY}:
        problems = tuple(replace(one, path=shown(Path(one.path))) for one in error.problems)
        told = f"nothing was judged: {counted(len(problems), 'error')} in {problems[0].path}"
        report = Report(command, problems, rules=policy_rules(), coloured=is_coloured())
        try:
            deliver(report, destinations(named, to), typer.echo)
        except GridlinguaError as second:
            told = str(second)
    typer.echo(f"gridlingua {command}: {told}", err=True)
    raise typer.Exit(2) from None


def is_coloured() -> bool:
    """Whether a person sees the output on a terminal, and did not ask for plain text (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
