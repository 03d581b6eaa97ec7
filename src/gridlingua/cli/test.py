"""``gridlingua test``: every example and reject of a catalogue, carried for real."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from gridlingua.catalogue import EXTENSION_BASE, Case, Catalogue, Content, Exchange, load, shipped
from gridlingua.cli.one_exchange import UsageError
from gridlingua.cli.options import AuthoredOption, BaseOption, ExchangesArgument, authored, tell_whose
from gridlingua.cli.test_cases import Outcome, name_of, outcome
from gridlingua.errors import GridlinguaError

USAGE: Final = 2

Chosen = tuple[Exchange, Literal["example", "reject"], Case]


def run_cases(
    exchanges: ExchangesArgument = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", "-k", metavar="TEXT", help="Only cases whose exchange, kind or name has this; may be repeated."
        ),
    ] = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Write what came of it into the files: what senders are told, and examples that only stand in another "
            "order. Shows each change; a reject that is not refused and an example that fails stay failed.",
        ),
    ] = False,
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Carry every example through both parties' adapters, and see every reject refused. Status 1 when one fails."""
    started = time.perf_counter()
    where = authored(catalogue, extension_base)
    if not exchanges:
        tell_whose(where, catalogue)
    counts: Counter[str] = Counter()
    try:
        if accept and where.root.name == "content" and where.root == shipped().root:
            raise UsageError(
                "the catalogue that comes with gridlingua is not yours to change: name one, --catalogue DIR"
            )
        found = load(where)
        chosen = _chosen(found, exchanges or (), select or ())
        for exchange, kind, case in chosen:
            counts[_tell(outcome(found, exchange, kind, case), where, accept=accept)] += 1
    except UsageError as error:
        typer.echo(f"gridlingua test: {error}", err=True)
        raise typer.Exit(USAGE) from None
    except GridlinguaError as error:
        typer.echo(f"gridlingua test: {error}", err=True)
        raise typer.Exit(1) from None
    accepted = f", {counts['accepted']} accepted" if counts["accepted"] else ""
    took = time.perf_counter() - started
    typer.echo(f"{counts['passed']} passed, {counts['failed']} failed{accepted} in {took:.1f} s")
    if counts["failed"]:
        raise typer.Exit(1)


def _chosen(catalogue: Catalogue, exchanges: Sequence[str], select: Sequence[str]) -> list[Chosen]:
    """The cases that are meant. Raises UsageError when there is none."""
    ids = [_id(catalogue.content, one) for one in exchanges] or list(catalogue.exchanges)
    if unknown := [one for one in ids if one not in catalogue.exchanges]:
        raise UsageError(f"there is no exchange {unknown[0]!r}; there are {', '.join(catalogue.exchanges)}")
    every = [found for one in ids for found in _cases(catalogue.exchanges[one])]
    found = [one for one in every if not select or any(word.lower() in name_of(*one).lower() for word in select)]
    if not found:
        raise UsageError(
            f"no case has {' or '.join(map(repr, select))}" if every else "there is no example and no reject"
        )
    return found


def _id(content: Content, text: str) -> str:
    """An exchange by its id, or by the path of its folder."""
    folder, patterns = Path(text).resolve(), content.patterns.resolve()
    return folder.relative_to(patterns).as_posix() if folder.is_relative_to(patterns) else text


def _cases(exchange: Exchange) -> Iterator[Chosen]:
    yield from ((exchange, "example", case) for case in exchange.examples)
    yield from ((exchange, "reject", case) for case in exchange.rejects)


def _tell(found: Outcome, content: Content, *, accept: bool) -> str:
    """Print what came of a case; ``passed``, ``failed`` or ``accepted``."""
    if not found.trouble:
        typer.echo(f"ok {found.name}")
        return "passed"
    if accept and found.proposal:
        found.proposal.write()
        typer.echo(f"accepted {found.name}\n{found.proposal.difference(content)}")
        return "accepted"
    typer.echo(f"FAILED {found.name}: {found.trouble}")
    return "failed"
