"""What breaks: parties that die, engines that are not there, restart, or answer nonsense."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from gridlingua.engine import EmbeddedEngine, KnowledgeBase, Network, RemoteEngine
from gridlingua.engine.rest import RestTransport
from gridlingua.engine.server import EngineServer
from gridlingua.errors import RemoteError

A = KnowledgeBase("http://ex.org/A", "a", "a", lease=60)
B = KnowledgeBase("http://ex.org/B", "b", "b", lease=60)


def eventually(condition, seconds=8.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


@contextlib.contextmanager
def running(port=0, heartbeat=0.6):
    """A server of its own; stops with the block."""
    network = Network(wait_timeout=5)
    ready = threading.Event()
    server = EngineServer(network, port=port, heartbeat=heartbeat, on_ready=lambda _: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_engine_that_is_not_there_is_named_within_the_deadline_and_may_be_tried_again(say):
    url = f"http://127.0.0.1:{free_port()}/rest"
    with RemoteEngine(url) as engine:
        began = time.monotonic()
        engine.register(A, [say("ask", "?s p ?o")])
        with pytest.raises(RemoteError) as caught:
            engine.ask(A.id, "q", [], timeout=2)
        assert time.monotonic() - began < 2
        error = caught.value
        assert (error.status, error.retry) == (503, True)
        assert f"is not connected to the knowledge engine at {url} since 20" in str(error)
        assert "Connection refused" in str(error)
        assert (engine.state.status, "Connection refused" in engine.state.reason) == ("degraded", True)


def test_registration_goes_on_until_the_engine_is_there(say):
    port = free_port()
    with RemoteEngine(f"http://127.0.0.1:{port}/rest") as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        with running(port):
            eventually(lambda: engine.state.status == "connected")
            assert engine.ask(A.id, "q", []).exchanges == ()


def test_after_a_restart_of_the_engine_everything_is_registered_anew(say):
    port = free_port()
    url = f"http://127.0.0.1:{port}/rest"
    with RemoteEngine(url) as asker, RemoteEngine(url) as answerer:
        with running(port):
            asker.register(A, [say("ask", "?s p ?o")])
            answerer.register(B, [say("answer", "?x p ?y")])
            answerer.handle(B.id, lambda request: [{"x": "<s>", "y": "1"}])
            assert len(asker.ask(A.id, "q", []).rows) == 1
        with running(port):
            eventually(lambda: asker.state.status == answerer.state.status == "connected")
            assert len(asker.ask(A.id, "q", []).rows) == 1
        assert asker.state.counters["registrations"] == 2


def test_a_server_that_stops_ends_open_polls_with_410_instead_of_waiting_for_them(kb_body, background):
    with running(heartbeat=29) as server:
        requests.post(f"{server.url}/sc", json=kb_body("A"), timeout=5)
        headers = {"Knowledge-Base-Id": "http://ex.org/A"}
        poll = background(requests.get, f"{server.url}/sc/handle", headers=headers, timeout=40)
        time.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert poll.result().status_code == 410


def test_small_messages_do_not_wait_for_acknowledgements(say, served):
    with RemoteEngine(served.url) as asker, RemoteEngine(served.url) as answerer:
        asker.register(A, [say("ask", "?s p ?o")])
        answerer.register(B, [say("answer", "?x p ?y")])
        answerer.handle(B.id, lambda request: [{"x": "<s>", "y": "1"}])
        times = []
        for _ in range(10):
            began = time.perf_counter()
            asker.ask(A.id, "q", [])
            times.append(time.perf_counter() - began)
        assert min(times) < 0.035  # Nagle's algorithm and delayed acknowledgements cost 40 ms each


def test_an_ask_of_someone_the_engine_forgot_is_sent_again_once_it_is_registered(say, served):
    with RemoteEngine(served.url) as engine, EmbeddedEngine(served.network) as other:
        other.register(B, [say("react", "?u p ?v")])
        posted = []
        other.handle(B.id, lambda request: posted.append(request.rows) or [])
        engine.register(A, [say("post", "?s p ?o")])
        served.network.leave(A.id)
        result = engine.post(A.id, "q", [{"s": "<s>", "o": "1"}])
        assert [one.status for one in result.exchanges] == ["SUCCEEDED"]
        assert len(posted) == 1


def test_an_ask_waits_while_the_engine_takes_us_up_again(say, served):
    with RemoteEngine(served.url) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        served.network.leave(A.id)
        eventually(lambda: engine.state.status == "reregistering")  # the poll has noticed before anyone asks
        assert engine.ask(A.id, "q", []).exchanges == ()
        assert engine.state.counters["registrations"] == 2


def test_a_lost_lease_is_noticed_and_mended(say, served):
    with RemoteEngine(served.url) as engine:
        engine.register(KnowledgeBase(A.id, "a", "a", lease=2), [say("answer", "?s p ?o")])
        served.network.leave(A.id)
        eventually(lambda: engine.state.counters["registrations"] == 2)
        eventually(lambda: engine.state.status == "connected")


def test_a_lease_is_kept_by_renewing_it(say, served):
    with RemoteEngine(served.url) as engine:
        engine.register(KnowledgeBase(A.id, "a", "a", lease=1), [say("ask", "?s p ?o")])
        time.sleep(1.8)
        assert engine.state.counters["registrations"] == 1
        assert engine.ask(A.id, "q", []).exchanges == ()


def test_a_killed_answerer_is_named_when_the_deadline_has_passed(say, served):
    code = (
        "import sys; from gridlingua.engine import *; from gridlingua.semantics.patterns import parse_body\n"
        "engine = RemoteEngine(sys.argv[1])\n"
        "engine.register(KnowledgeBase('http://ex.org/B', 'b', 'b', lease=60),\n"
        "    [Interaction('r', 'answer', parse_body('?x <http://example.org/p> ?y'))])\n"
        "print('ready', flush=True); sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, served.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process, RemoteEngine(served.url) as engine:
        assert process.stdout.readline() == "ready\n"
        process.kill()
        process.wait()
        engine.register(A, [say("ask", "?s p ?o")])
        began = time.monotonic()
        (exchange,) = engine.ask(A.id, "q", [], timeout=0.5).exchanges
        assert time.monotonic() - began < 2
        assert (exchange.error().party, exchange.error().status, exchange.error().retry) == (B.id, 504, True)


def test_a_leftover_of_a_dead_process_is_replaced(say, served):
    served.network.join(A)
    with RemoteEngine(served.url) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        assert len(served.network.interactions(A.id)) == 1
    served.network.join(A)
    with RemoteEngine(served.url, take_over=False) as engine, pytest.raises(RemoteError, match="already in use"):
        engine.register(A, [])


def test_in_one_process_an_id_is_taken_once(say, served):
    with EmbeddedEngine(served.network) as one, EmbeddedEngine(served.network) as other:
        one.register(A, [])
        with pytest.raises(RemoteError, match="already in use"):
            other.register(A, [])


def test_one_engine_registers_an_id_once(say, target, way):
    with way() as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        with pytest.raises(RemoteError, match="already in use"):
            engine.register(A, [])
        assert engine.ask(A.id, "q", []).exchanges == ()


def test_the_state_counts_what_happened(say, target, way):
    with way() as engine:
        with pytest.raises(RemoteError, match="no knowledge base is registered"):
            _ = engine.state
        engine.register(A, [say("ask", "?s p ?o")])
        engine.register(B, [say("answer", "?x p ?y")])
        engine.handle(B.id, lambda request: [])
        engine.ask(A.id, "q", [])
        engine.handle(B.id, lambda request: 1 / 0)
        engine.ask(A.id, "q", [])
        state = engine.state
        assert (state.status, state.reason) == ("connected", "")
        expected = {"registrations": 2, "asks": 2, "requests": 2, "answers": 1, "failures": 1}
        eventually(lambda: expected.items() <= engine.state.counters.items())


def test_what_the_network_refuses_is_told_at_registration_and_leaves_nothing_behind(say, target, way):
    with way() as engine:
        with pytest.raises(RemoteError, match=r"a_b|knowledgeInteractionName must match") as caught:
            engine.register(A, [say("ask", "?s p ?o"), say("ask", "?s p ?o", name="a_b")])
        assert (caught.value.status, caught.value.retry) == (400, False)
        assert target.network.knowledge_bases() == ()


def test_closing_leaves_the_network_and_no_thread(say, target, way):
    before = set(threading.enumerate())
    engine = way()
    engine.register(KnowledgeBase(A.id, "a", "a", lease=60), [say("answer", "?s p ?o")])
    engine.handle(A.id, lambda request: [])
    began = time.monotonic()
    engine.close()
    engine.close()
    assert time.monotonic() - began < 2
    assert target.network.knowledge_bases() == ()
    assert {thread.name for thread in set(threading.enumerate()) - before} <= {"gridlingua-network-timers"}


def test_an_engine_with_a_network_of_its_own_closes_it(say):
    before = set(threading.enumerate())
    with EmbeddedEngine() as engine:
        engine.register(A, [say("ask", "?s p ?o"), say("answer", "?s p ?o", name="r")])
        engine.ask(A.id, "q", [])
    assert set(threading.enumerate()) <= before


class Scripted(BaseHTTPRequestHandler):
    """A runtime that says what a test wants: ``replies`` maps "METHOD /path" to (status, type, body), or a call."""

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key = f"{self.command} {self.path}"
        self.server.calls.append((key, body))
        reply = self.server.replies.get(key, (200, "application/json", "{}"))
        with contextlib.suppress(OSError):
            status, kind, text = reply() if callable(reply) else reply
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_DELETE = do_any  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture
def scripted():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.daemon_threads = True
    server.calls, server.replies, server.released = [], {}, threading.Event()
    server.replies["GET /sc/handle"] = lambda: (server.released.wait(20) and None) or (202, "application/json", "")
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


HTML = "<html><h1>Server Error</h1></html>"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ((500, "text/html", HTML), 502),
        ((503, "application/json", '{"servlet":"x","message":"Request failed.","status":"503"}'), 503),
        ((404, "text/html", HTML), 502),
        ((200, "text/html", HTML), 502),
        ((200, "application/json", "[]"), 502),
        ((200, "application/json", '{"bindingSet": 5, "exchangeInfo": []}'), 502),
        ((200, "application/json", '{"bindingSet": [], "exchangeInfo": [{}]}'), 502),
        ((302, "text/html", HTML), 502),
    ],
    ids=["500 page", "503 page", "404 page", "200 page", "list", "no rows", "empty exchange", "redirect to nowhere"],
)
def test_an_engine_that_answers_nonsense_is_an_error_that_names_it(say, scripted, reply, status):
    with RemoteEngine(scripted.url) as engine:
        engine.register(A, [say("ask", "?s p ?o")])
        scripted.replies["POST /sc/ask"] = reply
        with pytest.raises(RemoteError) as caught:
            engine.ask(A.id, "q", [])
        assert (caught.value.status, caught.value.party) == (status, scripted.url)
        assert scripted.url in str(caught.value)


@pytest.mark.parametrize(("kind", "retry"), [("ask", True), ("post", False)])
def test_an_engine_that_hangs_is_an_error_at_the_deadline_and_a_post_is_sent_once(say, scripted, kind, retry):
    with RemoteEngine(scripted.url) as engine:
        engine.register(A, [say(kind, "?s p ?o")])
        scripted.replies[f"POST /sc/{kind}"] = scripted.replies["GET /sc/handle"]
        began = time.monotonic()
        call = engine.ask if kind == "ask" else engine.post
        with pytest.raises(RemoteError, match="did not answer") as caught:
            call(A.id, "q", [{"s": "<s>", "o": "1"}], timeout=0.3)
        assert time.monotonic() - began < 1.5
        assert (caught.value.status, caught.value.retry) == (504, retry)
        assert len([key for key, _ in scripted.calls if key == f"POST /sc/{kind}"]) == 1


@pytest.mark.parametrize(
    "reply",
    [(500, "text/html", HTML), (200, "text/html", HTML), ConnectionResetError],
    ids=["500 page", "200 page", "cut off"],
)
@pytest.mark.parametrize(("kind", "retry"), [("ask", True), ("post", False)])
def test_a_post_that_may_have_been_heard_is_not_to_be_sent_again(say, scripted, kind, retry, reply):
    def cut_off():
        raise reply

    with RemoteEngine(scripted.url) as engine:
        engine.register(A, [say(kind, "?s p ?o")])
        scripted.replies[f"POST /sc/{kind}"] = cut_off if isinstance(reply, type) else reply
        call = engine.ask if kind == "ask" else engine.post
        with pytest.raises(RemoteError) as caught:
            call(A.id, "q", [{"s": "<s>", "o": "1"}])
        assert caught.value.retry is retry


def test_a_post_to_an_engine_that_is_gone_may_be_sent_again(say):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    transport = RestTransport(url)
    with pytest.raises(RemoteError, match="cannot be reached") as caught:
        transport.initiate("post", A.id, "q", [{}], (), 1.0)
    assert caught.value.retry


def test_an_id_that_no_header_can_carry_is_refused_before_anything_is_sent(say, scripted):
    with RemoteEngine(scripted.url) as engine, pytest.raises(RemoteError, match="percent-encode") as caught:
        engine.register(KnowledgeBase("http://ex.org/ć", "c", "c"), [say("ask", "?s p ?o")])
    assert (caught.value.status, caught.value.retry, scripted.calls) == (400, False, [])


def test_closing_does_not_wait_for_an_engine_that_hangs(say, scripted):
    before = set(threading.enumerate())
    engine = RemoteEngine(scripted.url)
    engine.register(A, [say("answer", "?s p ?o")])
    eventually(lambda: any(key == "GET /sc/handle" for key, _ in scripted.calls))
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 1
    mine = [t for t in set(threading.enumerate()) - before if t.name.startswith("gridlingua")]
    assert mine == []


def test_a_runtime_before_1_5_cannot_be_told_why_and_gets_an_empty_answer_and_a_log_entry(say, scripted, caplog):
    parcel = (
        '{"knowledgeInteractionId":"http://ex.org/B/interaction/q","handleRequestId":7,"bindingSet":[{}],'
        '"requestingKnowledgeBaseId":"http://ex.org/A"}'
    )
    waiting = scripted.replies["GET /sc/handle"]
    replies = iter([(200, "application/json", parcel)])
    scripted.replies["GET /sc/handle"] = lambda: next(replies, None) or waiting()
    scripted.replies["GET /version"] = (200, "application/json", '{"version":"1.4.0"}')
    with RemoteEngine(scripted.url) as engine:
        engine.register(B, [say("answer", "?x p ?y")])
        engine.handle(B.id, lambda request: 1 / 0)
        eventually(lambda: any(key == "POST /sc/handle" for key, _ in scripted.calls))
    (body,) = [body for key, body in scripted.calls if key == "POST /sc/handle"]
    assert requests.models.complexjson.loads(body) == {"handleRequestId": 7, "bindingSet": []}
    assert "division by zero" in caplog.text


def test_polling_survives_pages_of_a_proxy(say, scripted):
    pages = iter([(502, "text/html", HTML), (500, "text/html", HTML)])
    waiting = scripted.replies["GET /sc/handle"]
    scripted.replies["GET /sc/handle"] = lambda: next(pages, None) or waiting()
    with RemoteEngine(scripted.url) as engine:
        engine.register(B, [say("answer", "?x p ?y")])
        eventually(lambda: len([key for key, _ in scripted.calls if key == "GET /sc/handle"]) == 3)
        assert engine.state.status == "degraded"
        assert "502" in engine.state.reason or "500" in engine.state.reason


def test_what_a_party_learnt_is_learnt_anew_after_a_restart_of_the_engine(say):
    port = free_port()
    url = f"http://127.0.0.1:{port}/rest"
    with RemoteEngine(url) as asker:
        with running(port):
            asker.register(A, [say("ask", "?s p ?o")])
            asker.learn(A.id, "-> (<http://s> <http://example.org/p> 1) .")
            assert len(asker.ask(A.id, "q", []).rows) == 1
        with running(port):
            eventually(lambda: asker.state.status == "connected")
            assert len(asker.ask(A.id, "q", []).rows) == 1
