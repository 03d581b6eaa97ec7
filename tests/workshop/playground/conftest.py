"""The playground as the command serves it, and a browser to look at it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gridlingua.catalogue import Content, shipped

from .browser import Chromium, Page


class Playground:
    """The running command; ``url`` ends in a slash."""

    def __init__(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gridlingua", "playground", *options], stdout=subprocess.PIPE, text=True
        )
        watch = threading.Timer(60, self._process.kill)
        watch.start()
        assert self._process.stdout
        found = re.fullmatch(r"Playground at (http://127\.0\.0\.1:(\d+))\n", self._process.stdout.readline())
        watch.cancel()
        assert found
        self.url, self.port = f"{found[1]}/", found[2]

    def stop(self) -> int:
        self._process.terminate()
        self._process.communicate(timeout=30)
        return self._process.returncode


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    """Over the shipped catalogue."""
    running = Playground("--port", "0")
    yield running
    assert running.stop() == 0


def copied(root: Path, *ids: str) -> Content:
    """A catalogue of its own with some of the shipped exchanges."""
    ours = shipped()
    for one in ids:
        shutil.copytree(ours.patterns / one, root / "graph_patterns" / one)
        (root / "shapes" / one).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ours.shapes / f"{one}.ttl", root / "shapes" / f"{one}.ttl")
    shutil.copytree(ours.shapes / "concepts", root / "shapes" / "concepts")
    return Content(root)


@pytest.fixture
def own(tmp_path: Path) -> Content:
    """A partner's catalogue: offers alone."""
    return copied(tmp_path / "own", "flexibility/offers")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def opened(chromium: Chromium) -> Iterator[Callable[..., Page]]:
    """Opens an address in a context of its own. What a page complains of fails the test, unless it was expected."""
    pages: list[Page] = []

    def open_page(url: str, *, width: int = 1280, height: int = 800, answered: bool = True) -> Page:
        pages.append(page := chromium.page(width, height))
        page.open(url)
        if answered:
            page.answered()
        return page

    yield open_page
    for page in pages:
        complaints = [one for one in page.complaints if not any(word in one for word in page.expected)]
        page.close()
        assert not complaints
