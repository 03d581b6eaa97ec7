"""The Python of docs/testing.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parents[3] / "docs"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", (DOCS / "testing.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
FIXTURES = [text for text in BLOCKS if "def test_" in text]
SCRIPTS = [text for text in BLOCKS if "def test_" not in text]


def test_the_page_shows_fixtures_and_the_fake_engine() -> None:
    assert (len(FIXTURES), len(SCRIPTS)) == (1, 1)


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_script_of_the_page_runs(text: str) -> None:
    exec(compile(text, "docs/testing.md", "exec"), {})


@pytest.mark.parametrize("text", FIXTURES)
def test_the_fixtures_of_the_page_are_those_of_the_plugin(text: str, pytester: pytest.Pytester) -> None:
    page = (DOCS / "add-an-exchange.md").read_text("utf-8")
    for name, content in re.findall(r"^`([\w./]+)`\n\n```\w*\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\ngridlingua_catalogue = "."\n')
    theirs = pytester.makepyfile(text)
    pytester.runpytest_inprocess("-p", "no:schemathesis", str(theirs)).assert_outcomes(passed=1)
