"""Nothing is left to decide: no file carries a mark `UNDECIDED`.

`gridlingua new` writes what it can know and marks what it guessed: `# UNDECIDED: …` in YAML, patterns and Turtle,
`"$comment": "UNDECIDED: …"` in schemas. Decide, and take the mark away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem, Severity

SEVERITY: Final[Severity] = "warning"

EXAMPLE: Final = Example(
    wrong="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasPropertyValue ?carrier .
          # UNDECIDED: ?reserve: which property says this? Nearest terms: s4ener:Power, s4grid:ActivePower
          ?carrier a saref:PropertyValue ; saref:hasValue ?reserve .
        }
    """,
    right="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasPropertyValue ?carrier .
          ?carrier a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ; saref:hasValue ?reserve ;
              saref:isMeasuredIn om:kilowatt .
        }
    """,
)

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#[ \t]*UNDECIDED:[ \t]*(?P<said>[^\n]*?)[ \t]*$", re.MULTILINE)
_KEY: Final = re.compile(r'"\$comment"\s*:\s*"UNDECIDED:[ \t]*(?P<said>(?:[^"\\]|\\.)*)"')


def check(subject: Subject) -> Iterator[Problem]:
    folder = subject.exchange.folder
    for path in (folder / "exchange.yaml", subject.exchange.shapes_path):
        yield from _marks(subject, path, _COMMENT)
    for part in ("request", "reply"):
        yield from _marks(subject, folder / f"{part}.schema.json", _KEY)


def check_pattern(written: Written) -> Iterator[Problem]:
    for mark in _COMMENT.finditer(written.text):
        yield written.problem_at("undecided", mark["said"], mark.start())


def _marks(subject: Subject, path: Path, form: re.Pattern[str]) -> Iterator[Problem]:
    text = subject.draft.content.read(path) if path.is_file() else ""
    for mark in form.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
        yield subject.draft.problem("undecided", mark["said"].replace('\\"', '"'), path, line)
