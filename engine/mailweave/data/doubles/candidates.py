"""Which rows are worth comparing: those with a key in common, and those that share a rare piece of name and address.

DuckDB keeps and joins them in a file, so that a list may be larger than memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mailweave.data.doubles.likeness import Person
from mailweave.data.doubles.person_rows import PersonRow

if TYPE_CHECKING:
    import duckdb

LARGEST_BLOCK: Final = 60
"""A piece that more rows share says too little: such rows meet by their other pieces."""
LARGEST_GROUP: Final = 20
"""More rows than this with one key are no doubles of each other, but rows with a key that is nobody's."""
_AT_ONCE: Final = 20_000
_MEMORY: Final = "512MB"
_PREFIX: Final = 3
_COLUMNS: Final = ("place", "digest", "key", "email", "phone", "names", "address", "differ")


class Pair(NamedTuple):
    """Two rows that may be one person: their places and digests, who they are, the keys that they share."""

    first: int
    second: int
    digests: tuple[str, str]
    people: tuple[Person, Person]
    shared: tuple[str, ...]


class Candidates:
    """The rows of a list, and the pairs of them that are worth comparing."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE people (place BIGINT, digest VARCHAR, key VARCHAR, email VARCHAR, phone VARCHAR, "
                           "names VARCHAR[], address VARCHAR, differ VARCHAR[])")  # fmt: skip
        connection.execute("CREATE TABLE blocks (place BIGINT, block VARCHAR)")
        connection.execute("CREATE TABLE pairs (first BIGINT, second BIGINT, shared VARCHAR)")

    def add(self, rows: Iterable[PersonRow]) -> tuple[int, int]:
        """Takes all rows of a list. How many there are, and how many are no JSON object."""
        count = unread = 0
        rows = iter(rows)
        while some := list(islice(rows, _AT_ONCE)):
            people = [row for row in some if row.members is not None]
            count, unread = count + len(some), unread + len(some) - len(people)
            self._insert("people", _COLUMNS, [_cells(row) for row in people])
            self._insert(
                "blocks", ("place", "block"), [(row.at, one) for row in people for one in blocks(row.person)]
            )
        self._pair()
        return count, unread

    def _insert(self, table: str, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        import pyarrow as pa

        if rows:
            batch = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
            self._connection.register("mw_given", batch)
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM mw_given")
            self._connection.unregister("mw_given")

    def _pair(self) -> None:
        run = self._connection.execute
        for key in ("key", "email", "phone"):
            run(f"INSERT INTO pairs SELECT a.place, b.place, '{key}' FROM people a JOIN people b ON a.{key} = b.{key} "
                f"AND a.place < b.place WHERE a.{key} IN (SELECT {key} FROM people GROUP BY {key} "
                f"HAVING count(*) BETWEEN 2 AND {LARGEST_GROUP})")  # fmt: skip
        run(
            f"CREATE TABLE rare AS SELECT block FROM blocks GROUP BY block HAVING count(*) BETWEEN 2 AND {LARGEST_BLOCK}"
        )
        run("INSERT INTO pairs SELECT DISTINCT a.place, b.place, NULL FROM blocks a JOIN rare USING (block) "
            "JOIN blocks b ON a.block = b.block AND a.place < b.place")  # fmt: skip

    @property
    def crowded(self) -> dict[str, int]:
        """Rows by the kind of key that more rows share than doubles do; they are not compared by it."""
        found = {}
        for key in ("key", "email", "phone"):
            many = f"SELECT count(*) AS n FROM people WHERE {key} IS NOT NULL GROUP BY {key} HAVING n > {LARGEST_GROUP}"
            found[key] = int(
                self._connection.execute(f"SELECT coalesce(sum(n), 0) FROM ({many})").fetchall()[0][0]
            )
        return {key: count for key, count in found.items() if count}

    @property
    def uncompared(self) -> int:
        """Rows of which every piece is too frequent, so that likeness was not asked."""
        query = (
            "SELECT count(*) FROM (SELECT place FROM blocks LEFT JOIN (SELECT block FROM blocks GROUP BY block "
            f"HAVING count(*) > {LARGEST_BLOCK}) big USING (block) GROUP BY place HAVING count(*) = count(big.block))"
        )
        return int(self._connection.execute(query).fetchall()[0][0])

    def __iter__(self) -> Iterator[Pair]:
        """The pairs, in the order of their rows."""
        told = "string_agg(DISTINCT shared, ' ' ORDER BY shared)"
        people = ", ".join(
            f"{side}.{name}" for side in "ab" for name in ("digest", "names", "address", "differ")
        )
        found = self._connection.cursor().sql(
            f"SELECT first, second, shared, {people} FROM (SELECT first, second, {told} AS shared FROM pairs "
            "GROUP BY first, second) JOIN people a ON a.place = first JOIN people b ON b.place = second "
            "ORDER BY first, second"
        )
        for batch in found.to_arrow_reader(_AT_ONCE):
            columns = [column.to_pylist() for column in batch.columns]
            yield from (_pair(*row) for row in zip(*columns, strict=True))


def blocks(person: Person) -> Iterator[str]:
    """Pieces of which doubles share one, whatever is misspelt in the others: the beginning of a part of the name with a
    word of the address, or with a value of which people have one.

    >>> list(blocks(Person(("ann", "miller"), "12 high", ("1990",))))
    ['ann 12', 'ann high', 'ann =1990', 'mil 12', 'mil high', 'mil =1990']
    """
    words = [*person.address.split(), *(f"={value}" for value in person.differ if value is not None)]
    starts = dict.fromkeys(word[:_PREFIX] for part in person.names for word in part.split())
    yield from dict.fromkeys(f"{start} {word}" for start in starts for word in words)


def _cells(row: PersonRow) -> tuple[Any, ...]:
    names, address, differ = row.person
    return (row.at, row.digest, row.key, row.email, row.phone, list(names), address, list(differ))


def _pair(first: int, second: int, shared: str | None, *cells: Any) -> Pair:
    one, other = cells[:4], cells[4:]
    people = tuple(Person(tuple(names), address, tuple(differ)) for _, names, address, differ in (one, other))
    return Pair(first, second, (one[0], other[0]), (people[0], people[1]), tuple((shared or "").split()))


def store(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in a file of a folder."""
    import duckdb

    return duckdb.connect(
        str(folder / "doubles.duckdb"), config={"memory_limit": _MEMORY, "preserve_insertion_order": "false"}
    )
