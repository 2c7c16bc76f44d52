"""mailweave recommend: lists by taste and by what is popular, filtered, and judged by what came later."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group
from mailweave.insight.list_measures import interval, ndcg, precision
from mailweave.insight.recommending import Taken, recommend

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import made_up_tastes  # noqa: E402 - it lies in tools


def places() -> tuple[Taken, tuple[int, int]]:
    rows = list(made_up_tastes.bought())
    items = {sku: at for at, sku in enumerate(sorted({row["sku"] for row in rows}))}
    people = np.array([int(row["profile"]) for row in rows])
    order = np.array([row["at"] for row in rows], dtype="datetime64[s]").astype(float)
    return Taken(people, np.array([items[row["sku"]] for row in rows]), order), (
        made_up_tastes.PEOPLE,
        len(items),
    )


def test_taste_beats_popularity_where_there_is_taste_and_filters_hold() -> None:
    taken, shape = places()
    allowed = np.arange(shape[1]) % 7 != 0
    may = np.arange(shape[0]) % 10 != 0
    found = recommend("for_you", taken, shape, 4, allowed, may)
    assert found.gain_interval.low > 0
    assert found.by_taste.coverage > 3 * found.popular.coverage
    assert found.diagnostics == ()
    own: dict[int, set[int]] = {}
    for person, item in zip(taken.people.tolist(), taken.items.tolist(), strict=True):
        own.setdefault(person, set()).add(item)
    popular = [
        at for at in np.argsort(-np.bincount(taken.items, minlength=shape[1]), kind="stable") if allowed[at]
    ]
    for person, listed in enumerate(found.lists):
        assert len(listed) == len(set(listed)) == 4
        assert all(allowed[item] for item in listed)
        assert not own.get(person, set()) & set(listed)
        if not may[person] or person not in own:
            assert listed == [one for one in popular if one not in own.get(person, set())][:4]


def test_the_same_events_give_the_same_lists_whoever_else_may_not_be_learned_from() -> None:
    taken, shape = places()
    everything, may = np.ones(shape[1], dtype=np.bool_), np.arange(shape[0]) % 2 == 0
    first, again = (recommend("x", taken, shape, 4, everything, may) for _ in range(2))
    assert first.lists == again.lists


def test_noise_is_not_shown_to_beat_popularity() -> None:
    drawn = np.random.default_rng(4)
    items = np.minimum(drawn.geometric(0.08, 4_000), 40) - 1
    taken = Taken(drawn.integers(0, 300, 4_000), items, np.arange(4_000.0))
    found = recommend("x", taken, (300, 40), 4, np.ones(40, dtype=np.bool_), np.ones(300, dtype=np.bool_))
    assert [one.code for one in found.diagnostics] == ["MW889"]


def test_measures_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    drawn = np.random.default_rng(1)
    for _ in range(50):
        order = drawn.permutation(12).tolist()
        taken = set(drawn.choice(12, size=drawn.integers(1, 6), replace=False).tolist())
        truth = [[float(item in taken) for item in range(12)]]
        scores = [[float(-order.index(item)) for item in range(12)]]
        assert ndcg(order, taken, 4) == pytest.approx(metrics.ndcg_score(truth, scores, k=4))
        assert precision(order, taken, 4) == len(set(order[:4]) & taken) / 4
    values = drawn.random(400)
    low, high = interval(values)
    assert high - low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    campaign = Path(shutil.copytree(ROOT / "fixtures" / "campaigns" / "learned", tmp_path / "campaign"))
    shutil.copy(ROOT / "fixtures" / "insight" / "for_you.rules", campaign / "with_lists.rules")
    made_up_tastes.main(tmp_path)
    return tmp_path


def run(folder: Path, *more: str) -> tuple[int, str]:
    asked = ["recommend", str(folder / "campaign"), "--profiles", str(folder / "people.jsonl")]
    asked += [
        "--events",
        str(folder / "bought.jsonl"),
        "--list",
        "for_you",
        "--event",
        "bought",
        "--item",
        "sku",
    ]
    done = CliRunner().invoke(group, [*asked, "--out", str(folder / "list.jsonl"), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_lists_are_written_for_the_batch(folder: Path) -> None:
    code, told = run(folder, "--consent", "profiling")
    assert (code, "gain in NDCG@4: +" in told) == (0, True), told
    rows = [json.loads(line) for line in (folder / "list.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(len(row["lists.for_you"]) == 4 for row in rows)
    assert len({tuple(row["lists.for_you"]) for row in rows}) > 100
    out = folder / "mails"
    asked = ["batch", str(folder / "campaign"), "--profiles", str(folder / "list.jsonl"), "--out", str(out)]
    done = CliRunner().invoke(group, [*asked, "--dry-run", "--limit", "5"])
    assert done.exit_code == 0, done.output


def test_what_the_context_lacks_is_never_recommended(folder: Path) -> None:
    campaign = folder / "campaign"
    text = (campaign / "campaign.toml").read_text(encoding="utf-8")
    (campaign / "campaign.toml").write_text(
        text.replace("now =", 'context = "context.json"\nnow ='), encoding="utf-8"
    )
    items = [{"sku": f"CD-{at:04d}", "title": "x"} for at in range(0, 120, 2)]
    stock = {one["sku"]: at % 3 for at, one in enumerate(items)}
    told = {"catalogs": {"discs": items}, "lookups": {"stock": stock}}
    (campaign / "context.json").write_text(json.dumps(told), encoding="utf-8")
    assert Environment().compile(campaign)
    assert run(folder, "--stock", "stock")[0] == 0
    rows = [json.loads(line) for line in (folder / "list.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {stock[sku] > 0 for row in rows for sku in row["lists.for_you"]} == {True}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--list", "for_yu"], "MW886"),
        (["--consent", "prying"], "MW886"),
        (["--stock", "stok"], "MW886"),
        (["--item", "colour"], "MW888"),
    ],
)
def test_what_cannot_be_recommended_is_said(arguments: list[str], says: str, folder: Path) -> None:
    code, told = run(folder, *arguments)
    assert (code, says in told) == (1, True), told
