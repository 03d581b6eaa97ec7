"""A POST to an address that a stranger named: never into the own network, never longer or larger than allowed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult

import gridlingua
from gridlingua.errors import RemoteError
from gridlingua.services.subscriptions import domain

SECONDS = 10.0
LARGEST = 4 * 2**20


@dataclass(frozen=True)
class Answer:
    """What a callback answered."""

    status: int
    headers: Message
    content: bytes


def post(
    url: str, content: bytes, headers: Mapping[str, str], hosts: Collection[str], *, seconds: float = SECONDS
) -> Answer:
    """Post JSON to a callback within ``seconds`` from beginning to end; redirects are not followed.

    The name is looked up once, every address it has is judged, and one of those is called. ``hosts`` are those that
    may be called although they are not public. Raises ``RemoteError``: 403 when the address is not allowed, 504 when
    the answer took too long, 503 when there is nobody, 502 when what came is not HTTP or too large.
    """
    parts = domain.address(url)
    if parts is None or next(domain.callback_faults(url, hosts), None):
        raise RemoteError(f"{url} may not be called back", status=403)
    deadline = time.monotonic() + seconds
    try:
        with _connection(parts, hosts, deadline) as connection:
            connection.request("POST", parts.path or "/", content, {**_headers(parts), **headers})
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, _bounded(url, response, deadline))
    except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last: a name that DNS cannot have
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            said = f"{url} did not answer within {seconds:g} s"
            raise RemoteError(said, status=504, retry=True) from error
        raise _failure(url, error) from error


def _failure(url: str, error: Exception) -> RemoteError:
    if isinstance(error, ssl.SSLCertVerificationError):
        said = f"the certificate of {url} cannot be trusted: {error.verify_message}"
        return RemoteError(said, status=502, retry=True)
    if isinstance(error, http.client.HTTPException | ssl.SSLError):
        return RemoteError(f"{url} answered with what is not HTTP: {error!r}", status=502, retry=True)
    return RemoteError(f"{url} cannot be reached: {error}", status=503, retry=True)


def _headers(parts: SplitResult) -> dict[str, str]:
    return {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": f"gridlingua/{gridlingua.__version__}",
        "Connection": "close",
    }


def _bounded(url: str, response: http.client.HTTPResponse, deadline: float) -> bytes:
    content = response.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RemoteError(f"{url} answered with more than {LARGEST} bytes", status=502)
    if response.length or time.monotonic() >= deadline:  # a line that was cut looks like one that has ended
        raise http.client.IncompleteRead(content, response.length)
    return content


@contextmanager
def _connection(parts: SplitResult, hosts: Collection[str], deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection that ends at the deadline, whatever the other side does to keep it open."""
    host = parts.hostname or ""
    line = _called(_addresses(parts, hosts), deadline)
    if parts.scheme == "https":
        line = ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    cut = threading.Timer(deadline - time.monotonic(), _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        connection = http.client.HTTPConnection(host)
        connection.sock = line
        yield connection
    finally:
        cut.cancel()
        line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # below TLS, which would wait for the other side


def _addresses(parts: SplitResult, hosts: Collection[str]) -> list[tuple[str, int]]:
    name, _, port = domain.host_and_port(parts).rpartition(":")
    found = socket.getaddrinfo(name, int(port), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys((str(where[0]), int(port)) for *_, where in found))
    if not domain.is_excepted(parts, hosts):
        for one, _port in addresses:
            if not domain.is_public(one):
                raise RemoteError(f"{name} is {one}, which is no public address: it may not be called", status=403)
    return addresses


def _called(addresses: list[tuple[str, int]], deadline: float) -> socket.socket:
    """A line to the first address that takes it."""
    *others, last = addresses
    for one in others:
        try:
            return socket.create_connection(one, timeout=_left(deadline) / 2)
        except OSError:
            continue
    return socket.create_connection(last, timeout=_left(deadline))


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.1)
