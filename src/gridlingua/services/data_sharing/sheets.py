"""Files of rows with headings, read a chunk at a time: CSV, and Parquet with the extra of that name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from gridlingua.services.instants import Instant
from gridlingua.services.refusals import RefusedError

ROWS = 5_000  # few enough to stay in the processor's cache: more are slower
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DELIMITERS = ",;\t"
Cells = Sequence[str]


@dataclass(frozen=True)
class Chunk:
    """Some rows, by column: values as the file has them, an empty text or None where there is none.

    ``lines`` says where each row stands in the file; ``broken`` are rows that have not one cell for each heading, each
    with its line. ``times`` are the headings whose values are microseconds since 1970. ``size`` is how much of the
    sheet this was.
    """

    lines: Sequence[int]
    columns: dict[str, Sequence[Any]]
    size: int
    broken: Sequence[tuple[int, Cells]] = ()
    times: frozenset[str] = field(default_factory=frozenset)

    def cells(self, position: int) -> list[str]:
        """A row as text."""
        return [self._text(name, values[position]) for name, values in self.columns.items()]

    def _text(self, heading: str, value: object) -> str:
        if isinstance(value, int) and heading in self.times:
            return Instant.of(_EPOCH + timedelta(microseconds=value)).text
        return "" if value is None else str(value)


class Sheet(Protocol):
    """A file that can be read once; ``size`` is the sum of its chunks' sizes."""

    headings: tuple[str, ...]
    size: int

    def chunks(self) -> Iterator[Chunk]: ...


class CsvSheet:
    """Comma, semicolon or tab between the cells, as in the first line; UTF-8. Raises ``RefusedError`` when empty."""

    def __init__(self, file: BinaryIO, text: io.TextIOBase, size: int) -> None:
        self._file = file
        self._text = text
        self._read = 0
        self.size = size
        first = text.readline()
        self._delimiter = max(_DELIMITERS, key=first.count)
        try:
            self.headings = _headings(next(csv.reader([first], delimiter=self._delimiter), []))
        except csv.Error as error:
            raise RefusedError(f"line 1: {error}; it must name the columns") from error

    def chunks(self) -> Iterator[Chunk]:
        rows: list[list[str]] = []
        lines: list[int] = []
        reader = csv.reader(self._text, delimiter=self._delimiter, strict=True)
        try:
            line = 2
            for row in reader:
                if row:
                    rows.append(row)
                    lines.append(line)
                line = reader.line_num + 2
                if len(rows) == ROWS:
                    yield self._chunk(rows, lines)
                    rows, lines = [], []
        except csv.Error as error:
            raise RefusedError(f"line {reader.line_num + 1}: {error}; from there on the file cannot be read") from error
        yield self._chunk(rows, lines)

    def _chunk(self, rows: list[list[str]], lines: list[int]) -> Chunk:
        width = len(self.headings)
        broken: list[tuple[int, Cells]] = []
        if any(len(row) != width for row in rows):
            broken = [(line, row) for line, row in zip(lines, rows, strict=True) if len(row) != width]
            whole = [(line, row) for line, row in zip(lines, rows, strict=True) if len(row) == width]
            lines, rows = [line for line, _ in whole], [row for _, row in whole]
        columns: Iterable[Sequence[str]] = zip(*rows, strict=True) if rows else [()] * width
        # how far the file has been read ahead is near enough for a progress bar
        read, self._read = self._file.tell() - self._read, self._file.tell()
        return Chunk(lines, dict(zip(self.headings, columns, strict=True)), read, broken)


class ParquetSheet:
    """Columns of numbers, texts, and times with a zone. Raises ``RefusedError`` for others, or without pyarrow."""

    def __init__(self, file: BinaryIO) -> None:
        self._arrow, parquet = _pyarrow()
        try:
            self._file = parquet.ParquetFile(file)
        except self._arrow.ArrowException as error:
            raise RefusedError(f"this is no Parquet file: {error}") from error
        schema = self._file.schema_arrow
        self.headings = _headings(schema.names)
        self.size = self._file.metadata.num_rows
        self._times = frozenset(heading for heading, one in zip(self.headings, schema, strict=True) if self._time(one))

    def _time(self, column: Any) -> bool:
        """Whether a column holds times; raises ``RefusedError`` for a type that cannot be read."""
        types = self._arrow.types
        if types.is_timestamp(column.type):
            if column.type.tz is None:
                raise RefusedError(f"column {column.name}: its times have no zone; write them with one, such as UTC")
            return True
        kinds = (types.is_integer, types.is_floating, types.is_decimal, types.is_string, types.is_large_string)
        if not any(is_kind(column.type) for is_kind in (*kinds, types.is_null)):
            raise RefusedError(f"column {column.name}: {column.type} is neither a number nor a text nor a time")
        return False

    def chunks(self) -> Iterator[Chunk]:
        line = 1
        try:
            for batch in self._file.iter_batches(batch_size=ROWS):
                values = (self._values(heading, one) for heading, one in zip(self.headings, batch.columns, strict=True))
                columns = dict(zip(self.headings, values, strict=True))
                yield Chunk(range(line, line + batch.num_rows), columns, batch.num_rows, times=self._times)
                line += batch.num_rows
        except self._arrow.ArrowException as error:
            raise RefusedError(f"the file cannot be read from row {line} on: {error}") from error

    def _values(self, heading: str, column: Any) -> Sequence[Any]:
        if heading in self._times:
            utc = column.cast(self._arrow.timestamp("us", "UTC"), safe=False)
            column = utc.cast(self._arrow.int64())
        values: Sequence[Any] = column.to_pylist()
        return values


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise RefusedError(
            "Parquet needs pyarrow: pip install 'gridlingua[parquet]', or give the file as CSV"
        ) from error
    return pyarrow, parquet


def _headings(found: Sequence[str]) -> tuple[str, ...]:
    headings = tuple(heading.strip().lower() for heading in found)
    if not any(headings):
        raise RefusedError("the file is empty: its first line must name the columns")
    if twice := {heading for heading in headings if headings.count(heading) > 1}:
        raise RefusedError(f"column {min(twice)!r} is there twice; each is there once")
    return headings


@contextmanager
def opened_csv(file: BinaryIO, size: int) -> Iterator[Sheet]:
    """The sheet in a CSV file, which is closed in the end. Raises ``RefusedError``."""
    # what is no UTF-8 is told with its line when its row is judged, and put aside as it was
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        yield CsvSheet(file, text, size)


@contextmanager
def opened(path: Path) -> Iterator[Sheet]:
    """The sheet in a file: Parquet when it is called so (``.parquet``), else CSV. Raises ``RefusedError``."""
    try:
        with path.open("rb") as file:
            if path.suffix.lower() in {".parquet", ".pq"}:
                yield ParquetSheet(file)
                return
            with opened_csv(file, path.stat().st_size) as sheet:
                yield sheet
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror or error}") from error
