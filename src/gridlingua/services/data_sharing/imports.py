"""Files of points and readings that come as the body of a request."""

from __future__ import annotations

import tempfile
from typing import BinaryIO

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from gridlingua.errors import Fault
from gridlingua.services.context import Context
from gridlingua.services.data_sharing.importing import Listener, Rules, import_sheet
from gridlingua.services.data_sharing.messages import Imported, Rejected
from gridlingua.services.data_sharing.sheets import opened_csv
from gridlingua.services.refusals import RefusedError
from gridlingua.services.wire import reply


async def receive(here: Context, request: Request, *, skip_bad: bool, replace: bool) -> Response:
    """Import the CSV that is a request's body, and say what became of it; raises ``RefusedError`` for bad rows."""
    with tempfile.TemporaryFile() as file:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            await run_in_threadpool(file.write, piece)
        file.seek(0)
        return await run_in_threadpool(_import, here, file, size, Rules(skip_bad, replace))


def _import(here: Context, file: BinaryIO, size: int, rules: Rules) -> Response:
    with opened_csv(file, size) as sheet:
        outcome = import_sheet(here.database, sheet, rules, Listener())
    if not outcome.is_imported:
        faults = [Fault("", str(bad)) for bad in outcome.first]
        more = outcome.bad - len(faults)
        raise RefusedError([*faults, Fault("", f"and {more} more rows")] if more else faults)
    rejected = tuple(Rejected(line=bad.line, reason=bad.reason) for bad in outcome.first)
    counts = {name: getattr(outcome, name) for name in ("rows", "added", "changed", "known", "bad")}
    return reply(Imported(**counts, rejected=rejected))
