"""The adapter's face to its own services: the operations that its party initiates, derived from the catalogue."""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import groupby
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline

import gridlingua
from gridlingua.adapter import API_KEY, Adapter, Outcome, from_call, header
from gridlingua.catalogue import Exchange
from gridlingua.errors import MessageError, RemoteError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import write_json
from gridlingua.services.refusals import UnauthorizedError
from gridlingua.web import problems
from gridlingua.web.openapi import describe

_log = logging.getLogger(__name__)


RESPONDER = "Gridlingua-Responder"
"""In a request: address this knowledge base only. In a reply: the knowledge bases that replied."""


def create_app(adapter: Adapter) -> FastAPI:
    """The ASGI app that hosts every operation its party initiates; it starts and closes the adapter.

    A reply is the message itself when one responder is configured, or named in the header ``Gridlingua-Responder``,
    else ``{replies: [{party, message}], failures: [{party, status, detail, retry}]}``. Headers tell the rows, SHACL's
    verdict and the times.
    """
    settings = adapter.settings
    app = FastAPIOffline(
        title=f"gridlingua adapter of {settings.name}",
        summary=f"What {settings.party} initiates on the network as {settings.knowledge_base}",
        version=gridlingua.__version__,
        lifespan=_running(adapter),
    )
    callers = [Depends(_known(settings.caller_key))] if settings.caller_key else []
    problems.install(app, _log)
    app.add_api_route("/ping", _ping(adapter), summary="Whether the adapter and its engine are well", tags=["adapter"])
    for exchanges in _by_operation(adapter.initiated):
        operation = exchanges[0].operation
        app.add_api_route(
            operation.path,
            _endpoint(adapter, exchanges),
            methods=[operation.method],
            name=exchanges[0].id,
            summary=" / ".join(one.title for one in exchanges),
            tags=[*sorted({one.service for one in exchanges})],
            openapi_extra=describe(exchanges, enveloped=len(settings.responders) != 1),
            response_class=Response,
            dependencies=callers,
        )
    return app


def _known(key: str) -> Callable[[Request], None]:
    """Lets in who shows the key: whoever calls the adapter speaks as its party."""

    def known(request: Request) -> None:
        if not hmac.compare_digest(request.headers.get(API_KEY, "").encode(), key.encode()):
            raise UnauthorizedError(
                f"this adapter speaks for its own services alone, which show their key in {API_KEY}"
            )

    return known


def _running(adapter: Adapter) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(adapter.start)
            yield
        finally:
            await run_in_threadpool(adapter.close)

    return lifespan


def _ping(adapter: Adapter) -> Callable[[], dict[str, Any]]:
    def ping() -> dict[str, Any]:
        settings, state = adapter.settings, adapter.state
        engine = {"status": state.status, "since": state.since, "reason": state.reason, "counters": state.counters}
        return {"party": settings.party, "knowledgeBase": settings.knowledge_base, "engine": engine}

    return ping


def _by_operation(exchanges: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """The exchanges of each path and method, those with more constants first."""

    def place(exchange: Exchange) -> tuple[str, str]:
        return exchange.operation.path, exchange.operation.method

    for _, found in groupby(sorted(exchanges, key=place), key=place):
        yield sorted(found, key=lambda one: len(one.operation.constants), reverse=True)


def _endpoint(adapter: Adapter, exchanges: Sequence[Exchange]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        query = request.query_params.multi_items()
        exchange = _chosen(exchanges, query)
        message = from_call(exchange, request.path_params, query, await request.body())
        only = request.headers.get(RESPONDER, "")
        return await run_in_threadpool(_carry, adapter, exchange, message, only)

    return endpoint


def _chosen(exchanges: Sequence[Exchange], query: Sequence[tuple[str, str]]) -> Exchange:
    """The exchange of an operation whose constants are in the query."""
    for exchange in exchanges:
        if set(exchange.operation.constants.items()) <= set(query):
            return exchange
    allowed = " or ".join(
        "&".join(f"{name}={value}" for name, value in one.operation.constants.items()) for one in exchanges
    )
    raise MessageError(f"say which operation is meant: the query must hold {allowed}")


def _carry(adapter: Adapter, exchange: Exchange, message: Json, only: str) -> Response:
    responders = adapter.settings.responders
    recipients = (next((one for one in responders if header(one) == only), only),) if only else responders
    outcome = adapter.initiate(exchange, message, recipients)
    if len(recipients) == 1:
        body, status = outcome.only().message, 200
    else:
        body, status = _envelope(outcome)
    return Response(write_json(body), status, headers=_headers(outcome), media_type="application/json")


def _envelope(outcome: Outcome) -> tuple[Json, int]:
    replies = [{"party": one.party, "message": one.translation.message} for one in outcome.replies if one.translation]
    errors = [one.error for one in outcome.replies if one.error]
    if errors and not replies:
        raise errors[0] if len(errors) == 1 else _all_failed(errors)
    failures = [{"party": one.party, "status": one.status, "detail": str(one), "retry": one.retry} for one in errors]
    return {"replies": replies, "failures": failures}, 207 if failures else 200


def _all_failed(errors: Sequence[RemoteError]) -> RemoteError:
    """One error for several parties: their own status when it is the same, a retry when it may help with all."""
    statuses = {one.status for one in errors}
    return RemoteError(
        "; ".join(map(str, errors)),
        party=", ".join(one.party for one in errors),
        status=statuses.pop() if len(statuses) == 1 else 502,
        retry=all(one.retry for one in errors),
    )


def _headers(outcome: Outcome) -> dict[str, str]:
    told = [one.translation for one in outcome.replies if one.translation]
    times = {f"send-{name}": value for name, value in outcome.sent.milliseconds.items()}
    times["network"] = outcome.network_milliseconds
    for translation in told:
        for name, value in translation.milliseconds.items():
            times[f"reply-{name}"] = times.get(f"reply-{name}", 0.0) + value
    verdicts = ", ".join(str(one.verdict) for one in told)
    return {
        RESPONDER: ", ".join(header(one.party) for one in outcome.replies if one.translation),
        "Gridlingua-Rows": f"request={len(outcome.sent.rows)}, reply={sum(len(one.rows) for one in told)}",
        "Gridlingua-Verdict": f"request {outcome.sent.verdict}; reply {verdicts}",
        "Server-Timing": ", ".join(f"{name};dur={value:.1f}" for name, value in times.items()),
    }
