"""Processes of ``gridlingua`` that start together and end together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from gridlingua.errors import RemoteError

_READY = re.compile(r" at (http://\S+)$")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Processes:
    """A group of commands; leaving the context ends them all. What they write to stderr goes to files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._urls: dict[str, str] = {}
        self._news = threading.Condition()

    def start(self, name: str, *arguments: str, secrets: Mapping[str, str] | None = None) -> None:
        """Run ``gridlingua <arguments>`` under a name; ``secrets`` are variables of its environment."""
        errors = (self._folder / f"{name}.log").open("w", encoding="utf-8")
        with errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "gridlingua", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(secrets or {})},
                start_new_session=True,  # Ctrl-C is for us; we end them in order
            )
        self._running[name] = process
        assert process.stdout is not None
        threading.Thread(target=self._listen, args=(name, process.stdout), daemon=True).start()

    def ready(self, name: str, seconds: float = 60.0) -> str:
        """The URL that a process says it serves at; RemoteError with its last words when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        with self._news:
            while name not in self._urls:
                if self._running[name].poll() is not None or time.monotonic() > deadline:
                    raise RemoteError(f"{name} did not start: {self.last_words(name)}", party=name, status=503)
                self._news.wait(0.2)
        return self._urls[name]

    def ended(self) -> str:
        """The name of a process that has ended, or nothing."""
        return next((name for name, process in self._running.items() if process.poll() is not None), "")

    def last_words(self, name: str) -> str:
        """The end of what a process wrote to stderr."""
        lines = (self._folder / f"{name}.log").read_text(encoding="utf-8").strip().splitlines()
        return "\n".join(lines[-5:]) or "it said nothing"

    def stop(self, name: str, *, how: signal.Signals = signal.SIGTERM) -> None:
        """End one process and wait for it."""
        process = self._running[name]
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _listen(self, name: str, output: IO[str]) -> None:
        with output:
            for line in output:
                if found := _READY.search(line.rstrip()):
                    with self._news:
                        self._urls[name] = found[1]
                        self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(self._running):  # services and adapters before the engine
            self.stop(name)
