"""The pages on which end users decide about their data (D4.3 3.4.1); the token in the address is the proof.

They need no script, and nothing from elsewhere. A page may be opened often; the decision is made once.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Header, Query, Request, Response

from gridlingua.services.access import allow_public
from gridlingua.services.consent import visits
from gridlingua.services.consent.rendering import Reader, answer, rendered
from gridlingua.services.consent.wording import preferred
from gridlingua.services.context import Here
from gridlingua.services.routes import ExactRoute

pages = APIRouter(route_class=ExactRoute, include_in_schema=False)
Accepted = Annotated[str, Header(alias="Accept-Language")]
Chosen = Annotated[str, Query(alias="lang")]


@pages.get("/consent/{token}", **allow_public())
def open_page(here: Here, request: Request, token: str, accepted: Accepted = "", chosen: Chosen = "") -> Response:
    """The page of a link: the question, or how the consent stands."""
    reader = Reader(preferred(accepted, chosen), here.name, here.zone, str(request.url))
    return rendered(visits.opened(here, token), reader)


@pages.post("/consent/{token}", **allow_public())
def answer_page(
    here: Here,
    request: Request,
    token: str,
    action: Annotated[str, Form()] = "",
    kinds: Annotated[list[str] | None, Form()] = None,
    accepted: Accepted = "",
    chosen: Chosen = "",
) -> Response:
    """Decide, or withdraw; then the browser is sent to the page that tells how the consent stands now."""
    reader = Reader(preferred(accepted, chosen), here.name, here.zone, str(request.url))
    return answer(visits.answered(here, token, action, kinds or [], reader.words), reader)
