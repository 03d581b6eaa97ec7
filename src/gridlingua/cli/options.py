"""Options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue import EXTENSION_BASE, Content, shipped

CatalogueOption = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        envvar="GRIDLINGUA_CATALOGUE",
        exists=True,
        file_okay=False,
        help="Folder with graph_patterns/ and shapes/; the catalogue that comes with gridlingua when absent.",
    ),
]


def _namespace(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+[#/]", text):
        raise typer.BadParameter("a namespace is an absolute IRI that ends in # or /")
    return text


BaseOption = Annotated[
    str,
    typer.Option(
        callback=_namespace,
        envvar="GRIDLINGUA_EXTENSION_BASE",
        help="Namespace of gridlingua's own terms; all parties of a network use the same.",
    ),
]
ExchangesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[EXCHANGE]...", help="Exchanges by id; all when absent.")
]


def content(catalogue: Path | None, extension_base: str = EXTENSION_BASE) -> Content:
    """The content that the options name."""
    return Content(catalogue, extension_base) if catalogue else shipped(extension_base)
