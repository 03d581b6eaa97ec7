"""What administrators and auditors send and get (D4.2 2.2.3, 3.5 and table 11)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gridlingua.services.access import Role
from gridlingua.services.wire import Message, Name, Text, Time, example

Slug = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
Iri = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+$", max_length=500)]
IncidentState = Literal["event", "triaged", "handled"]

ORGANISATION: dict[str, Any] = {
    "id": "aggregator-one",
    "name": "Aggregator One",
    "roles": ["service_provider"],
    "knowledgeBases": ["https://aggregator.example.org/kb"],
}
CREDENTIAL: dict[str, Any] = {
    "id": "glc_5f0d9c31a7e2b684",
    "kind": "client",
    "organisation": "aggregator-one",
    "label": "trading desk",
    "roles": [],
    "active": True,
    "createdAt": "2026-11-20T12:00:00Z",
}
PROCESSING: dict[str, Any] = {
    "id": "metering-to-providers",
    "name": "Metering data to service providers",
    "purpose": "Energy services that the end user has asked for",
    "legalBasis": "Consent (GDPR, Article 6(1)(a))",
    "dataSubjects": ["low voltage clients"],
    "dataCategories": ["active power, 15 minutes"],
    "recipients": ["service providers with a grant"],
    "retention": "as long as the grant lasts",
    "safeguards": "Grants are bound to their grantee; every use is logged.",
    "contact": "data-protection@dso.example.org",
}
INCIDENT: dict[str, Any] = {
    "occurredAt": "2026-11-20T09:15:00Z",
    "summary": "A provider asked for the metering of users without a grant, 200 times in a minute",
    "subjects": ["U000007"],
}


class NewOrganisation(Message):
    """A party: its ``roles`` say what it may do, its ``knowledge_bases`` how it asks over the network."""

    model_config = example(ORGANISATION)

    id: Slug
    name: Name
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    knowledge_bases: tuple[Iri, ...] = ()


class Organisation(NewOrganisation):
    """A party that is known; one that is not ``active`` is refused everywhere."""

    model_config = example({**ORGANISATION, "active": True})

    active: bool


class NewCredential(Message):
    """A client of OAuth 2 or an API key; ``roles`` are those of the organisation when there are none."""

    model_config = example({"kind": "client", "label": "trading desk"})

    kind: Literal["client", "key"]
    label: Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    roles: tuple[Role, ...] = ()
    expires_at: Time | None = None


class Credential(Message):
    """What is known of a client or an API key; its secret is not."""

    model_config = example(CREDENTIAL)

    id: str
    kind: Literal["client", "key"]
    organisation: Slug
    label: str
    roles: tuple[str, ...]
    active: bool
    created_at: Time
    expires_at: Time | None = None


class IssuedCredential(Message):
    """A new client (``id`` and ``secret``) or API key (``key``); the secret is shown this once."""

    model_config = example({"id": CREDENTIAL["id"], "secret": "shown once", "key": None})

    id: str
    secret: str | None
    key: str | None


class WebhookSecret(Message):
    """The secret by which another party signs what it posts here, as it was given by that party."""

    model_config = example({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})

    secret: Annotated[str, Field(min_length=10, max_length=200)]


class Active(Message):
    """Whether it may be used."""

    model_config = example({"active": False})

    active: bool


class Use(Message):
    """A line of the usage log; ``organisation`` is empty where it is not known who asked."""

    model_config = example(
        {
            "number": 42,
            "at": "2026-11-20T12:00:00Z",
            "organisation": "aggregator-one",
            "client": "glc_5f0d9c31a7e2b684",
            "knowledgeBase": "",
            "operation": "GET /Data/Metering",
            "subjects": ["U000007"],
            "status": 200,
        }
    )

    number: int
    at: Time
    organisation: str
    client: str
    knowledge_base: str
    operation: str
    subjects: tuple[str, ...]
    status: int


class Processing(Message):
    """An operation of the registry of processing (GDPR, Article 30; D4.2 table 11)."""

    model_config = example(PROCESSING)

    id: Slug
    name: Name
    purpose: Text
    legal_basis: Text
    data_subjects: Annotated[tuple[Text, ...], Field(min_length=1)]
    data_categories: Annotated[tuple[Text, ...], Field(min_length=1)]
    recipients: tuple[Text, ...]
    retention: Text
    safeguards: Text
    contact: Text


class NewIncident(Message):
    """Something that happened to the data, or might have; ``subjects`` whose."""

    model_config = example(INCIDENT)

    occurred_at: Time
    summary: Text
    subjects: tuple[Text, ...] = ()


class IncidentStep(Message):
    """What was done about an incident: event -> triaged -> handled, by whom, when and why."""

    model_config = example({"state": "triaged", "at": "2026-11-20T10:00:00Z", "by": "dso", "cause": "a wrong setting"})

    state: IncidentState
    at: Time
    by: str
    cause: str


class NewIncidentStep(Message):
    """The next state of an incident, and what was found or done."""

    model_config = example({"state": "triaged", "cause": "a wrong setting at the provider; no data left the house"})

    state: Literal["triaged", "handled"]
    cause: Text


class Incident(NewIncident):
    """An incident, its state, and how it came there."""

    model_config = example(
        {
            **INCIDENT,
            "id": 1,
            "state": "event",
            "steps": [{"state": "event", "at": "2026-11-20T09:20:00Z", "by": "dso", "cause": "reported"}],
        }
    )

    id: int
    state: IncidentState
    steps: tuple[IncidentStep, ...]


class SigningKey(Message):
    """A key that signs tokens, or did."""

    model_config = example({"kid": "0f3a9c2b71d4e856"})

    kid: str
