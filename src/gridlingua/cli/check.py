"""``gridlingua check``: everything that is wrong with a catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE
from gridlingua.catalogue.checking import checks, run
from gridlingua.cli.options import BaseOption, CatalogueOption, ExchangesArgument, content
from gridlingua.errors import CatalogueError


def check(
    exchanges: ExchangesArgument = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Run only this check; may be repeated. {', '.join(checks())}.")
    ] = None,
    catalogue: CatalogueOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Check a catalogue: all problems at once, each with path, line and check. Status 1 when there are any."""
    where = content(catalogue, extension_base)
    try:
        problems = run(where, exchanges or (), only or ())
    except CatalogueError as error:
        problems = list(error.problems)
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        typer.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}", err=True)
        raise typer.Exit(1)
    count = len(exchanges or where.folders())
    typer.echo(f"{count} exchange{'s' if count != 1 else ''}, {len(only or checks())} checks, no problem")
