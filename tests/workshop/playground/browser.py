"""A real Chromium, driven over the DevTools protocol through a pipe: no library, no open port."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Self

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
    "--remote-debugging-pipe",
)
PATIENCE = 20.0


def chromium() -> str:
    """The program; without one the tests are skipped, loudly."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("THE PLAYGROUND WAS NOT TESTED IN A BROWSER: there is no Chromium on this machine")
    return program


class Chromium:
    """A browser with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        read_here, self._out = os.pipe()
        self._in, write_here = os.pipe()
        command = [chromium(), *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        script = f'exec 3<&{read_here} 4>&{write_here}; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command],
            pass_fds=(read_here, write_here),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(read_here)
        os.close(write_here)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self.events: list[dict[str, Any]] = []

    def page(self, width: int = 1280, height: int = 800) -> Page:
        """A new page in a context of its own: nothing is shared with another."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, context, width, height)

    def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._next(end)
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            assert ready, "Chromium does not answer"
            got = os.read(self._in, 2**16)
            assert got, "Chromium has ended"
            self._buffer += got
        line, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Page:
    """One page. ``requests`` are the addresses it asked for, ``complaints`` what its console and log said."""

    def __init__(self, browser: Chromium, session: str, context: str, width: int, height: int) -> None:
        self._browser = browser
        self._session = session
        self._context = context
        self.expected: list[str] = []
        """Words of complaints that a test provokes."""
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        self.resize(width, height)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **parameters)

    def resize(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, **features: str) -> None:
        """Media features such as ``prefers_color_scheme="dark"``."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=named)

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is, promises awaited."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str, patience: float = PATIENCE) -> Any:
        """Wait until an expression is true; its value."""
        end = time.monotonic() + patience
        while not (value := self.value(expression)):
            assert time.monotonic() < end, f"not within {patience} s: {expression}\n{self.text('body')}"
            time.sleep(0.03)
        return value

    def answered(self) -> None:
        """Wait until what stands there is judged."""
        self.until("document.querySelector('.headline') && !document.body.classList.contains('busy')")

    def text(self, selector: str) -> str:
        """What is shown there."""
        return str(self.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def press(self, key: str, *, code: str = "", alt: bool = False, shift: bool = False, control: bool = False) -> None:
        """Press a key as the keyboard would."""
        modifiers = 1 * alt + 2 * control + 8 * shift
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "F8": 119, "ArrowDown": 40, "ArrowRight": 39, "ArrowUp": 38}
        codes |= {"Home": 36, "End": 35, "Backspace": 8, "Delete": 46, " ": 32, "ArrowLeft": 37}
        number = codes.get(key, ord(key[0].upper()))
        texts = {"Enter": "\r", " ": " "} if not (alt or control) else {}
        about = {"key": key, "code": code or key, "modifiers": modifiers, "windowsVirtualKeyCode": number}
        typed = {"text": texts[key]} if key in texts else {}
        self.call("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown", **about, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def shortcut(self, letter: str) -> None:
        """Alt, Shift and a letter."""
        self.press(letter, code=f"Key{letter}", alt=True, shift=True)

    def type(self, text: str) -> None:
        """Type a text where the focus is, in one go."""
        self.call("Input.insertText", text=text)

    def point(self, selector: str, kind: str = "mouseMoved", n: int = 0) -> None:
        """Put the mouse on the middle of an element that a selector finds; with "click", click there."""
        place = self.value(
            f"(() => {{ const r = document.querySelectorAll({json.dumps(selector)})[{n}].getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        where = {"x": place[0], "y": place[1]}
        self.call("Input.dispatchMouseEvent", type="mouseMoved", **where)
        if kind == "click":
            for action in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=action, button="left", clickCount=1, **where)

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    @property
    def requests(self) -> list[str]:
        return [str(event["params"]["request"]["url"]) for event in self._events("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console, of the log and of scripts."""
        console = [
            json.dumps(event["params"]["args"])
            for event in self._events("Runtime.consoleAPICalled")
            if event["params"]["type"] in {"error", "warning", "assert"}
        ]
        log = [
            f"{one['text']} {one.get('url', '')}"
            for event in self._events("Log.entryAdded")
            if (one := event["params"]["entry"])["level"] in {"error", "warning"}
        ]
        thrown = [json.dumps(event["params"]) for event in self._events("Runtime.exceptionThrown")]
        return console + log + thrown

    def _events(self, method: str) -> list[dict[str, Any]]:
        self.call("Runtime.evaluate", expression="0")
        return [
            event
            for event in self._browser.events
            if event["method"] == method and event.get("sessionId") == self._session
        ]

    def close(self) -> None:
        self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)
