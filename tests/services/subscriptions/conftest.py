"""Subscribers with a REST interface of their own, and a DSO that knows them."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridlingua.services import Context, Network
from gridlingua.storage import Database

from ..samples import Answer, answer

ACKNOWLEDGED = {"acknowledgedBy": "Aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}


@dataclass(frozen=True)
class Message:
    """What reached a subscriber."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


def acknowledge(message: Message) -> Answer:
    """What a subscriber answers that has everything."""
    return answer([{"requestId": one["requestId"]} | ACKNOWLEDGED for one in message.body])


@dataclass
class Receiver:
    """A subscriber's REST interface; ``answers`` decides what it says."""

    url: str = ""
    answers: Callable[[Message], Answer] = acknowledge
    messages: list[Message] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]

    def say(self, status: int, content: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = lambda _message: (status, named, content)


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            message = Message(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
            receiver.messages.append(message)
            status, headers, content = receiver.answers(message)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def listening(receiver: Receiver, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening(Receiver()) as receiver:
        yield receiver


@contextmanager
def dripping(line: bytes, pause: float) -> Iterator[str]:
    """The address of a server that sends ``line`` again and again, for as long as it is listened to."""
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while not ended.wait(pause):
                try:
                    connection.sendall(line)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()
        thread.join()


SUBSCRIBE = "/Flexibility/Subscribe"


def subscription(name: str = "S1", callback: str = "") -> dict[str, str]:
    rest = {"channel": "REST", "callback": callback}
    return {"subscriptionId": name} | (rest if callback else {"channel": "network"})


@pytest.fixture
def subscriptions(services: Any) -> Any:
    return services("flexibility", "subscriptions")


@pytest.fixture
def called_back(subscriptions: Any, receiver: Receiver) -> Any:
    """A DSO that may call the receiver, and the aggregator's subscription to be called there."""
    allowed = subscriptions.post(
        "/operator/subscriptions/hosts", {"host": receiver.host, "reason": "a test"}, method="PUT"
    )
    assert allowed.status_code == 200, allowed.text
    made = subscriptions.of("aggregator").post(SUBSCRIBE, subscription(callback=receiver.url + "/1.0"))
    assert made.status_code == 200, made.text
    return subscriptions


@pytest.fixture
def here(database: Database, adapter: Any, clock: Any) -> Context:
    """The surroundings of a service on the same database, for what has no route."""
    return Context(database, Network(adapter.url), "dso", ZoneInfo("Europe/Lisbon"), clock)
