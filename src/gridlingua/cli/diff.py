"""``gridlingua diff``: what a change of a catalogue means for peers that go on with the old one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.markup import escape

from gridlingua.adapter.interactions import interaction
from gridlingua.catalogue import EXTENSION_BASE, Exchange
from gridlingua.catalogue.difference import Difference, compare, overall
from gridlingua.cli.diff_sources import source
from gridlingua.cli.one_exchange import UsageError
from gridlingua.cli.options import BaseOption
from gridlingua.engine.comparison.verdict import serving_level
from gridlingua.engine.survey.strangers import json_text
from gridlingua.errors import CatalogueError, GridlinguaError

USAGE: Final = 2
_STYLES: Final = {"compatible": "green", "needs both sides": "yellow"}
_ADVICE: Final = {
    frozenset(("initiators",)): "initiators take the new first, responders after them",
    frozenset(("responders",)): "responders take the new first, initiators after them",
    frozenset(("initiators", "responders")): "both sides take the new at the same time",
}


def diff(
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="OLD",
            help="Folder of a catalogue or of one exchange; or as git has it, REVISION:FOLDER, such as HEAD~1:.",
        ),
    ] = None,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, as it is now.")] = ".",
    git: Annotated[
        str, typer.Option(metavar="REVISION", help="Compare with NEW as it was in this revision; OLD is then left out.")
    ] = "",
    party: Annotated[
        str,
        typer.Option(
            metavar="PARTY",
            help="Who takes the new alone, such as dso: count only whom that breaks on the other side.",
        ),
    ] = "",
    format_: Annotated[
        Literal["text", "json"], typer.Option("--format", help="text for people, json for machines.")
    ] = ("text"),
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Say what a change means for peers: compatible, needs both sides, or whom it breaks.

    Patterns are given to the engine's reasoner, old against new; examples are carried from one catalogue to the other
    and back. Status 0: compatible; 1: needs both sides, or breaks somebody; 2: one of the two cannot be read.
    """
    try:
        if git:
            old, new = f"{git}:{old or new}", (old or new)
        if old is None:
            raise UsageError("name the old catalogue, or a revision of it with --git")
        with ExitStack() as opened:
            sides = [opened.enter_context(source(one, extension_base)) for one in (old, new)]
            if party and party not in (known := sides[0].parties | sides[1].parties):
                raise UsageError(f"no exchange has the party {party!r}; there are {', '.join(sorted(known))}")
            found, count = compare(sides[0], sides[1], _level)
    except CatalogueError as error:
        typer.echo(f"gridlingua diff: a catalogue cannot be read\n{error}", err=True)
        raise typer.Exit(USAGE) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua diff: {error}", err=True)
        raise typer.Exit(USAGE) from None
    if format_ == "json":
        typer.echo(json_text(_in_json(found, count, party)))
    else:
        _show(Console(soft_wrap=True), found, count, party)
    if overall(found, party) != "compatible":
        raise typer.Exit(1)


def _level(initiator: Exchange, responder: Exchange, profile: str) -> int | None:
    """The lowest reasoner level at which the engine lets one serve the other."""
    return serving_level(
        interaction(initiator, profile, answering=False), interaction(responder, profile, answering=True)
    )


def _show(console: Console, found: Sequence[Difference], count: int, party: str) -> None:
    for one in found:
        verdict = one.verdict(party)
        advice = "" if _gone(one) else _ADVICE.get(one.breaks(party) & {"initiators", "responders"}, "")
        after = f"; {advice}" if advice else ""
        console.print(f"[bold]{one.id}[/bold]: [{_style(verdict)}]{verdict}[/]{after}", highlight=False)
        for change in one.changes:
            console.print(f"  {change.area}: {escape(change.what)}", highlight=False)
            console.print(f"    [{_style(change.verdict)}]{change.verdict}[/]: {escape(change.why)}", highlight=False)
    alone = f", when {party} takes it alone" if party else ""
    console.print(f"{count} exchange{'s' if count != 1 else ''}, {len(found)} changed: {overall(found, party)}{alone}")


def _gone(one: Difference) -> bool:
    return any(change.gone for change in one.changes)


def _style(verdict: str) -> str:
    return _STYLES.get(verdict, "red")


def _in_json(found: Sequence[Difference], count: int, party: str) -> dict[str, Any]:
    return {
        "exchanges": count,
        "verdict": overall(found, party),
        "party": party or None,
        "changed": [
            {
                "exchange": one.id,
                "initiator": one.initiator,
                "responder": one.responder,
                "verdict": one.verdict(party),
                "breaks": sorted(one.breaks(party)),
                "changes": [
                    {
                        "area": change.area,
                        "what": change.what,
                        "why": change.why,
                        "verdict": change.verdict,
                        "breaks": sorted(change.breaks),
                    }
                    for change in one.changes
                ],
            }
            for one in found
        ],
    }
