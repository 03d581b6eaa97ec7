"""Whatever the channel, a message is delivered in the same words, and what became of it can be seen."""

from __future__ import annotations

import base64
import hmac
import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from gridlingua.errors import RemoteError
from gridlingua.services import Context
from gridlingua.services.network import Reply
from gridlingua.services.scheduling import LaterError
from gridlingua.services.subscriptions import signatures
from gridlingua.services.subscriptions.channels import Channel, channel_of, deliver, subscribers

from ..samples import AGGREGATOR, PROVIDER, answer, need
from .conftest import SUBSCRIBE, Receiver, subscription

PATH = "/Flexibility/Needs"
DELIVERIES = "/operator/subscriptions/deliveries"


def channel(here: Context, organisation: str = "aggregator") -> Channel:
    with here.database.reading() as connection:
        found = channel_of(connection, organisation)
    assert found is not None
    return found


def send(here: Context, *needs: dict[str, Any]) -> Reply:
    return deliver(here, channel(here), PATH, list(needs or [need()]))


def failed(here: Context) -> RemoteError:
    reply = send(here)
    assert list(reply.messages) == []
    [error] = reply.failures
    assert error.party == "aggregator"
    return error


def documented() -> Callable[[str, Mapping[str, str], bytes, float], bool]:
    """The check of a signature that is shown to receivers."""
    shown = re.search(r"::\n\n(.*?)\n\n[A-Z]", signatures.__doc__ or "", re.DOTALL)
    assert shown is not None
    names: dict[str, Any] = {"base64": base64, "hmac": hmac, "Mapping": Mapping}
    exec(textwrap.dedent(shown[1]), names)
    check: Callable[[str, Mapping[str, str], bytes, float], bool] = names["is_genuine"]
    return check


def test_an_organisation_without_a_subscription_has_no_channel(subscriptions: Any, here: Context) -> None:
    with here.database.reading() as connection:
        assert channel_of(connection, "aggregator") is None
        assert subscribers(connection) == []
    subscriptions.of("aggregator").post(SUBSCRIBE, subscription())
    subscriptions.of("retailer").post(SUBSCRIBE, subscription())
    with here.database.reading() as connection:
        assert [one.organisation for one in subscribers(connection)] == ["aggregator", "retailer"]
    end = {"subscriptionId": "S1", "withdrawnAt": "2026-11-20T12:00:00Z"}
    subscriptions.of("aggregator").request("DELETE", SUBSCRIBE, params=end)
    with here.database.reading() as connection:
        assert channel_of(connection, "aggregator") is None


def test_an_organisation_that_is_kept_out_is_sent_nothing(subscriptions: Any, here: Context) -> None:
    subscriptions.of("aggregator").post(SUBSCRIBE, subscription())
    place = "/admin/organisations/aggregator/active"
    assert subscriptions.post(place, {"active": False}, method="PUT").status_code == 200
    with here.database.reading() as connection:
        assert channel_of(connection, "aggregator") is None
    subscriptions.post(place, {"active": True}, method="PUT")
    assert channel(here).subscription_id == "S1"


def test_over_the_network_a_message_goes_to_the_knowledge_bases_of_the_organisation(
    subscriptions: Any, adapter: Any, here: Context
) -> None:
    adapter.say([{"requestId": "N1"}])
    subscriptions.post(SUBSCRIBE, subscription(), headers=AGGREGATOR)
    reply = send(here)
    assert (list(reply.messages), list(reply.failures)) == ([("aggregator", [{"requestId": "N1"}])], [])
    [call] = adapter.calls
    assert (call.path, call.to, call.body[0]["requestId"]) == (PATH, PROVIDER, "N1")
    [kept] = subscriptions.get(DELIVERIES).json()
    assert (kept["organisation"], kept["outcome"], kept["attempts"], kept["path"]) == (
        "aggregator",
        "delivered",
        1,
        PATH,
    )


def test_over_the_network_a_party_that_fails_is_named_by_its_organisation(
    subscriptions: Any, adapter: Any, here: Context
) -> None:
    problem = {"title": "x", "status": 504, "detail": "too late", "party": PROVIDER, "retry": True}
    adapter.answers = lambda _call: (504, {"Content-Type": "application/problem+json"}, answer(problem)[2])
    subscriptions.post(SUBSCRIBE, subscription(), headers=AGGREGATOR)
    error = failed(here)
    assert (error.status, error.retry, str(error)) == (504, True, "too late")
    [kept] = subscriptions.get(DELIVERIES).json()
    assert (kept["outcome"], kept["detail"]) == ("failed", "too late")


def test_a_callback_is_signed_as_the_receiver_was_told_to_check(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    secret = called_back.of("aggregator").post(f"{SUBSCRIBE}/S1/secret").json()["secret"]
    reply = send(here)
    assert [party for party, _ in reply.messages] == ["aggregator"]
    [message] = receiver.messages
    assert message.path == "/1.0/Flexibility/Needs"
    is_genuine, now = documented(), clock.now.timestamp()
    assert is_genuine(secret, message.headers, message.raw, now)
    assert not is_genuine(secret, message.headers, message.raw + b" ", now)
    assert not is_genuine(secret, message.headers, message.raw, now + 301)
    assert not is_genuine(signatures.new_secret(), message.headers, message.raw, now)
    forged = message.headers | {"webhook-id": "msg_2"}
    assert not is_genuine(secret, forged, message.raw, now)
    assert signatures.is_genuine([signatures.new_secret(), secret], message.headers, message.raw, clock.now)
    assert not signatures.is_genuine([secret], forged, message.raw, clock.now)


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e3", "9" * 5000, "9" * 12, "²"])
def test_a_signature_without_a_time_of_now_is_nobodys(timestamp: str, clock: Any) -> None:
    secret = signatures.new_secret()
    signed = signatures.headers("msg_1", clock.now, b"[]", [secret])
    assert signatures.is_genuine([secret], signed, b"[]", clock.now)
    assert not signatures.is_genuine([secret], signed | {"webhook-timestamp": timestamp}, b"[]", clock.now)


def test_a_signature_is_that_of_the_standard() -> None:
    """The example of the reference implementations of Standard Webhooks."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert base64.b64encode(hmac.digest(key, signed, "sha256")) == b"g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_replaced_both_sign(called_back: Any, receiver: Receiver, here: Context, clock: Any) -> None:
    place, check = f"{SUBSCRIBE}/S1/secret", documented()
    old = called_back.of("aggregator").post(place).json()["secret"]
    new = called_back.of("aggregator").post(place).json()["secret"]

    def genuine(secret: str) -> bool:
        send(here)
        message = receiver.messages[-1]
        return check(secret, message.headers, message.raw, clock.now.timestamp())

    assert genuine(old)
    assert genuine(new)
    clock.advance(hours=24)
    assert genuine(new)
    assert not genuine(old)


def test_the_same_message_has_the_same_id_at_every_attempt_and_another_message_another(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    receiver.say(503)
    failed(here)
    clock.advance(seconds=5)
    receiver.say(204)
    send(here)
    send(here, need("N2"))
    first, again, other = [message.headers for message in receiver.messages]
    assert first["webhook-id"] == first["idempotency-key"] == again["webhook-id"] == again["idempotency-key"]
    assert first["webhook-timestamp"] != again["webhook-timestamp"]
    assert first["webhook-signature"] != again["webhook-signature"]
    assert other["webhook-id"] != first["webhook-id"]
    assert receiver.messages[0].raw == receiver.messages[1].raw
    newest, oldest = called_back.get(DELIVERIES, params={"organisation": "aggregator"}).json()
    assert (oldest["attempts"], oldest["outcome"], oldest["messageId"]) == (2, "delivered", first["webhook-id"])
    assert newest["attempts"] == 1
    assert called_back.get(DELIVERIES, params={"organisation": "retailer"}).json() == []


def test_a_success_without_a_word_is_a_delivery_that_nobody_acknowledged(
    called_back: Any, receiver: Receiver, here: Context
) -> None:
    receiver.say(204)
    reply = send(here)
    assert (list(reply.messages), list(reply.failures)) == ([("aggregator", [])], [])


@pytest.mark.parametrize(
    ("status", "retry"),
    [
        (400, False),
        (401, False),
        (404, False),
        (422, False),
        (307, False),
        (408, True),
        (409, True),
        (425, True),
        (429, True),
        (500, True),
        (503, True),
    ],
)
def test_a_refusal_is_for_good_and_a_failure_may_pass(
    called_back: Any, receiver: Receiver, here: Context, status: int, retry: bool
) -> None:
    receiver.say(status, b'{"detail": "not you"}')
    error = failed(here)
    assert error.retry is retry
    assert str(error).endswith(f"was answered with status {status}: not you")
    [kept] = called_back.get(DELIVERIES).json()
    assert kept["outcome"] == ("failed" if retry else "refused")
    assert channel(here).subscription_id == "S1"


def test_a_callback_that_is_gone_ends_the_subscription(called_back: Any, receiver: Receiver, here: Context) -> None:
    receiver.say(410)
    assert not failed(here).retry
    with here.database.reading() as connection:
        assert channel_of(connection, "aggregator") is None
    [kept] = called_back.of("aggregator").get(SUBSCRIBE).json()
    assert (kept["state"], kept["endedBy"], kept["reason"]) == ("ended", "callback", "the callback answered 410 Gone")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Fri, 20 Nov 2026 12:02:00 GMT", 120),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("999999999999999999", 0),
        ("999999", 86400),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_who_asks_to_be_left_alone_for_a_while_is(
    called_back: Any, receiver: Receiver, here: Context, text: str, seconds: int
) -> None:
    receiver.say(503, Retry_After=text)
    error = failed(here)
    assert isinstance(error, LaterError)
    assert error.after == timedelta(seconds=seconds)


@pytest.mark.parametrize("content", [b"<html>", b"[" * 100_000, b"\xff\xfe", b'"\\ud800'])
def test_an_answer_that_is_not_json_is_told_as_such(
    called_back: Any, receiver: Receiver, here: Context, content: bytes
) -> None:
    receiver.say(200, content)
    error = failed(here)
    assert (error.status, error.retry) == (502, False)


def test_what_a_stranger_says_can_be_kept(called_back: Any, receiver: Receiver, here: Context) -> None:
    receiver.say(500, b'{"detail": "a\\u0000b\\ud800c\\n"}')
    failed(here)
    [kept] = called_back.get(DELIVERIES).json()
    assert kept["detail"].endswith("a\ufffdb\ufffdc\n")


def test_secrets_stand_in_no_text(called_back: Any, here: Context) -> None:
    secret = called_back.of("aggregator").post(f"{SUBSCRIBE}/S1/secret").json()["secret"]
    assert secret not in repr(channel(here))
