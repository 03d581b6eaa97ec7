"""The pages in a real browser: they look as they should, fit a narrow screen, and their buttons work."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from html import escape
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=5000",
)
BRAND = (0x0B, 0x3D, 0x61)


class Browser:
    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder

    def _run(self, *arguments: str, width: int) -> str:
        profile = f"--user-data-dir={self._folder / 'profile'}"
        command = [self._program, *FLAGS, profile, f"--window-size={width},1200", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    def pixel(self, url: str, x: int, y: int, width: int = 1000) -> tuple[int, int, int]:
        """The colour of a pixel of the page as it is shown."""
        picture = self._folder / "page.png"
        self._run(f"--screenshot={picture}", url, width=width)
        return pixel(picture.read_bytes(), x, y)

    def after(self, html: str, script: str, width: int = 1000) -> str:
        """The page that is there once a script has run in ``html``: outside the service, whose pages allow none."""
        page = self._folder / "page.html"
        page.write_text(html.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
        return self._run("--dump-dom", page.as_uri(), width=width)


def pixel(png: bytes, x: int, y: int) -> tuple[int, int, int]:
    """A pixel of a PNG of 8 bits a colour (PNG specification, 9)."""
    width, _, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind in (2, 6)) == (8, True)
    size = 3 if kind == 2 else 4
    packed = b"".join(
        png[start + 8 : start + 8 + length] for start, length in chunks(png) if png[start + 4 : start + 8] == b"IDAT"
    )
    data, row = zlib.decompress(packed), bytearray(width * size)
    for line in range(y + 1):
        begin = line * (width * size + 1)
        row = unfiltered(data[begin], data[begin + 1 : begin + 1 + width * size], row, size)
    red, green, blue = row[x * size : x * size + 3]
    return red, green, blue


def chunks(png: bytes) -> list[tuple[int, int]]:
    found, start = [], 8
    while start < len(png):
        (length,) = struct.unpack(">I", png[start : start + 4])
        found.append((start, length))
        start += length + 12
    return found


def unfiltered(kind: int, line: bytes, above: bytearray, size: int) -> bytearray:
    row = bytearray(line)
    for place in range(len(row)):
        left, corner = (row[place - size], above[place - size]) if place >= size else (0, 0)
        up = above[place]
        near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))
        row[place] = (row[place] + (0, left, up, (left + up) // 2, near[2])[kind]) % 256
    return row


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("THE PAGES WERE NOT TESTED IN A BROWSER: there is no Chromium on this machine")
    return Browser(program, tmp_path)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One database is enough for what a browser shows."""
    return f"sqlite:///{tmp_path / 'services.sqlite'}"


def test_a_browser_takes_the_style_that_the_policy_allows(desk: Any, browser: Browser) -> None:
    url = desk.client.url + desk.link(desk.asked())
    assert browser.pixel(url, 5, 5) == BRAND


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("width", [320, 360, 1000])
def test_every_page_fits_its_screen(desk: Any, browser: Browser, width: int, language: str) -> None:
    _, granted = desk.given(endUser="U" + "1" * 63)
    desk.purpose(
        kinds=["metering", "voltage", "cutoff_power"], purpose=f"Kraftwerks{'einsatzplanungs' * 6}hilfe bieten"
    )
    for path in (desk.link(desk.asked()), granted):
        shown = browser.after(framed(desk.visit(path, language).text, width), MEASURE)
        assert f'data-size="{width},{width}"' in shown, shown


MEASURE = """onload = () => {
  const page = frames[0];
  document.body.dataset.size = [page.innerWidth, page.document.documentElement.scrollWidth];
}"""


def framed(html: str, width: int) -> str:
    """A page in a frame of that width: a window of Chromium is not narrower than 500."""
    style = f"width: {width}px; height: 900px; border: 0"
    return f'<!DOCTYPE html><body><iframe style="{style}" srcdoc="{escape(html)}"></iframe></body>'


def test_the_buttons_work_in_a_browser(desk: Any, browser: Browser) -> None:
    reference = desk.asked()
    url = desk.client.url + desk.link(reference)
    html = desk.client.of("").get(url.removeprefix(desk.client.url)).text
    press = f"document.forms[0].action = '{url}'; document.querySelector('button[value=give]').click()"
    shown = browser.after(html, press)
    assert "You have agreed" in shown, shown
    assert desk.record(reference)["state"] == "granted"
