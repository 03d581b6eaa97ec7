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

AuthoredOption = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        envvar="GRIDLINGUA_CATALOGUE",
        exists=True,
        file_okay=False,
        help="Folder with graph_patterns/ and shapes/; when absent the working directory if it is one, else the "
        "catalogue that comes with gridlingua.",
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

EngineOption = Annotated[
    str, typer.Option("--engine", envvar="GRIDLINGUA_ENGINE", help="Base URL of the knowledge engine's REST API.")
]
PrefixOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=IRI",
        help="Prefix for pattern, rows and purposes; may be repeated. Those of gridlingua's ontologies are known.",
    ),
]
RowOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VAR=TERM...",
        help="One row, such as 's=<http://example.org/a> n=1 t=\"a text\"'; may be repeated, for several rows.",
    ),
]
RowsOption = Annotated[
    str, typer.Option(metavar="FILE", help="More rows: JSON, [{variable: term}, …]; - for the standard input.")
]
ToOption = Annotated[
    list[str] | None, typer.Option(help="Knowledge base to address; may be repeated. Everybody when absent.")
]
LevelOption = Annotated[
    int, typer.Option(min=1, max=5, help="Reasoner level; from 2 on several parties may complete one another.")
]
PurposeOption = Annotated[
    list[str] | None,
    typer.Option(help="Purpose that is both required and satisfied, an IRI or ke:ActuationPurpose; may be repeated."),
]
TimeoutOption = Annotated[float, typer.Option(min=0.1, help="Seconds that it may take.")]
AsOption = Annotated[
    str, typer.Option("--as", help="Id of the temporary knowledge base; nobody on the network may have it.")
]
JsonSwitch = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def content(catalogue: Path | None, extension_base: str = EXTENSION_BASE) -> Content:
    """The content that the options name."""
    return Content(catalogue, extension_base) if catalogue else shipped(extension_base)


def authored(catalogue: Path | None, extension_base: str = EXTENSION_BASE) -> Content:
    """The content that the options name, for the commands of an author: the working directory where it is a catalogue.

    Who operates a party names a catalogue, or gets ours wherever a process happens to start.
    """
    here = Path.cwd()
    return content(catalogue or (here if (here / "graph_patterns").is_dir() else None), extension_base)


def tell_whose(where: Content, catalogue: Path | None) -> None:
    """Say that it is our catalogue that is looked at, to who named none and stands in none."""
    if catalogue is None and where.root == shipped().root and Path.cwd() != where.root:
        typer.echo("no graph_patterns/ here: this is about the catalogue that comes with gridlingua", err=True)
