"""What is said of consents to whoever wants data (D4.2 3.2.1.1.1.1), to the end user, and to the DSO's own portal."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gridlingua.services.consent.domain import Status
from gridlingua.services.wire import Identifier, Message, Name, Text, Time, example

Kind = Literal["metering", "consumption", "voltage", "cutoff_power", "injected_power"]
Kinds = Annotated[tuple[Kind, ...], Field(min_length=1)]
StateName = Literal["requested", "granted", "refused", "expired", "withdrawn", "revoked"]
Decided = Literal["Given", "Refused"]
Days = Annotated[int, Field(ge=1, le=3653, description="ten years at most, as in data_sharing/consent_request")]

NATURES: dict[str, str] = {
    "metering": "LoadCurve",
    "consumption": "Consumption",
    "voltage": "Voltage",
    "cutoff_power": "CutoffPower",
    "injected_power": "InjectedPower",
}
"""The kinds of data in the words of data_sharing/consent_request."""


def _sentence(text: str) -> str:
    if len(text.split()) < 2:
        raise ValueError(f"{text!r} is no sentence: a purpose must be specific (GDPR, article 5(1)(b))")
    return text


Sentence = Annotated[Text, AfterValidator(_sentence)]

_PERIOD = {"validFrom": "2026-11-01T00:00:00Z", "validUntil": "2027-11-01T00:00:00Z"}
GRANT: dict[str, Any] = {
    "reference": "G-49d259db",
    "user": "U000001",
    "grantee": "aggregator-one",
    **_PERIOD,
    "kinds": ["metering"],
}
TRANSITION: dict[str, Any] = {
    "before": "requested",
    "after": "granted",
    "at": "2026-11-21T09:12:44Z",
    "cause": "decided on the page",
    "actor": "user U000001",
    "shown": {"language": "en", "purpose": "Flexibility offers for your heat pump."},
    "link": {"id": "9f86d081884c7d65", "madeBy": "dso (glk_1)", "madeAt": "2026-11-20T12:00:00Z"},
}
CONSENT: dict[str, Any] = {
    "reference": "C-5f1d0c9b8a7e6d42",
    "grant": "G-49d259db",
    "organisation": "aggregator-one",
    "organisationName": "Aggregator One",
    "user": "U000001",
    "kinds": ["metering"],
    **_PERIOD,
    "purpose": "Flexibility offers for your heat pump.",
    "retentionDays": 365,
    "state": "granted",
    "requestedAt": "2026-11-20T12:00:00Z",
    "changedAt": "2026-11-21T09:12:44Z",
    "answerBy": "2026-12-20T12:00:00Z",
}
PURPOSE: dict[str, Any] = {
    "organisation": "aggregator-one",
    "purpose": "Flexibility offers: the aggregator finds out when your heat pump can pause without your noticing it.",
    "retentionDays": 365,
    "kinds": ["metering"],
}
NOTICE: dict[str, Any] = {
    "number": 1,
    "consent": "C-5f1d0c9b8a7e6d42",
    "user": "U000001",
    "about": "requested",
    "writtenAt": "2026-11-20T12:00:00Z",
}
SETTINGS: dict[str, Any] = {
    "address": "https://consent.dso.example.org",
    "answerDays": 30,
    "contact": "Data protection officer, Example Grid, 1 Grid Street; privacy@dso.example.org",
    "notices": True,
}


class Told(Message):
    """A message in which what is not known is left out."""

    def plain(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)


class Grant(Message):
    """Lets the organisation ``grantee`` read data of ``user``: those ``kinds``, of and within the time of validity.

    ``valid_from`` and ``valid_until`` bound both the data and the reading of it.
    """

    model_config = example(GRANT)

    reference: Identifier
    user: Identifier
    grantee: Name
    valid_from: Time
    valid_until: Time
    kinds: Kinds = ("metering",)


class Authorization(Told):
    """How a user's consent stands and, when it is given, the reference of the grant (data_sharing/authorization)."""

    model_config = example(
        {"endUser": "U123456", "grantee": "Aggregator One", "status": "Given", "grant": "G-49d259db"}
    )

    end_user: Identifier
    grantee: Name
    status: Status
    grant: Identifier | None = None


class Answer(Message):
    """What an end user answers over the network (data_sharing/consent_request)."""

    request_id: Identifier
    decision: Decided
    acknowledged_by: Name
    acknowledged_at: Time


class Origin(Message):
    """A link: who made it, and when. ``id`` says which one it is, and opens nothing."""

    model_config = example(TRANSITION["link"])

    id: str
    made_by: str
    made_at: Time


class Transition(Told):
    """How a consent moved, or that a link of it was made: then ``before`` is ``after``.

    ``shown`` is what the user was told, where the user decided; ``link`` the link by which the decision came.
    """

    model_config = example(TRANSITION)

    before: StateName | None = None
    after: StateName
    at: Time
    cause: str
    actor: str
    shown: dict[str, Any] | None = None
    link: Origin | None = None


class Consent(Told):
    """A consent as the DSO keeps it; without ``purpose`` the user reads the default sentence.

    A grant that the DSO entered itself was never asked for: it has no ``answer_by``.
    """

    model_config = example(CONSENT)

    reference: Identifier
    grant: Identifier | None = None
    organisation: Name
    organisation_name: Name
    user: Identifier
    kinds: Kinds
    valid_from: Time
    valid_until: Time
    purpose: Text | None = None
    retention_days: Days
    state: StateName
    requested_at: Time
    changed_at: Time
    answer_by: Time | None = None


class ConsentHistory(Consent):
    """A consent with every transition and every link that staff made of it, the first one first."""

    model_config = example(CONSENT | {"history": [TRANSITION]})

    history: tuple[Transition, ...]


class Decision(Message):
    """What the user decided at the DSO's own portal or counter; ``kinds`` are all that were asked for when absent."""

    model_config = example({"decision": "Given", "cause": "signed at the customer centre in Faro"})

    decision: Decided
    kinds: Kinds | None = None
    cause: Text


class Ending(Message):
    """Why a consent ends."""

    model_config = example({"cause": "the user telephoned"})

    cause: Text


class Question(Message):
    """The knowledge base that speaks for the end user, such as a home energy manager, to be asked over the network."""

    model_config = example({"to": "https://home.example.org/kb"})

    to: Text


class Purpose(Message):
    """For what an organisation asks, how long it keeps the data, and of which kinds it is."""

    model_config = example(PURPOSE)

    organisation: Name
    purpose: Sentence
    retention_days: Days
    kinds: Kinds = ("metering",)


class Settings(Message):
    """How users are asked.

    ``address`` is where they reach the pages (empty: as the operator reached this service), ``contact`` whom they ask;
    ``answer_days`` is how long a question waits; ``notices`` says whether the outbox is written.
    """

    model_config = example(SETTINGS)

    address: Annotated[str, Field(pattern=r"^(https?://[^\x00-\x20?#]+)?$", max_length=500)] = ""
    answer_days: Annotated[int, Field(ge=1, le=365)] = 30
    contact: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)] = ""
    notices: bool = True


class Link(Message):
    """The address of a page, to be given to this user and to nobody else; it cannot be shown again."""

    model_config = example(
        {"url": "https://consent.dso.example.org/consent/…", "opens": "decision", "expiresAt": _PERIOD["validUntil"]}
    )

    url: str
    opens: Literal["decision", "management"]
    expires_at: Time


class Notice(Told):
    """What the DSO's mail system tells the user about: a consent that has come to be ``about``."""

    model_config = example(NOTICE)

    number: int
    consent: Identifier
    user: Identifier
    about: StateName
    written_at: Time
    sent_at: Time | None = None
