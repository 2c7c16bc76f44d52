"""A campaign made from a list passes its check, and the whole list is accepted: nothing undeclared, no bad data."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group

pytest.importorskip("duckdb", reason="needs the extra `batch`")

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "new"
LISTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
REFUSED = tomllib.loads((FIXTURES / "refused.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def placed(case: str, name: str) -> list[str]:
    """The list of a case in this folder; one that is written in SQL as Parquet."""
    for found in (FIXTURES / case).glob(f"{name}.*"):
        if found.suffix != ".sql":
            Path(found.name).write_bytes(found.read_bytes())
            return [found.name]
        import duckdb

        query = found.read_text(encoding="utf-8")
        duckdb.sql(f"COPY ({query}) TO '{name}.parquet'")
        return [f"{name}.parquet"]
    return []


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(group, list(words), prog_name="mailweave")
    assert done.exit_code == code, done.output
    return done.output


def declared(rules: str) -> str:
    """What the rules say of the list, and the segments made of it."""
    return rules[rules.index("profile {") : rules.index("\n# ---- who gets no mail")]


@pytest.mark.parametrize("case", LISTS)
def test_the_list_is_accepted_by_what_was_made_of_it(
    case: str, here: Path, golden: Callable[[Path, str], None]
) -> None:
    (people,), events = placed(case, "people"), placed(case, "events")
    beside = [f"--events={name}" for name in events]
    run("new", "mine", "--from", people, *beside)
    golden(FIXTURES / case / "expected.rules", declared((here / "mine" / "mine.rules").read_text("utf-8")))
    run("check", "mine")
    run("format", "--check", "mine")
    run("test", "mine")
    for saved in (here / "mine" / "recipients").iterdir():
        run("render", "mine", "--profile", str(saved))
        assert json.loads((here / "out/render/decision.json").read_bytes())["status"] == "rendered"
    assert "error" not in run("segments", "mine")
    run("batch", "mine", "--profiles", people, *beside, "--out", "out/batch", "--workers", "1", "--strict")
    report = json.loads((here / "out/batch/report.json").read_bytes())
    assert (report["dead"], report["recipients"]) == (0, report["input_rows"])


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_what_cannot_be_declared_is_refused_by_name(case: dict[str, str], here: Path) -> None:
    words = []
    for name in ("people", "events"):
        if name in case:
            Path(f"{name}.jsonl").write_text(case[name].strip() + "\n", encoding="utf-8")
            words += ["--from" if name == "people" else "--events", f"{name}.jsonl"]
    said = run("new", "mine", *words, code=1)
    assert "MW028" in said
    assert [part for part in case["says"] if part not in said] == []
    assert not (here / "mine").exists()


def test_moments_of_columns_without_a_zone_are_refused(here: Path) -> None:
    import duckdb

    duckdb.sql("COPY (SELECT 'a' AS id, TIMESTAMP '2026-11-01 10:00' AS seen) TO 'people.parquet'")
    assert "`seen` holds moments without a zone" in run("new", "mine", "--from", "people.parquet", code=1)


def test_a_list_that_is_not_there_is_refused(here: Path) -> None:
    assert "MW001" in run("new", "mine", "--from", "people.csv", code=1)
    assert "--from" in run("new", "mine", "--events", "events.csv", code=2)
    assert not (here / "mine").exists()


def test_values_that_are_no_addresses_are_told(here: Path) -> None:
    rows = [{"id": str(n), "email": f"a{n}@example.org" if n else "nobody"} for n in range(4)]
    Path("people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run("new", "mine", "--from", "people.jsonl")
    assert "# 1 of them hold no address" in (here / "mine" / "campaign.toml").read_text("utf-8")


def test_nobody_of_the_list_is_copied(here: Path) -> None:
    (people,) = placed("shop", "people")
    run("new", "mine", "--from", people)
    written = "".join(file.read_text("utf-8") for file in (here / "mine").rglob("*.*") if file.is_file())
    assert not [
        word for word in ("bob@example.org", "dee@example.org", "0001", "Cy", "01234") if word in written
    ]
