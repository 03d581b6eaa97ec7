"""``gridlingua post``: a message to the network, for debugging."""

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
from gridlingua.errors import MessageError


def post(
    pattern: Annotated[str, typer.Argument(help="Graph pattern of what is posted, such as '?s ex:p ?o'.")],
    row: RowOption = None,
    rows: RowsOption = "",
    result: Annotated[str, typer.Option(help="Graph pattern of what shall come back; nothing when absent.")] = "",
    prefix: PrefixOption = None,
    to: ToOption = None,
    level: LevelOption = 1,
    purpose: PurposeOption = None,
    timeout: TimeoutOption = 15.0,
    knowledge_base: AsOption = "",
    engine: EngineOption = "http://127.0.0.1:8280/rest",
    as_json: JsonSwitch = False,
) -> None:
    """Post rows to the network, and print what came back and who took part.

    Every row binds every variable. Whoever reacts acts: a post is no question. A knowledge base is registered for as
    long as it takes, also when Ctrl-C ends it. Status 0: posted, to whom it may concern; 1: a party failed, or the
    engine refused; 2: what was typed cannot be meant; 3: there is no engine, or it does
    not let us in.
    """

    def build() -> Attempt:
        prefixes = read_prefixes(prefix or ())
        posted = read_pattern(pattern, prefixes, "the pattern")
        wanted = read_pattern(result, prefixes, "--result") if result else None
        given = [read_row(text, prefixes, f"--row {n}") for n, text in enumerate(row or (), 1)]
        given += read_rows_file(rows, prefixes) if rows else []
        if not given:
            raise MessageError("nothing to post: give at least one --row, or --rows FILE")
        check_variables(given, posted, complete=True)
        purposes = read_purposes(purpose or (), prefixes) or (INFORM,)
        interaction = Interaction("post", "post", posted, wanted, required=purposes, satisfied=purposes)
        return Attempt(engine, interaction, given, knowledge_base, to or (), level, timeout, prefixes)

    initiate("post", build, as_json)
