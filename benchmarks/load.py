"""Requests over HTTP, as fast as a few connections carry them, and a bare server to compare with."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
_BARE = """
import sys
from pathlib import Path
from typing import Any
import uvicorn
from fastapi import Body, FastAPI, Response
app = FastAPI()
reply = Path(sys.argv[2]).read_bytes()
@app.get("/")
def get() -> Response:
    return Response(reply, media_type="application/json")
@app.post("/")
def post(message: Any = Body()) -> Response:
    return Response(reply, media_type="application/json")
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical")
"""


def request(url: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
    """A request as it goes over the line: GET, or POST where there is a body."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def seconds(url: str, requests: Sequence[bytes]) -> float:
    """How long it takes until all are answered with 200, over eight connections at once."""
    shares = [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        started = time.perf_counter()
        for _ in threads.map(lambda share: _send(url, share), shares):
            pass
        return time.perf_counter() - started


def answer(url: str, message: bytes) -> bytes:
    """The body of the answer to one request; RuntimeError unless it is 200."""
    with _connected(url) as line:
        return _exchange(line, message)


def _send(url: str, requests: Iterable[bytes]) -> None:
    with _connected(url) as line:
        for message in requests:
            _exchange(line, message)


@contextmanager
def _connected(url: str) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=60) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield line


def _exchange(line: socket.socket, message: bytes) -> bytes:
    line.sendall(message)
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += _more(line)
    head = got[:end].lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(got) < end + 4 + length:
        got += _more(line)
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(got[:1000].decode())
    return got[end + 4 :]


def _more(line: socket.socket) -> bytes:
    if not (got := line.recv(1 << 16)):
        raise RuntimeError("the server has closed the connection")
    return got


@contextmanager
def bare(port: int, reply: bytes, folder: Path) -> Iterator[str]:
    """The URL of a bare FastAPI route, in a process of its own, that answers GET and POST with these bytes."""
    file = folder / f"reply-{port}.json"
    file.write_bytes(reply)
    with subprocess.Popen([sys.executable, "-c", _BARE, str(port), str(file)]) as process:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nobody listens on port {port}")
