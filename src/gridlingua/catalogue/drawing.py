"""A graph pattern drawn as SVG: text in, text out, with nothing to install."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gridlingua.catalogue.layout import LINE, MARGIN, NAME_SIZE, TEXT_SIZE, Box, Extra, Layout, lay_out
from gridlingua.catalogue.lettering import text_width
from gridlingua.semantics.patterns import Pattern

_LEGEND: Final = (
    ("field", "?field", "a value of the message"),
    ("node", "?node", "a resource it does not name"),
    ("constant", "constant", "always the same"),
)
_FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"
_COLOURS: Final = {
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


def draw(pattern: Pattern, curie: Callable[[str], str], fields: Collection[str]) -> str:
    """The pattern as one SVG document, the same for the same pattern.

    ``curie`` shortens an IRI (without angle brackets), ``fields`` are the variables, without ``?``, that carry values
    of the message. Types stand below the names of nodes; an edge to a node that has its place already is dashed.
    Colours follow the reader's preference for light or dark.
    """
    layout = lay_out(pattern, curie, fields)
    width, height = max(layout.width, _legend_width()), layout.height + LINE + 14
    names = ", ".join(box.name for box in layout.boxes if not box.parent)
    count = len(pattern.triples)
    title = f"Graph pattern of {count} triple{'s' if count != 1 else ''} from {names}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gl-pattern" role="img" aria-label={quoteattr(title)} '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_style()}</style>",
        f'<rect class="back" width="{width}" height="{height}" rx="8"/>',
        *(_tree_edge(layout, box) for box in layout.boxes if box.parent),
        *map(_extra_edge, layout.extras),
        *map(_box, layout.boxes),
        *_labels(layout),
        *_legend(layout),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style() -> str:
    root = ".gl-pattern"
    fixed = [
        f"{root} text{{font:{TEXT_SIZE}px {_FONTS}}}",
        f"{root} .name{{font-size:{NAME_SIZE}px;font-weight:600}}",
        f"{root} .constant .name{{font-weight:400}}",
        f"{root} path{{fill:none;stroke-width:1.3}}",
        f"{root} .extra path{{stroke-dasharray:5 3}}",
        f"{root} path.head{{stroke:none}}",
        f"{root} .label{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}",
    ]
    dark = "".join(_rules("dark"))
    return "".join([*fixed, *_rules("light"), f"@media (prefers-color-scheme:dark){{{dark}}}"])


def _rules(scheme: str) -> Iterator[str]:
    root, colours = ".gl-pattern", _COLOURS[scheme]
    yield f"{root} .back{{fill:{colours['back']}}}"
    for kind in ("node", "root", "field", "constant"):
        fill, stroke, text = colours[kind]
        yield f"{root} .{kind} rect{{fill:{fill};stroke:{stroke}}}{root} .{kind} .name{{fill:{text}}}"
    yield f"{root} path{{stroke:{colours['edge']}}}{root} .head{{fill:{colours['edge']}}}"
    yield f"{root} .extra path{{stroke:{colours['extra']}}}{root} .extra .head{{fill:{colours['extra']}}}"
    yield f"{root} text{{fill:{colours['label']}}}{root} .label{{stroke:{colours['back']}}}"
    yield f"{root} .label.extra{{fill:{colours['extra']}}}"


def _box(box: Box) -> str:
    kind = box.kind if box.parent or box.kind != "node" else "root"
    radius = {"field": box.height // 2, "constant": 2}.get(box.kind, 6)
    texts = [_text("name", box.x + box.width / 2, box.top + 18, box.name, "middle")]
    for number, one in enumerate(box.types, 1):
        texts.append(_text("type", box.x + box.width / 2, box.top + 18 + LINE * number, one, "middle"))
    return (
        f'<g class="{kind}" data-term={quoteattr(box.term)}><rect x="{box.x}" y="{box.top}" width="{box.width}" '
        f'height="{box.height}" rx="{radius}"/>{"".join(texts)}</g>'
    )


def _text(kind: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{at}>{escape(text)}</text>'


def _tree_edge(layout: Layout, box: Box) -> str:
    parent = box.parent
    assert parent is not None  # only boxes with a parent come here
    turn = layout.turns[parent.column] - (8 if box.start != parent.y else 0)
    line = _path([(parent.right, box.start), (turn, box.start), (turn, box.y), (box.x, box.y)])
    if box.backward:
        said = f"{box.name} {box.label.removeprefix('← ')} {parent.name}"
        return _edge("edge", said, line, _head(parent.right, box.start, -1))
    return _edge("edge", f"{parent.name} {box.label} {box.name}", line, _head(box.x, box.y, 1))


def _extra_edge(extra: Extra) -> str:
    source, target = extra.source, extra.target
    end = target.x if extra.enters_left else target.right
    points = [(source.x if extra.leaves_left else source.right, extra.start), (extra.turn, extra.start)]
    if extra.gap != extra.last_gap:
        points += [(extra.turn, extra.lane), (extra.entry, extra.lane)]
    line = _path([*points, (extra.entry, extra.end), (end, extra.end)])
    head = _head(end, extra.end, 1 if extra.enters_left else -1)
    return _edge("extra", f"{source.name} {extra.label} {target.name}", line, head)


def _edge(kind: str, said: str, line: str, head: str) -> str:
    return f'<g class="{kind}"><title>{escape(said)}</title><path d="{line}"/><path class="head" d="{head}"/></g>'


def _labels(layout: Layout) -> Iterator[str]:
    """Last of all, so that no line runs through a text."""
    yield from (_text("label", box.x, box.top - 5, box.label) for box in layout.boxes if box.parent)
    yield from (_text("label extra", one.label_x, one.lane - 4, one.label) for one in layout.extras)


def _path(points: list[tuple[int, int]]) -> str:
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


def _head(x: int, y: int, direction: int) -> str:
    """A triangle whose point is at x, y: to the right (1) or to the left (-1)."""
    return f"M{x} {y}l{-7 * direction} -4v8z"


def _legend(layout: Layout) -> Iterator[str]:
    x, y = MARGIN, layout.height + 6
    for kind, name, meaning in _LEGEND:
        width = text_width(name, TEXT_SIZE) + 14
        radius = {"field": 9, "constant": 2}.get(kind, 5)
        yield (
            f'<g class="{kind}"><rect x="{x}" y="{y - 9}" width="{width}" height="18" rx="{radius}"/>'
            f"{_text('', x + width / 2, y + 4, name, 'middle')}</g>{_text('', x + width + 6, y + 4, meaning)}"
        )
        x += width + 6 + text_width(meaning, TEXT_SIZE) + 20


def _legend_width() -> int:
    texts = sum(text_width(name, TEXT_SIZE) + text_width(meaning, TEXT_SIZE) + 40 for _, name, meaning in _LEGEND)
    return texts - 20 + 2 * MARGIN
