"""Where the parts of a drawn graph pattern stand: a tree in rows and columns, and the edges that are no part of it.

A pattern is nearly a tree. Its root stands at the left, every node one column to the right of the one it is reached
from, the first child in the row of its parent and each further child in a row of its own. So nothing else stands in the
band of a row, and what runs between rows runs in the gaps between columns, where no text is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from gridlingua.catalogue.lettering import shortened, text_width, written
from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.terms import RDF_TYPE

Kind = Literal["node", "field", "constant"]

NAME_SIZE: Final = 13
TEXT_SIZE: Final = 11
LINE: Final = 15
"""Height of a line of text, px."""
MARGIN: Final = 20
_LANE: Final = 19
_ROW_GAP: Final = 13
_GAP: Final = 38
_STEP: Final = 9


@dataclass(eq=False)
class Box:
    """A node of the drawing.

    ``label`` is the predicate it is reached by from ``parent``, ``backward`` whether it points the other way; ``start``
    is where on the parent's right side that edge is tied. ``types`` stand below the name. Places in px; ``y`` is the
    middle.
    """

    kind: Kind
    name: str
    term: str
    label: str = ""
    backward: bool = False
    types: list[str] = field(default_factory=list)
    parent: Box | None = None
    children: list[Box] = field(default_factory=list)
    column: int = 0
    x: int = 0
    y: int = 0
    start: int = 0

    @property
    def height(self) -> int:
        return 26 if not self.types else 28 + LINE * len(self.types)

    @property
    def width(self) -> int:
        return max(text_width(self.name, NAME_SIZE), *(text_width(one, TEXT_SIZE) for one in ["", *self.types])) + 20

    @property
    def top(self) -> int:
        return self.y - self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def room(self) -> int:
        """Height above its middle, with the label."""
        return self.height // 2 + (LINE if self.label else 0)


@dataclass(eq=False)
class Extra:
    """An edge between boxes that have their places already.

    It leaves ``source`` sideways at height ``start``, runs up or down at ``turn``, and goes sideways into ``target`` at
    height ``end``; when the target is further away than one column, along ``lane`` and up or down again at ``entry``.
    The lane is beside the row of the target, ``below`` it when the edge comes from below, and has the label.
    """

    source: Box
    target: Box
    label: str
    below: bool = False
    start: int = 0
    turn: int = 0
    lane: int = 0
    entry: int = 0
    end: int = 0
    label_x: int = 0

    @property
    def leaves_left(self) -> bool:
        return self.source.column > self.target.column

    @property
    def enters_left(self) -> bool:
        return self.source.column < self.target.column

    @property
    def gap(self) -> int:
        """The column right of which it turns."""
        return self.source.column - self.leaves_left

    @property
    def last_gap(self) -> int:
        """The column right of which it comes to its target."""
        return self.target.column - self.enters_left


@dataclass
class Layout:
    """The placed drawing; ``turns`` are the places, by column, where edges to children turn up or down; all in px."""

    boxes: list[Box]
    extras: list[Extra]
    width: int = 0
    height: int = 0
    turns: dict[int, int] = field(default_factory=dict)


def lay_out(pattern: Pattern, curie: Callable[[str], str], fields: Collection[str]) -> Layout:
    """Give every part of a pattern its place."""
    tree = _Tree(pattern, curie, fields)
    layout = Layout([box for root in tree.roots for box in _walk(root)], tree.extras)
    _place_columns(layout)
    _place_rows(layout, _rows(tree.roots))
    _tie(layout)
    return layout


class _Tree:
    """The boxes of a pattern, each below the one it is reached from first, and the edges left over."""

    def __init__(self, pattern: Pattern, curie: Callable[[str], str], fields: Collection[str]) -> None:
        self._curie = curie
        self._fields = fields
        subjects = dict.fromkeys(s for s, _, _ in pattern.triples)
        is_type = {t for t in pattern.triples if t[1] == RDF_TYPE and t[2][0] != "?" and t[2] not in subjects}
        self._types = {s: [t[2] for t in pattern.triples if t in is_type and t[0] == s] for s in subjects}
        self._edges = [t for t in pattern.triples if t not in is_type]
        self._subjects = subjects
        self._boxes: dict[str, Box] = {}
        self._drawn: set[Triple] = set()
        self.roots: list[Box] = []
        self.extras: list[Extra] = []
        self._grow()
        for s, p, o in self._edges:
            if (s, p, o) not in self._drawn:
                self.extras.append(Extra(self._boxes[s], self._boxes[o], self._predicate(p)))

    def _grow(self) -> None:
        """From the first root on; what only points into the tree hangs at what it points to."""
        pointed_at = {o for s, _, o in self._edges if s != o}
        while waiting := [s for s in self._subjects if s not in self._boxes]:
            inward = next((t for t in self._edges if t[0] not in self._boxes and t[2] in self._boxes), None)
            if inward:
                self._hang(inward, backward=True)
                self._spread(inward[0])
                continue
            root = max([s for s in waiting if s not in pointed_at] or waiting, key=self._reach_of)
            self.roots.append(self._box(root))
            self._spread(root)

    def _reach_of(self, start: str) -> int:
        """How many resources can be reached from one, along the edges."""
        seen, pending = {start}, [start]
        while pending:
            subject = pending.pop()
            fresh = {o for s, _, o in self._edges if s == subject and o in self._subjects} - seen
            seen |= fresh
            pending += fresh
        return len(seen)

    def _spread(self, start: str) -> None:
        queue = deque([start])
        while queue:
            subject = queue.popleft()
            for triple in self._edges:
                if triple[0] == subject and triple not in self._drawn and triple[2] not in self._boxes:
                    self._hang(triple)
                    queue.append(triple[2])

    def _hang(self, triple: Triple, *, backward: bool = False) -> None:
        s, p, o = triple
        known, new = (o, s) if backward else (s, o)
        parent, box = self._boxes[known], self._box(new)
        box.label = ("← " if backward else "") + self._predicate(p)
        box.backward, box.parent, box.column = backward, parent, parent.column + 1
        parent.children.append(box)
        self._drawn.add(triple)

    def _box(self, term: str) -> Box:
        is_variable = term.startswith("?")
        kind: Kind = "node" if is_variable else "constant"
        if is_variable and term[1:] in self._fields:
            kind = "field"
        types = [shortened(written(one, self._curie)) for one in self._types.get(term, ())]
        box = Box(kind, shortened(written(term, self._curie)), term, types=types)
        if is_variable or term in self._subjects:  # a constant that is only pointed at is drawn at every use
            self._boxes[term] = box
        return box

    def _predicate(self, term: str) -> str:
        return "a" if term == RDF_TYPE else shortened(written(term, self._curie))


def _walk(box: Box) -> Iterator[Box]:
    yield box
    for child in box.children:
        yield from _walk(child)


def _rows(roots: list[Box]) -> list[list[Box]]:
    """The boxes by row: from a root or a further child along the first children."""
    rows: list[list[Box]] = []
    for root in roots:
        for box in _walk(root):
            if box.parent and box is box.parent.children[0]:
                rows[-1].append(box)
            else:
                rows.append([box])
    return rows


def _place_columns(layout: Layout) -> None:
    """Columns as wide as their widest text, gaps as wide as the edges that turn in them need."""
    x = MARGIN
    for column in range(max(box.column for box in layout.boxes) + 1):
        boxes = [box for box in layout.boxes if box.column == column]
        for box in boxes:
            box.x = x
        x += max(max(box.width, text_width(box.label, TEXT_SIZE)) for box in boxes)
        layout.width = x + MARGIN
        x = layout.turns[column] = x + _GAP // 2
        for extra in layout.extras:
            if extra.gap == column:
                x = extra.turn = x + _STEP
            if extra.last_gap == column:
                x = extra.entry = extra.turn if extra.gap == column else x + _STEP
        for extra in layout.extras:
            if extra.last_gap == column:
                extra.label_x = x + 6
        x += _GAP // 2


def _place_rows(layout: Layout, rows: list[list[Box]]) -> None:
    """Rows as high as their highest box, with a lane for every edge that ends there."""
    number = {box: n for n, row in enumerate(rows) for box in row}
    y = MARGIN - _ROW_GAP
    for n, row in enumerate(rows):
        y += _ROW_GAP
        ending = [extra for extra in layout.extras if number[extra.target] == n]
        for extra in ending:
            extra.below = number[extra.source] > n
        y = _place_lanes([extra for extra in ending if not extra.below], y)
        y += max(box.room for box in row)
        for box in row:
            box.y = y
        y += max(box.height // 2 for box in row)
        if coming := [extra for extra in ending if extra.below]:
            y = _place_lanes(coming, y + 4)
    layout.height = y + MARGIN


def _place_lanes(extras: list[Extra], y: int) -> int:
    for extra in extras:
        y += _LANE
        extra.lane = y - 3
    return y


def _tie(layout: Layout) -> None:
    """Where edges touch their boxes, the children's at the middle and the others' beside it, and where labels begin."""
    taken: dict[tuple[Box, bool, bool], int] = {}

    def port(box: Box, left: bool, below: bool = True) -> int:
        place = (box, left, below)
        taken[place] = taken.get(place, 0) + 1
        offset = min(1 + 6 * taken[place], box.height // 2 - 3)
        return box.y + (offset if below else -offset)

    for box in layout.boxes:
        if box.parent:
            apart = box.backward and len(box.parent.children) > 1
            box.start = port(box.parent, left=False) if apart else box.parent.y
    for extra in layout.extras:
        extra.start = port(extra.source, extra.leaves_left)
        extra.end = port(extra.target, extra.enters_left, extra.below)
        label = text_width(extra.label, TEXT_SIZE)
        layout.width = max(layout.width, extra.turn + MARGIN, extra.label_x + label + MARGIN)
