"""Exports become lists: nothing is lost, what is written is what a batch admits."""

from __future__ import annotations

import csv
import gzip
import io
import json
import stat
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.data.intake.loading import Loaded, load
from mailweave.data.pseudonyms import Pseudonyms
from mailweave.diagnostics import MailweaveError
from mailweave.rules import compile_rules
from tests.data_edge.projects import lines, project

RULES = """
profile {
  id      : key
  email   : text? pii
  orders  : int = 0 min 0
  spent   : money(EUR)?
  born    : date? pii
  joined  : instant?
  country : enum(IE, FR)?
  tags    : set of text
  share   : ratio?
}
consent marketing
event purchase { total: money(EUR), items: int? } keep 90 days
segment a = orders > 1
"""
MAPPING = """
[profile]
files = "crm.csv"
decimal = ","
zone = "Europe/Paris"
[profile.columns]
id = "id"
email = { from = "mail", as = "email" }
orders = "orders"
spent = "spent"
born = { from = "born", format = "%d.%m.%Y" }
joined = "since"
country = { from = "country", synonyms = { FR = ["France"] } }
tags = { from = "tags", split = "|" }
share = "share"
[profile.consent]
marketing = { from = "ok", yes = "ja", no = "nein" }
"""
HEADER = ("id", "mail", "orders", "spent", "born", "since", "country", "tags", "share", "ok")
WHOLE = (
    "1",
    "Ann@Example.com",
    "1.234",
    "12,50",
    "17.05.1990",
    "2026-07-01 09:00",
    "france",
    "a|b",
    "5%",
    "ja",
)


def _csv(*rows: tuple[str, ...], encoding: str = "utf-8", mark: str = ";") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\n").writerows([HEADER, *rows])
    return text.getvalue().encode(encoding)


def _load(folder: Path, content: bytes, mapping: str = MAPPING, out: str = "out.jsonl") -> Loaded:
    return load(project(folder, RULES, mapping, crm_csv=content), folder / out)


def test_a_row_with_everything(tmp_path: Path) -> None:
    (row,) = lines(_load(tmp_path, _csv(WHOLE)).out)
    assert row == {
        "id": "1",
        "email": "Ann@example.com",
        "orders": 1234,
        "spent": "12.50",
        "born": "1990-05-17",
        "joined": "2026-07-01T07:00:00Z",
        "country": "FR",
        "tags": ["a", "b"],
        "share": 0.05,
        "consent": {"marketing": True},
    }


def test_parquet_has_the_same_rows_in_columns_of_their_types(tmp_path: Path) -> None:
    found = _load(tmp_path, _csv(WHOLE, ("2", *[""] * 9)), out="out.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        first, second = connection.execute(f"SELECT * FROM '{found.out}'").fetchall()
    assert first[1:] == (
        "Ann@example.com", 1234, Decimal("12.5"), date(1990, 5, 17), datetime(2026, 7, 1, 7, tzinfo=UTC),
        "FR", ["a", "b"], 0.05, {"marketing": True},
    )  # fmt: skip
    assert second[0] == "2"
    assert set(second[1:]) == {None}


def test_a_batch_takes_what_is_written(tmp_path: Path) -> None:
    from mailweave.batch.sources import Recipients

    for out in ("out.jsonl", "out.parquet"):
        found = _load(tmp_path, _csv(WHOLE, ("2", *[""] * 9)), out=out)
        program = compile_rules(RULES)
        for one in Recipients(found.out, schema=program.schema):
            assert one.refused is None
            admitted = program.admit(one.profile, (), now=datetime(2026, 11, 30, tzinfo=UTC))
            assert ("marketing" in admitted.consents) == (one.key == "1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_marks(encoding: str, mark: str, tmp_path: Path) -> None:
    """The mark is that of the header; the encoding is said."""
    row = ("1", "zoë@example.com", *[""] * 8)
    mapping = MAPPING.replace('decimal = ","', f'decimal = ","\nencoding = "{encoding.removesuffix("-sig")}"')
    (found,) = lines(_load(tmp_path, _csv(row, encoding=encoding, mark=mark), mapping).out)
    assert found["email"] == "zoë@example.com"


@pytest.mark.parametrize("encoding", ["utf_8", "U8", "utf-16-le", "utf-16-be"])
def test_a_mark_of_the_order_of_bytes_is_no_part_of_a_name(encoding: str, tmp_path: Path) -> None:
    content = "\ufeff".encode(encoding) + _csv(("1", *[""] * 9)).decode("utf-8").encode(encoding)
    mapping = MAPPING.replace('decimal = ","', f'decimal = ","\nencoding = "{encoding}"')
    (found,) = lines(_load(tmp_path, content, mapping).out)
    assert found["id"] == "1"


def test_a_number_of_a_gigabyte_is_none(tmp_path: Path) -> None:
    rules = "profile {\n  id : key\n  x : int?\n}\nsegment a = x > 1\n"
    mapping = '[profile]\nfiles = "rows.jsonl"\ncolumns = { id = "id", x = "x" }\n'
    found = load(
        project(tmp_path, rules, mapping, rows_jsonl='{"id": "1", "x": 1e999999999}\n'),
        tmp_path / "out.jsonl",
    )
    assert [reason["kind"] for reason in lines(found.rejects)[0]["reasons"]] == ["number"]


def test_a_packed_export(tmp_path: Path) -> None:
    mapping = project(tmp_path, RULES, MAPPING.replace("crm.csv", "crm.csv.gz"))
    (tmp_path / "crm.csv.gz").write_bytes(gzip.compress(_csv(WHOLE)))
    assert load(mapping, tmp_path / "out.jsonl").counts.written == 1


def test_rows_that_do_not_parse_are_kept_as_they_are(tmp_path: Path) -> None:
    good = ";".join(WHOLE).encode()
    broken = [b"2;too;few", b'3;"a"b' + b";" * 8, b"4;\xff\xfe" + b";" * 8]
    found = _load(tmp_path, _csv() + b"\n".join([broken[0], good, broken[1], broken[2], b"", good]))
    assert (found.counts.rows, found.counts.written, found.counts.rejected) == (5, 2, 3)
    kept = [one["raw"].encode("utf-8", "surrogateescape").rstrip(b"\n") for one in lines(found.rejects)]
    assert kept == broken
    assert [one["line"] for one in lines(found.rejects)] == [2, 4, 5]


def test_a_quote_that_is_never_closed_takes_no_later_file_along(tmp_path: Path) -> None:
    mapping = project(tmp_path, RULES, MAPPING.replace('"crm.csv"', '["crm.csv", "two.csv"]'),
                      crm_csv=_csv() + b'1;"open', two_csv=_csv(WHOLE))  # fmt: skip
    found = load(mapping, tmp_path / "out.jsonl")
    assert (found.counts.written, found.counts.rejected) == (1, 1)


def test_all_reasons_of_a_row_are_told_and_no_value(tmp_path: Path) -> None:
    row = ("5", "no-address", "many", "1.2.3", "1.1.01", "soon", "Mars", "", "7", "jein")
    found = _load(tmp_path, _csv(row))
    (letter,) = lines(found.rejects)
    assert [reason["column"] for reason in letter["reasons"]] == [
        name for name in HEADER if name not in ("id", "tags")
    ]
    assert letter["key"] == "5"
    assert [one.code for one in found.diagnostics] == ["MW832"]
    assert found.diagnostics[0].message.endswith(", ..")  # there are more reasons than it names
    assert dict(zip(HEADER, row, strict=True)) == letter["row"]
    told = json.dumps(letter["reasons"]) + str(found.diagnostics)
    assert not any(value in told for value in row if len(value) > 2)


def test_json_keeps_its_decimals_and_parquet_its_own(tmp_path: Path) -> None:
    mapping = MAPPING.replace("crm.csv", "rows.jsonl")
    rows = '{"id": 7, "spent": 0.1000, "ok": "ja"}\n{"id": 8, "id": 9}\n[1]\n'
    found = load(project(tmp_path, RULES, mapping, rows_jsonl=rows), tmp_path / "out.jsonl")
    assert lines(found.out) == [{"id": "7", "spent": "0.10", "consent": {"marketing": True}}]
    assert found.counts.rejected == 2
    columns = "'1' AS id, 12.5::DECIMAL(9, 2) AS spent, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS since, ['x'] AS tags"
    duckdb.execute(f"COPY (SELECT {columns}) TO '{tmp_path}/rows.parquet'")
    only = MAPPING[: MAPPING.index("email =")] + 'spent = "spent"\njoined = "since"\ntags = "tags"\n'
    found = load(project(tmp_path, RULES, only.replace("crm.csv", "rows.parquet")), tmp_path / "out.jsonl")
    assert lines(found.out) == [
        {"id": "1", "spent": "12.50", "joined": "2026-01-01T00:00:00Z", "tags": ["x"]}
    ]


def test_events_have_their_type_and_their_recipient(tmp_path: Path) -> None:
    mapping = """
[event.purchase]
files = "crm.csv"
columns = { profile = "who", at = "when", total = "sum" }
"""
    content = b"who,when,sum\n1,2026-11-02T10:00:00Z,12.5\n,2026-11-02T10:00:00Z,1\n2,,1\n"
    found = load(project(tmp_path, RULES, mapping, crm_csv=content), tmp_path / "out.jsonl", event="purchase")
    assert lines(found.out) == [
        {"type": "purchase", "profile": "1", "at": "2026-11-02T10:00:00Z", "total": "12.50"}
    ]
    assert [one["reasons"][0]["kind"] for one in lines(found.rejects)] == ["required", "required"]


def test_pseudonyms_are_the_same_in_recipients_and_events(tmp_path: Path) -> None:
    keys = Pseudonyms({"2026": b"k" * 32})
    mapping = MAPPING.replace('id = "id"', 'id = { from = "id", pseudonym = "2026" }')
    made = project(tmp_path, RULES, mapping, crm_csv=_csv(WHOLE, ("2", "x", *[""] * 8)))
    found = load(made, tmp_path / "out.jsonl", pseudonyms=keys)
    assert [row["id"] for row in lines(found.out)] == [keys.of("1", "2026")]
    assert [one["key"] for one in lines(found.rejects)] == [keys.of("2", "2026")]
    assert keys.of("1", "2026") != Pseudonyms({"2026": b"l" * 32}).of("1", "2026")


def test_half_a_character_and_bytes_are_refused_and_kept(tmp_path: Path) -> None:
    """JSON can say one, Parquet has the others; neither is a text."""
    keys = Pseudonyms({"2026": b"k" * 32})
    mapping = MAPPING.replace("crm.csv", "rows.jsonl").replace(
        'id = "id"', 'id = { from = "id", pseudonym = "2026" }'
    )
    rows = '{"id": "\\ud800"}\n{"id": "2", "mail": "a\\udc00@example.com"}\n'
    found = load(project(tmp_path, RULES, mapping, rows_jsonl=rows), tmp_path / "out.jsonl", pseudonyms=keys)
    assert (found.counts.written, found.counts.rejected) == (0, 2)
    assert [one["row"]["id"] for one in lines(found.rejects)] == ["\ud800", "2"]
    duckdb.execute(f"COPY (SELECT '1'::BLOB AS id) TO '{tmp_path}/rows.parquet'")
    only = '[profile]\nfiles = "rows.parquet"\ncolumns = { id = "id" }\n'
    found = load(project(tmp_path, RULES, only), tmp_path / "out.jsonl")
    assert [one["reasons"][0]["kind"] for one in lines(found.rejects)] == ["nested"]


def test_nobody_else_reads_the_files(tmp_path: Path) -> None:
    found = _load(tmp_path, _csv(WHOLE, ("2", "x", *[""] * 8)))
    for path in (found.out, found.rejects):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_load_that_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("before")
    (tmp_path / "out.rejected.jsonl").mkdir()
    with pytest.raises(MailweaveError, match="MW833"):
        _load(tmp_path, _csv(WHOLE))
    assert (tmp_path / "out.jsonl").read_text() == "before"


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    mapping = MAPPING.replace('share = "share"\n', "")
    assert _load(tmp_path, _csv(WHOLE), mapping).unread == ("share",)


CELLS = st.one_of(
    st.sampled_from(
        [*WHOLE, "", " ", "12", "1,5", "x@example.org", "nein", "IE", "01/02/2026", "-1", '"', "n\nl"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[CELLS] * len(HEADER)), max_size=6))
def test_rows_in_are_rows_out_and_refused(rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    """Whatever stands in the cells: each row is in one of the two files, refused to the letter, or admitted by rules."""
    clean = [tuple(cell.replace("\r", "").replace("\0", "") for cell in row) for row in rows]
    content = _csv(*clean).decode("utf-8", "surrogatepass").encode("utf-8", "replace")
    found = _load(tmp_path, content)
    written, letters = lines(found.out), lines(found.rejects)
    given_rows = list(csv.reader(io.StringIO(content.decode()), delimiter=";"))[1:]
    assert found.counts.rows == len(written) + len(letters) == len(given_rows)
    program = compile_rules(RULES)
    for row in written:
        program.admit(row, (), now=datetime(2026, 11, 30, tzinfo=UTC))
    whole = [dict(zip(HEADER, row, strict=True)) for row in given_rows]
    assert all(letter["row"] in whole and letter["reasons"] for letter in letters)


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    """Twenty times the rows take no more than a little more: rows are read, written and forgotten one by one."""
    import tracemalloc

    def peak(rows: int) -> int:
        content = _csv(*[(str(n), f"a{n}@example.com", *WHOLE[2:]) for n in range(rows)])
        mapping: Any = project(tmp_path, RULES, MAPPING, crm_csv=content)
        tracemalloc.start()
        load(mapping, tmp_path / "out.jsonl")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(50)
    assert peak(4_000) < peak(200) + 2_000_000
