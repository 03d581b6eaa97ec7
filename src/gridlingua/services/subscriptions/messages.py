"""What a service provider sends to subscribe, and what both sides see of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.wire import Identifier, Message, Name, Text, Time, example

_CALLBACK = r"^[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"
_REST: dict[str, Any] = {
    "subscriptionId": "flex-2026-1",
    "channel": "REST",
    "callback": "https://api.service-provider.com/1.0",
}
_ACKNOWLEDGEMENT: dict[str, Any] = {
    "subscriptionId": "flex-2026-1",
    "acknowledgedBy": "E-REDES DSO interface",
    "acknowledgedAt": "2026-11-16T09:30:01Z",
}
_WITHDRAWAL: dict[str, Any] = {
    "subscriptionId": "flex-2026-1",
    "withdrawnAt": "2026-11-20T16:00:00Z",
    "reason": "The contract ends with November.",
}
_KEPT: dict[str, Any] = {
    **_REST,
    "state": "active",
    "subscribedAt": "2026-11-16T09:30:01Z",
    "endedAt": None,
    "endedBy": "",
    "reason": "",
}
_DELIVERY: dict[str, Any] = {
    "organisation": "aggregator-one",
    "subscriptionId": "flex-2026-1",
    "messageId": "msg_0f2d7a4c9b1e4a6f8d3c5b7a9e1f2d4c",
    "path": "/Flexibility/Needs",
    "attempts": 2,
    "firstAt": "2026-11-20T12:00:00Z",
    "lastAt": "2026-11-20T12:00:04Z",
    "outcome": "delivered",
    "detail": "",
}

Channel = Literal["REST", "network"]
Organisation = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Subscription(Message):
    """A service provider wants to be sent needs and activation plans: at its REST interface, or on the network."""

    model_config = example(_REST, {"subscriptionId": "households", "channel": "network"})

    subscription_id: Identifier
    channel: Channel
    callback: Annotated[str, Field(max_length=512, pattern=_CALLBACK)] = ""


class Withdrawal(Message):
    """A service provider no longer wants to be sent anything."""

    model_config = example(_WITHDRAWAL)

    subscription_id: Identifier
    withdrawn_at: Time
    reason: Annotated[str, Field(max_length=512, pattern=r"^[^\x00]*$")] = ""


class SubscriptionAcknowledgement(Message):
    """The subscription stands, or its end does, since ``acknowledged_at``."""

    model_config = example(_ACKNOWLEDGEMENT)

    subscription_id: Identifier
    acknowledged_by: Name
    acknowledged_at: Time


class KeptSubscription(Message):
    """A subscription and what became of it; the callback ends it itself when it answers 410."""

    model_config = example(_KEPT)

    subscription_id: Identifier
    channel: Channel
    callback: str
    state: Literal["active", "ended"]
    subscribed_at: Time
    ended_at: Time | None
    ended_by: Literal["", "subscriber", "operator", "callback"]
    reason: str


class OwnedSubscription(KeptSubscription):
    """A subscription, and the organisation whose it is."""

    model_config = example({"organisation": "aggregator-one", **_KEPT})

    organisation: str


class Named(Message):
    """A subscription by its id, and the organisation whose it is."""

    model_config = example({"organisation": "aggregator-one", "subscriptionId": "flex-2026-1"})

    organisation: Organisation
    subscription_id: Identifier


class Ending(Named):
    """The operator ends a subscription."""

    model_config = example({"organisation": "aggregator-one", "subscriptionId": "flex-2026-1", "reason": "Suspended."})

    reason: Text


class Secret(Message):
    """The secret by which callbacks are signed (Standard Webhooks); it is told this once."""

    model_config = example({"subscriptionId": "flex-2026-1", "secret": "whsec_…"})

    subscription_id: Identifier
    secret: str


class Delivery(Message):
    """A message to a subscriber and what became of it; ``sending`` longer than a minute: the process died over it."""

    model_config = example(_DELIVERY)

    organisation: str
    subscription_id: str
    message_id: str
    path: str
    attempts: int
    first_at: Time
    last_at: Time
    outcome: Literal["sending", "delivered", "refused", "failed"]
    detail: str


class Host(Message):
    """A host with its port that may be called back although it has no TLS, or is in no public network, and why."""

    model_config = example({"host": "bems.example.org:8443", "reason": "Our own VPN."})

    host: Annotated[str, Field(max_length=260, pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[1-9][0-9]{0,4}$")]
    reason: Text


class AllowedHost(Host):
    """An allowed host, and who allowed it when."""

    model_config = example(
        {
            "host": "bems.example.org:8443",
            "reason": "Our own VPN.",
            "allowedBy": "dso",
            "allowedAt": "2026-11-16T09:30:01Z",
        }
    )

    allowed_by: str
    allowed_at: Time
