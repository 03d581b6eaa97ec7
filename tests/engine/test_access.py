"""An adapter's engine that must show who it is, through TLS and proxies, and what becomes of it when it is refused."""

import contextlib
import logging
import re
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
import trustme
import uvicorn

from gridlingua.engine import KnowledgeBase, Network, RemoteEngine
from gridlingua.engine.access import Access
from gridlingua.engine.serving.api import build_api
from gridlingua.engine.serving.protection import OPEN, Protection
from gridlingua.engine.serving.tokens import TokenFile, new_grant
from gridlingua.engine.survey.registered import Surveyor
from gridlingua.errors import GridlinguaError, RemoteError

A = KnowledgeBase("http://ex.org/A", "a", "a")
B = KnowledgeBase("http://ex.org/B", "b", "b")
PAGE = Path(__file__).parents[2] / "docs" / "engine.md"


def eventually(condition, seconds=8.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


@contextlib.contextmanager
def serving(protection=OPEN, **tls):
    """The port of an engine on loopback."""
    network = Network(wait_timeout=5)
    app = build_api(network, heartbeat=0.5, protection=protection)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none", **tls)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        eventually(lambda: server.started)
        yield listener.getsockname()[1]
        network.close()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """Files of an authority and of a server's certificate that it vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    made.private_key_pem.write_to_path(folder / "server.key")
    for number, part in enumerate(made.cert_chain_pems):
        part.write_to_path(folder / "server.pem", append=number > 0)
    return folder


def exchange(url, access, say):
    """Two parties, each with an engine of its own, do an ask."""
    with (
        RemoteEngine(url, session=access.session(url)) as one,
        RemoteEngine(url, session=access.session(url)) as other,
    ):
        other.register(B, [say("answer", "?x p ?y", name="r")])
        other.handle(B.id, lambda request: [{"x": "<http://s>", "y": "1"}])
        one.register(A, [say("ask", "?s p ?o")])
        assert (one.state.status, other.state.status) == ("connected", "connected")
        (row,) = one.ask(A.id, "q", [], timeout=5).rows
        assert row["s"] == "<http://s>"


@pytest.fixture
def guarded(tmp_path):
    """The port of an engine with a token for everybody, the token, and the file to take it back in."""
    token, grant = new_grant("us", ["*"])
    path = tmp_path / "tokens"
    path.write_text(f"{grant}\n", "utf-8")
    with serving(Protection(TokenFile(path))) as port:
        yield port, token, path


def test_a_bearer_token_opens_our_own_engine(guarded, say):
    port, token, _ = guarded
    exchange(f"http://127.0.0.1:{port}/rest", Access(token=token), say)


def test_a_token_is_not_replaced_by_what_netrc_says_of_the_host(guarded, say, tmp_path, monkeypatch):
    port, token, _ = guarded
    (tmp_path / "netrc").write_text("machine localhost login somebody password else\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    url = f"http://localhost:{port}/rest"
    session = Access(token=token).session(url)
    session.trust_env = True
    with RemoteEngine(url, session=session) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        assert engine.state.status == "connected"


@pytest.mark.parametrize(
    ("access", "told"),
    [
        (Access(), "This engine serves callers with a token: send Authorization: Bearer <token>."),
        (Access(token="wrong"), "This engine does not know the token."),
    ],
)
def test_an_engine_that_refuses_our_credentials_says_so_at_once(guarded, say, access, told):
    url = f"http://127.0.0.1:{guarded[0]}/rest"
    with RemoteEngine(url, session=access.session(url)) as engine:
        with pytest.raises(RemoteError) as caught:
            engine.register(A, [say("ask", "?s p ?o")])
        assert str(caught.value) == f"knowledge engine at {url} refuses our credentials: {told}"
        assert (caught.value.status, caught.value.retry) == (502, False)


def test_a_token_for_others_is_told_whom_it_is_for(tmp_path, say):
    token, grant = new_grant("b", [B.id])
    (tmp_path / "tokens").write_text(str(grant), "utf-8")
    with serving(Protection(TokenFile(tmp_path / "tokens"))) as port:
        url = f"http://127.0.0.1:{port}/rest"
        with RemoteEngine(url, session=Access(token=token).session(url)) as engine:
            with pytest.raises(RemoteError, match=f"The token of b may act for {B.id} and not for {A.id}"):
                engine.register(A, [say("ask", "?s p ?o")])
            engine.register(B, [say("ask", "?s p ?o")])


def test_a_token_that_is_taken_back_degrades_the_engine_without_a_tight_loop(guarded, say):
    port, token, path = guarded
    url = f"http://127.0.0.1:{port}/rest"
    with RemoteEngine(url, session=Access(token=token).session(url)) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        eventually(lambda: engine.state.counters.get("polls"))
        grant = path.read_text("utf-8")
        path.write_text("", "utf-8")
        eventually(lambda: engine.state.status == "degraded")
        assert engine.state.reason.endswith("refuses our credentials: This engine does not know the token.")
        before = engine.state.counters["polls"]
        time.sleep(1.5)
        assert engine.state.counters["polls"] - before <= 3
        with pytest.raises(RemoteError) as caught:
            engine.ask(A.id, "q", [], timeout=2)
        assert caught.value.status == 502
        path.write_text(grant, "utf-8")
        eventually(lambda: engine.state.status == "connected", 15)


def test_an_engine_that_has_too_much_to_do_is_tried_again(say):
    with answering(429, {"Retry-After": "1"}) as url, RemoteEngine(url) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        assert engine.state.status == "degraded"
        assert "has too much to do for us" in engine.state.reason


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_an_engine_that_is_elsewhere_says_where(say, status):
    with (
        answering(status, {"Location": "https://engine.example/rest/sc"}) as url,
        RemoteEngine(url) as engine,
        pytest.raises(RemoteError, match=f"is at https://engine.example/rest/sc, as {status} says"),
    ):
        engine.register(A, [say("ask", "?s p ?o")])


@pytest.mark.parametrize("status", [401, 403])
def test_a_proxy_that_refuses_us_in_words_of_its_own_is_understood(say, status):
    with answering(status, {}) as url, RemoteEngine(url) as engine:
        with pytest.raises(RemoteError, match=f"refuses our credentials: {status}") as caught:
            engine.register(A, [say("ask", "?s p ?o")])
        assert not caught.value.retry


@contextlib.contextmanager
def answering(status, headers):
    """The URL of a server that always says the same."""

    class Answer(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "4"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"page")

        do_GET = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/rest"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def secure(tls):
    """The URL of an engine behind TLS."""
    with serving(ssl_certfile=tls / "server.pem", ssl_keyfile=tls / "server.key") as port:
        yield f"https://127.0.0.1:{port}/rest"


def test_an_authority_of_our_own_vouches_for_an_engine(secure, tls, say):
    exchange(secure, Access(authorities=tls / "ca.pem"), say)


def test_an_engine_that_nobody_vouches_for_is_not_spoken_to(secure, say):
    with RemoteEngine(secure) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        assert engine.state.status == "degraded"
        assert "certificate verify failed" in engine.state.reason


def test_the_authority_that_is_named_wins_over_the_machines(secure, tls, say, monkeypatch, tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "others.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "others.pem"))
    session = Access(authorities=tls / "ca.pem").session(secure)
    session.trust_env = True
    with RemoteEngine(secure, session=session) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        assert engine.state.status == "connected"
        assert [one.knowledge_base.id for one in Surveyor(secure, session).participants()] == [A.id]


def test_an_engine_behind_tls_is_left_at_once_and_in_silence(secure, tls, say, caplog):
    engine = RemoteEngine(secure, session=Access(authorities=tls / "ca.pem").session(secure))
    engine.register(A, [say("answer", "?s p ?o")])
    eventually(lambda: engine.state.counters.get("polls"))
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 2
    assert [one.message for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert not [one for one in threading.enumerate() if one.name.endswith(A.id)]


@contextlib.contextmanager
def nginx(folder, tls, engine_port, more=""):
    """The URL of an nginx in front of an engine, with the configuration that the page gives."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("A PROXY NOT TESTED: there is no nginx on this machine")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    text = next(one for one in blocks() if "listen 443" in one)
    names = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/engine.example.pem": f"{tls}/server.pem",
        "/etc/ssl/private/engine.example.key": f"{tls}/server.key",
        "http://127.0.0.1:8280": f"http://127.0.0.1:{engine_port}",
    }
    for name, ours in names.items():
        assert name in text, f"{name} is not in {PAGE.name}"
        text = text.replace(name, ours)
    text = text.replace("location /rest/ {", f"location /rest/ {{\n{more}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    whole = f"daemon off; user root; pid {folder}/pid; events {{}} http {{ access_log off; {paths} {text} }}"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            eventually(lambda: process.poll() is None and answers(port))
            yield f"https://127.0.0.1:{port}/rest"
        finally:
            process.terminate()


def blocks():
    return re.findall(r"^```nginx\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_through_the_proxy_of_the_page_with_a_token(guarded, tls, tmp_path, say):
    port, token, _ = guarded
    with nginx(tmp_path, tls, port) as url:
        exchange(url, Access(token=token, authorities=tls / "ca.pem"), say)


def test_through_the_proxy_of_the_page_a_body_is_refused_by_the_engine_itself(tls, tmp_path):
    with serving(Protection(longest_body=2_000_000)) as port, nginx(tmp_path, tls, port) as url:
        headers = {"Content-Type": "application/json", "Knowledge-Base-Id": A.id}
        for data in (b" " * 3_000_000, iter([b" " * 1_000_000] * 3)):
            answer = requests.post(f"{url}/sc/ask", data=data, headers=headers, verify=tls / "ca.pem", timeout=10)
            assert answer.status_code == 413
            assert answer.json()["messageType"] == "error"


def test_through_the_proxy_of_the_page_with_a_password(tls, tmp_path, say):
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "päss"], capture_output=True, text=True, check=True)
    (tmp_path / "passwords").write_text(f"dso:{hashed.stdout}", "utf-8")
    more = next(one for one in blocks() if "auth_basic" in one)
    more = more.replace("/etc/nginx/engine.htpasswd", f"{tmp_path}/passwords")
    trusted = {"authorities": tls / "ca.pem"}
    with serving() as port, nginx(tmp_path, tls, port, more) as url:
        exchange(url, Access(user="dso", password="päss", **trusted), say)
        with (
            RemoteEngine(url, session=Access(user="dso", password="pass", **trusted).session(url)) as engine,
            pytest.raises(RemoteError, match="refuses our credentials: 401 Unauthorized"),
        ):
            engine.register(A, [say("ask", "?s p ?o")])


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"TOKEN": "a", "USER": "b"}, "GRIDLINGUA_ENGINE_TOKEN and GRIDLINGUA_ENGINE_USER are both set"),
        ({"PASSWORD": "s3cret"}, "GRIDLINGUA_ENGINE_PASSWORD is set without GRIDLINGUA_ENGINE_USER"),
        ({"TOKEN": "s3cret\nX-Other: 1"}, "no header of HTTP can carry"),
        ({"TOKEN": "s3crét"}, "no header of HTTP can carry"),
        ({"CA": "/nowhere/ca.pem"}, "there is no file /nowhere/ca.pem"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_a_secret(environment, told):
    with pytest.raises(GridlinguaError) as caught:
        Access.of({f"GRIDLINGUA_ENGINE_{name}": value for name, value in environment.items()})
    assert told in str(caught.value)
    assert "s3cr" not in str(caught.value)


def test_the_environment_says_who_we_are(tmp_path):
    (tmp_path / "ca.pem").touch()
    given = {"TOKEN": "t\n", "CA": str(tmp_path / "ca.pem")}
    access = Access.of({f"GRIDLINGUA_ENGINE_{name}": value for name, value in given.items()})
    assert access == Access(token="t", authorities=tmp_path / "ca.pem")
    assert Access.of({}) == Access()


def test_a_secret_is_not_in_what_is_printed_of_it():
    assert "s3cret" not in repr(Access(user="dso", password="s3cret")) + repr(Access(token="s3cret"))


def test_a_secret_that_would_travel_in_the_clear_is_warned_of(caplog):
    Access(token="t").session("http://engine.example/rest")
    assert caplog.messages == [
        "what proves to http://engine.example/rest who we are travels there unencrypted: use https"
    ]
    caplog.clear()
    Access(token="t").session("https://engine.example/rest")
    Access(token="t").session("http://127.0.0.1:8280/rest")
    Access().session("http://engine.example/rest")
    assert caplog.messages == []
