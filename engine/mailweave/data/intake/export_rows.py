"""The rows of an export, one by one: CSV in its encoding, JSON lines, Parquet. A row that does not parse is one, too."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from mailweave.batch.list_import import delimiter_of
from mailweave.batch.locations import Files, locate
from mailweave.data.settings import Export
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.json_text import read_json

_BATCH: Final = 4_000
_LONGEST: Final = 1 << 20  # characters of a cell; a quote that is never closed ends there
_REPLACED: Final = "surrogateescape"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row: where it stands, its cells by column; `wrong` says why it has none, `raw` is then its text."""

    file: str
    line: int
    cells: Mapping[str, Any]
    wrong: str = ""
    raw: str = ""


class ExportRows:
    """The rows of the files of an export, in their order.

    Raises MailweaveError: MW833 for what cannot be read at all, MW805 and MW001 for files that are not there.
    """

    def __init__(self, export: Export, folder: Path) -> None:
        named = [str(folder / name) for name in export.files]
        place = locate(named)
        if not isinstance(place, Files):
            raise _unreadable(place.shown, "an export is files: CSV, JSON lines or Parquet")
        packed = [path for path in place.paths if path.suffix == ".zst"]
        if packed:
            raise _unreadable(str(packed[0]), "it is packed with zstd: unpack it, or pack it with gzip")
        self._export, self._files = export, place

    def __iter__(self) -> Iterator[ExportRow]:
        for path in self._files.paths:
            try:
                yield from self._of(path)
            except (OSError, EOFError) as error:
                why = getattr(error, "strerror", None) or "it is damaged, or cut off"
                raise _unreadable(str(path), why) from None
            except UnicodeDecodeError:
                raise _unreadable(str(path), f"it is no text in {self._export.encoding}") from None

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the columns that every file has, in the order of the first; None for JSON lines."""
        if self._files.kind == "jsonl":
            return None
        headers = [self._header(path) for path in self._files.paths]
        everywhere = set[str](headers[0]).intersection(*headers)
        return tuple(name for name in headers[0] if name in everywhere)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return self._files.paths

    @property
    def shown(self) -> str:
        """The files, as messages name them."""
        return self._files.shown

    def _header(self, path: Path) -> list[str]:
        if self._files.kind == "parquet":
            return list(_parquet(path).schema_arrow.names)
        with self._opened(path) as file:
            return _names(next(self._reader(file, path), []))

    def _of(self, path: Path) -> Iterator[ExportRow]:
        match self._files.kind:
            case "parquet":
                yield from _of_parquet(path)
            case "jsonl":
                yield from _of_lines(path)
            case "csv":
                yield from self._of_csv(path)

    # ---- CSV

    def _opened(self, path: Path) -> IO[str]:
        encoding = self._export.encoding
        encoding = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        opened = gzip.open if path.suffix == ".gz" else open
        return opened(path, "rt", encoding=encoding, errors=_REPLACED, newline="")

    def _reader(self, lines: Any, path: Path) -> Iterator[list[str]]:
        csv.field_size_limit(_LONGEST)
        mark = self._export.delimiter or delimiter_of(Files("csv", (path,)))
        return iter(csv.reader(lines, delimiter=mark, strict=True))

    def _of_csv(self, path: Path) -> Iterator[ExportRow]:
        with self._opened(path) as file:
            lines = _Lines(file)
            rows = self._reader(lines, path)
            try:
                header = _names(next(rows, []))
            except csv.Error:
                raise _unreadable(str(path), "its header is no line of CSV") from None
            lines.taken()
            if len(set(header)) != len(header):
                raise _unreadable(str(path), "two of its columns have one name")
            while (row := _next(rows, lines)) is not None:
                start, raw = lines.taken()
                if isinstance(row, str):
                    yield ExportRow(str(path), start, {}, row, raw)
                elif row:
                    yield _checked(str(path), start, header, row, raw)


def _names(header: list[str]) -> list[str]:
    """The names of the columns. Some encodings (utf-16-le) leave the mark of the order of bytes before the first."""
    return [header[0].removeprefix("\ufeff"), *header[1:]] if header else []


class _Lines:
    """The lines of a text file; remembers those of the row at hand."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._number, self._start = file, 0, 1
        self._row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self._number += 1
        self._row.append(line)
        return line

    def taken(self) -> tuple[int, str]:
        """The number of the first line of the row at hand, and its text."""
        start, raw = self._number - len(self._row) + 1, "".join(self._row)
        self._row.clear()
        return start, raw


def _next(rows: Iterator[list[str]], lines: _Lines) -> list[str] | str | None:
    """The next row, or what is wrong with it; None behind the last."""
    try:
        return next(rows, None)
    except csv.Error:
        return "its quotes do not match, or a cell is longer than a megabyte"
    except StopIteration:
        return None


def _checked(file: str, line: int, header: list[str], row: list[str], raw: str) -> ExportRow:
    if len(row) != len(header):
        return ExportRow(file, line, {}, f"it has {len(row)} cells below {len(header)} columns", raw)
    if not raw.isascii() and any("\udc80" <= letter <= "\udcff" for letter in raw):
        return ExportRow(file, line, {}, "it holds bytes that are none of the encoding", raw)
    return ExportRow(file, line, dict(zip(header, row, strict=True)))


# ---- JSON lines and Parquet


def _of_lines(path: Path) -> Iterator[ExportRow]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _json_row(str(path), number, line)


def _json_row(file: str, number: int, line: bytes) -> ExportRow:
    raw = line.decode("utf-8", _REPLACED)
    try:
        value = _exactly(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError):
        return ExportRow(file, number, {}, "it is no JSON in UTF-8", raw)
    if not isinstance(value, dict):
        return ExportRow(file, number, {}, "it is no JSON object", raw)
    return ExportRow(file, number, value, raw=raw)


def _exactly(text: str) -> Any:
    """The value of a JSON text that means one thing, its decimals as they are written."""
    read_json(text)  # members that stand twice, NaN
    return json.loads(text, parse_float=Decimal)


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except pa.ArrowException:
        raise _unreadable(str(path), "it is no Parquet") from None


def _of_parquet(path: Path) -> Iterator[ExportRow]:
    number = 0
    for batch in _parquet(path).iter_batches(_BATCH):
        for cells in batch.to_pylist():
            number += 1
            yield ExportRow(str(path), number, cells)


def _unreadable(place: str, what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW833", place=place, what=what)])
