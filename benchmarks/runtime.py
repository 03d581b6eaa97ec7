"""The engine as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Runtime:
    """A knowledge engine at ``url``; ``pid`` is its process where it is ours."""

    url: str
    pid: int | None = None

    def memory(self) -> float:
        """What of its memory is resident, in MB."""
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True)
        return int(shown.stdout) / 1024


@contextmanager
def engine_process() -> Iterator[Runtime]:
    """``gridlingua engine`` on a free port, as anybody runs it."""
    command = [sys.executable, "-c", "from gridlingua.cli import app; app()", "engine", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # it was asked for
            said = process.stdout.readline()
            if "http" not in said:
                raise RuntimeError(f"the engine did not start: {said}")
            yield Runtime(said.split()[-1], process.pid)
        finally:
            process.terminate()
