"""What meters say: answered on a grant, sent to whom a user has granted it, and told to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
import simplejson
from sqlalchemy import insert

from gridlingua.services.data_sharing.tables import POINTS

from ..exchanges import examples, judge, refused
from ..samples import answer, content

AGGREGATOR = "https://aggregator.example.org/kb"
METER, USER = "21345678901234", "U1"
ALL = ["metering", "consumption", "voltage", "cutoff_power", "injected_power"]
FRAMES, SENDINGS = "/operator/metering-platform/frames", "/operator/metering-platform/sendings"
PATHS = {
    "cutoff_power": "/operator/metering-platform/cutoff-powers",
    "injected_power": "/operator/metering-platform/injected-powers",
    "power_overrun": "/operator/metering-platform/power-overruns",
}


@pytest.fixture
def dso(services: Any) -> Any:
    return services("metering_platform", "consent", "data_sharing")


@pytest.fixture
def enter(dso: Any, database: Any) -> Any:
    """Enters a meter of a user, who grants kinds of data to an organisation."""

    def entered(meter: str, *kinds: str, grantee: str = "aggregator", reference: str = "", **period: str) -> None:
        user = f"U{meter}"
        with database.writing() as connection:
            known = connection.execute(POINTS.select().where(POINTS.c.meter_id == meter)).first()
            if not known:
                place = {"kind": "LVClient", "zone": "Z1", "meter_id": meter, "user_id": user}
                connection.execute(insert(POINTS).values(place))
        if kinds:
            valid = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"} | period
            grant = {"reference": reference or f"G-{meter}-{grantee}", "user": user, "grantee": grantee}
            given = dso.post("/operator/data/grants", [grant | valid | {"kinds": list(kinds)}])
            assert given.status_code == 201, given.text

    return entered


def cutoff(meter: str = METER, power: int = 6, at: str = "2026-11-20T11:00:00Z") -> dict[str, Any]:
    return {"meterId": meter, "cutoffPower": power, "measurementUnit": "kVA", "timestamp": at}


def acknowledge(call: Any) -> Any:
    said = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    found = [{name: one[name] for name in ("meterId", "timestamp")} | said for one in call.body]
    return answer(found, Gridlingua_Responder=call.to)


def ask(client: Any, meter: str, grant: str) -> Any:
    return client.get("/1.0/Metering/Frame", params={"meterId": meter, "grant": grant})


def test_every_shipped_frame_is_kept_and_answered_on_its_grant(
    dso: Any, enter: Any, catalogue: Any, clock: Any
) -> None:
    shipped = examples(catalogue, "metering_platform/meter_frame").values()
    clock.now = max(clock.now, clock.now.replace(month=12))
    for messages in shipped:
        meter = messages["request"]["meterId"]
        enter(meter, *ALL)
        assert dso.post(FRAMES, [messages["reply"]]).status_code == 201
        request = {"meterId": meter, "grant": f"G-{meter}-aggregator"}
        found = ask(dso.of("aggregator"), meter, request["grant"])
        assert (found.status_code, content(found)) == (200, messages["reply"]), found.text
        judge(catalogue, "metering_platform/meter_frame", request, content(found))


def test_every_frame_that_the_exchange_refuses_cannot_be_kept(dso: Any, catalogue: Any) -> None:
    rejects = refused(catalogue, "metering_platform/meter_frame", "reply")
    for name in rejects.keys() - {"another_meter"}:
        assert dso.post(FRAMES, [rejects[name]]).status_code == 422, name


def test_without_a_grant_for_all_of_it_nothing_is_told_not_even_whose_meter_it_is(
    dso: Any, enter: Any, catalogue: Any
) -> None:
    frame = next(iter(examples(catalogue, "metering_platform/meter_frame").values()))["reply"] | {"meterId": METER}
    assert dso.post(FRAMES, [frame]).status_code == 201
    enter(METER, *ALL, grantee="retailer")
    enter(METER, *ALL[:-1])
    for who, meter, grant in (
        ("aggregator", METER, f"G-{METER}-aggregator"),
        ("aggregator", METER, f"G-{METER}-retailer"),
        ("aggregator", METER, "G-none"),
        ("aggregator", "99999999999999", "G-none"),
    ):
        told = ask(dso.of(who), meter, grant)
        assert told.status_code == 403
        assert told.json()["detail"].startswith(f"grant {grant} does not let {who} read all that meter {meter} says")
        assert f"U{METER}" not in told.text
    assert ask(dso.of("third"), METER, f"G-{METER}-aggregator").status_code == 403


def test_the_last_frame_counts_whenever_it_comes(dso: Any, enter: Any, catalogue: Any) -> None:
    frame = examples(catalogue, "metering_platform/meter_frame")["noon_with_surplus"]["reply"]
    meter, early = frame["meterId"], "2026-06-21T10:00:00+02:00"
    older = frame | {
        "timestamp": early,
        "readings": [one | {"timestamp": "2026-06-21T07:12:00+02:00"} for one in frame["readings"]],
    }
    enter(meter, *ALL)
    for one in (frame, older):
        assert dso.post(FRAMES, [one]).status_code == 201
    assert ask(dso.of("aggregator"), meter, f"G-{meter}-aggregator").json()["timestamp"] == frame["timestamp"]
    enter("11111111111111", *ALL)
    assert ask(dso.of("aggregator"), "11111111111111", "G-11111111111111-aggregator").status_code == 404


@pytest.mark.parametrize("exchange", PATHS)
def test_every_shipped_reading_is_sent_to_whom_its_user_has_granted_it(
    dso: Any, enter: Any, adapter: Any, catalogue: Any, exchange: str, clock: Any
) -> None:
    clock.now = max(clock.now, clock.now.replace(month=12))
    adapter.answers = acknowledge
    for messages in examples(catalogue, f"metering_platform/{exchange}").values():
        adapter.calls.clear()
        for meter in {one["meterId"] for one in messages["request"]}:
            enter(meter, *ALL)
        sent = dso.post(PATHS[exchange], messages["request"])
        assert sent.status_code == 200, sent.text
        assert sent.json()["withheld"] == []
        assert {call.to for call in adapter.calls} == {AGGREGATOR}
        for call, one in zip(adapter.calls, messages["request"], strict=True):
            body = simplejson.loads(call.raw, use_decimal=True)
            assert body == [one]
            judge(catalogue, f"metering_platform/{exchange}", body, simplejson.loads(acknowledge(call)[2]))


@pytest.mark.parametrize("exchange", PATHS)
def test_every_reading_that_the_exchange_refuses_is_not_sent(
    dso: Any, adapter: Any, catalogue: Any, exchange: str
) -> None:
    for name, request in refused(catalogue, f"metering_platform/{exchange}", "request").items():
        assert dso.post(PATHS[exchange], request).status_code == 422, name
    assert adapter.calls == []


def test_a_reading_goes_to_each_who_has_that_kind_granted_and_is_withheld_from_the_rest(
    dso: Any, enter: Any, adapter: Any
) -> None:
    adapter.answers = acknowledge
    other, free = "30001234567890", "30001234567891"
    enter(METER, "cutoff_power")
    enter(METER, "cutoff_power", "voltage", grantee="retailer")
    enter(other, "voltage")
    enter(free, "cutoff_power", validUntil="2026-11-01T00:00:00Z")
    sent = dso.post(PATHS["cutoff_power"], [cutoff(), cutoff(other), cutoff(free)])
    assert sent.status_code == 200, sent.text
    assert [call.to for call in adapter.calls] == [AGGREGATOR, "https://retailer.example.org/kb"]
    assert {call.body[0]["meterId"] for call in adapter.calls} == {METER}
    assert sent.json()["withheld"] == [other, free]


def test_what_is_missing_is_sent_again_as_long_as_the_grant_stands(
    dso: Any, enter: Any, adapter: Any, clock: Any
) -> None:
    enter(METER, "cutoff_power", validUntil="2026-11-21T00:00:00Z")
    problem = {"type": "about:blank", "title": "Timeout", "status": 504, "detail": "too late", "retry": True}
    adapter.answers = lambda _call: answer(problem, 504)
    assert dso.post(PATHS["cutoff_power"], [cutoff()]).status_code == 504
    clock.advance(days=2)
    adapter.calls.clear()
    adapter.answers = acknowledge
    assert dso.post(SENDINGS).json() == {"sent": [], "failures": []}
    assert adapter.calls == []
    clock.advance(days=-2)
    assert dso.post(SENDINGS).status_code == 200
    assert [call.to for call in adapter.calls] == [AGGREGATOR]
    (kept,) = dso.get(SENDINGS, params={"meterId": METER}).json()
    assert ([one["party"] for one in kept["answers"]], kept["failures"]) == ([AGGREGATOR], [])
    assert dso.get(SENDINGS, params={"meterId": "30001234567890"}).json() == []


def withdrawing(dso: Any, organisation: str) -> Any:
    """Acknowledges, and while it does so users take back what they have granted to an organisation."""

    def acknowledged(call: Any) -> Any:
        for one in dso.get(
            "/operator/consent/records", params={"organisation": organisation, "state": "granted"}
        ).json():
            said = {"cause": "the user telephoned"}
            ended = dso.post(f"/operator/consent/records/{one['reference']}/withdrawal", said)
            assert ended.status_code == 200, ended.text
        return acknowledge(call)

    return acknowledged


def test_what_is_withdrawn_while_others_are_told_is_told_no_more(dso: Any, enter: Any, adapter: Any) -> None:
    other = "30001234567890"
    enter(METER, "cutoff_power")
    enter(METER, "cutoff_power", grantee="retailer")
    enter(other, "cutoff_power", grantee="retailer")
    adapter.answers = withdrawing(dso, "retailer")
    sent = dso.post(PATHS["cutoff_power"], [cutoff(), cutoff(other)])
    assert sent.status_code == 200, sent.text
    assert [(call.to, call.body[0]["meterId"]) for call in adapter.calls] == [(AGGREGATOR, METER)]
    assert [one["providers"] for one in sent.json()["sent"]] == [[AGGREGATOR]]
    assert sent.json()["withheld"] == [other]
    adapter.calls.clear()
    assert dso.post(SENDINGS).json() == {"sent": [], "failures": []}
    assert adapter.calls == []


def test_a_withdrawal_is_heeded_between_two_knowledge_bases_of_one_provider(dso: Any, enter: Any, adapter: Any) -> None:
    second = "https://second.example.org/kb"
    two = {"id": "aggregator", "name": "Aggregator", "roles": ["service_provider"]}
    two |= {"knowledgeBases": [AGGREGATOR, second]}
    assert dso.post("/admin/organisations", two, method="PUT").status_code in {200, 201}
    enter(METER, "cutoff_power")
    adapter.answers = acknowledge
    assert dso.post(PATHS["cutoff_power"], [cutoff()]).status_code == 200
    assert {call.to for call in adapter.calls} == {AGGREGATOR, second}
    adapter.calls.clear()
    adapter.answers = withdrawing(dso, "aggregator")
    assert dso.post(PATHS["cutoff_power"], [cutoff(at="2026-11-20T11:15:00Z")]).status_code == 200
    assert len(adapter.calls) == 1


def test_what_is_sent_again_stops_where_it_is_withdrawn(dso: Any, enter: Any, adapter: Any) -> None:
    other = "30001234567890"
    for meter in (METER, other):
        enter(meter, "cutoff_power")
    problem = {"type": "about:blank", "title": "Timeout", "status": 504, "detail": "too late", "retry": True}
    adapter.answers = lambda _call: answer(problem, 504)
    assert dso.post(PATHS["cutoff_power"], [cutoff(), cutoff(other)]).status_code == 504
    adapter.calls.clear()
    adapter.answers = withdrawing(dso, "aggregator")
    again = dso.post(SENDINGS)
    assert (again.status_code, len(again.json()["sent"])) == (200, 1)
    assert [call.body[0]["meterId"] for call in adapter.calls] == [METER]


def test_gateways_send_and_providers_ask(dso: Any) -> None:
    assert dso.of("aggregator").post(PATHS["cutoff_power"], [cutoff()]).status_code == 403
    assert dso.of("aggregator").post(FRAMES, []).status_code == 403
    assert ask(dso.of("third"), METER, "G1").status_code == 403
