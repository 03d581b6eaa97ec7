"""``gridlingua test``: every example and reject of a catalogue, carried for real."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from gridlingua.catalogue import EXTENSION_BASE, Case, Catalogue, Exchange, load
from gridlingua.catalogue.checks.rejects import refusal
from gridlingua.cli.options import BaseOption, CatalogueOption, ExchangesArgument, content
from gridlingua.errors import GridlinguaError
from gridlingua.testing import loopback


def run_cases(
    exchanges: ExchangesArgument = None,
    catalogue: CatalogueOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Carry every example through both parties' adapters, and see every reject refused. Status 1 when one fails."""
    passed = failed = 0
    try:
        found = load(content(catalogue, extension_base))
        if unknown := [one for one in exchanges or () if one not in found.exchanges]:
            raise GridlinguaError(f"there is no exchange {unknown[0]!r}; there are {', '.join(found.exchanges)}")
        for one in (found[name] for name in exchanges or found.exchanges):
            for what, trouble in _cases(found, one):
                passed, failed = passed + (not trouble), failed + bool(trouble)
                typer.echo(f"{'FAILED' if trouble else 'ok'} {one.id} {what}" + (f": {trouble}" if trouble else ""))
    except GridlinguaError as error:
        typer.echo(f"gridlingua test: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{passed} passed, {failed} failed")
    if failed or not passed:
        raise typer.Exit(1)


def _cases(catalogue: Catalogue, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Each case, with what is wrong with it or nothing."""
    for case in exchange.examples:
        if "reply" in case.messages:
            yield f"example {case.name}", _carried(catalogue, exchange, case)
    for case in exchange.rejects:
        told = refusal(exchange, case)
        if told is None:
            yield f"reject {case.name}", "it is not refused"
        else:
            yield f"reject {case.name}", "" if told == case.told else f"the sender is told: {told}"


def _carried(catalogue: Catalogue, exchange: Exchange, case: Case) -> str:
    try:
        with loopback(exchange, catalogue, case.messages["reply"]) as call:
            message = call(case.messages["request"]).only().message
    except GridlinguaError as error:
        return str(error)
    return "" if message == case.messages["reply"] else f"the reply came back as {message}"
