"""``gridlingua adapter``: one party's adapter."""

from __future__ import annotations

import logging
import os
from typing import Annotated

import typer

from gridlingua.adapter import SHARED_BASE, USUAL_UNITS, Adapter, AdapterSettings
from gridlingua.catalogue import EXTENSION_BASE, JUDGED_PROFILE, load
from gridlingua.cli.options import BaseOption, CatalogueOption, content
from gridlingua.cli.serving import serve
from gridlingua.engine import RemoteEngine
from gridlingua.engine.access import Access
from gridlingua.errors import GridlinguaError
from gridlingua.listening import is_loopback, listen
from gridlingua.web.adapter import create_app


def adapter(
    party: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_PARTY", help="Role in the exchanges, such as dso or service_provider.")
    ],
    knowledge_base: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_KNOWLEDGE_BASE", help="Id on the network, an absolute IRI.")
    ],
    service: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GRIDLINGUA_SERVICE",
            help="NAME=URL of a service that answers for this party, or one URL for all; may be repeated.",
        ),
    ] = None,
    responder: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GRIDLINGUA_RESPONDER",
            help="Knowledge base to address; may be repeated. Everybody who answers when absent.",
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_ENGINE", help="Base URL of the knowledge engine's REST API.")
    ] = "http://127.0.0.1:8280/rest",
    name: Annotated[
        str, typer.Option(envvar="GRIDLINGUA_NAME", help="Name for people; the knowledge base's id when absent.")
    ] = "",
    host: Annotated[str, typer.Option(envvar="GRIDLINGUA_ADAPTER_HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(envvar="GRIDLINGUA_ADAPTER_PORT", min=0, max=65535, help="Port to listen on; 0 takes a free one."),
    ] = 8081,
    deadline: Annotated[
        float, typer.Option(envvar="GRIDLINGUA_DEADLINE", min=0.1, help="Seconds that an exchange may take.")
    ] = 10.0,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GRIDLINGUA_PROFILE",
            help=f"Generation of vocabulary to speak, {JUDGED_PROFILE} when absent; may be repeated, the one whose "
            "answer counts first.",
        ),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            envvar="GRIDLINGUA_UNIT",
            help="Unit in which the services get what peers say in others of its kind; may be repeated. "
            f"{', '.join(USUAL_UNITS)} when absent.",
        ),
    ] = None,
    resource_base: Annotated[
        str,
        typer.Option(
            envvar="GRIDLINGUA_RESOURCE_BASE", help="Beginning of the IRIs that are minted; the id when absent."
        ),
    ] = "",
    shared_base: Annotated[
        str,
        typer.Option(envvar="GRIDLINGUA_SHARED_BASE", help="Beginning of the IRIs that all parties mint alike."),
    ] = SHARED_BASE,
    catalogue: CatalogueOption = None,
    extension_base: BaseOption = EXTENSION_BASE,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every exchange.")] = False,
) -> None:
    """Carry a party's exchanges: host those it initiates, answer the others at its services.

    What proves to the engine who we are comes from the environment alone, as a command line can be seen by others:
    `GRIDLINGUA_ENGINE_TOKEN`, a bearer token; or `GRIDLINGUA_ENGINE_USER` and `GRIDLINGUA_ENGINE_PASSWORD`, for basic
    authentication. `GRIDLINGUA_ENGINE_CA` is a file of certificates that vouch for the engine's own. Likewise
    `GRIDLINGUA_SERVICE_KEY` is the API key that the services know the adapter by, and `GRIDLINGUA_CALLER_KEY` the one
    that it asks of whoever calls it, without which it listens to this machine alone.
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        settings = AdapterSettings(
            party=party,
            knowledge_base=knowledge_base,
            name=name or knowledge_base,
            responders=tuple(responder or ()),
            services=dict(map(_service, service or ())),
            deadline=deadline,
            profiles=tuple(profile or (JUDGED_PROFILE,)),
            units=tuple(unit or USUAL_UNITS),
            resource_base=resource_base,
            shared_base=shared_base,
            service_key=os.environ.get("GRIDLINGUA_SERVICE_KEY", ""),
            caller_key=os.environ.get("GRIDLINGUA_CALLER_KEY", ""),
        )
        if not settings.caller_key and not is_loopback(f"http://[{host}]" if ":" in host else f"http://{host}"):
            raise GridlinguaError(
                f"whoever reaches {host} could speak as {party}: set GRIDLINGUA_CALLER_KEY, or listen on 127.0.0.1"
            )
        if not engine.startswith(("http://", "https://")):
            raise GridlinguaError(f"the engine's URL {engine!r} does not start with http:// or https://")
        session = Access.of(os.environ).session(engine)
        listener = listen(host, port)
        carrier = Adapter(load(content(catalogue, extension_base)), RemoteEngine(engine, session=session), settings)
        carrier.start()
    except GridlinguaError as error:
        typer.echo(f"gridlingua adapter: {error}", err=True)
        raise typer.Exit(1) from None
    serve(create_app(carrier), listener, f"Adapter of {settings.name} ({party})")


def _service(text: str) -> tuple[str, str]:
    name, equals, url = text.partition("=")
    return (name, url) if equals and "/" not in name else ("*", text)
