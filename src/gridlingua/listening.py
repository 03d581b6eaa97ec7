"""Where the servers that we run listen."""

from __future__ import annotations

import os
import socket
from typing import Final
from urllib.parse import urlsplit

from gridlingua.errors import RemoteError

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def listen(host: str, port: int) -> socket.socket:
    """A TCP socket that listens; port 0 takes a free one. Raises RemoteError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every reply waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        text = f"cannot listen on {host} port {port} ({reason}); choose another with --port"
        raise RemoteError(text, party=f"{host}:{port}", status=503) from None
    return listener


def base_url(listener: socket.socket) -> str:
    """``http://host:port`` of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine, where no proxy is to be asked."""
    return urlsplit(url).hostname in _LOOPBACK
