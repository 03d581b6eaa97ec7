"""Data that stands in a pattern is told; terms, durations and kinds are not."""

from __future__ import annotations

from typing import Any

import pytest


def of(told: Any, text: str, file: str = "pattern.gp") -> list[str]:
    return [one.message for one in told("constants", text, file=file)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("?o saref:madeBy <https://dso.example.org/meter/4405> .", "https://dso.example.org/meter/4405"),
        ("<https://dso.example.org/grid/main> s4syst:hasSubSystem ?zone .", "https://dso.example.org/grid/main"),
        (
            "?o saref:madeBy <urn:uuid:6c1f0b1e-9d0a-4a55-8f43-1c8a37b2b0b4> .",
            "urn:uuid:6c1f0b1e-9d0a-4a55-8f43-1c8a37b2b0b4",
        ),
        ("?o saref:madeBy <http://example.org/meter-42> .", "http://example.org/meter-42"),
        ('?o saref:hasTimestamp "2026-11-21T10:00:00Z"^^xsd:dateTime .', "2026-11-21T10:00:00Z"),
        ('?o saref:hasTimestamp "2026-11-21" .', "2026-11-21"),
        ('?offer saref:hasIdentifier "offer" .', "offer"),
        ('?device s4ener:deviceCode "09111642617347" .', "09111642617347"),
        ("?v saref:hasValue 6.0 .", "6.0"),
        ("?m om:hasNumericalValue 0 .", "0"),
        ('?area gn:postalCode "4200-072" .', "4200-072"),
    ],
)
def test_what_belongs_to_one_row_is_told(told: Any, text: str, shown: str) -> None:
    (message,) = of(told, text)
    assert message.startswith(f"{shown} is data, and stands in the pattern as ")
    assert message.endswith("put a variable there, and bind it where you ask")


@pytest.mark.parametrize(
    "text",
    [
        "?s s4ener:hasUsage s4ener:Upflex .",
        '?s s4ener:hasTemporalResolution "PT15M"^^xsd:duration .',
        "?l s4ener:isObligatory true .",
        "?p s4ener:hasQuantile 0.5 .",
        "?b s4grid:hasControlState 1 .",
        '?area gn:countryCode "BE" .',
        '?thing rdfs:label "meter 4405"@en .',
        "?r <http://www.w3.org/2011/http#statusCodeValue> 200 .",
        "?v saref:isMeasuredIn <https://ubflex.example.org/market/EURPerMegawattHour> .",
        "?m a <https://ubflex.example.org/market/Market2> .",
        "?x <https://acme.example/ns#state> <https://acme.example/ns#Open> . <https://acme.example/ns#Open> a ?y .",
        "?x <https://acme.example.org/ns#hasPhase> <https://acme.example.org/ns#L1> .",
        "?s a <https://saref.etsi.org/core/Observation123> .",
    ],
)
def test_what_tells_kinds_apart_is_not(told: Any, text: str) -> None:
    assert of(told, text) == []


def test_a_constant_is_told_once_and_at_its_first_triple(told: Any) -> None:
    one = "saref:madeBy <https://dso.example.org/meter/7> .\n"
    text = f"?m a saref:Meter .\n?o {one}?p {one}"
    assert [one.line for one in told("constants", text)] == [2]


def test_what_must_not_be_shown_is_not_shown_here_either(told: Any) -> None:
    (message,) = of(told, '?device s4ener:deviceCode "jan.janssens@example.org" .')
    assert "janssens" not in message
    assert message.startswith("jan… is data")


def test_data_is_data(told: Any) -> None:
    text = '<https://dso.example.org/meter/4405> <https://saref.etsi.org/core/hasIdentifier> "4405" .'
    assert of(told, text, "data.ttl") == []
