"""What the page asks its server."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from gridlingua.catalogue.drawing import style
from gridlingua.catalogue.exchange import JUDGED_PROFILE, Part
from gridlingua.web.playground import reading
from gridlingua.web.playground.attempt import Attempt
from gridlingua.web.playground.shelf import Shelf
from gridlingua.web.playground.turns import Turns
from gridlingua.web.playground.verdict import verdict

LARGEST: Final = 2**20
"""Bytes of a body."""
_LONGEST_MESSAGE: Final = 256 * 1024
_LONGEST_PATTERN: Final = 32 * 1024

_Message = Annotated[str, Field(max_length=_LONGEST_MESSAGE)]
_Pattern = Annotated[str, Field(max_length=_LONGEST_PATTERN)]
_Name = Annotated[str, Field(max_length=200)]


class Body(BaseModel, extra="forbid"):
    """An attempt as the page sends it; texts are as they were typed."""

    exchange: _Name
    profile: _Name = JUDGED_PROFILE
    part: Part = "request"
    request: _Message = ""
    reply: _Message = ""
    patterns: Annotated[dict[_Name, _Pattern], Field(max_length=4)] = {}

    def attempt(self) -> Attempt:
        return Attempt(self.exchange, self.profile, self.part, self.request, self.reply, self.patterns)


def router(shelf: Shelf, turns: Turns) -> APIRouter:
    """The operations of the page over one catalogue."""
    api = APIRouter(prefix="/api")

    @api.get("/exchanges")
    def exchanges() -> list[dict[str, Any]]:
        """Every exchange folder; ``problems`` where it cannot be read."""
        with turns.taken():
            return [_entry(shelf, one) for one in shelf.ids()]

    @api.get("/exchanges/{service}/{name}")
    def exchange(service: str, name: str) -> dict[str, Any]:
        """Words, pattern files and cases of an exchange."""
        with turns.taken():
            return reading.description(shelf.volume(f"{service}/{name}"))

    @api.get("/editions/{service}/{name}")
    def edition(service: Annotated[str, Path()], name: Annotated[str, Path()]) -> dict[str, str]:
        """Which edition of its files lies on disk."""
        with turns.taken():
            return {"edition": shelf.volume(f"{service}/{name}").edition}

    @api.post("/reading", max_body_size=LARGEST)
    def read(body: Body) -> dict[str, Any]:
        """What an attempt means."""
        with turns.taken():
            return reading.reading(shelf, body.attempt())

    @api.post("/verdict", max_body_size=LARGEST)
    def judge(body: Body) -> dict[str, Any]:
        """What SHACL says of an attempt."""
        with turns.taken():
            _, tried = reading.tried(shelf, body.attempt())
            return verdict(tried).as_json()

    @api.get("/drawing.css")
    def drawing_style() -> Response:
        """The rules of drawings."""
        return Response(style(), media_type="text/css")

    return api


def _entry(shelf: Shelf, exchange_id: str) -> dict[str, Any]:
    draft = shelf.volume(exchange_id).draft
    title = draft.exchange.title if draft.exchange else ""
    return {"id": exchange_id, "title": title, "problems": [str(problem) for problem in draft.problems]}
