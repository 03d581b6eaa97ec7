"""``gridlingua match``: why two graph patterns match, or do not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from gridlingua.catalogue import EXTENSION_BASE
from gridlingua.catalogue.lettering import written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.kinship import Kinship
from gridlingua.catalogue.ontology.terms import shrink
from gridlingua.cli.connecting import session
from gridlingua.cli.match_page import in_json, show
from gridlingua.cli.match_sides import Reader, sides
from gridlingua.cli.options import AuthoredOption, BaseOption, JsonSwitch, authored
from gridlingua.engine.comparison.comparison import compare
from gridlingua.engine.comparison.hints import hints
from gridlingua.engine.survey.overview import Participant
from gridlingua.engine.survey.registered import Surveyor
from gridlingua.engine.survey.strangers import json_text, legible
from gridlingua.errors import GridlinguaError, MessageError, RemoteError

DIFFERENT, USAGE, UNREACHABLE = 1, 2, 3
DEFAULT_LEVEL = 2


def match(
    a: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="Pattern file (.rq, or a bare body after PREFIX lines); pattern in KE JSON or YAML or in Java "
            "properties, FILE#NAME or FILE#LINE where there are several; exchange such as flexibility/offers, "
            "flexibility/offers:saref4 or flexibility/offers:saref4.argument, or with --engine an interaction by its "
            "id or as KNOWLEDGE-BASE-ID#NAME. A asks or posts, unless the network says otherwise.",
        ),
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The same, for the side that answers or reacts.")],
    level: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=5,
            help="Highest reasoner level that counts; that of who asks or posts when it is on the network, else 2, as "
            "in runtimes. Adapters work at 1.",
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(envvar="GRIDLINGUA_ENGINE", help="Base URL of the knowledge engine whose interactions are named."),
    ] = "http://127.0.0.1:8280/rest",
    catalogue: AuthoredOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
    as_json: JsonSwitch = False,
) -> None:
    """Explain whether two graph patterns match, at which reasoner level, and if not, why not.

    What the two do is asked of the engine itself; what differs is shown side by side, with hints. Of a post argument
    is held against argument and result against result. Status 0: they match; 1: they do not, or only above --level;
    2: it cannot be told, because what was typed is no pattern; 3: there is no engine, or it does not let us look.
    """
    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of every literal that is not of its type
    try:
        where = authored(catalogue, extension_base)
        vocabulary = Vocabulary.load(where.ontologies, extension_base)
        kinship = Kinship(vocabulary)
        reader = Reader(where, vocabulary, partial(_participants, engine))
        comparison = compare(*sides(reader.read(a), reader.read(b)), kinship)
    except GridlinguaError as error:
        said = error.faults[0].message if isinstance(error, MessageError) else str(error)
        typer.echo(f"gridlingua match: {legible(said)}", err=True)
        raise typer.Exit(UNREACHABLE if isinstance(error, RemoteError) else USAGE) from None
    write = partial(written, curie=lambda iri: shrink(iri, kinship.prefixes))
    found = hints(comparison, kinship, write)
    limit = level or comparison.initiator.level or DEFAULT_LEVEL
    if as_json:
        typer.echo(json_text(in_json(comparison, found, limit)))
    else:
        show(Console(soft_wrap=True), comparison, found, limit, write)
    if comparison.level is None or comparison.level > limit:
        raise typer.Exit(DIFFERENT)


def _participants(engine: str) -> Sequence[Participant]:
    with session(engine) as connected:
        return Surveyor(engine, connected).participants()
