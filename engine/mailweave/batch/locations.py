"""Where a list lies, as people write it: files by path or glob, or one table of a database.

people/*.parquet   people.csv   people.jsonl.gz          files of one kind
shop.duckdb::people   shop.sqlite::people                a table (or view) of a database in a file
postgresql://reader@db.example.com/shop::public.people   the same on a server
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.root import Refused, check_plain

Kind: TypeAlias = Literal["parquet", "csv", "jsonl"]
Engine: TypeAlias = Literal["duckdb", "sqlite", "postgres"]

SUFFIXES: Final[Mapping[str, Kind]] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_PACKED: Final = (".gz", ".zst")
_SERVERS: Final = ("postgresql://", "postgres://")
_MAGIC: Final[tuple[tuple[Engine, int, bytes], ...]] = (
    ("sqlite", 0, b"SQLite format 3\0"),
    ("duckdb", 8, b"DUCK"),
)


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one kind, in the order in which they are read."""

    kind: Kind
    paths: tuple[Path, ...]

    @property
    def shown(self) -> str:
        return ", ".join(map(str, self.paths[:3])) + (", ..." if len(self.paths) > 3 else "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view. `address`: a path, or a URL that may hold a password and is never shown."""

    engine: Engine
    address: str
    name: str

    @property
    def shown(self) -> str:
        if self.engine != "postgres":
            return f"{self.address}::{self.name}"
        return f"{without_secrets(self.address)}::{self.name}"

    def __repr__(self) -> str:
        return f"Table({self.shown})"


Place: TypeAlias = Files | Table


def locate(patterns: Sequence[str]) -> Place:
    """The one place that paths, globs or a table name. Raises MailweaveError when there is none, or several."""
    tables = [name for name in patterns if "::" in name or name.startswith(_SERVERS)]
    if tables and len(patterns) > 1:
        raise _refused(", ".join(map(without_secrets, patterns)), "a list is one table, or files of one kind")
    if tables:
        return _table(tables[0])
    files = expand(patterns)
    database = engine_of(files[0]) if len(files) == 1 else None
    if database is not None:
        what = f"{files[0].name} is a {database} database: name its table too, as {files[0]}::table"
        raise _refused(str(files[0]), what)
    kinds = {_kind(path) for path in files}
    kind = kinds.pop()
    if kinds or kind is None:
        what = f"a list is files of one of these kinds: {', '.join(SUFFIXES)}; or a table of a database"
        raise _refused(", ".join(patterns), what)
    return Files(kind, tuple(files))


def _kind(path: Path) -> Kind | None:
    name = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    return SUFFIXES.get(name.suffix.lower())


def expand(patterns: Sequence[str]) -> list[Path]:
    """The files that paths and globs name, each once, sorted. Raises MailweaveError when one names none."""
    found: dict[Path, Path] = {}
    for pattern in patterns:
        names = [pattern] if Path(pattern).exists() else sorted(glob(pattern, recursive=True))  # noqa: PTH207 - absolute ones too
        paths = [path for path in map(Path, names) if path.is_file() or not has_magic(pattern)]
        if not paths:
            todo = "name a file, or a glob that matches one"
            raise MailweaveError([diagnose("MW001", place=pattern, what="the list", todo=todo)])
        for path in paths:
            if path.is_dir():
                raise _refused(str(path), f"{path} is a folder: name its files, as {path}/*.parquet")
            _plain(path)
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _plain(path: Path) -> None:
    """Refuses a named pipe or a device, which would be waited for."""
    try:
        check_plain(path)
    except Refused as refused:
        raise _refused(str(path), refused.what) from None


def _table(text: str) -> Table:
    address, _, name = text.rpartition("::")
    if not address or not name:
        shown = without_secrets(text.removesuffix("::"))
        raise _refused(shown, f"no table is named; write {shown}::table")
    if address.startswith(_SERVERS):
        return Table("postgres", address, name)
    path = Path(address)
    if not path.is_file():
        todo = "name a DuckDB or SQLite file, as shop.duckdb::people"
        raise MailweaveError([diagnose("MW001", place=address, what="the list", todo=todo)])
    engine = engine_of(path)
    if engine is None:
        raise _refused(address, f"{path.name} is no DuckDB or SQLite database")
    return Table(engine, address, name)


def engine_of(path: Path) -> Engine | None:
    """What kind of database a file is, by its first bytes."""
    _plain(path)
    with path.open("rb") as file:
        head = file.read(16)
    return next((engine for engine, at, mark in _MAGIC if head[at : at + len(mark)] == mark), None)


def without_secrets(text: str) -> str:
    """A URL without user, password and options; anything else as it is."""
    if not text.startswith(_SERVERS):
        return text
    url, _, name = text.partition("::")
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"postgresql://{host}{parts.path}" + (f"::{name}" if name else "")


def _refused(place: str, what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW805", place=place, what=what)])
