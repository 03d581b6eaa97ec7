"""``gridlingua schema``: the JSON Schemas that editors complete files by."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Final, Literal

import typer

Name = Literal["exchange", "settings"]

_FILES: Final[dict[Name, tuple[str, str]]] = {
    "exchange": ("gridlingua.catalogue", "exchange.schema.json"),
    "settings": ("gridlingua.catalogue.checking", "settings.schema.json"),
}


def schema(
    name: Annotated[Name, typer.Argument(help="exchange: of exchange.yaml; settings: of gridlingua.toml.")],
) -> None:
    """Print a JSON Schema that any editor completes and checks a file by, without the network."""
    package, file = _FILES[name]
    typer.echo(resources.files(package).joinpath(file).read_text(encoding="utf-8"), nl=False)
