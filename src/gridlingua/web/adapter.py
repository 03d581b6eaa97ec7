"""The adapter's face to its own services: the operations that its party initiates, derived from the catalogue."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi_offline import FastAPIOffline

import gridlingua
from gridlingua.adapter import Adapter, Outcome, from_call, header
from gridlingua.catalogue import Exchange
from gridlingua.errors import MessageError
from gridlingua.semantics.datatypes import Json
from gridlingua.semantics.schema import write_json
from gridlingua.web import problems
from gridlingua.web.openapi import describe

_log = logging.getLogger(__name__)


def create_app(adapter: Adapter) -> FastAPI:
    """The ASGI app that hosts every operation its party initiates; it starts and closes the adapter.

    A reply is the message itself when one responder is configured, else ``{replies: [{party, message}], failures:
    [{party, status, detail, retry}]}``. Headers tell the rows, SHACL's verdict and the times.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(adapter.start)
            yield
        finally:
            await run_in_threadpool(adapter.close)

    settings = adapter.settings
    app = FastAPIOffline(
        title=f"gridlingua adapter of {settings.name}",
        summary=f"What {settings.party} initiates on the network as {settings.knowledge_base}",
        version=gridlingua.__version__,
        lifespan=lifespan,
    )
    problems.install(app, _log)

    @app.get("/ping", summary="Whether the adapter and its engine are well", tags=["adapter"])
    def ping() -> dict[str, Any]:
        state = adapter.state
        return {
            "party": settings.party,
            "knowledgeBase": settings.knowledge_base,
            "engine": {
                "status": state.status,
                "since": state.since,
                "reason": state.reason,
                "counters": state.counters,
            },
        }

    def place(exchange: Exchange) -> tuple[str, str]:
        return exchange.operation.path, exchange.operation.method

    for (path, method), found in groupby(sorted(adapter.initiated, key=place), key=place):
        exchanges = sorted(found, key=lambda one: len(one.operation.constants), reverse=True)
        app.add_api_route(
            path,
            _endpoint(adapter, exchanges),
            methods=[method],
            name=exchanges[0].id,
            summary=" / ".join(one.title for one in exchanges),
            tags=[*sorted({one.service for one in exchanges})],
            openapi_extra=describe(exchanges, enveloped=len(settings.responders) != 1),
            response_class=Response,
        )
    return app


def _endpoint(adapter: Adapter, exchanges: Sequence[Exchange]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        query = request.query_params.multi_items()
        exchange = _chosen(exchanges, query)
        message = from_call(exchange, request.path_params, query, await request.body())
        return await run_in_threadpool(_carry, adapter, exchange, message)

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


def _carry(adapter: Adapter, exchange: Exchange, message: Json) -> Response:
    outcome = adapter.initiate(exchange, message)
    if len(adapter.settings.responders) == 1:
        body, status = outcome.only().message, 200
    else:
        body, status = _envelope(outcome)
    return Response(write_json(body), status, headers=_headers(outcome), media_type="application/json")


def _envelope(outcome: Outcome) -> tuple[Json, int]:
    replies = [{"party": one.party, "message": one.translation.message} for one in outcome.replies if one.translation]
    errors = [one.error for one in outcome.replies if one.error]
    if errors and not replies:
        raise errors[0]
    failures = [{"party": one.party, "status": one.status, "detail": str(one), "retry": one.retry} for one in errors]
    return {"replies": replies, "failures": failures}, 207 if failures else 200


def _headers(outcome: Outcome) -> dict[str, str]:
    told = [one.translation for one in outcome.replies if one.translation]
    times = {f"send-{name}": value for name, value in outcome.sent.milliseconds.items()}
    times["network"] = outcome.network_milliseconds
    for translation in told:
        for name, value in translation.milliseconds.items():
            times[f"reply-{name}"] = times.get(f"reply-{name}", 0.0) + value
    verdicts = ", ".join(str(one.verdict) for one in told)
    return {
        "Gridlingua-Responder": ", ".join(header(one.party) for one in outcome.replies if one.translation),
        "Gridlingua-Rows": f"request={len(outcome.sent.rows)}, reply={sum(len(one.rows) for one in told)}",
        "Gridlingua-Verdict": f"request {outcome.sent.verdict}; reply {verdicts}",
        "Server-Timing": ", ".join(f"{name};dur={value:.1f}" for name, value in times.items()),
    }
