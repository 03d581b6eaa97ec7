"""Every route of every service, as its policy and its OpenAPI have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter

from gridlingua.services.access import Policy
from gridlingua.services.routes import ExactRoute
from gridlingua.web.services import VERSION, available, load


@dataclass(frozen=True)
class Operation:
    """A method at a path, with the policy that guards it."""

    service: str
    method: str
    path: str
    policy: Policy

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def filled(self) -> str:
        """The path with something in the place of every parameter."""
        return re.sub(r"\{\w+(:path)?\}", "x-1", self.path)


def operations() -> list[Operation]:
    """Every operation of every service, of the REST interface and of the pages."""
    return [
        Operation(service, method, prefix + route.path_format, route.policy)
        for service in available()
        for prefix, router in ((VERSION, load(service).router), ("", getattr(load(service), "pages", APIRouter())))
        for route in _routes(router)
        for method in sorted(route.methods or ())
    ]


def _routes(router: APIRouter) -> Iterator[ExactRoute]:
    for route in router.routes:
        if isinstance(within := getattr(route, "original_router", None), APIRouter):
            yield from _routes(within)
        else:
            assert isinstance(route, ExactRoute)
            yield route
