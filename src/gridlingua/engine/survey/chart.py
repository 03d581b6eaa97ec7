"""A network drawn as SVG: who asks and posts at the left, who answers and reacts at the right, and who serves whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gridlingua.catalogue.layout import LINE, MARGIN, NAME_SIZE, TEXT_SIZE
from gridlingua.catalogue.lettering import shortened, text_width
from gridlingua.catalogue.svg import COLOURS, FONTS, arrow, lettered
from gridlingua.engine.entries import Entry
from gridlingua.engine.survey.overview import Participant, Standing
from gridlingua.engine.survey.strangers import legible

_ROW: Final = 20
_HEAD: Final = 28
_PAD: Final = 12
_CARD_GAP: Final = 16
_MIDDLE: Final = 220
"""Between the columns, px, and 2 more for every line: they must cross at angles that the eye can follow."""
_CROWDED: Final = 40
_IDLE: Final = 6
"""So many interactions that match nothing are shown of one knowledge base; the others are counted."""
_LEGEND: Final = (
    ("ask", "ask and its answer", False),
    ("post", "post and its react", False),
    ("ask", "only together", True),
    ("nobody", "nobody serves it", False),
)


@dataclass(eq=False)
class _Card:
    """What one knowledge base has on one side; places in px."""

    participant: Participant
    entries: Sequence[Entry]
    more: int
    x: int = 0
    y: int = 0
    width: int = 0

    @property
    def notes(self) -> list[str]:
        """What there is to say beside the interactions."""
        more = [f"+ {self.more} that match nothing"] if self.more else []
        if self.participant.trouble:
            return [*more, "cannot be told"]
        return more if self.participant.entries else ["no interactions"]

    @property
    def lines(self) -> list[str]:
        """Below the name: the id, where it is not the name."""
        one = self.participant.knowledge_base
        return [shortened(one.id)] if one.id != one.name else []

    @property
    def top(self) -> int:
        """Height of what stands above the interactions."""
        return _HEAD + LINE * len(self.lines) + 4

    @property
    def height(self) -> int:
        return self.top + _ROW * (len(self.entries) + len(self.notes)) + 6

    def middle(self, entry: Entry) -> int:
        return self.y + self.top + _ROW * self.entries.index(entry) + _ROW // 2

    def wish(self) -> int:
        """The width it needs."""
        texts = [*self.lines, *map(_said, self.entries), *self.notes]
        name = text_width(shortened(self.participant.knowledge_base.name), NAME_SIZE)
        return max(name, *(text_width(one, TEXT_SIZE) for one in texts), 120) + 2 * _PAD


def draw_network(participants: Iterable[Participant], standings: Sequence[Standing]) -> str:
    """One SVG document, the same for the same network. Colours follow the reader's preference for light or dark."""
    there = tuple(participants)
    matched = {one.entry.id for one in standings if one.servers} | {e.id for one in standings for e in one.servers}
    left = [card for one in there if (card := _card(one, False, matched))]
    right = [card for one in there if (card := _card(one, True, matched))]
    lines = sum(len(one.servers) for one in standings)
    height = max(map(_least_height, (left, right)))
    _place(left, MARGIN, height)
    middle = _MIDDLE + 2 * min(lines, 2 * _CROWDED) if left else 0
    _place(_near(right, left, standings), MARGIN + (left[0].width if left else 0) + middle, height)
    return _document(left, right, standings)


def _card(participant: Participant, reactive: bool, matched: set[str]) -> _Card | None:
    """Who has nothing at all stands at the left."""
    mine = [entry for entry in participant.entries if entry.interaction.is_reactive == reactive]
    if not mine and (reactive or participant.entries):
        return None
    idle = [entry for entry in mine if entry.id not in matched][_IDLE:]
    return _Card(participant, [entry for entry in mine if entry not in idle], len(idle))


def _least_height(cards: Sequence[_Card]) -> int:
    return sum(card.height + _CARD_GAP for card in cards) - _CARD_GAP


def _place(cards: Sequence[_Card], x: int, height: int) -> None:
    """One below the other; the shorter column has wider gaps, so that lines are less steep."""
    width = max((card.wish() for card in cards), default=0)
    spare = (height - _least_height(cards)) // (len(cards) + 1)
    y = MARGIN + spare
    for card in cards:
        card.x, card.y, card.width = x, y, width
        y += card.height + _CARD_GAP + spare


def _near(right: list[_Card], left: Sequence[_Card], standings: Sequence[Standing]) -> list[_Card]:
    """The right side in the order of whom it serves, so that fewer lines cross."""
    heights = {entry.id: card.middle(entry) for card in left for entry in card.entries}

    def height(card: _Card) -> float:
        served = [heights[one.entry.id] for one in standings if any(e in one.servers for e in card.entries)]
        return mean(served) if served else float("inf")

    right.sort(key=height)
    return right


def _document(left: Sequence[_Card], right: Sequence[_Card], standings: Sequence[Standing]) -> str:
    cards = [*left, *right]
    width = max([card.x + card.width for card in cards] + [_legend_width()]) + MARGIN
    bottom = max((card.y + card.height for card in cards), default=0) + _CARD_GAP
    height = bottom + LINE + MARGIN
    knowledge_bases = len({card.participant.knowledge_base.id for card in cards})
    title = f"A network of {knowledge_bases} knowledge base{'s' if knowledge_bases != 1 else ''}"
    open_ = {one.entry.id for one in standings if not one.servers}
    crowded = " crowded" if sum(len(one.servers) for one in standings) > _CROWDED else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gl-network{crowded}" role="img" aria-label={quoteattr(title)} '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_style()}</style>",
        f'<rect class="back" width="{width}" height="{height}" rx="8"/>',
        *_edges(left, right, standings),
        *(_drawn(card, open_) for card in cards),
        *_legend(bottom + LINE),
        "</svg>",
    ]
    return "\n".join(map(legible, parts)) + "\n"


def _edges(left: Sequence[_Card], right: Sequence[_Card], standings: Sequence[Standing]) -> Iterator[str]:
    starts = {entry.id: (card.x + card.width, card.middle(entry)) for card in left for entry in card.entries}
    ends = {entry.id: (card.x, card.middle(entry)) for card in right for entry in card.entries}
    for one in standings:
        for server in one.servers:
            if server.id in ends:
                yield _edge(one, server, starts[one.entry.id], ends[server.id])


def _edge(standing: Standing, server: Entry, start: tuple[int, int], end: tuple[int, int]) -> str:
    kind = standing.entry.interaction.kind + (" together" if standing.together else "")
    (x, y), (to_x, to_y) = start, end
    bend = (to_x - x) // 2
    line = f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x - 6} {to_y}"
    said = f"{standing.entry.id} is served by {server.id} at reasoner level {standing.level}"
    return (
        f'<g class="{kind}"><title>{escape(said)}</title><path d="{line}"/>'
        f'<path class="head" d="{arrow(to_x, to_y, 1)}"/></g>'
    )


def _drawn(card: _Card, open_: set[str]) -> str:
    one = card.participant.knowledge_base
    kind = "trouble" if card.participant.trouble else "card"
    x, y = card.x + _PAD, card.y + 19
    texts = [lettered("name", x, y, shortened(one.name or one.id))]
    texts += [lettered("id", x, y + LINE * n, line) for n, line in enumerate(card.lines, 1)]
    for entry in card.entries:
        texts.append(lettered("nobody" if entry.id in open_ else "row", x, card.middle(entry) + 4, _said(entry)))
    below = card.y + card.top + _ROW * len(card.entries) + _ROW // 2 + 4
    texts += [lettered("note", x, below + _ROW * n, note) for n, note in enumerate(card.notes)]
    return (
        f'<g class="{kind}" data-id={quoteattr(one.id)}><title>{escape(f"{one.id}: {one.description}")}</title>'
        f'<rect x="{card.x}" y="{card.y}" width="{card.width}" height="{card.height}" rx="6"/>{"".join(texts)}</g>'
    )


def _said(entry: Entry) -> str:
    return f"{entry.interaction.kind} {shortened(entry.interaction.name)}"


def _legend(y: int) -> Iterator[str]:
    x = MARGIN
    for kind, meaning, together in _LEGEND:
        if kind == "nobody":
            yield lettered("nobody", x, y + 4, meaning)
            continue
        shown = f"{kind} together" if together else kind
        yield f'<g class="{shown}"><path d="M{x} {y}h26"/><path class="head" d="{arrow(x + 30, y, 1)}"/></g>'
        yield lettered("note", x + 36, y + 4, meaning)
        x += 36 + text_width(meaning, TEXT_SIZE) + 20


def _legend_width() -> int:
    return MARGIN + sum(36 + text_width(meaning, TEXT_SIZE) + 20 for _, meaning, _ in _LEGEND)


def _style() -> str:
    root = ".gl-network"
    fixed = [
        f"{root} text{{font:{TEXT_SIZE}px {FONTS}}}",
        f"{root} .name{{font-size:{NAME_SIZE}px;font-weight:600}}",
        f"{root} path{{fill:none;stroke-width:1.5}}",
        f"{root}.crowded path{{stroke-width:1;stroke-opacity:.6}}",
        f"{root} g:hover path{{stroke-width:3;stroke-opacity:1}}",
        f"{root} .together path{{stroke-dasharray:5 3}}",
        f"{root} .trouble rect{{stroke-dasharray:5 3}}",
        f"{root} .nobody{{font-weight:600}}",
    ]
    dark = "".join(_rules(COLOURS["dark"]))
    return "".join([*fixed, *_rules(COLOURS["light"]), f"@media (prefers-color-scheme:dark){{{dark}}}"])


def _rules(colours: Mapping[str, Sequence[str]]) -> Iterator[str]:
    root = ".gl-network"
    fill, stroke, text = colours["node"]
    yield f"{root} .back{{fill:{colours['back']}}}{root} .card rect{{fill:{fill};stroke:{stroke}}}"
    yield f"{root} .trouble rect{{fill:{fill};stroke:{colours['extra']}}}"
    yield f"{root} text{{fill:{colours['label']}}}{root} .name,{root} .row{{fill:{text}}}"
    yield f"{root} .nobody{{fill:{colours['extra']}}}"
    for kind, of in (("ask", "field"), ("post", "root")):
        yield f"{root} .{kind} path{{stroke:{colours[of][1]}}}{root} .{kind} .head{{fill:{colours[of][1]};stroke:none}}"
