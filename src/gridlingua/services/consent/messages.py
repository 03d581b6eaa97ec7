"""What is said of consents: to whoever wants data (D4.2 3.2.1.1.1.1), and by the DSO's own portal."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gridlingua.services.wire import Identifier, Message, Name, Text, Time, example

Kind = Literal["metering", "consumption", "voltage", "cutoff_power", "injected_power"]
Kinds = Annotated[tuple[Kind, ...], Field(min_length=1)]


def _sentence(text: str) -> str:
    if len(text.split()) < 2:
        raise ValueError(f"{text!r} is no sentence: a purpose must be specific (GDPR, article 5(1)(b))")
    return text


Sentence = Annotated[Text, AfterValidator(_sentence)]

GRANT: dict[str, Any] = {
    "reference": "G-49d259db",
    "user": "U000001",
    "grantee": "aggregator-one",
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
    "kinds": ["metering"],
}


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
