"""``gridlingua engine-token``: a token for who may act for a knowledge base."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridlingua.engine.serving.tokens import new_grant, read_grants
from gridlingua.errors import GridlinguaError


def engine_token(
    tokens: Annotated[
        Path,
        typer.Option(
            envvar="GRIDLINGUA_ENGINE_TOKENS", dir_okay=False, help="File to add it to; made when there is none."
        ),
    ],
    name: Annotated[str, typer.Argument(help="Who gets it, in one word; for people, in messages and logs.")],
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...", help="Knowledge base ids it may act for; one that ends in * covers all that begin so."
        ),
    ],
) -> None:
    """Make a token, print it once, and add its digest to the file of `gridlingua engine --tokens`.

    An engine that runs takes it within a second or two, without a restart. To take a token back, delete its line.
    """
    try:
        token, grant = new_grant(name, ids)
        text = tokens.read_text("utf-8") if tokens.exists() else ""
        read_grants(text, str(tokens))
        with tokens.open("a", encoding="utf-8") as file:
            file.write(f"{grant}\n" if text.endswith("\n") or not text else f"\n{grant}\n")
    except (GridlinguaError, OSError, UnicodeDecodeError) as error:
        typer.echo(f"gridlingua engine-token: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(token)
