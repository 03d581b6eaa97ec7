"""Where the commands keep what they found, from one run to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridlingua.catalogue.checking.cache import Cache, Memory, Nowhere, Store, user_cache

CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        envvar="GRIDLINGUA_CACHE",
        file_okay=False,
        help="Folder in which findings are kept between runs; one in the user's cache directory when absent.",
    ),
]
NoCacheSwitch = Annotated[bool, typer.Option("--no-cache", help="Look at everything, and keep nothing.")]

WatchSwitch = Annotated[bool, typer.Option("--watch", help="Stay, and check again after every save, until Ctrl-C.")]


def kept_in(folder: Path | None, *, kept: bool, resident: bool) -> Store:
    """The store that the options name; a ``resident`` one remembers what a process has found, kept or not."""
    chosen = (folder or user_cache()) if kept else None
    store: Store = Cache(chosen) if chosen else Nowhere()
    return Memory(store) if resident else store
