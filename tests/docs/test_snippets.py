"""What the documentation tells people to type works.

Every ``sh`` block below a ``<!-- run -->`` is run in a folder of its own; one below a ``<!-- run on -->`` goes on where
the block before it ended, in the same shell. A ``text`` block below a ``<!-- says -->`` is what they print by then:
each of its lines but ``…``.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gridlingua.catalogue import shipped

ROOT = Path(__file__).parents[2]
MARKED = re.compile(r"^<!-- (run|run on|says) -->\n+```(?:sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Snippet:
    """A script, and the lines that it must print."""

    name: str
    text: str
    said: list[str] = field(default_factory=list)


def snippets() -> Iterator[Snippet]:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in filter(Path.is_file, pages):
        yield from of_page(page.relative_to(ROOT).as_posix(), page.read_text("utf-8"))


def of_page(name: str, page: str) -> list[Snippet]:
    found: list[Snippet] = []
    for mark, text in MARKED.findall(page):
        if mark == "run":
            found.append(Snippet(f"{name} {len(found) + 1}", text))
        elif mark == "run on":
            found[-1].text += text
        else:
            found[-1].said += [line.strip() for line in text.splitlines() if line.strip(" …")]
    return found


def test_the_readme_has_something_to_run() -> None:
    assert any(one.name.startswith("README.md") for one in snippets())


def on_free_ports(text: str) -> str:
    """The same with ports that nobody listens on: whoever reads a page may be trying it at this moment."""
    with ExitStack() as stack:
        for port in sorted(set(re.findall(r"(?:--port |127\.0\.0\.1:)(\d{4})\b", text))):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            text = re.sub(rf"\b{port}\b", str(listener.getsockname()[1]), text)
    return text


@pytest.mark.parametrize("snippet", [pytest.param(one, id=one.name) for one in snippets()])
def test_a_snippet_runs_and_says_what_the_page_tells(snippet: Snippet, tmp_path: Path) -> None:
    for name in ("graph_patterns", "shapes", "ontologies"):
        shutil.copytree(shipped().root / name, tmp_path / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-eu", "-c", on_free_ports(snippet.text)],
        cwd=tmp_path,
        env={**os.environ, "PATH": programs, "NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{snippet.text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    printed = done.stdout + done.stderr
    assert [line for line in snippet.said if line not in printed] == [], printed[-4000:]
