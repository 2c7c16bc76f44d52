"""mailweave score: features before a cut, a judgement behind it, a card, and rules that ask for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group
from mailweave.decisions import compile_decisions
from mailweave.insight.histories import NEVER, Features, Histories
from mailweave.insight.propensity import fit, judge

pytest.importorskip("sklearn")
ROOT = Path(__file__).resolve().parents[2]
LEARNED = ROOT / "fixtures" / "campaigns" / "learned"
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 360


def people(number: int = 1_200) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{at:05d}",
            "email": f"p{at}@example.com",
            "orders": 1,
            "interests": [],
            "consent": {"marketing": True},
        }
        for at in range(number)
    ]


def happened(number: int = 1_200, seed: int = 3) -> list[dict[str, Any]]:
    """Some buy often and some hardly ever, all year."""
    drawn = np.random.default_rng(seed)
    made = []
    for at in range(number):
        rate, spends = (0.02 if at % 3 == 0 else 0.002), float(drawn.gamma(4))
        for day in np.flatnonzero(drawn.random(DAYS) < rate):
            moment = START + timedelta(days=int(day), hours=9)
            made.append(
                {
                    "profile": f"{at:05d}",
                    "type": "purchase",
                    "at": moment.isoformat(),
                    "total": 10 + 20 * float(drawn.gamma(2)) * spends,
                }
            )
    return made


@pytest.fixture
def given(tmp_path: Path) -> tuple[Path, str, str]:
    folder = Path(shutil.copytree(LEARNED, tmp_path / "campaign"))
    (folder / "with_scores.rules").write_text(
        "score churn : ratio ttl 30 days else unknown\nscore worth : number ttl 30 days else 0\n"
        "segment lapsing = score.churn >= 0.5\n",
        encoding="utf-8",
    )
    written = []
    for name, rows in (("people", people()), ("events", happened())):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        written.append(str(file))
    return folder, written[0], written[1]


def run(given: tuple[Path, str, str], out: Path, *more: str) -> tuple[int, str]:
    folder, profiles, events = given
    asked = ["score", str(folder), "--profiles", profiles, "--events", events, "--out", str(out)]
    done = CliRunner().invoke(group, [*asked, *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_features_are_those_of_a_count_by_hand(given: tuple[Path, str, str]) -> None:
    folder, profiles, events = given
    schema = compile_decisions((folder / "shop.rules").read_text(encoding="utf-8")).program.schema
    cut = START + timedelta(days=300)
    with duckdb.connect() as connection:
        histories = Histories(connection, schema, [profiles], [events])
        found = histories.features(cut)
        did = histories.did("purchase", cut, cut + timedelta(days=30))
    for place in range(0, 1_200, 37):
        mine = [datetime.fromisoformat(e["at"]) for e in happened() if e["profile"] == histories.keys[place]]
        ago = [(cut - at) / timedelta(days=1) for at in mine if at < cut]
        row = dict(zip(found.names, found.rows[place], strict=True))
        assert row["days since the last purchase"] == pytest.approx(min(ago, default=NEVER))
        for days in (30, 90, 365):
            assert row[f"purchase in {days} days"] == sum(one <= days for one in ago)
        assert row["purchase.total in 365 days"] == pytest.approx(
            sum(
                e["total"]
                for e in happened()
                if e["profile"] == histories.keys[place] and e["at"] < cut.isoformat()
            )
        )
        assert did[place] == any(cut <= at < cut + timedelta(days=30) for at in mine)


def test_a_score_is_written_with_its_card_and_read_by_the_rules(
    given: tuple[Path, str, str], tmp_path: Path
) -> None:
    folder, _, _ = given
    out = tmp_path / "scored.jsonl"
    code, told = run(given, out, "--score", "churn", "--horizon", "90")
    assert "AUC 0." in told, told
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 1_200
    values = {row["id"]: row.get("scores.churn.value") for row in rows}
    often = [values[f"{at:05d}"] for at in range(0, 1_200, 3)]
    seldom = [one for at in range(1_200) if at % 3 and (one := values[f"{at:05d}"]) is not None]
    assert max(filter(None, often)) < 1
    assert np.mean([one for one in often if one is not None]) < np.mean(seldom) - 0.3
    card = json.loads((folder / "models" / "churn.json").read_text(encoding="utf-8"))
    assert card["judged"]["auc"] > 0.75
    assert (folder / "models" / "churn.md").read_text(encoding="utf-8").startswith("# churn\n")
    reasons = [
        json.loads(line) for line in (tmp_path / "scored.reasons.jsonl").read_text("utf-8").splitlines()
    ]
    assert all(one["reasons"] for one in reasons)
    assert "MW887" in {one.code for one in Environment().check(folder)}  # of `worth`, which has no card yet
    assert (
        "MW791" in run(given, tmp_path / "worth.parquet", "--score", "worth", "--model", "value")[1]
    )  # nobody leaves
    by_hand = {
        "score": "worth",
        "model": "a team of ours",
        "event": "purchase",
        "horizon_days": 90,
        "people": 9,
    }
    by_hand |= {"trained_until": "2026-01-01", "judged_until": "2026-04-01"}
    (folder / "models" / "worth.json").write_text(json.dumps(by_hand), encoding="utf-8")
    assert "MW887" not in {one.code for one in Environment().check(folder)}
    done = CliRunner().invoke(
        group, ["segments", str(folder), "--profiles", str(out), "--events", given[2], "--now", "2026-12-28"]
    )
    assert "lapsing" in done.output
    assert code in (0, 1)


def test_a_model_that_is_no_better_keeps_the_one_in_use(given: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, _, _ = given
    run(given, tmp_path / "one.parquet", "--score", "churn")
    before = (folder / "models" / "churn.json").read_bytes()
    code, told = run(given, tmp_path / "two.parquet", "--score", "churn")
    assert (code, "MW884" in told) == (1, True)
    assert (folder / "models" / "churn.json").read_bytes() == before
    assert (tmp_path / "two.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--score", "chrn"], 1, "MW886"),
        (["--score", "churn", "--event", "visit"], 1, "MW886"),
        (["--score", "churn", "--horizon", "0"], 2, "--horizon"),
        (["--score", "churn", "--horizon", "3000"], 1, "MW882"),
    ],
)
def test_what_cannot_be_scored_is_said(
    arguments: list[str], code: int, says: str, given: tuple[Path, str, str], tmp_path: Path
) -> None:
    assert (code, True) == ((found := run(given, tmp_path / "x.parquet", *arguments))[0], says in found[1]), (
        found
    )


def test_a_card_of_something_else_is_not_replaced(given: tuple[Path, str, str], tmp_path: Path) -> None:
    run(given, tmp_path / "one.parquet", "--score", "churn")
    code, told = run(given, tmp_path / "two.parquet", "--score", "churn", "--horizon", "60")
    assert (code, "MW883" in told) == (1, True)
    (given[0] / "models" / "churn.json").write_text("{", encoding="utf-8")
    assert "MW883" in run(given, tmp_path / "two.parquet", "--score", "churn")[1]


def test_another_population_is_told(given: tuple[Path, str, str]) -> None:
    folder, profiles, events = given
    schema = compile_decisions((folder / "shop.rules").read_text(encoding="utf-8")).program.schema
    with duckdb.connect() as connection:
        features = Histories(connection, schema, [profiles], [events]).features(START + timedelta(days=300))
    target = features.rows[:, features.names.index("purchase in 365 days")] > 2
    model = fit(features, target)
    assert max(model.drift(features).values()) < 1e-9
    moved = features._replace(rows=features.rows * 3)
    assert max(model.drift(moved).values()) > 0.25
    assert judge(model.chances(features), target).auc > 0.95
    parts = model.parts(features).sum(axis=1) + model.intercept
    assert np.allclose(1 / (1 + np.exp(-parts)), model.chances(features))


def test_the_value_of_customers_of_cdnow(given: tuple[Path, str, str], tmp_path: Path) -> None:
    lists = [str(ROOT / "fixtures" / "cdnow" / f"{name}.parquet") for name in ("profiles", "events")]
    code, told = run((given[0], *lists), tmp_path / "worth.parquet", "--score", "worth", "--model", "value")  # type: ignore[arg-type]
    facts = dict(
        line.strip().split(": ")
        for line in told.splitlines()
        if ": 0." in line or ": 2.1" in line or ": 2.4" in line
    )
    assert code == 0
    assert float(facts["rank_correlation"]) > 0.3
    assert float(facts["foretold"]) == pytest.approx(float(facts["spent"]), rel=0.2)


ODD: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "events that come twice": lambda rows: rows * 2,
    "amounts that are no numbers": lambda rows: [*rows, rows[0] | {"id": "nan", "total": "NaN"}],
    "amounts without an end": lambda rows: [*rows, rows[0] | {"id": "inf", "total": "Infinity"}],
    "moments that no calendar has": lambda rows: [
        *rows,
        *(
            rows[0] | {"id": at, "at": at}
            for at in ("infinity", "9999-12-31T23:59:59Z", "20000-01-01T00:00Z")
        ),
    ],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_events_change_no_feature_but_what_they_say(name: str, given: tuple[Path, str, str]) -> None:
    folder, profiles, events = given
    schema = compile_decisions((folder / "shop.rules").read_text(encoding="utf-8")).program.schema
    rows = [{**one, "id": str(at)} for at, one in enumerate(happened())]

    def features(rows: list[dict[str, Any]]) -> Features:
        Path(events).write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        with duckdb.connect() as connection:
            return Histories(connection, schema, [profiles], [events]).features(START + timedelta(days=300))

    plain, odd = features(rows), features(ODD[name](rows))
    assert np.isfinite(odd.rows).all()
    same = np.isclose(plain.rows, odd.rows).all(axis=1)
    assert (~same).sum() <= ("amounts" in name)


KEYLESS = (
    '{"email":"x@example.com"}',
    '{"id":"","email":"y@example.com"}',
    '["z@example.com"]',
)


def test_a_list_keeps_rows_that_have_no_key(given: tuple[Path, str, str], tmp_path: Path) -> None:
    with Path(given[1]).open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in KEYLESS))
    run(given, tmp_path / "out.jsonl", "--score", "churn")
    written = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert len(written) == len(people()) + len(KEYLESS)
    assert set(KEYLESS) <= set(written)


def test_a_list_with_a_torn_line_is_refused(given: tuple[Path, str, str], tmp_path: Path) -> None:
    with Path(given[1]).open("a", encoding="utf-8") as file:
        file.write('\n{"id": "secret", torn\n')
    code, told = run(given, tmp_path / "out.jsonl", "--score", "churn")
    assert (code, "1 lines are no JSON" in told, "secret" in told) == (1, True, False), told
    assert not (tmp_path / "out.jsonl").exists()


def test_the_value_of_the_day_of_the_cut_is_not_counted_twice(given: tuple[Path, str, str]) -> None:
    folder, profiles, events = given
    schema = compile_decisions((folder / "shop.rules").read_text(encoding="utf-8")).program.schema
    with duckdb.connect() as connection:
        histories = Histories(connection, schema, [profiles], [events])
        cut = START + timedelta(days=200, hours=12)
        before, behind = (
            histories.purchases("purchase", cut),
            histories.purchases("purchase", histories.until, cut),
        )
        everything = histories.purchases("purchase", histories.until)
    assert before["amount"].sum() + behind["amount"].sum() == pytest.approx(everything["amount"].sum())


def test_a_score_takes_the_place_of_an_older_one_however_it_is_written(
    given: tuple[Path, str, str], tmp_path: Path
) -> None:
    old = {"value": 2, "at": "2020-01-01T00:00:00Z"}
    ways: list[dict[str, Any]] = [
        {"scores": {"churn": old, "other": old}},
        {"scores.churn.value": 2, "scores.churn.at": "2020-01-01T00:00:00Z"},
    ]
    rows = [{**one, **ways[at % 2]} for at, one in enumerate(people())]
    Path(given[1]).write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    run(given, tmp_path / "out.jsonl", "--score", "churn")
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert {json.dumps(one.get("scores")) for one in written} == {"null", json.dumps({"other": old})}
    assert all(0 <= one.get("scores.churn.value", 0) <= 1 for one in written)
    assert len({"scores.churn.value" in one for one in written}) == 2


@pytest.mark.parametrize("more", [("--score", "churn"), ("--clusters", "2")], ids=["score", "clusters"])
def test_events_without_a_moment_that_reads_are_told(
    more: tuple[str, ...], given: tuple[Path, str, str], tmp_path: Path
) -> None:
    with Path(given[2]).open("a", encoding="utf-8") as file:
        file.writelines(
            json.dumps({"profile": "00001", "type": "purchase", "at": at}) + "\n" for at in ("soon", None)
        )
        file.write(json.dumps({"profile": "nobody", "type": "purchase", "at": "soon"}) + "\n")
    folder, profiles, events = given
    out = () if "--clusters" in more else ("--out", str(tmp_path / "scored.parquet"))
    asked = ["score", str(folder), "--profiles", profiles, "--events", events, *more, *out]
    done = CliRunner().invoke(group, asked)
    assert done.exit_code == 1
    assert "MW798" in done.stderr
    assert (
        f"of {len(happened()) + 2:,} events 2 have no moment that reads, and are not counted" in done.stderr
    )
