"""The KE REST API over a Network (contract 1), as the runtime behaves that the network imitates; where that hangs or
breaks down, with a clear 400."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gridlingua.engine.compat import V1_5, Compat
from gridlingua.engine.errors import (
    EngineError,
    StoppedError,
    SuspendedError,
    UnknownInteractionError,
    UnknownKnowledgeBaseError,
)
from gridlingua.engine.mailbox import Parcel
from gridlingua.engine.network import Network
from gridlingua.engine.protocol import Kind
from gridlingua.engine.serving import bodies
from gridlingua.engine.serving.conventions import Conventions
from gridlingua.engine.serving.fields import JsonError, read_object, read_plain
from gridlingua.engine.serving.openapi import build_document
from gridlingua.engine.serving.protection import OPEN, Guard, Protection
from gridlingua.engine.serving.replies import error_reply, json_reply, text_reply
from gridlingua.engine.serving.words import KNOWLEDGE_BASE, NO_URI, WORDS, Words, demand

VERSION: Final = V1_5.version
INTERACTION: Final = "Knowledge-Interaction-Id"
TIMEOUT: Final = "Gridlingua-Timeout"
"""Request header of an ask or a post: seconds to wait for the parties, shorter than the runtime's own time-out."""

_POINTLESS: Final = (
    "The Knowledge Base has no answer or react knowledge interactions, so there is nothing to poll for: "
    "register one first."
)

_LARGE: Final = 32 * 1024
_SIZE_OF_ROW: Final = 256

_Handler = Callable[[Request], Awaitable[Response]]
_P = ParamSpec("_P")
_T = TypeVar("_T")


def build_api(
    network: Network, *, heartbeat: float = 29.0, root: str = "/rest", protection: Protection = OPEN
) -> ASGIApp:
    """The ASGI application. ``heartbeat`` in seconds: how long a poll stays open when nothing comes."""
    takes_tokens = protection.tokens is not None
    api = Api(network, heartbeat, build_document(network.compat.version, root, takes_tokens=takes_tokens))
    operations = api.operations()
    routes = [
        Route(f"{root}{path}", _guarded(handler, WORDS.get((method, path), Words()), network.compat), methods=[method])
        for path, methods in operations.items()
        for method, handler in methods.items()
    ]
    paths = {f"{root}{path}": tuple(methods) for path, methods in operations.items()}
    guarded = Guard(Starlette(routes=routes), protection, root)
    texts = frozenset((f"{root}/sc/knowledge",))
    return Conventions(guarded, paths, texts, takes_tokens=takes_tokens)


def _guarded(handler: _Handler, words: Words, compat: Compat) -> _Handler:
    """Refusals of the network as the error bodies of the API."""

    async def operation(request: Request) -> Response:
        request.state.words, request.state.compat = words, compat
        try:
            return await handler(request)
        except SuspendedError as error:
            return error_reply(404, str(error))
        except UnknownKnowledgeBaseError as error:
            return error_reply(404, words.unknown.format(id=error.party))
        except StoppedError as error:
            return error_reply(410, str(error), "message")
        except JsonError as error:
            return error_reply(400, str(error)) if compat.explains_bad_json else text_reply(400, error.reason)
        except EngineError as error:
            return error_reply(error.status, str(error))

    return operation


class Api:
    """The operations. Each reads a request, calls the network and writes the reply."""

    def __init__(self, network: Network, heartbeat: float, document: dict[str, Any]) -> None:
        self._network = network
        self._compat = network.compat
        self._heartbeat = heartbeat
        self._document = document

    def operations(self) -> dict[str, dict[str, _Handler]]:
        """Every path below the root, with what its methods do; openapi.yaml says the same to others."""
        return {
            "/version": {"GET": self.version},
            "/openapi.json": {"GET": self.openapi},
            "/sc": {"GET": self.knowledge_bases, "POST": self.create, "DELETE": self.delete},
            "/sc/lease/renew": {"PUT": self.renew},
            "/sc/knowledge": {"POST": self.knowledge},
            "/sc/ki": {"GET": self.interactions, "POST": self.add, "DELETE": self.remove},
            "/sc/ask": {"POST": self.ask},
            "/sc/post": {"POST": self.post},
            "/sc/handle": {"GET": self.poll, "POST": self.answer},
        }

    async def openapi(self, _request: Request) -> Response:
        return json_reply(self._document)

    async def version(self, _request: Request) -> Response:
        return json_reply({"version": self._compat.version})

    async def knowledge_bases(self, request: Request) -> Response:
        found = self._network.knowledge_bases()
        if KNOWLEDGE_BASE in request.headers:
            wanted = _knowledge_base(request)
            found = tuple(one for one in found if one.id == wanted)
            if not found:
                raise UnknownKnowledgeBaseError(wanted)
        return json_reply([bodies.write_knowledge_base(one) for one in found])

    async def create(self, request: Request) -> Response:
        body = read_object(await request.body(), "scPost.arg0")
        network = self._network
        network.join(bodies.read_knowledge_base(body, network.shortest_lease, self._compat, network.reasoner_level))
        return Response()

    async def delete(self, request: Request) -> Response:
        self._network.leave(_knowledge_base(request))
        return Response()

    async def renew(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        expires: datetime = self._network.renew(wanted)
        return json_reply({"knowledgeBaseId": wanted, "expires": bodies.write_date(expires)})

    async def knowledge(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        self._network.interactions(wanted)
        text = read_plain(await request.body())
        await run_in_threadpool(self._network.learn, wanted, text)
        return Response()

    async def interactions(self, request: Request) -> Response:
        found = self._network.interactions(_knowledge_base(request))
        return json_reply([bodies.write_interaction(entry) for entry in found])

    async def add(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        self._network.interactions(wanted)
        body = read_object(await request.body(), "scKiPost.arg1")
        interaction, named = await run_in_threadpool(bodies.read_interaction, body, self._compat)
        return json_reply({"knowledgeInteractionId": self._network.add(wanted, interaction, named=named)})

    async def remove(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        self._network.interactions(wanted)
        interaction_id = request.headers.get(INTERACTION)
        if interaction_id is None:
            raise EngineError("Missing valid Knowledge-Interaction-Id header.")
        try:
            self._network.remove(wanted, interaction_id)
        except UnknownInteractionError:
            return error_reply(
                404,
                "Knowledge base found, but the given knowledge interaction knowledge base ID is unknown.",
            )
        return Response()

    async def ask(self, request: Request) -> Response:
        return await self._initiate(request, "ask")

    async def post(self, request: Request) -> Response:
        return await self._initiate(request, "post")

    async def poll(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        future = self._network.poll(wanted)
        waiting = asyncio.wrap_future(future)
        hung_up = asyncio.ensure_future(_hung_up(request))
        await asyncio.wait((waiting, hung_up), timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED)
        hung_up.cancel()
        if not waiting.done() and future.cancel():
            return self._nothing(wanted)
        parcel: Parcel = await waiting
        return json_reply(bodies.write_parcel(parcel))

    async def answer(self, request: Request) -> Response:
        wanted = _knowledge_base(request)
        interaction_id = request.headers.get(INTERACTION)
        if interaction_id is None:
            demand("scHandlePost.arg1", self._compat)
            raise EngineError("Missing valid Knowledge-Interaction-Id header.")
        sent = await request.body()
        try:
            await _apart(len(sent), self._answer, wanted, interaction_id, sent)
        except UnknownInteractionError:
            return error_reply(
                400, f"Knowledge Interaction not found, because its ID must match an existing KI: {interaction_id}"
            )
        return Response()

    def _answer(self, knowledge_base_id: str, interaction_id: str, sent: bytes) -> None:
        body = read_object(sent, "scHandlePost.arg2")
        number, rows = bodies.read_number(body), bodies.read_answer_rows(body)
        error = bodies.read_error(body) if self._compat.takes_error_messages else None
        self._network.answer(knowledge_base_id, interaction_id, number, rows, error)

    async def _initiate(self, request: Request, kind: Kind) -> Response:
        sent = await request.body()
        proposal = await _apart(len(sent), bodies.read_proposal, sent, kind)
        interaction_id = request.headers.get(INTERACTION)
        if interaction_id is None or KNOWLEDGE_BASE not in request.headers:
            raise EngineError("Both Knowledge-Base-Id and Knowledge-Interaction-Id headers should be non-null.")
        wanted = _knowledge_base(request)
        if NO_URI.search(interaction_id):
            raise EngineError("Knowledge interaction not found, because its ID must be a valid URI.")
        start = self._network.ask if kind == "ask" else self._network.post
        is_planned = self._network.is_planned(interaction_id, proposal.recipients)
        asked = (wanted, interaction_id, proposal.rows, proposal.recipients, _timeout(request))
        future = await _apart(len(sent) if is_planned else _LARGE, start, *asked)
        result = await asyncio.wrap_future(future)
        return await _apart(_SIZE_OF_ROW * len(result.rows), lambda: json_reply(bodies.write_result(result, kind)))

    def _nothing(self, knowledge_base_id: str) -> Response:
        try:
            entries = self._network.interactions(knowledge_base_id)
        except UnknownKnowledgeBaseError:
            raise StoppedError from None
        if any(entry.interaction.is_reactive for entry in entries):
            return Response(status_code=202)
        return error_reply(202, _POINTLESS, "info")


async def _apart(size: int, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Do what may take long on a thread, so that everybody else is served meanwhile."""
    return await run_in_threadpool(call, *args, **kwargs) if size >= _LARGE else call(*args, **kwargs)


def _knowledge_base(request: Request) -> str:
    words: Words = request.state.words
    return words.read(request, request.state.compat)


def _timeout(request: Request) -> float | None:
    text = request.headers.get(TIMEOUT)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", text):
        raise EngineError(f"{TIMEOUT} must be a number of seconds and not '{text}'")
    return float(text)


async def _hung_up(request: Request) -> None:
    """Returns when the client of a poll is gone, so that its poll does not swallow the next request."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
