"""What drawings as SVG share: colours for light and dark, texts, lines with rounded corners."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"
COLOURS: Final = {
    "light": {
        "back": "#ffffff",
        "node": ("#ffffff", "#57606a", "#1f2328"),
        "root": ("#f6f0ff", "#8250df", "#1f2328"),
        "field": ("#ddf4ff", "#0969da", "#0a3069"),
        "constant": ("#f1f3f5", "#d0d7de", "#57606a"),
        "edge": "#8c959f",
        "extra": "#bc4c00",
        "label": "#57606a",
    },
    "dark": {
        "back": "#0d1117",
        "node": ("#161b22", "#8b949e", "#e6edf3"),
        "root": ("#271e40", "#a371f7", "#e6edf3"),
        "field": ("#0c2d6b", "#58a6ff", "#cae8ff"),
        "constant": ("#21262d", "#3d444d", "#9198a1"),
        "edge": "#6e7681",
        "extra": "#f0883e",
        "label": "#9198a1",
    },
}


def lettered(kind: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    """A text of a class ``kind`` at a place, px; ``anchor`` as SVG has it: ``start``, ``middle``, ``end``."""
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{at}>{escape(text)}</text>'


def bent(points: list[tuple[int, int]]) -> str:
    """A line with right angles, its corners rounded."""
    around = [one for n, one in enumerate(points) if n == 0 or one != points[n - 1]]
    steps = [f"M{around[0][0]} {around[0][1]}"]
    for before, corner, after in zip(around, around[1:], around[2:], strict=False):
        radius = min(6, _distance(before, corner) // 2, _distance(corner, after) // 2)
        (x0, y0), (x1, y1) = _toward(corner, before, radius), _toward(corner, after, radius)
        steps.append(f"L{x0} {y0}Q{corner[0]} {corner[1]} {x1} {y1}")
    steps.append(f"L{around[-1][0]} {around[-1][1]}")
    return "".join(steps)


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: tuple[int, int], end: tuple[int, int], length: int) -> tuple[int, int]:
    def step(one: int, other: int) -> int:
        return one + (length if other > one else -length if other < one else 0)

    return step(start[0], end[0]), step(start[1], end[1])


def arrow(x: int, y: int, direction: int) -> str:
    """A triangle whose point is at x, y: to the right (1) or to the left (-1)."""
    return f"M{x} {y}l{-7 * direction} -4v8z"
