"""What the documentation tells people to type works: every ``sh`` block below a ``<!-- run -->`` is run."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped

ROOT = Path(__file__).parents[2]
RUNNABLE = re.compile(r"^<!-- run -->\n+```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets() -> Iterator[tuple[str, str]]:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in filter(Path.is_file, pages):
        for number, text in enumerate(RUNNABLE.findall(page.read_text("utf-8")), 1):
            yield f"{page.relative_to(ROOT).as_posix()} {number}", text


def test_the_readme_has_something_to_run() -> None:
    assert any(name.startswith("README.md") for name, _ in snippets())


def on_free_ports(text: str) -> str:
    """The same with ports that nobody listens on: whoever reads a page may be trying it at this moment."""
    with ExitStack() as stack:
        for port in sorted(set(re.findall(r"(?:--port |127\.0\.0\.1:)(\d{4})\b", text))):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            text = re.sub(rf"\b{port}\b", str(listener.getsockname()[1]), text)
    return text


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in snippets()])
def test_a_snippet_runs(text: str, tmp_path: Path) -> None:
    for name in ("graph_patterns", "shapes", "ontologies"):
        shutil.copytree(shipped().root / name, tmp_path / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-eu", "-c", on_free_ports(text)],
        cwd=tmp_path,
        env={**os.environ, "PATH": programs, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
