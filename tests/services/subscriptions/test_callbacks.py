"""A callback goes nowhere it must not, takes no longer than allowed, and believes no more than it is told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import trustme

from gridlingua.errors import RemoteError
from gridlingua.services.subscriptions import callbacks, domain
from gridlingua.services.subscriptions.callbacks import LARGEST, Answer

from .conftest import Receiver, dripping, listening

OK = b"HTTP/1.1 200 OK\r\n"
LINES = [OK + b"Content-Length: 99999\r\n\r\n", OK + b"\r\n", OK, b"X-More: 1\r\n", b"x", b""]


def post(url: str, *hosts: str, seconds: float = 5) -> Answer:
    return callbacks.post(url, b"[]", {"webhook-id": "msg_1"}, hosts, seconds=seconds)


def failure(url: str, *hosts: str, seconds: float = 5) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        post(url, *hosts, seconds=seconds)
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:db8::1",
        "no address",
    ],
)
def test_an_address_of_no_public_network_is_told_from_the_others(address: str) -> None:
    assert not domain.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "193.136.19.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_an_address_of_the_public_internet_may_be_called(address: str) -> None:
    assert domain.is_public(address)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/a", "https://localhost/a", "https://0/a", "https://0x7f000001/a", "https://2130706433/a"],
)
def test_the_own_machine_is_not_called_however_it_is_named(url: str) -> None:
    error = failure(url)
    assert (error.status, error.retry) == (403, False)


def test_a_name_that_leads_into_the_own_network_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def names(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", names)
    error = failure("https://bems.example.org/dso")
    assert str(error) == "bems.example.org is 10.0.0.8, which is no public address: it may not be called"


def test_without_tls_only_an_exception_is_called(receiver: Receiver) -> None:
    assert failure(receiver.url).status == 403
    assert receiver.messages == []
    assert post(receiver.url + "/1.0/Flexibility/Needs", receiver.host).status == 200
    [message] = receiver.messages
    assert message.path == "/1.0/Flexibility/Needs"
    assert message.headers["host"] == receiver.host
    assert (message.headers["content-type"], message.headers["webhook-id"]) == ("application/json", "msg_1")
    assert message.headers["user-agent"].startswith("gridlingua/")


def test_an_exception_is_of_one_host_and_port(receiver: Receiver) -> None:
    assert failure(receiver.url, receiver.host + "0").status == 403
    assert failure(receiver.url.replace("127.0.0.1", "localhost"), receiver.host).status == 403


def test_a_redirect_is_told_and_not_followed(receiver: Receiver) -> None:
    receiver.say(307, Location="http://169.254.169.254/latest")
    assert post(receiver.url, receiver.host).status == 307
    assert len(receiver.messages) == 1


def test_an_answer_that_is_too_large_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.say(200, b" " * (LARGEST + 1))
    assert "more than 4194304 bytes" in str(failure(receiver.url, receiver.host))


@pytest.mark.parametrize("line", LINES)
def test_whoever_keeps_the_line_open_is_cut_off_in_time(line: bytes) -> None:
    with dripping(line, 0.05) as url:
        begun = time.monotonic()
        error = failure(url, url.partition("//")[2], seconds=0.5)
        assert time.monotonic() - begun < 3
    assert error.retry
    assert error.status in (502, 504)


def test_a_handshake_that_never_ends_is_cut_off_in_time() -> None:
    with dripping(b"", 0.05) as url:
        error = failure(url.replace("http:", "https:"), url.partition("//")[2], seconds=0.5)
    assert (error.status, error.retry) == (504, True)


def test_a_host_that_is_not_there_may_be_there_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    error = failure(f"http://{host}", host)
    assert (error.status, error.retry) == (503, True)
    gone = failure("https://no-such-host.invalid/")
    assert (gone.status, gone.retry) == (503, True)


def test_what_is_not_http_is_told_as_such() -> None:
    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"SSH-2.0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        error = failure(f"http://{host}", host)
        thread.join()
    assert (error.status, "not HTTP" in str(error)) == (502, True)


def test_over_tls_the_certificate_must_be_of_the_host_and_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    with listening(Receiver(), server) as receiver:
        stranger = failure(receiver.url, receiver.host)
        assert "cannot be trusted" in str(stranger)
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert post(receiver.url + "/a", receiver.host).status == 200
        other = receiver.url.replace("localhost", "127.0.0.1")
        assert "cannot be trusted" in str(failure(other, other.partition("//")[2]))
        assert [message.path for message in receiver.messages] == ["/a"]
