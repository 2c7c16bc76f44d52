"""Whatever a list holds: each row of it is read by what was inferred from it, as a batch reads it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.diagnostics import MailweaveError
from mailweave.rules.compiler import compile_rules
from mailweave.scaffold.declarations import declarations
from mailweave.scaffold.inference import infer
from mailweave.scaffold.list_schema import list_schema
from mailweave.schema import types as t

pytest.importorskip("duckdb", reason="needs the extra `batch`")

from mailweave.batch.raw_rows import raw_rows
from mailweave.batch.sources import Recipients
from mailweave.batch.undeclared import compare

PRINTED = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.integers(-(2**63), 2**63 - 1),
    "small": st.integers(0, 3),
    "number": st.floats(-1e9, 1e9, allow_nan=False),
    "money": st.decimals(-10_000, 10_000, places=2).map(str),
    "priced": st.decimals(0, 100, places=2).map(lambda amount: f"{amount} EUR"),
    "date": st.dates().map(str),
    "instant": st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    "moment": st.datetimes().map(str),
    "zeros": st.integers(0, 999).map(lambda n: f"{n:05d}"),
    "few": st.sampled_from(("gold", "free", "club")),
    "member": st.sampled_from(("order", "a-b", "Gold", "gold", "_")),
    "zone": st.sampled_from(("Europe/Paris", "UTC", "Asia/Tokyo")),
    "duration": st.sampled_from(("14 days", "P14D", "1 week")),
    "text": PRINTED,
    "mixed": st.one_of(PRINTED, st.integers(0, 9).map(str), st.sampled_from(("true", "t", "0", "-0", "1e5"))),
    "tags": st.lists(st.sampled_from(("jazz", "folk")), max_size=3),
    "sizes": st.lists(st.integers(0, 9), max_size=3),
    "cart": st.lists(
        st.fixed_dictionaries({"sku": PRINTED}, optional={"qty": st.integers(0, 9)}), max_size=2
    ),
}
NAMES = st.one_of(
    st.sampled_from(("price", "first name", "order", "Zip", "zip", "is_new", "total", "now", "profile.x")),
    PRINTED,
).filter(
    lambda name: (
        not name.casefold().startswith(("consent", "scores", "lists", "mw_")) and name.strip() == name
    )
)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows with a key and an address, and other columns of one kind each, some of their values absent."""
    names = draw(st.lists(NAMES, max_size=4, unique_by=str.casefold))
    kinds = {
        name: draw(st.sampled_from(sorted(VALUES)))
        for name in names
        if name.casefold() not in ("id", "email")
    }
    rows = []
    for number in range(draw(st.integers(1, 8))):
        row: dict[str, Any] = {"id": f"k{number}", "email": f"a{number}@example.org"}
        drawn = {name: draw(st.none() | VALUES[kind]) for name, kind in kinds.items()}
        rows.append(row | {name: value for name, value in drawn.items() if value is not None})
    return rows


def as_csv(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows([["" if name not in row else as_cell(row[name]) for name in names] for row in rows])
    return file.getvalue()


def as_cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(("kind", "written"), [("csv", as_csv), ("jsonl", as_lines)])
@given(rows=tables())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_reads_under_what_was_inferred(kind: str, written: Any, rows: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"people.{kind}"
        path.write_text(written(rows), encoding="utf-8")
        found = list_schema(raw_rows(str(path)), None)
        program = compile_rules("\n".join(declarations(found)) + "\n")
        given = list(Recipients(path, schema=program.schema, key="id"))
        assert len(given) == len(rows)
        for one in given:
            assert one.refused is None
            program.admit(one.profile, one.events, now=0)
        counted = {name: sum(name in row for row in rows) for name in {n for row in rows for n in row}}
        assert compare(program.schema, "id", counted).is_nothing


@pytest.mark.parametrize(
    ("values", "name", "wanted"),
    [
        (["1", "0"], "n", t.Int()),
        (["true", "0"], "b", t.Bool()),
        (["t", "f"], "b", t.Text()),
        (["007", "12"], "n", t.Text()),
        (["-0"], "n", t.Text()),
        (["12", "0.5"], "n", t.Number()),
        (["12", "0.5"], "total_spent", t.Money("EUR")),
        (["12", "13"], "total_spent", t.Int()),
        (["0.12345"], "price", t.Number()),
        (["1 USD", "2.50 USD"], "n", t.Money("USD")),
        (["1 USD", "2.50 EUR"], "n", t.Text()),
        (["12345678901234.5678"], "n", t.Text()),
        (["9223372036854775807"], "n", t.Int()),
        (["9223372036854775808"], "n", t.Text()),
        (["gold", "free", "gold", "free"], "plan", t.Enum(("free", "gold"))),
        (["gold", "free", "gold"], "plan", t.Text()),
        (["gold", "Gold", "gold", "Gold"], "plan", t.Text()),
        (["order", "rank", "order", "rank"], "plan", t.Text()),
        (["Ann", "Bob", "Ann", "Bob"], "first_name", t.Text()),
        (["2026-01-02"], "d", t.Date()),
        (["2026-02-30"], "d", t.Text()),
        (["2026-01-02T10:00Z"], "d", t.Instant()),
        (["2026-01-02T10:00"], "d", t.Text()),
        (["Europe/Paris", "UTC"], "tz", t.Zone()),
        (["UTC"], "tz", t.Text()),
        (['["a"]', "[]"], "tags", t.SetOf(t.Text())),
        (['["a"]', "["], "tags", t.Text()),
    ],
)  # fmt: skip
def test_a_type_is_the_first_that_loses_nothing(values: list[str], name: str, wanted: t.Type) -> None:
    assert infer(name, values, "cells", "EUR") == wanted


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(MailweaveError, match="MW028"):
        list_schema(raw_rows(str(tmp_path / "people.jsonl")), None)
