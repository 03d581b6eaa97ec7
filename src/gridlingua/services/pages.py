"""Long lists in pages: a JSON array, and the address of the next page in a ``Link`` header (RFC 8288)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from gridlingua.services.wire import reply

MOST = 10_000


@dataclass(frozen=True)
class Window:
    """At most ``limit`` elements, after the first ``after`` of the list."""

    limit: int
    after: int

    @property
    def reach(self) -> int:
        """How many elements to look up: one more than asked for tells whether there is a next page."""
        return self.limit + 1


def _window(
    limit: Annotated[int, Query(ge=1, le=MOST, description="how many elements at most")] = 1000,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="how many elements of the list to leave out")] = 0,
) -> Window:
    return Window(limit, after)


Page = Annotated[Window, Depends(_window)]
LINK: dict[str, Any] = {
    "headers": {"Link": {"description": 'the next page: <address>; rel="next"', "schema": {"type": "string"}}}
}
"""What OpenAPI says of a reply that comes in pages: ``responses={200: LINK}``."""


def page_of(request: Request, rows: Sequence[object], page: Window) -> Response:
    """A page of ``rows``: the whole list, of which the page is taken here."""
    return found(request, rows[page.after : page.after + page.reach], page)


def found(request: Request, rows: Sequence[object], page: Window) -> Response:
    """A page of which ``rows`` were looked up with ``offset(page.after).limit(page.reach)``."""
    headers = {}
    if len(rows) > page.limit:
        further = request.url.include_query_params(limit=page.limit, after=page.after + page.limit)
        headers["Link"] = f'<{further.path}?{further.query}>; rel="next"'
    return reply(list(rows[: page.limit]), headers=headers)
