"""Requests at the DSO's services.

`gridlingua services` as a process of its own, on a SQLite file, against a bare FastAPI route that returns the same
bytes from a process of its own: each gets the same requests over eight connections at once, in turns. The services
check a token, the policy and the message, look up and compute the reply, and write the usage log; the bare route does
nothing. Every offer is a new one, which is checked against its need, kept and acknowledged.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import requests

from benchmarks.load import answer, bare, request, seconds
from benchmarks.timing import Group, Plan, Timing
from gridlingua.demo.processes import Processes, free_ports
from gridlingua.services.accounts import credentials, organisations
from gridlingua.services.accounts.messages import NewOrganisation
from gridlingua.services.data_sharing import add_customers, load_profile, load_readings
from gridlingua.storage import Database
from gridlingua.web.services import available, load

NEEDS = 96
CUSTOMERS = 10
ROLES = {"dso": ["operator"], "aggregator": ["service_provider"]}
GRANT = {"reference": "G1", "user": "U000001", "grantee": "aggregator", "validFrom": "2020-01-01T00:00:00Z"}


def measure(plan: Plan) -> Iterator[Group]:
    with tempfile.TemporaryDirectory() as folder, Processes(Path(folder)) as processes:
        services = _Services(Path(folder), processes)
        for title, messages in services.cases().items():
            yield _compared(plan, title, services.url, messages, Path(folder))


def _compared(plan: Plan, title: str, url: str, messages: Callable[[int], Sequence[bytes]], folder: Path) -> Group:
    """The services and a bare route in turns; a round of each that warms up does not count."""
    number, rounds = (16, 1) if plan.quick else (400, plan.runs)
    first = messages(1)[0]
    names = {"bare": "a bare FastAPI route, the same bytes", "ours": "the services"}
    taken: dict[str, list[float]] = {name: [] for name in names}
    with bare(free_ports(1)[0], answer(url, first), folder) as plain:
        for turn in range(rounds + 1):
            sent = messages(number)
            same = [_bared(one) for one in sent]
            for name, place, load_ in (("bare", plain, same), ("ours", url, sent)):
                each = seconds(place, load_) / number
                if turn:
                    taken[name].append(each)
    timings = [_timing(names[name], median(each), len(each) * number) for name, each in taken.items()]
    return Group(f"{title}, time per request", timings)


def _timing(what: str, each: float, runs: int) -> Timing:
    return Timing(f"{what}: {1 / each:.0f} requests a second", each, runs)


def _bared(message: bytes) -> bytes:
    """The same request, for the bare route: method, headers and body stay."""
    head, gap, body = message.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    return b" ".join([line.split()[0], b"/", b"HTTP/1.1"]) + b"\r\n" + headers + gap + body


class _Services:
    """The services with needs, customers and a grant, and the requests of an aggregator with a token."""

    def __init__(self, folder: Path, processes: Processes) -> None:
        self.database = f"sqlite:///{folder / 'services.sqlite'}"
        self.client, self.key = self._filled()
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        names = ("flexibility", "data_sharing", "consent")
        processes.start("services", "services", *names, "--port", str(port), "--database", self.database)
        processes.ready("services")
        self.start = datetime.combine(date.today() + timedelta(days=2), time(), UTC)
        self.offers = count(1)
        self._prepare()

    def cases(self) -> dict[str, Callable[[int], Sequence[bytes]]]:
        """What is measured: how many requests as they go over the line, by title."""
        window = {"startTime": _text(self.start), "endTime": _text(self.start + timedelta(days=1))}
        return {
            f"The needs of a day, {NEEDS} of them": self._gets("/Flexibility/Needs", window),
            "An offer": self._offers,
            "A day of metering, 96 readings": self._gets("/Data/Metering", self._metering()),
        }

    def _metering(self) -> dict[str, str]:
        day = datetime.combine(date.today() - timedelta(days=2), time(), UTC)
        asked = {"type": "User", "id": "U000001", "grant": "G1", "granularity": "1"}
        return asked | {"start": _text(day), "end": _text(day + timedelta(days=1))}

    def _gets(self, path: str, query: dict[str, str]) -> Callable[[int], Sequence[bytes]]:
        url = requests.Request("GET", f"{self.url}/1.0{path}", params=query).prepare().url
        return lambda number: [request(str(url), self._authorized())] * number

    def _offers(self, number: int) -> Sequence[bytes]:
        return [self._offer(next(self.offers)) for _ in range(number)]

    def _offer(self, number: int) -> bytes:
        start = self.start + (number % NEEDS) * timedelta(minutes=15)
        period = {"startTime": _text(start), "endTime": _text(start + timedelta(minutes=15))}
        ids = {"requestId": f"N{number % NEEDS}", "offerId": f"O{number}", "meterIds": ["M000001"]}
        one = period | ids | {"offer": 0.1, "measurementUnit": "kW", "price": 0.1}
        return request(f"{self.url}/1.0/Flexibility/Offers", self._authorized(), json.dumps([one]).encode())

    def _authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _filled(self) -> tuple[credentials.Issued, str]:
        """A database with accounts and readings; the aggregator's client, and the DSO's key."""
        database, now = Database(self.database), datetime.now(UTC)
        database.upgrade(*(load(name).metadata for name in available()))
        with database.writing() as connection:
            for name, roles in ROLES.items():
                one = NewOrganisation.model_validate({"id": name, "name": name, "roles": roles})
                organisations.put(connection, one, now)
            client = credentials.issue(connection, "client", "aggregator", now)
            key = credentials.issue(connection, "key", "dso", now).key
        found = list(load_profile.households(date.today(), ZoneInfo("Europe/Lisbon"), customers=CUSTOMERS))
        add_customers(database, [one.customer for one in found])
        load_readings(database, (one.series for one in found))
        database.close()
        return client, key

    def _prepare(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["X-API-Key"] = self.key
            _done(session.put(f"{self.url}/1.0/operator/flexibility/calendar", json={"gates": "open"}))
            needs = [self._need(number) for number in range(NEEDS)]
            _done(session.post(f"{self.url}/1.0/operator/flexibility/needs", json=needs))
            grant = GRANT | {"validUntil": "2099-01-01T00:00:00Z"}
            _done(session.post(f"{self.url}/1.0/operator/data/grants", json=[grant]))
            shown = (self.client.id, self.client.secret)
            asked = {"grant_type": "client_credentials"}
            self.token = _done(session.post(f"{self.url}/oauth/token", asked, auth=shown))["access_token"]

    def _need(self, number: int) -> dict[str, Any]:
        start = self.start + number * timedelta(minutes=15)
        period = {"startTime": _text(start), "endTime": _text(start + timedelta(minutes=15))}
        said = {"needs": 1000, "measurementUnit": "kW", "direction": "Down", "typePower": "Active"}
        return period | said | {"requestId": f"N{number}", "eligibleClients": ["M000001", "M000002", "M000003"]}


def _done(response: requests.Response) -> Any:
    if not response.ok:
        raise RuntimeError(response.text)
    return response.json()


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
