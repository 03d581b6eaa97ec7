"""One ask or post from the command line, on a knowledge base that is there for as long as it takes."""

from __future__ import annotations

import logging
import signal
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from gridlingua.catalogue.lettering import written
from gridlingua.catalogue.ontology.terms import shrink
from gridlingua.cli.connecting import session
from gridlingua.engine import Exchange, Interaction, KnowledgeBase, RemoteEngine, Result
from gridlingua.engine.errors import IdInUseError, NotCoveredError
from gridlingua.engine.survey.strangers import json_text, legible
from gridlingua.errors import GridlinguaError, MessageError, RemoteError
from gridlingua.semantics.rows import Rows

FAILED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
INTERRUPTED: Final = 130

_LEASE: Final = 30  # seconds, the shortest there is: what is killed is forgotten soon


@dataclass(frozen=True)
class Attempt:
    """What to ask or post, as whom, and to whom; ``prefixes`` shorten what is shown."""

    engine: str
    interaction: Interaction
    rows: Rows
    knowledge_base: str
    recipients: Sequence[str]
    level: int
    timeout: float
    prefixes: Mapping[str, str]


def initiate(command: str, build: Callable[[], Attempt], as_json: bool) -> None:
    """Carry an attempt out and print what came; ends the command with its status."""
    logging.basicConfig(level=logging.ERROR)  # what matters is told in the result
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        attempt = build()
        result = _carry_out(attempt)
    except GridlinguaError as error:
        said = error.faults[0].message if isinstance(error, MessageError) else str(error)
        typer.echo(f"gridlingua {command}: {legible(said)}", err=True)
        raise typer.Exit(_status(error)) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, previous)
    if as_json:
        typer.echo(json_text(_in_json(result)))
    else:
        _print(attempt, result)
    if result.failures:
        raise typer.Exit(FAILED)


def _status(error: GridlinguaError) -> int:
    if isinstance(error, MessageError):
        return USAGE
    return UNREACHABLE if isinstance(error, RemoteError) and error.status in (502, 503) else FAILED


def _carry_out(attempt: Attempt) -> Result:
    interaction, timeout = attempt.interaction, attempt.timeout
    name = attempt.knowledge_base or f"https://w3id.org/gridlingua/command/{uuid.uuid4()}"
    knowledge_base = KnowledgeBase(name, "gridlingua command", "Asks or posts once and leaves", attempt.level, _LEASE)
    # Not to take over: who is on the network under that id may be alive.
    with RemoteEngine(attempt.engine, session=session(attempt.engine), take_over=False, timeout=timeout) as engine:
        try:
            engine.register(knowledge_base, [interaction])
        except IdInUseError:
            raise MessageError(f"--as {name}: a knowledge base of that id is on the network already") from None
        except NotCoveredError as error:
            raise RemoteError(f"{error} Give --as an id that your token covers.", status=error.status) from None
        if engine.state.status != "connected":
            raise RemoteError(engine.state.reason, status=503)
        carry = engine.ask if interaction.kind == "ask" else engine.post
        return carry(name, interaction.name, attempt.rows, attempt.recipients, timeout)


def _in_json(result: Result) -> dict[str, Any]:
    exchanges = [
        {
            "knowledgeBase": one.knowledge_base,
            "interaction": one.interaction,
            "status": one.status,
            "rows": one.rows,
            "resultRows": one.result_rows,
            "milliseconds": _milliseconds(one),
            "message": one.message,
        }
        for one in result.exchanges
    ]
    gaps = {} if result.gaps is None else {"gaps": result.gaps}
    return {"rows": result.rows, "exchanges": exchanges, **gaps}


def _print(attempt: Attempt, result: Result) -> None:
    console = Console(soft_wrap=True)
    pattern = attempt.interaction.pattern if attempt.interaction.kind == "ask" else attempt.interaction.result
    if pattern is not None:
        console.print(_count(len(result.rows)))
        if result.rows:
            console.print(_rows_table(result.rows, pattern.variables, attempt.prefixes))
    if not result.exchanges and result.rows:
        console.print("concluded from domain knowledge")
    elif not result.exchanges:
        verb = "answers" if attempt.interaction.kind == "ask" else "reacts to"
        console.print(f"nobody on the network {verb} this pattern at reasoner level {attempt.level}")
    for one in result.exchanges:
        _print_exchange(console, one, attempt.interaction.kind == "post")
    for number, gap in enumerate(result.gaps or ()):
        needed = _shown(" . ".join(gap))
        console.print(f"{'or' if number else 'somebody would have to bring'} {needed}", highlight=False)


def _rows_table(rows: Rows, variables: Sequence[str], prefixes: Mapping[str, str]) -> Table:
    table = Table(*(Column(f"?{name}", overflow="fold") for name in variables))
    for row in rows:
        table.add_row(*(_shown(written(row[name], lambda iri: shrink(iri, prefixes))) for name in variables))
    return table


def _print_exchange(console: Console, exchange: Exchange, posted: bool) -> None:
    name = exchange.interaction.removeprefix(f"{exchange.knowledge_base}/interaction/")
    who = f"[bold]{_shown(exchange.knowledge_base)}[/bold] {_shown(name)}"
    if not exchange.succeeded:
        failure = f"[red]failed[/red] after {_milliseconds(exchange)} ms: {_shown(exchange.message)}"
        console.print(f"{who} {failure}", highlight=False)
        return
    back = f" there, {_count(len(exchange.result_rows))} back" if posted else ""
    said = f"[green]succeeded[/green] in {_milliseconds(exchange)} ms: {_count(len(exchange.rows))}{back}"
    console.print(f"{who} {said}", highlight=False)


def _shown(text: str) -> str:
    return escape(legible(text))


def _count(rows: int) -> str:
    return f"{rows} row{'s' if rows != 1 else ''}"


def _milliseconds(exchange: Exchange) -> int:
    return round((exchange.ended - exchange.started).total_seconds() * 1000)
