"""``gridlingua network``: who is there, and who would serve whom."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gridlingua.adapter.interactions import interaction
from gridlingua.catalogue import EXTENSION_BASE, JUDGED_PROFILE, Catalogue, Exchange, load
from gridlingua.cli.connecting import session
from gridlingua.cli.network_tables import Own, Seen, in_json, show
from gridlingua.cli.options import BaseOption, EngineOption, JsonSwitch, content
from gridlingua.engine.entries import Entry
from gridlingua.engine.survey.chart import draw_network
from gridlingua.engine.survey.overview import Overview, Participant
from gridlingua.engine.survey.registered import Surveyor
from gridlingua.engine.survey.strangers import json_text, legible
from gridlingua.errors import GridlinguaError, MessageError, RemoteError

USAGE, UNREACHABLE = 2, 3


def network(
    engine: EngineOption = "http://127.0.0.1:8280/rest",
    mine: Annotated[
        Path | None,
        typer.Option(
            envvar="GRIDLINGUA_CATALOGUE",
            exists=True,
            file_okay=False,
            help="Folder of our catalogue: who would serve our exchanges? With --party alone it is the one that comes "
            "with gridlingua.",
        ),
    ] = None,
    party: Annotated[
        str,
        typer.Option(
            envvar="GRIDLINGUA_PARTY",
            help="Our role in the exchanges, such as dso; all exchanges from their initiator's side when absent.",
        ),
    ] = "",
    knowledge_base: Annotated[
        str,
        typer.Option(
            envvar="GRIDLINGUA_KNOWLEDGE_BASE",
            help="Our id on the network: what it registered is left out.",
        ),
    ] = "",
    profile: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GRIDLINGUA_PROFILE",
            help=f"Generation of vocabulary that we speak, {JUDGED_PROFILE} when absent; may be repeated.",
        ),
    ] = None,
    svg: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw who serves whom into this file.")] = None,
    as_json: JsonSwitch = False,
    extension_base: BaseOption = EXTENSION_BASE,
) -> None:
    """Show who is on a knowledge network, what they registered, and which of it matches.

    With --mine or --party also who would serve each of our exchanges and at which reasoner level, and if nobody, why
    not. It only looks: nothing is registered. Status 1: an exchange that we initiate would be served by nobody at
    level 1, the adapters' own; 2: what was typed cannot be meant; 3: there is no engine, or it does not let us look.
    """
    logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of every literal that is not of its type
    try:
        catalogue = load(content(mine, extension_base))
        with session(engine) as connected:
            seen = _seen(Surveyor(engine, connected))
        spoken = profile or [JUDGED_PROFILE]
        own = _own(catalogue, seen.participants, party, knowledge_base, spoken) if mine or party else []
        if svg:
            svg.write_text(draw_network(seen.participants, seen.standings), encoding="utf-8")
    except OSError as error:
        typer.echo(f"gridlingua network: --svg: {error}", err=True)
        raise typer.Exit(USAGE) from None
    except GridlinguaError as error:
        said = error.faults[0].message if isinstance(error, MessageError) else str(error)
        typer.echo(f"gridlingua network: {legible(said) if isinstance(error, RemoteError) else said}", err=True)
        raise typer.Exit(UNREACHABLE if isinstance(error, RemoteError) else USAGE) from None
    if as_json:
        typer.echo(json_text(in_json(seen, own, catalogue.vocabulary.curie)))
    else:
        show(Console(soft_wrap=True), seen, own, catalogue.vocabulary.curie)
    if any(one.is_open for one in own):
        raise typer.Exit(1)


def _seen(surveyor: Surveyor) -> Seen:
    version, participants = surveyor.version(), surveyor.participants()
    return Seen(surveyor.url, version, participants, Overview(participants).standings())


def _own(
    catalogue: Catalogue, participants: tuple[Participant, ...], party: str, knowledge_base: str, profiles: list[str]
) -> list[Own]:
    """Each of our exchanges, in each of the profiles that our adapter would register it in."""
    others = Overview(one for one in participants if one.knowledge_base.id != knowledge_base)
    exchanges = catalogue.of_party(party) if party else list(catalogue.exchanges.values())
    if not exchanges:
        parties = {name for one in catalogue.exchanges.values() for name in (one.initiator, one.responder)}
        raise GridlinguaError(f"no exchange has a party {party!r}; there are {', '.join(sorted(parties))}")
    found = []
    for one in exchanges:
        for name in (profile for profile in profiles if profile in one.profiles):
            if party in ("", one.initiator):
                entry = _entry(one, name, knowledge_base, False)
                found.append(Own(one.id, entry, prospect=others.prospect(entry)))
            if party == one.responder:
                entry = _entry(one, name, knowledge_base, True)
                found.append(Own(one.id, entry, askers=others.who_asks(entry)))
    return found


def _entry(exchange: Exchange, profile: str, knowledge_base: str, answering: bool) -> Entry:
    registered = interaction(exchange, profile, answering=answering)
    return Entry(f"{knowledge_base}/interaction/{registered.name}", knowledge_base, registered)
