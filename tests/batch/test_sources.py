"""A list is the same list wherever it lies; what is wrong with a place is said, and never the password."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mailweave.batch.ledger import BatchError
from mailweave.batch.locations import Files, Table, locate, without_secrets
from mailweave.batch.precomputed_masks import Answers
from mailweave.batch.sources import Recipients
from mailweave.batch.stage_reader import Stage
from mailweave.batch.stage_writer import Staged, stage
from mailweave.decisions import DecisionProgram, compile_decisions
from mailweave.diagnostics import MailweaveError
from mailweave.rules import BadData
from mailweave.source import Source

NOW = "2026-11-22T09:00Z"
RULES = """
ruleset "shop" version 1
profile {
  id        : key
  name      : text?
  orders    : int min 0
  share     : ratio = 0.5
  spent     : money(USD)
  is_member : bool
  born      : date?
  joined    : instant
  interests : set of text
  basket    : list of { sku: text, price: money(USD) }
}
event purchase { total: money(USD), gift: bool = false } keep forever
consent marketing
score churn : number ttl 7 days else 0
segment buyers = orders >= 1
"""
PEOPLE: list[dict[str, Any]] = [
    {
        "id": f"{n:05d}",
        "name": name,
        "orders": n,
        "share": n / 4,
        "spent": f"{n * 10}.50",
        "is_member": n % 2 == 0,
        "born": "1980-02-29" if n else None,
        "joined": "2026-01-05T10:00:00.123456Z",
        "interests": ["jazz", "naïve"][:n],
        "basket": [{"sku": "CD-1", "price": "3.50"}] * n,
        "consent": {"marketing": n > 0},
        "scores": {"churn": {"value": n / 8, "at": "2026-11-21T00:00:00Z"}},
    }
    for n, name in enumerate(["Zoë", "0012", 'a,"b";\n|c', None])
]
EVENTS: list[dict[str, Any]] = [
    {
        "profile": f"{n:05d}",
        "type": "purchase",
        "at": f"2026-10-0{n + 1}T00:00:00Z",
        "total": "9.99",
        "gift": n > 1,
    }
    for n in range(4)
    for _ in range(n)
]
Lists = tuple[str, str]


def dumped(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def as_lines(folder: Path) -> Lists:
    made = []
    for name, rows in (("people", PEOPLE), ("events", EVENTS)):
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        made.append(str(path))
    return made[0], made[1]


def as_cells(folder: Path, mark: str = ",", suffix: str = "csv") -> Lists:
    import csv

    made = []
    for name, rows in (("people", PEOPLE), ("events", EVENTS)):
        path = folder / f"{name}.{suffix}"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=mark)
            writer.writeheader()
            writer.writerows({k: dumped(v) for k, v in row.items()} for row in rows)
        made.append(str(path))
    return made[0], made[1]


def as_packed(folder: Path) -> Lists:
    made = []
    for name in as_cells(folder, ";"):
        packed = Path(f"{name}.gz")
        with Path(name).open("rb") as plain, gzip.open(packed, "wb") as file:
            shutil.copyfileobj(plain, file)
        made.append(str(packed))
    return made[0], made[1]


def as_dotted(folder: Path) -> Lists:
    """Members of records in columns of their own."""
    import csv

    people, events = as_cells(folder)
    rows = [
        {
            **{k: dumped(v) for k, v in row.items() if k not in ("consent", "scores")},
            "consent.marketing": dumped(row["consent"]["marketing"]),
            "scores.churn.value": dumped(row["scores"]["churn"]["value"]),
            "scores.churn.at": row["scores"]["churn"]["at"],
        }
        for row in PEOPLE
    ]
    with Path(people).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return people, events


def as_sqlite(folder: Path) -> Lists:
    path = folder / "shop.sqlite"
    with sqlite3.connect(path) as connection:
        for name, rows in (("people", PEOPLE), ("events", EVENTS)):
            connection.execute(f"CREATE TABLE {name} ({', '.join(rows[0])})")
            given = [
                [v if isinstance(v, bool | int | float) else dumped(v) for v in row.values()] for row in rows
            ]
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", given)
    connection.close()
    return f"{path}::people", f"{path}::events"


TYPES = {
    "at": "TIMESTAMPTZ",
    "joined": "TIMESTAMPTZ",
    "born": "DATE",
    "total": "DECIMAL(18, 4)",
    "orders": "INT",
}
TYPES |= {"spent": "DECIMAL(18, 4)", "is_member": "BOOLEAN", "gift": "BOOLEAN", "share": "DOUBLE PRECISION"}
IN_DUCKDB = {
    "interests": "VARCHAR[]",
    "basket": "STRUCT(sku VARCHAR, price DECIMAL(18, 4))[]",
    "consent": "STRUCT(marketing BOOLEAN)",
    "scores": 'STRUCT(churn STRUCT("value" DOUBLE, "at" TIMESTAMPTZ))',
}
IN_POSTGRES = {"interests": "TEXT[]", "basket": "JSONB", "consent": "JSONB", "scores": "JSONB"}


def as_duckdb(folder: Path) -> Lists:
    people, events = as_lines(folder)
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, source, rows in (("people", people, PEOPLE), ("events", events, EVENTS)):
            kinds = {column: (TYPES | IN_DUCKDB).get(column, "VARCHAR") for column in rows[0]}
            columns = ", ".join(f"'{column}': '{kind}'" for column, kind in kinds.items())
            connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_json('{source}', columns = {{{columns}}})"
            )
    return f"{path}::people", f"{path}::main.events"


def as_parquet(folder: Path) -> Lists:
    """In two files, which a glob names."""
    database = as_duckdb(folder)[0].split("::")[0]
    with duckdb.connect(database) as connection:
        for part in (0, 1):
            connection.execute(
                f"COPY (FROM people WHERE orders % 2 = {part}) TO '{folder}/people{part}.parquet' (FORMAT parquet)"
            )
        connection.execute(f"COPY events TO '{folder}/events.parquet' (FORMAT parquet)")
    return f"{folder}/people*.parquet", f"{folder}/events.parquet"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A database on a server, or a skip."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    if "PGHOST" not in os.environ:
        pytest.skip("no Postgres server: PGHOST is not set")
    try:
        connection = psycopg.connect("dbname=postgres", autocommit=True)
    except psycopg.Error:
        pytest.skip("no Postgres server answers")
    schema = f"mailweave_{os.getpid()}"
    connection.execute(f"CREATE SCHEMA {schema}")
    yield schema
    connection.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()


def in_postgres(schema: str, *, backwards: bool = False, suffix: str = "") -> Lists:
    import psycopg

    with psycopg.connect("dbname=postgres") as connection:
        for name, rows in (("people", PEOPLE), ("events", EVENTS)):
            kinds = {column: (TYPES | IN_POSTGRES).get(column, "TEXT") for column in rows[0]}
            connection.execute(f"DROP TABLE IF EXISTS {schema}.{name}{suffix}")
            connection.execute(
                f"CREATE TABLE {schema}.{name}{suffix} ({', '.join(f'{n} {k}' for n, k in kinds.items())})"
            )
            values = ", ".join("%s" for _ in kinds)
            for row in reversed(rows) if backwards else rows:
                given = [json.dumps(v) if kinds[n] == "JSONB" else v for n, v in row.items()]
                connection.execute(f"INSERT INTO {schema}.{name}{suffix} VALUES ({values})", given)
    return (
        f"postgresql:///postgres::{schema}.people{suffix}",
        f"postgresql:///postgres::{schema}.events{suffix}",
    )


# ---- what is read


def read(folder: Path, lists: Lists, decisions: DecisionProgram) -> tuple[Staged, list[Any]]:
    """What the rules and the templates see of everybody, by key."""
    folder.mkdir()
    found = stage(folder, [lists[0]], [lists[1]], "id", "refuse")
    program = decisions.program
    reader = Stage(folder, found.shape, program.schema, "id", Answers())
    seen = []
    for _, _, who in reader.read(0, found.recipients):
        assert who is not None
        admitted = program.admit(who.profile, who.events, now=NOW)
        events = sorted(admitted.rows["purchase"])
        views = (program.liquid_view(admitted), program.scores_view(admitted))
        seen.append((who.key, *views, admitted.consents, events))
    reader.close()
    return found, seen


@pytest.fixture(scope="module")
def decisions() -> DecisionProgram:
    return compile_decisions(Source("shop.rules", RULES))


@pytest.fixture(scope="module")
def wanted(decisions: DecisionProgram, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("lines")
    found, seen = read(folder / "stage", as_lines(folder), decisions)
    assert (found.recipients, found.orphans) == (4, 0)
    assert seen[1][0] == "00001"
    assert seen[1][1]["name"] == "0012"  # a text is never taken for a number
    return seen


@pytest.mark.parametrize(
    "written", [as_cells, as_packed, as_dotted, as_sqlite, as_duckdb, as_parquet], ids=lambda f: f.__name__
)
def test_a_list_is_the_same_wherever_it_lies(
    tmp_path: Path, decisions: DecisionProgram, wanted: list[Any], written: Callable[[Path], Lists]
) -> None:
    lists = written(tmp_path)
    assert read(tmp_path / "stage", lists, decisions)[1] == wanted
    first = next(iter(Recipients(*lists, schema=decisions.program.schema)))
    assert (
        decisions.program.liquid_view(decisions.program.admit(first.profile, first.events, now=NOW))
        == wanted[0][1]
    )


@pytest.mark.postgres
def test_a_list_on_a_server(
    tmp_path: Path, decisions: DecisionProgram, wanted: list[Any], server: str
) -> None:
    found, seen = read(tmp_path / "one", in_postgres(server), decisions)
    assert seen == wanted
    # the order of the rows of a table means nothing, neither to the digest nor to the numbers
    other, again = read(tmp_path / "two", in_postgres(server, backwards=True, suffix="_2"), decisions)
    assert again == wanted
    assert other == found


@pytest.mark.postgres
def test_a_changed_row_on_a_server_changes_the_digest(
    tmp_path: Path, decisions: DecisionProgram, server: str
) -> None:
    import psycopg

    lists = in_postgres(server, suffix="_3")
    before = read(tmp_path / "one", lists, decisions)[0].digest
    with psycopg.connect("dbname=postgres") as connection:
        connection.execute(f"UPDATE {server}.events_3 SET total = 10 WHERE profile = '00003'")
    assert read(tmp_path / "two", lists, decisions)[0].digest != before


@pytest.mark.parametrize("written", [as_lines, as_cells, as_sqlite, as_duckdb], ids=lambda f: f.__name__)
def test_the_digest_is_that_of_the_content(
    tmp_path: Path, decisions: DecisionProgram, written: Callable[[Path], Lists]
) -> None:
    digests = []
    for name, change in (("one", ""), ("two", ""), ("three", "x")):
        folder = tmp_path / name
        folder.mkdir()
        kept = PEOPLE[0]["name"]
        PEOPLE[0]["name"] = kept + change
        try:
            lists = written(folder)
        finally:
            PEOPLE[0]["name"] = kept
        digests.append(read(folder / "stage", lists, decisions)[0].digest)
    if written is not as_duckdb:  # whose files hold more than their rows
        assert digests[0] == digests[1]
    assert digests[0] != digests[2]


# ---- what is wrong


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


GOOD = '{"id": "1", "orders": 1}\n'
WRONG: list[tuple[str, str | bytes, str, str]] = [
    ("people.csv", "ident,orders\n1,2\n", "MW809", "`id`"),
    ("people.csv", "", "MW809", "`id`"),
    ("people.csv", "id,orders\n1,2\n2,3,4,5\n", "MW805", "cannot be read"),
    ("people.csv", b"id,orders\n1,\xff\n", "MW805", "cannot be read"),
    ("people.parquet", "nothing", "MW805", "cannot be read"),
    ("people.txt", "id\n1\n", "MW805", "of these kinds"),
    ("people.jsonl", GOOD + GOOD, "MW806", "1 recipients"),
    ("people.csv", "id,orders\ncaf\u00e9,1\ncafe\u0301,2\n", "MW806", "1 recipients"),
]


@pytest.mark.parametrize(("name", "content", "code", "said"), WRONG)
def test_what_is_wrong_with_a_list_is_said(
    tmp_path: Path, name: str, content: str | bytes, code: str, said: str
) -> None:
    with pytest.raises(MailweaveError) as raised:
        stage(tmp_path, [write(tmp_path / name, content)], [], "id", "refuse")
    (found,) = raised.value.diagnostics
    assert found.code == code
    assert said in found.message


@pytest.mark.parametrize(
    ("name", "content"), [("e.csv", "who,type,at\n1,x,2026-01-01T00:00Z\n"), ("e.jsonl", '{"type": "x"}\n')]
)
def test_events_of_nobody_at_all_are_refused(tmp_path: Path, name: str, content: str) -> None:
    people, events = write(tmp_path / "people.jsonl", GOOD), write(tmp_path / name, content)
    with pytest.raises(BatchError, match="MW809") as raised:
        stage(tmp_path, [people], [events], "id", "refuse")
    assert "`profile`" in raised.value.diagnostics[0].message


def test_events_of_people_who_are_not_on_the_list_are_counted(tmp_path: Path) -> None:
    people = write(tmp_path / "people.jsonl", GOOD)
    events = write(tmp_path / "e.csv", "profile,type,at\n1,x,2026-01-01T00:00Z\n2,x,2026-01-01T00:00Z\n")
    assert stage(tmp_path, [people], [events], "id", "refuse").orphans == 1


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    assert stage(tmp_path, [write(tmp_path / "p.jsonl", "")], [], "id", "refuse").recipients == 0


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["nowhere/*.parquet"], "the list is missing"),
        (["nowhere.sqlite::people"], "the list is missing"),
        (["postgresql://me:secret@db.example.com/shop"], "postgresql://db.example.com/shop::table"),
        (["a.csv", "b.duckdb::people"], "one table, or files"),
        (["."], "is a folder"),
    ],
)
def test_what_is_wrong_with_a_place_is_said(patterns: list[str], said: str) -> None:
    with pytest.raises(MailweaveError) as raised:
        locate(patterns)
    assert said in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_database_wants_a_table(tmp_path: Path) -> None:
    path = as_sqlite(tmp_path)[0].split("::")[0]
    with pytest.raises(MailweaveError, match="name its table too"):
        locate([path])
    with pytest.raises(MailweaveError, match="no such table"):
        stage(tmp_path, [f"{path}::nobody"], [], "id", "refuse")


def test_places_are_named_without_secrets() -> None:
    url = "postgres://me:secret@db.example.com:5433/shop?password=secret::people"
    table = locate([url])
    assert isinstance(table, Table)
    assert table.shown == "postgresql://db.example.com:5433/shop::people"
    assert "secret" not in repr(table) + without_secrets(url)


def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(BatchError, match="MW805") as raised:
        stage(tmp_path, ["postgresql://me:secret@127.0.0.1:1/shop::people"], [], "id", "refuse")
    assert "127.0.0.1" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_exact_name_is_no_glob(tmp_path: Path) -> None:
    path = write(tmp_path / "people[1].csv", "id\n1\n")
    assert locate([path]) == Files("csv", (Path(path),))


def test_keys_that_are_numbers_are_read_as_texts(tmp_path: Path, decisions: DecisionProgram) -> None:
    path = write(tmp_path / "people.jsonl", '{"id": 7}\n{"id": 7.5}\n{"id": true}\n')
    found = stage(tmp_path, [path], [], "id", "refuse")
    reader = Stage(tmp_path, found.shape, decisions.program.schema, "id", Answers())
    keys = [who.profile["id"] for _, _, who in reader.read(0, 3) if who is not None]
    assert keys == ["7", 7.5, True]  # what is no whole number is refused by admission


def test_a_cell_that_does_not_read_is_refused_by_name(tmp_path: Path, decisions: DecisionProgram) -> None:
    people, _ = as_cells(tmp_path)
    text = Path(people).read_text(encoding="utf-8").replace(",2,0.5,", ",two,0.5,")
    path = write(tmp_path / "wrong.csv", text)
    found = stage(tmp_path, [path], [], "id", "refuse")
    reader = Stage(tmp_path, found.shape, decisions.program.schema, "id", Answers())
    who = [one for _, _, one in reader.read(0, 4)][2]
    assert who is not None
    with pytest.raises(BadData, match="orders is not a whole number"):
        decisions.program.admit(who.profile, now=NOW)


def test_one_of_the_list_is_read_as_a_batch_reads_them(tmp_path: Path, decisions: DecisionProgram) -> None:
    lines = [
        '{"id": 7, "name": "Ann"}',
        '{"id": "e\u0301", "name": "Bea"}',
        '{"id": "d", "name": 1, "name": 2}',
    ]
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    events = tmp_path / "events.jsonl"
    told = '"type": "purchase", "at": "2026-01-01T00:00Z"'
    happened = (f'{{"profile": 7, {told}}}', f'{{"profile": "\u00e9", {told}, "total": NaN}}')
    events.write_text("\n".join(happened), encoding="utf-8")
    listed = Recipients(path, events, schema=decisions.program.schema)
    one, other, third = listed.get("7"), listed.get("e\u0301"), listed.get("d")
    assert one is not None
    assert (one.profile, len(one.events)) == ({"id": "7", "name": "Ann"}, 1)
    assert other is not None
    assert "events" in str(other.refused)
    assert third is not None
    assert str(third.refused) == "id stands in a line that is no JSON object"
    assert [str(each.refused) for each in listed] == ["None", str(third.refused), str(other.refused)]
