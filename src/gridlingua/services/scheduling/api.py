"""The operator's view of work that falls due."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from gridlingua.services import pages
from gridlingua.services.access import allow
from gridlingua.services.context import Here
from gridlingua.services.pages import LINK, Page
from gridlingua.services.routes import ExactRoute
from gridlingua.services.scheduling import control
from gridlingua.services.scheduling.messages import JobHistory, KeptJob, KeptKind, Key, Named, Pause, State
from gridlingua.services.scheduling.scheduler import Scheduler
from gridlingua.services.wire import reply


def _scheduler(request: Request) -> Scheduler:
    scheduler: Scheduler = request.app.state.scheduler
    return scheduler


Running = Annotated[Scheduler, Depends(_scheduler)]
router = APIRouter(route_class=ExactRoute, prefix="/operator/scheduling", tags=["scheduling, operator"])
_LOOK: dict[str, Any] = allow("operator", "admin", "auditor", data="internal")
_ACT: dict[str, Any] = allow("operator", data="internal")
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such job, or kind of jobs"}}


@router.get("/jobs", response_model=list[KeptJob], responses={200: LINK}, **_LOOK)
def list_jobs(
    request: Request, here: Here, page: Page, kind: Annotated[Key | None, Query()] = None, state: State | None = None
) -> Response:
    """What is due, was done, failed and was missed, those due last first."""
    return pages.found(request, control.list_jobs(here, kind, state, page), page)


@router.get("/history", response_model=JobHistory, responses=_UNKNOWN, **_LOOK)
def show_history(here: Here, kind: Annotated[Key, Query()], key: Annotated[Key, Query()]) -> Response:
    """A job and every attempt at it."""
    return reply(control.history(here, kind, key))


@router.post(
    "/retry",
    status_code=202,
    response_model=KeptJob,
    responses=_UNKNOWN | {409: {"description": "it is done, under way, or its time has passed"}},
    **_ACT,
)
def retry(here: Here, running: Running, named: Named) -> Response:
    """Let a job be due now that waits or was given up, as long as it is of use; it is done in the background."""
    job = control.hasten(here, named)
    running.wake()
    return reply(job, status=202)


@router.get("/kinds", response_model=list[KeptKind], **_LOOK)
def list_kinds(here: Here, running: Running) -> Response:
    """The kinds of jobs, and whether they stand still."""
    return reply(control.list_kinds(here, running.jobs))


@router.put("/pause", response_model=KeptKind, responses=_UNKNOWN, **_ACT)
def pause(here: Here, running: Running, wish: Pause) -> Response:
    """Let a kind of jobs stand still, or go on; what was due meanwhile is done then, or told as missed."""
    kind = control.pause(here, running.jobs, wish)
    if not wish.paused:
        running.wake()
    return reply(kind)
