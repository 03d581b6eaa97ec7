"""A graph pattern drawn as SVG: text in, text out, with nothing to install."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gridlingua.catalogue.layout import LINE, MARGIN, NAME_SIZE, TEXT_SIZE, Box, Extra, Layout, lay_out
from gridlingua.catalogue.lettering import text_width
from gridlingua.catalogue.svg import COLOURS, FONTS, arrow, bent, lettered
from gridlingua.semantics.patterns import Pattern

_LEGEND: Final = (
    ("field", "?field", "a value of the message"),
    ("node", "?node", "a resource it does not name"),
    ("constant", "constant", "always the same"),
)


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
        f"<style>{style()}</style>",
        f'<rect class="back" width="{width}" height="{height}" rx="8"/>',
        *(_tree_edge(layout, box) for box in layout.boxes if box.parent),
        *map(_extra_edge, layout.extras),
        *map(_box, layout.boxes),
        *_labels(layout),
        *_legend(layout),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def style() -> str:
    """The rules that every drawing carries, for a page that allows no inline style."""
    root = ".gl-pattern"
    fixed = [
        f"{root} text{{font:{TEXT_SIZE}px {FONTS}}}",
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
    root, colours = ".gl-pattern", COLOURS[scheme]
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
    texts = [lettered("name", box.x + box.width / 2, box.top + 18, box.name, "middle")]
    for number, one in enumerate(box.types, 1):
        texts.append(lettered("type", box.x + box.width / 2, box.top + 18 + LINE * number, one, "middle"))
    return (
        f'<g class="{kind}" data-term={quoteattr(box.term)}><rect x="{box.x}" y="{box.top}" width="{box.width}" '
        f'height="{box.height}" rx="{radius}"/>{"".join(texts)}</g>'
    )


def _tree_edge(layout: Layout, box: Box) -> str:
    parent = box.parent
    assert parent is not None  # only boxes with a parent come here
    turn = layout.turns[parent.column] - (8 if box.start != parent.y else 0)
    line = bent([(parent.right, box.start), (turn, box.start), (turn, box.y), (box.x, box.y)])
    if box.backward:
        said = f"{box.name} {box.label.removeprefix('← ')} {parent.name}"
        return _edge("edge", said, line, arrow(parent.right, box.start, -1))
    return _edge("edge", f"{parent.name} {box.label} {box.name}", line, arrow(box.x, box.y, 1))


def _extra_edge(extra: Extra) -> str:
    source, target = extra.source, extra.target
    end = target.x if extra.enters_left else target.right
    points = [(source.x if extra.leaves_left else source.right, extra.start), (extra.turn, extra.start)]
    if extra.gap != extra.last_gap:
        points += [(extra.turn, extra.lane), (extra.entry, extra.lane)]
    line = bent([*points, (extra.entry, extra.end), (end, extra.end)])
    point = arrow(end, extra.end, 1 if extra.enters_left else -1)
    return _edge("extra", f"{source.name} {extra.label} {target.name}", line, point)


def _edge(kind: str, said: str, line: str, point: str) -> str:
    return f'<g class="{kind}"><title>{escape(said)}</title><path d="{line}"/><path class="head" d="{point}"/></g>'


def _labels(layout: Layout) -> Iterator[str]:
    """Last of all, so that no line runs through a text."""
    yield from (lettered("label", box.x, box.top - 5, box.label) for box in layout.boxes if box.parent)
    yield from (lettered("label extra", one.label_x, one.lane - 4, one.label) for one in layout.extras)


def _legend(layout: Layout) -> Iterator[str]:
    x, y = MARGIN, layout.height + 6
    for kind, name, meaning in _LEGEND:
        width = text_width(name, TEXT_SIZE) + 14
        radius = {"field": 9, "constant": 2}.get(kind, 5)
        yield (
            f'<g class="{kind}"><rect x="{x}" y="{y - 9}" width="{width}" height="18" rx="{radius}"/>'
            f"{lettered('', x + width / 2, y + 4, name, 'middle')}</g>{lettered('', x + width + 6, y + 4, meaning)}"
        )
        x += width + 6 + text_width(meaning, TEXT_SIZE) + 20


def _legend_width() -> int:
    texts = sum(text_width(name, TEXT_SIZE) + text_width(meaning, TEXT_SIZE) + 40 for _, name, meaning in _LEGEND)
    return texts - 20 + 2 * MARGIN
