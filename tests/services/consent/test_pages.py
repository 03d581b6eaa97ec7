"""The pages on which users decide."""

from __future__ import annotations

from typing import Any


def test_a_user_reads_what_is_asked_agrees_and_withdraws(desk: Any) -> None:
    desk.purpose()
    reference = desk.asked()
    page = desk.visit(desk.link(reference))
    assert page.status_code == 200, page.text
    for said in (
        "Aggregator asks to see your electricity data",
        "Load curve",
        "Flexibility offers: we find out when your heat pump can pause.",
        "At most 90 days",
        "1 November 2026 to 31 October 2027",
        "How you take it back",
    ):
        assert said in page.text
