"""An ask over the engine's REST API.

`gridlingua engine` as a process of its own on loopback; who asks and who answers call it with `requests`, each in a
process of its own. The time is that of the whole `POST /sc/ask`, with the long poll and the answer in it and its JSON
read. The pattern has 6 triples and 6 variables, and one of them is bound.

`python -m benchmarks engine --engine URL` measures another runtime in the same way. TNO's, on the machine that this
page was first written on, 1.5.0 with Jena 6.0.0 instead of 6.1.0:

| | 1.4.0, Java 17 | 1.5.0, Java 25 |
|---|--:|--:|
| 1 row, level 1 and 2 | 14.1 and 9.8 ms | 17.1 and 13.7 ms |
| 96 rows, level 1 and 2 | 32 and 29 ms | 35 and 27 ms |
| 2,976 rows, level 1 and 2 | 612 and 615 ms | 564 and 514 ms |
| 1 row, 8 clients at once | 135 asks a second | 154 asks a second |
| 1 row, 5 and 500 other interactions | not measured | 8.4 and 170 ms |
| 3 knowledge bases, the same 10 triples | not measured | no answer in 60 s |
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import requests

from benchmarks.peers import PATIENCE, Peer, Row, answering
from benchmarks.runtime import Runtime, engine_process
from benchmarks.timing import Group, Plan, Timing

PATTERN = (
    "?point a ex:Measurement . ?point ex:of ?meter . ?point ex:at ?time . "
    "?point ex:value ?value . ?point ex:unit ?unit . ?meter ex:name ?name ."
)
XSD = "http://www.w3.org/2001/XMLSchema#"
ASKED = {"name": '"M000001"'}
WIDE = "?s a ex:Thing . " + " ".join(f"?s ex:p{n} ?v{n} ." for n in range(1, 10))
SIZES = {1: "at most 3 ms", 96: "at most 6 ms", 2976: "at most 60 ms"}
CLIENTS = 8
BURST = 10
FEW, MANY = 5, 5000
KNOWLEDGE_BASES = 1000


def measure(plan: Plan) -> Iterator[Group]:
    with _runtime(plan) as runtime:
        for level in (1, 2):
            yield _rows(plan, runtime.url, level)
        yield _at_once(plan, runtime.url)
        yield _several(plan, runtime.url)  # last: a stock runtime does not end with it, and must be started anew
    if not plan.engine:
        yield _crowd(plan)
        yield _memory(plan)


@contextmanager
def _runtime(plan: Plan) -> Iterator[Runtime]:
    if plan.engine:
        yield Runtime(plan.engine)
        return
    with engine_process() as runtime:
        yield runtime


def _rows(plan: Plan, url: str, level: int) -> Group:
    things = {}
    with ExitStack() as stack:
        for size, target in list(SIZES.items())[: 2 if plan.quick else None]:
            pattern = PATTERN.replace("ex:", f"ex:rows{size}-")  # apart at level 2 too
            stack.enter_context(answering(url, pattern, {f"answers{size}": _points(size)}))
            asker = stack.enter_context(_asker(url, pattern, level, f"asks{size}"))
            things[f"{size:,} row{'s' if size > 1 else ''} ({target})"] = _asking(asker, ASKED, size)
        return plan.compare(f"One knowledge base answers, reasoner level {level}", things, burst=BURST)


def _at_once(plan: Plan, url: str) -> Group:
    """Clients in processes of their own, which begin together."""
    asks = 5 if plan.quick else 200
    taken = []
    with answering(url, PATTERN, {"answers": _points(1)}):
        for clients in (1, CLIENTS):
            seconds = _together(url, clients, asks) / (clients * asks)
            who = f"{clients} clients at once" if clients > 1 else "1 client"
            taken.append(Timing(f"{who}: {1 / seconds:.0f} asks a second", seconds, clients * asks))
    return Group("1 row, time per ask", taken)


def _together(url: str, clients: int, asks: int) -> float:
    """Seconds from the first to the last of all asks."""
    apart = multiprocessing.get_context("spawn")
    begin = apart.Barrier(clients + 1)
    processes = [apart.Process(target=_ask_often, args=(url, f"asks{n}", asks, begin)) for n in range(clients)]
    for process in processes:
        process.start()
    begin.wait()
    started = time.perf_counter()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a client failed")
    return time.perf_counter() - started


def _ask_often(url: str, name: str, asks: int, begin: Any) -> None:
    with _asker(url, PATTERN, 2, name) as asker:
        ask = _asking(asker, ASKED, 1)
        ask()
        begin.wait()
        for _ in range(asks):
            ask()


def _crowd(plan: Plan) -> Group:
    """The same ask when few and when many other interactions are on the network: an engine for each, in turns."""
    things = {}
    with ExitStack() as stack:
        for count, target in ((FEW, ""), (50 if plan.quick else MANY, " (at most 1.5 times)")):
            url = stack.enter_context(engine_process()).url
            for start in range(0, count, 100):
                stack.enter_context(_others(url, range(start, min(start + 100, count))))
            stack.enter_context(answering(url, PATTERN, {"answers": _points(1)}))
            asker = stack.enter_context(_asker(url, PATTERN, 2, "asks"))
            things[f"1 row, {count:,} others{target}"] = _asking(asker, ASKED, 1)
        return plan.compare("Other interactions on the network, reasoner level 2", things, burst=BURST)


@contextmanager
def _others(url: str, numbers: range) -> Iterator[None]:
    peer = Peer(url, f"other{numbers[0]}")
    for number in numbers:
        peer.add("answer", f"?it a ex:Kind{number} . ?it ex:has{number} ?value .", f"n{number}")
    yield
    peer.leave()


def _several(plan: Plan, url: str) -> Group:
    """A stock runtime combines the interactions triple by triple."""
    answers = {f"wide{n}": [_thing(n)] for n in range(3)}
    with (
        answering(url, PATTERN, {"answers": _points(1)}),
        answering(url, WIDE, answers),
        _asker(url, PATTERN, 2, "asks") as narrow,
        _asker(url, WIDE, 2, "asksWide") as wide,
    ):
        things = {
            "1 knowledge base, 6 triples": _asking(narrow, ASKED, 1),
            "3 knowledge bases, the same 10 triples (at most 50 ms)": _asking(wide, {}, 3),
        }
        title = "Several knowledge bases, reasoner level 2"
        try:
            return plan.compare(title, things, burst=BURST)
        except requests.ReadTimeout:
            return Group(title, [Timing("no answer", PATIENCE, 1)])


def _memory(plan: Plan) -> Group:
    """An answer interaction each, and nobody polls."""
    count = 10 if plan.quick else KNOWLEDGE_BASES
    with engine_process() as runtime:
        taken = [Timing("nobody", runtime.memory(), 1)]
        for number in range(count):
            Peer(runtime.url, f"idle{number}").add("answer", PATTERN.replace("ex:", f"ex:n{number}"))
        taken.append(Timing(f"{count:,} knowledge bases, an answer interaction each", runtime.memory(), 1))
    return Group("Memory of an idle engine", taken, "memory")


@contextmanager
def _asker(url: str, pattern: str, level: int, name: str) -> Iterator[Peer]:
    peer = Peer(url, name, level)
    peer.add("ask", pattern)
    yield peer
    peer.leave()


def _asking(asker: Peer, restriction: Row, size: int) -> Callable[[], None]:
    def ask() -> None:
        if (brought := len(asker.ask(restriction))) != size:
            raise RuntimeError(f"the ask brought {brought} rows instead of {size}")

    return ask


def _points(count: int) -> list[Row]:
    base = "http://example.org"
    return [
        {
            "point": f"<{base}/meter/M000001/point/{n}>",
            "meter": f"<{base}/meter/M000001>",
            "time": f'"2025-01-{1 + n // 96:02}T{n // 4 % 24:02}:{n % 4 * 15:02}:00Z"^^<{XSD}dateTime>',
            "value": f'"{n % 977}.125"^^<{XSD}decimal>',
            "unit": f"<{base}/unit/kilowatt>",
            **ASKED,
        }
        for n in range(count)
    ]


def _thing(number: int) -> Row:
    values = {f"v{n}": f'"{number}-{n}"' for n in range(1, 10)}
    return {"s": f"<http://example.org/thing/{number}>", **values}
