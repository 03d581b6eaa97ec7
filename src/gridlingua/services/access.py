"""Who may call which operation, on what data: every route has a policy, and who has none is refused.

Default deny: a route without a policy cannot be built (``routes.ExactRoute``), and a policy names the roles it lets in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from gridlingua.services.organisations import knowledge_bases, organisation_of
from gridlingua.services.refusals import ForbiddenError

__all__ = [
    "ROLES",
    "Asker",
    "Caller",
    "Policy",
    "Role",
    "allow",
    "allow_public",
    "authenticated",
    "knowledge_bases",
    "organisation_of",
    "policy_of",
]

Data = Literal["public", "open", "own", "granted", "aggregated", "internal"]
Role = Literal[
    "service_provider",
    "third_party",
    "data_service_provider",
    "end_user",
    "dso",
    "operator",
    "admin",
    "auditor",
    "portal",
    "adapter",
]
ROLES: tuple[str, ...] = get_args(Role)
"""Market parties as the exchanges name them; then the own staff (control room, accounts, data protection), the own
portal, where end users decide, and the own adapter, which acts for the knowledge bases that ask over the network."""


@dataclass(frozen=True)
class Caller:
    """An organisation that asks: directly, or over the network by its ``knowledge_base``.

    ``client`` is the id of the client or API key that was used: the adapter's own when the call came over the network.
    """

    organisation: str
    name: str
    roles: frozenset[str]
    knowledge_base: str = ""
    client: str = ""
    subjects: dict[str, None] = field(default_factory=dict, compare=False)

    def touches(self, subject: str) -> None:
        """Tell the usage log whose data this request is about: a user, a meter or a zone."""
        self.subjects[subject] = None


@dataclass(frozen=True)
class Policy:
    """Who may call an operation (``roles``), and on what ``data``.

    ``public``: nobody needs to sign in. ``open``: nothing personal, nothing of one organisation's own. ``own``: what
    the asking organisation brought itself, or is addressed to. ``granted``: an end user's data, on a grant.
    ``aggregated``: sums over enough clients. ``internal``: what the own staff does.
    """

    roles: frozenset[str]
    data: Data

    def __call__(self) -> None:
        """Nothing to do when it is this route's turn: the route has asked ``check`` before it read anything."""

    def check(self, caller: Caller) -> None:
        """Raises ``ForbiddenError`` for a caller with none of the roles."""
        if self.data != "public" and not self.roles & caller.roles:
            has = ", ".join(sorted(caller.roles)) or "no role"
            raise ForbiddenError(f"{caller.name} has {has}; this is for {', '.join(sorted(self.roles))}")


def allow(*roles: Role, data: Data) -> dict[str, Any]:
    """The arguments by which a route gets its policy: ``@router.get(path, **allow("operator", data="internal"))``."""
    if data == "public" or not roles:
        raise ValueError("a policy names its roles; what needs no account is said with allow_public()")
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"there is no role {min(unknown)!r}; there are {', '.join(ROLES)}")
    policy = Policy(frozenset(roles), data)
    said = {"roles": sorted(roles), "data": data}
    security: list[dict[str, list[str]]] = [{"oauth2": []}, {"apiKey": []}]
    return {"dependencies": [Depends(policy)], "openapi_extra": {"x-gridlingua-access": said, "security": security}}


def allow_public() -> dict[str, Any]:
    """The arguments of a route that needs no account: it gives away nothing, or asks for a proof of its own."""
    said = {"roles": [], "data": "public"}
    return {"dependencies": [Depends(Policy(frozenset(), "public"))], "openapi_extra": {"x-gridlingua-access": said}}


def policy_of(dependencies: Sequence[Dependency]) -> Policy | None:
    """The policy among a route's dependencies."""
    return next((one.dependency for one in dependencies if isinstance(one.dependency, Policy)), None)


def authenticated(request: Request) -> Caller:
    """Who asks; found out once for each request, by the app's ``state.authenticate``."""
    if not hasattr(request.state, "caller"):
        request.state.caller = request.app.state.authenticate(request)
    caller: Caller = request.state.caller
    return caller


Asker = Annotated[Caller, Depends(authenticated)]
