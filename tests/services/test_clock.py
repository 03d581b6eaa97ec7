"""The clock that demonstrations set."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gridlingua.errors import RemoteError
from gridlingua.web.clock import FileClock
from gridlingua.web.services import available, of_party


def test_the_present_is_what_stands_in_the_file_until_another_is_written(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "now")
    for hour in (12, 16):
        clock.set(datetime(2026, 11, 20, hour, tzinfo=UTC))
        assert clock() == datetime(2026, 11, 20, hour, tzinfo=UTC)
    assert [path.name for path in tmp_path.iterdir()] == ["now"]


@pytest.mark.parametrize("text", [None, "", "noon", "2026-11-20T12:00:00"])
def test_a_file_without_an_instant_is_named_with_what_is_wrong(tmp_path: Path, text: str | None) -> None:
    clock = FileClock(tmp_path / "now")
    if text is not None:
        clock.path.write_text(text)
    with pytest.raises(RemoteError, match="now cannot be read"):
        clock()


def test_a_dso_runs_everything_but_what_says_that_it_is_another_partys() -> None:
    assert of_party("service_provider") == ["aggregator"]
    assert sorted([*of_party("dso"), "aggregator"]) == available()
