"""The route of every service: exact numbers, a policy before anything else, idempotency, and the usage log."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from gridlingua.decimals import read_decimal
from gridlingua.errors import RemoteError
from gridlingua.services import idempotency, usage
from gridlingua.services.access import Caller, Policy, authenticated, policy_of
from gridlingua.services.idempotency import Attempt, Kept
from gridlingua.services.refusals import RefusedError

IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
SIGNATURE = "webhook-signature"
LARGEST, LARGEST_FORM = 8 * 2**20, 64 * 2**10
"""How many bytes a body may have, for who has an account and for who has none; a route may say otherwise."""
_EFFECTS = frozenset({"POST", "PUT", "DELETE", "PATCH"})
_KEY_PARAMETER: dict[str, Any] = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "the same request again under the same key is carried out once, and answered as the first time",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST},
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _ExactRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = json.loads(await self.body(), parse_float=_exact, parse_constant=_no_constant)
        return self._json


def _exact(text: str) -> Decimal:
    try:
        return read_decimal(text)
    except ValueError as error:
        raise json.JSONDecodeError(str(error), text[:40], 0) from error


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON", name, 0)


class ExactRoute(APIRoute):
    """A route whose JSON numbers arrive as ``Decimal`` or ``int``, and that nobody passes but by its policy."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **arguments: Any) -> None:
        policy = policy_of(arguments.get("dependencies") or ())
        if policy is None:
            raise TypeError(f"{path} has no policy: say who may call it with **allow(...), or **allow_public()")
        if arguments.get("max_body_size") is None:
            arguments["max_body_size"] = LARGEST_FORM if policy.data == "public" else LARGEST
        super().__init__(path, endpoint, **arguments)
        self.policy: Policy = policy
        if set(self.methods or ()) & _EFFECTS and policy.data != "public":
            said = self.openapi_extra or {}
            given = [one for one in said.get("parameters", []) if one != _KEY_PARAMETER]
            self.openapi_extra = said | {"parameters": [*given, _KEY_PARAMETER]}

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def exact(request: Request) -> Response:
            request = _ExactRequest(request.scope, request.receive)
            if self.policy.data == "public":
                return await handle(request)
            return await self._noted(request, handle)

        return exact

    async def _noted(self, request: Request, handle: Handler) -> Response:
        """The reply, and its line in the usage log: written before anybody sees the reply."""
        status = 500
        try:
            if SIGNATURE in request.headers:
                request.state.body = await request.body()  # a signature is of the body; nobody else's is read before
            caller = await run_in_threadpool(authenticated, request)
            self.policy.check(caller)
            response = await self._once(request, handle, caller)
            status = response.status_code
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
        except BaseException as error:
            status = _status(error)
            raise
        finally:
            await run_in_threadpool(self._note, request, status)
        return response

    def _note(self, request: Request, status: int) -> None:
        here = request.app.state.context
        caller: Caller | None = getattr(request.state, "caller", None)
        claimed = getattr(request.state, "claimed", "")  # who it is said to be, when that is unknown here
        who = caller or Caller("", "nobody", frozenset(), claimed)
        operation = f"{request.method} {self.path_format}"
        use = usage.Use(
            here.clock(), who.organisation, who.client, who.knowledge_base, operation, tuple(who.subjects), status
        )
        with here.database.writing() as connection:
            usage.note(connection, use)

    async def _once(self, request: Request, handle: Handler, caller: Caller) -> Response:
        key = request.headers.get(IDEMPOTENCY_KEY)
        if key is None or request.method not in _EFFECTS:
            return await handle(request)
        operation = f"{request.method} {request.url.path}?{request.url.query}"
        attempt = idempotency.attempt(caller.organisation, caller.client, operation, key, await request.body())
        here = request.app.state.context
        before = await run_in_threadpool(idempotency.begin, here.database, attempt, here.clock())
        if before is not None:
            return Response(before.body, before.status, before.headers | {REPLAYED: "true"})
        return await _carried_out(request, handle, attempt)


async def _carried_out(request: Request, handle: Handler, attempt: Attempt) -> Response:
    database = request.app.state.context.database
    try:
        response = await handle(request)
    except BaseException:  # a refusal changes nothing: the same request will be refused again
        await run_in_threadpool(idempotency.forget, database, attempt)
        raise
    kept = Kept(response.status_code, dict(response.headers), bytes(response.body))
    await run_in_threadpool(idempotency.finish, database, attempt, kept)
    return response


def _status(error: BaseException) -> int:
    if isinstance(error, RefusedError | RemoteError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return 422 if isinstance(error, RequestValidationError) else 500
