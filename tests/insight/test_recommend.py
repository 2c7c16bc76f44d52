"""mailweave recommend: lists by taste and by what is popular, filtered, and judged by what came later."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group
from mailweave.insight.item_lists import Wanted
from mailweave.insight.item_vectors import item_vectors, nearness
from mailweave.insight.list_measures import interval, ndcg, precision
from mailweave.insight.popularity import NOWHERE
from mailweave.insight.recommending import Groups, Way, recommend
from mailweave.insight.taken_items import Places, Taken
from mailweave.schema.model import CatalogType
from mailweave.schema.types import Bool, Enum, Field, Number, SetOf, Text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import made_up_tastes  # noqa: E402 - it lies in tools


def places() -> tuple[Taken, tuple[int, int]]:
    rows = list(made_up_tastes.bought())
    items = {sku: at for at, sku in enumerate(sorted({row["sku"] for row in rows}))}
    people = np.array([int(row["profile"]) for row in rows])
    order = np.array([datetime.fromisoformat(row["at"]).timestamp() for row in rows])
    return Taken(people, np.array([items[row["sku"]] for row in rows]), order), (
        made_up_tastes.PEOPLE,
        len(items),
    )


def test_taste_beats_popularity_where_there_is_taste_and_filters_hold() -> None:
    taken, shape = places()
    allowed = np.arange(shape[1]) % 7 != 0
    may = np.arange(shape[0]) % 10 != 0
    found = recommend("for_you", taken, Wanted(shape, 4, allowed, may))
    assert found.gain.interval.above
    assert found.own.coverage > 3 * found.popular.coverage
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
    first, again = (recommend("x", taken, Wanted(shape, 4, everything, may)) for _ in range(2))
    assert first.lists == again.lists


def test_noise_is_not_shown_to_beat_popularity() -> None:
    drawn = np.random.default_rng(4)
    items = np.minimum(drawn.geometric(0.08, 4_000), 40) - 1
    taken = Taken(drawn.integers(0, 300, 4_000), items, np.arange(4_000.0))
    wanted = Wanted((300, 40), 4, np.ones(40, dtype=np.bool_), np.ones(300, dtype=np.bool_))
    found = recommend("x", taken, wanted)
    assert [one.code for one in found.diagnostics] == ["MW889"]


def kinds(of: tuple[int, int]) -> Groups:
    """Everybody's shelf, but for each eleventh, who is in no group."""
    shelf = np.where(np.arange(of[0]) % 11 == 0, NOWHERE, np.arange(of[0]) % len(made_up_tastes.KINDS))
    return Groups(made_up_tastes.KINDS, shelf, shelf)


def in_order(taken: Taken, rows: Places, items: int) -> list[int]:
    """By the count in the group, then with everybody, then by place: by hand."""
    group, everybody = (
        [sum(one == item for one in some) for item in range(items)]
        for some in (taken.items[rows].tolist(), taken.items.tolist())
    )
    return sorted(range(items), key=lambda item: (-group[item], -everybody[item], item))


def test_newcomers_get_what_is_popular_in_their_segment_and_else_with_all() -> None:
    taken, shape = places()
    everything, may = np.ones(shape[1], dtype=np.bool_), np.ones(shape[0], dtype=np.bool_)
    groups = kinds(shape)
    found = recommend("x", taken, Wanted(shape, 4, everything, may), groups=groups)
    plain = recommend("x", taken, Wanted(shape, 4, everything, may))
    assert found.newcomers is not None
    assert found.newcomers.interval.above
    assert found.newcomers.people > 80
    own = taken.by_person()
    orders = {g: in_order(taken, groups.now[taken.people] == g, shape[1]) for g in range(6)}
    orders[NOWHERE] = in_order(taken, np.zeros(len(taken.people), dtype=np.bool_), shape[1])
    for person in set(range(shape[0])) - set(own):
        assert found.lists[person] == orders[int(groups.now[person])][:4]
    assert all(found.lists[person] == plain.lists[person] for person in own)
    assert (found.own, found.gain) == (plain.own, plain.gain)


def test_segments_that_say_nothing_of_taste_are_not_shown_to_help() -> None:
    taken, shape = places()
    everything, may = np.ones(shape[1], dtype=np.bool_), np.ones(shape[0], dtype=np.bool_)
    by_chance = np.random.default_rng(5).integers(0, 30, shape[0])
    groups = Groups(tuple(f"g{at}" for at in range(30)), by_chance, by_chance)
    found = recommend("x", taken, Wanted(shape, 4, everything, may), groups=groups)
    assert [one.code for one in found.diagnostics] == ["MW890"]


DISCS = CatalogType(
    "discs",
    {
        "sku": Field("sku", Text()),
        "title": Field("title", Text()),
        "kind": Field("kind", Enum(("rock", "jazz")), optional=True),
        "moods": Field("moods", SetOf(Text()), optional=True),
        "live": Field("live", Bool(), optional=True, column="is_live"),
        "price": Field("price", Number(), optional=True),
    },
    "sku",
)


def test_items_are_vectors_of_what_the_catalogue_declares() -> None:
    sklearn = pytest.importorskip("sklearn.metrics.pairwise")
    items: dict[str, dict[str, object]] = {
        "a": {
            "sku": "a",
            "title": "A",
            "kind": "rock",
            "moods": ["calm", "late"],
            "price": 10,
            "is_live": True,
        },
        "b": {"sku": "b", "title": "B", "kind": "jazz", "moods": ["calm"], "price": 20, "is_live": True},
        "c": {"sku": "c", "title": "C", "kind": "rock", "price": 30},
        "d": {"sku": "d", "title": "D", "kind": "jazz", "moods": ["odd"]},
    }
    keys = ["a", "b", "c", "d", "gone"]
    vectors = item_vectors(DISCS, items, keys)
    step = 10 / np.std([10, 20, 30])
    by_hand = np.array(  # jazz, rock, calm, live, price; no title, `late` and `odd` are of one disc each
        [[0, 1, 1, 1, -step], [1, 0, 1, 1, 0], [0, 1, 0, 0, step], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    )
    assert np.allclose(vectors @ vectors.T.toarray(), sklearn.cosine_similarity(by_hand))
    near = nearness(vectors, np.array([0, 0, 0]), np.array([0, 0, 1]), (2, 5))
    unit = by_hand / np.maximum(np.linalg.norm(by_hand, axis=1, keepdims=True), 1e-12)
    assert np.allclose(near(0), sklearn.cosine_similarity(by_hand, [(2 * unit[0] + unit[1]) / 3])[:, 0])
    assert not near(1).any()


def test_content_beats_popularity_and_lists_what_nobody_has_taken_yet() -> None:
    taken, (people, items) = places()
    known = {row["sku"]: row for row in made_up_tastes.discs()}
    keys = [*sorted(known)[:items], "CD-new"]
    known["CD-new"] = {**known["CD-0020"], "sku": "CD-new"}
    catalog = CatalogType("discs", {name: Field(name, Text()) for name in ("sku", "title", "kind")}, "sku")
    vectors, shape = item_vectors(catalog, known, keys), (people, len(keys))
    wanted = Wanted(shape, 4, np.ones(shape[1], dtype=np.bool_), np.ones(people, dtype=np.bool_))
    found = recommend("x", taken, wanted, Way("content", lambda *a: nearness(vectors, *a)))
    assert found.diagnostics == ()
    assert found.gain.interval.above
    only_new = np.array([known[key]["kind"] != "folk" or key == "CD-new" for key in keys])
    found = recommend(
        "x", taken, wanted._replace(allowed=only_new), Way("content", lambda *a: nearness(vectors, *a))
    )
    folk = {at for at, key in enumerate(keys) if known[key]["kind"] == "folk"}
    fans = [p for p, one in taken.by_person().items() if len(one & folk) > len(one) / 2]
    assert len(fans) > 100
    assert {found.lists[person][0] for person in fans} == {len(keys) - 1}


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
    items = [
        {"sku": f"CD-{at:04d}", "title": "x", "kind": made_up_tastes.KINDS[at // 20]}
        for at in range(0, 120, 2)
    ]
    stock = {one["sku"]: at % 3 for at, one in enumerate(items)}
    told = {"catalogs": {"discs": items}, "lookups": {"stock": stock}}
    (campaign / "context.json").write_text(json.dumps(told), encoding="utf-8")
    assert Environment().compile(campaign)
    for by in ("taste", "content"):
        assert run(folder, "--stock", "stock", "--by", by)[0] == 0
        rows = [json.loads(line) for line in (folder / "list.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {stock[sku] > 0 for row in rows for sku in row["lists.for_you"]} == {True}


def test_newcomers_are_told_by_segments_and_tiers_and_consent_holds(folder: Path) -> None:
    code, told = run(folder, "--consent", "profiling", "--popular-by", "jazz_fans,shelf")
    assert (code, "popular by segment: gain in NDCG@4: +" in told) == (0, True), told
    assert "jazz_fans 160, shelf.rock 160" in told, told
    rows = [json.loads(line) for line in (folder / "list.jsonl").read_text(encoding="utf-8").splitlines()]
    bought = {row["profile"] for row in made_up_tastes.bought()}
    lists: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
    for row in rows:
        if row["id"] not in bought:
            shelf = (row["interests"][0], row["consent"]["profiling"])
            lists.setdefault(shelf, set()).add(tuple(row["lists.for_you"]))
    of_all = set.union(*(found for (_, may), found in lists.items() if not may))
    assert len(of_all) == 1
    of_shelves = [found for (_, may), found in lists.items() if may]
    assert all(len(found) == 1 for found in of_shelves)
    assert len(set.union(*of_shelves)) == len(made_up_tastes.KINDS)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--list", "for_yu"], "MW886"),
        (["--consent", "prying"], "MW886"),
        (["--stock", "stok"], "MW886"),
        (["--popular-by", "shelf,jazz_fan"], "MW886"),
        (["--item", "colour"], "MW888"),
        (["--by", "content"], "MW891"),
    ],
)
def test_what_cannot_be_recommended_is_said(arguments: list[str], says: str, folder: Path) -> None:
    code, told = run(folder, *arguments)
    assert (code, says in told) == (1, True), told
