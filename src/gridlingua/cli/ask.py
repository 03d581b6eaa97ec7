"""``gridlingua ask``: a question to the network, for debugging."""

from __future__ import annotations

from typing import Annotated

import typer

from gridlingua.cli.initiating import Attempt, initiate
from gridlingua.cli.options import (
    AsOption,
    EngineOption,
    JsonSwitch,
    LevelOption,
    PrefixOption,
    PurposeOption,
    RowOption,
    RowsOption,
    TimeoutOption,
    ToOption,
)
from gridlingua.cli.typed import check_variables, read_pattern, read_prefixes, read_purposes, read_row, read_rows_file
from gridlingua.engine import INFORM, Interaction


def ask(
    pattern: Annotated[str, typer.Argument(help="Graph pattern, such as '?s ex:p ?o . ?o a ex:Thing'.")],
    row: RowOption = None,
    rows: RowsOption = "",
    prefix: PrefixOption = None,
    to: ToOption = None,
    level: LevelOption = 1,
    purpose: PurposeOption = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="When there is no row, say which triples somebody would have to bring.")
    ] = False,
    timeout: TimeoutOption = 15.0,
    knowledge_base: AsOption = "",
    engine: EngineOption = "http://127.0.0.1:8280/rest",
    as_json: JsonSwitch = False,
) -> None:
    """Ask the network with a pattern, and print the rows and who took part.

    A knowledge base is registered for as long as it takes, also when Ctrl-C ends it. Status 0: rows, or none; 1: a
    party failed, or the engine refused; 2: what was typed cannot be meant; 3: there is no engine, or it
    does not let us in.
    """

    def build() -> Attempt:
        prefixes = read_prefixes(prefix or ())
        asked = read_pattern(pattern, prefixes, "the pattern")
        given = [read_row(text, prefixes, f"--row {n}") for n, text in enumerate(row or (), 1)]
        given += read_rows_file(rows, prefixes) if rows else []
        check_variables(given, asked, complete=False)
        purposes = read_purposes(purpose or (), prefixes) or (INFORM,)
        interaction = Interaction("ask", "ask", asked, required=purposes, satisfied=purposes, gaps_enabled=gaps)
        return Attempt(engine, interaction, given, knowledge_base, to or (), level, timeout, prefixes)

    initiate("ask", build, as_json)
