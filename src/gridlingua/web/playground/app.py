"""The app of the playground: one page, its files, and what it asks; nothing is kept, nobody is asked elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.staticfiles import StaticFiles

import gridlingua
from gridlingua.catalogue import Content
from gridlingua.errors import CatalogueError
from gridlingua.web import problems
from gridlingua.web.playground.protection import Protection
from gridlingua.web.playground.routes import router
from gridlingua.web.playground.shelf import Shelf
from gridlingua.web.playground.turns import Turns

STATIC: Final = Path(__file__).parent / "static"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def create_app(content: Content, hosts: Collection[str] = LOOPBACK) -> FastAPI:
    """The app over a catalogue, which is read again where its files change.

    ``hosts`` are the names that it may be asked by, any when empty.
    """
    app = FastAPI(
        title="gridlingua playground", version=gridlingua.__version__, openapi_url=None, docs_url=None, redoc_url=None
    )
    problems.install(app, logging.getLogger(__name__))
    app.add_exception_handler(CatalogueError, _of_catalogue)
    app.add_middleware(Protection, hosts=hosts)
    app.include_router(router(Shelf(content), Turns()))
    app.mount("/", StaticFiles(directory=STATIC, html=True))
    return app


def _of_catalogue(_request: Request, error: Exception) -> Response:
    """What the author of the catalogue must mend, each with file and line."""
    found = [str(problem) for problem in error.problems] if isinstance(error, CatalogueError) else []
    return problems.problem(problems.UNPROCESSABLE, "\n".join(found), problems=found)
