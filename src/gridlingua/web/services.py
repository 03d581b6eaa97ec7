"""The app of the running services: as many of them as are asked for, on one database."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

import gridlingua
from gridlingua import services
from gridlingua.errors import MessageError
from gridlingua.services.accounts.authentication import Authentication
from gridlingua.services.accounts.tokens import Tokens
from gridlingua.services.context import Context
from gridlingua.services.network import Network
from gridlingua.services.routes import ExactRoute
from gridlingua.services.scheduling import Scheduler, jobs_of
from gridlingua.services.wire import Name
from gridlingua.storage import Database
from gridlingua.web import problems, security


@dataclass(frozen=True)
class Settings:
    """What the services must know, read once at the edge.

    ``services`` which of them to run, the accounts always beside them; ``database`` a SQLAlchemy URL; ``network`` the
    base URL of the own adapter (empty: none); ``name`` who acknowledges messages; ``time_zone`` where local days begin;
    ``timeout`` of the adapter in seconds; ``issuer`` the URI that tokens name as theirs, ``key_passphrase`` what
    encrypts the keys that sign them in the database (empty: nothing); ``network_key`` is what the own adapter knows its
    callers by; ``poll`` how many seconds may pass until the scheduler sees that its clock was set; ``fewest_clients``
    over how many clients an anonymized sum is told at least; ``upgrade`` whether a database of an earlier release is
    brought to the newest schema, or refused.
    """

    services: tuple[str, ...]
    database: str
    network: str = ""
    name: str = "gridlingua"
    time_zone: str = "Europe/Lisbon"
    timeout: float = 60.0
    issuer: str = "urn:gridlingua:services"
    key_passphrase: str = field(default="", repr=False)
    network_key: str = field(default="", repr=False)
    poll: float = 10.0
    fewest_clients: int = 10
    upgrade: bool = True


class Ping(BaseModel):
    """Who is there."""

    name: str
    services: list[str]


def available() -> list[str]:
    """The services there are: every subpackage of ``gridlingua.services``."""
    return sorted(module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg)


def of_party(party: str) -> list[str]:
    """The services that a party runs: those that say so by ``party``, and for a DSO those that do not say."""
    return [name for name in available() if getattr(load(name), "party", "dso") == party]


ALWAYS = "accounts"
"""The service without which nobody could be let in."""
VERSION = "/1.0"
"""Where the REST interface is (D4.2 3.2: ``https://api.dso.com/1.0/``)."""


def load(name: str) -> ModuleType:
    """A service by its name: a subpackage with ``router`` (its operations) and ``metadata`` (its tables).

    Raises ``MessageError`` for a name there is not.
    """
    if name not in available():
        raise MessageError(f"there is no service {name!r}; there are {', '.join(available())}")
    return importlib.import_module(f"{services.__name__}.{name}")


def create_app(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FastAPI:
    """The app of ``settings.services``; its database is ready when this returns, and closed when the app shuts down.

    Raises ``MessageError`` for a service or time zone that does not exist or a name that nobody can have,
    ``RemoteError`` when the database cannot be used.
    """
    if not settings.services:
        raise MessageError(f"name the services to run: {', '.join(available())}")
    chosen = {name: load(name) for name in dict.fromkeys([*settings.services, ALWAYS])}
    network = Network(settings.network, settings.timeout, settings.network_key)
    zone = _zone(settings.time_zone)
    context = Context(Database(settings.database), network, _name(settings.name), zone, clock, settings.fewest_clients)
    # one schema: services read each other's
    context.database.upgrade(*(load(name).metadata for name in available()), allowed=settings.upgrade)
    scheduler = Scheduler(context, jobs_of(chosen.values()) if "scheduling" in chosen else (), poll=settings.poll)
    app = FastAPIOffline(
        title="gridlingua services", version=gridlingua.__version__, lifespan=_closing(context.database, scheduler)
    )
    app.state.context = context
    app.state.scheduler = scheduler
    app.state.tokens = Tokens(settings.issuer, settings.key_passphrase)
    app.state.authenticate = Authentication(context.database, app.state.tokens, clock)
    security.install(app)
    problems.install(app, logging.getLogger(__name__))
    for service in chosen.values():
        app.include_router(_guarded(service.router), prefix=VERSION)
        if hasattr(service, "pages"):
            app.include_router(_guarded(service.pages))

    @app.get("/ping", tags=["services"])
    @app.get(f"{VERSION}/ping", tags=["services"])
    def ping() -> Ping:
        """Who is there, with which services."""
        return Ping(name=settings.name, services=list(settings.services))

    return app


def _guarded(router: APIRouter) -> APIRouter:
    """The router; a route of it that has no policy stops the start: default deny."""
    for route in router.routes:
        if isinstance(within := getattr(route, "original_router", None), APIRouter):
            _guarded(within)
        elif not isinstance(route, ExactRoute):
            raise TypeError(f"{getattr(route, 'path', route)} has no policy: its router needs route_class=ExactRoute")
    return router


def _name(name: str) -> str:
    try:
        return TypeAdapter[str](Name).validate_python(name)
    except ValidationError as error:
        raise MessageError(f"{name!r} is no name to acknowledge by: {error.errors()[0]['msg']}") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MessageError(f"there is no time zone {name!r}; one is named like Europe/Lisbon") from error


def _closing(database: Database, scheduler: Scheduler) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        scheduler.start()
        yield
        await run_in_threadpool(scheduler.stop)
        database.close()

    return lifespan
