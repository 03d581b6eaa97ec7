"""Every benchmark works, and has its place on the page of performance. No test looks at a clock."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def headings() -> list[str]:
    """The first line of every module that measures something."""
    modules = [path.read_text("utf-8") for path in sorted((ROOT / "benchmarks").glob("*.py"))]
    return [
        text.split('"""')[1].splitlines()[0].rstrip(".")
        for text in modules
        if re.search(r"^def measure\(", text, re.MULTILINE)
    ]


def test_every_benchmark_runs_on_little_data_and_writes_nothing() -> None:
    page = ROOT / "docs" / "performance.md"
    before = page.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [one for one in headings() if one not in done.stdout] == []
    assert page.read_bytes() == before


def test_every_benchmark_is_on_the_page_of_performance() -> None:
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    assert headings()
    assert [one for one in headings() if f"## {one}\n" not in page] == []
