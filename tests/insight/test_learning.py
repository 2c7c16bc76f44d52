"""What is learned from draws: chances to be best, values of other policies, and the table that follows."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave import Environment
from mailweave.cli import group
from mailweave.decisions import Selection, compile_decisions
from mailweave.decisions.drawing import Table
from mailweave.insight import doubly_robust, ips, learn, snips
from mailweave.insight.logged_draws import counted
from mailweave.insight.off_policy import effective
from mailweave.insight.samples import Share
from mailweave.insight.thompson import being_best, chances

ROOT = Path(__file__).resolve().parents[2]
LEARNED = ROOT / "fixtures" / "campaigns" / "learned"
NOW = datetime(1998, 7, 1, 9, tzinfo=UTC)


# ---- chances


shares = st.integers(0, 400).flatmap(lambda of: st.builds(lambda did: Share(did, of), st.integers(0, of)))


@settings(max_examples=60, deadline=None)
@given(st.lists(shares, min_size=2, max_size=6))
def test_the_chance_to_be_best_is_that_of_many_draws(counts: list[Share]) -> None:
    drawn = np.random.default_rng(7)
    sampled = np.array([drawn.beta(one.did + 1, one.of - one.did + 1, 20_000) for one in counts])
    often = np.bincount(sampled.argmax(axis=0), minlength=len(counts)) / 20_000
    assert being_best(counts) == pytest.approx(often.tolist(), abs=0.02)


@settings(max_examples=60, deadline=None)
@given(st.lists(shares, min_size=1, max_size=8), st.floats(0.001, 0.5))
def test_chances_add_up_and_keep_their_floor(counts: list[Share], floor: float) -> None:
    found = chances({str(at): one for at, one in enumerate(counts)}, floor)
    assert sum(found.values()) == pytest.approx(1, abs=1e-9)
    assert min(found.values()) >= min(floor, 1 / len(counts)) - 6e-4


def test_large_counts_do_not_overflow() -> None:
    assert being_best([Share(500_000, 10_000_000), Share(501_500, 10_000_000)])[1] == pytest.approx(
        0.938, abs=0.01
    )


# ---- values


def logs(seed: int, number: int = 4_000) -> tuple[Any, ...]:
    """Draws of three blocks under two policies, with rates that are known."""
    drawn = np.random.default_rng(seed)
    old, new, rates = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.2, 0.7]), np.array([0.1, 0.2, 0.4])
    block = drawn.choice(3, size=number, p=old)
    return old, new, rates, block, (drawn.random(number) < rates[block]).astype(float)


def test_estimators_are_those_of_a_naive_count() -> None:
    old, new, _, block, rewards = logs(1, 300)
    weights = [new[one] / old[one] for one in block]
    naive = sum(w * r for w, r in zip(weights, rewards, strict=True)) / len(block)
    people, told = np.arange(300), (rewards, old[block], new[block])
    assert ips(*told, people).value == pytest.approx(naive)
    assert snips(*told, people).value == pytest.approx(naive * len(block) / sum(weights))
    model = np.array([0.15, 0.15, 0.15])
    robust = sum(
        sum(new * model) + w * (r - model[b]) for w, r, b in zip(weights, rewards, block, strict=True)
    ) / len(block)
    foretold = (model[block], np.full(300, new @ model))
    assert doubly_robust(*told, people, *foretold).value == pytest.approx(robust)
    assert effective(old[block], old[block]) == pytest.approx(300)
    spread = np.std([w * r for w, r in zip(weights, rewards, strict=True)], ddof=1) / np.sqrt(300)
    assert ips(*told, people).interval.high - naive == pytest.approx(1.96 * spread, rel=1e-4)


def test_intervals_hold_the_truth_in_nineteen_of_twenty_logs() -> None:
    held = {"ips": 0, "snips": 0, "robust": 0}
    for seed in range(300):
        old, new, rates, block, rewards = logs(seed, 1_000)
        told, people, truth = (rewards, old[block], new[block]), np.arange(1_000), float(new @ rates)
        found = {
            "ips": ips(*told, people),
            "snips": snips(*told, people),
            "robust": doubly_robust(*told, people, rates[block], np.full(1_000, new @ rates)),
        }
        for name, one in found.items():
            held[name] += one.interval.low <= truth <= one.interval.high
    assert all(275 <= number <= 297 for number in held.values()), held


def test_draws_of_one_person_are_no_independent_ones() -> None:
    old, new, _, block, rewards = logs(3, 500)
    once = ips(rewards, old[block], new[block], np.arange(500)).interval
    doubled = [np.repeat(one, 4) for one in (rewards, old[block], new[block], np.arange(500))]
    again = ips(*doubled).interval
    assert again.high - again.low == pytest.approx(once.high - once.low, rel=1e-6)


# ---- a bandit, with the decisions of the engine


RULES = """
ruleset "bandit" version 1
profile {
  id   : key
  gold : bool
}
segment everybody = gold or not gold
segment gold_only = gold
tier kind {
  golden = gold
  otherwise plain
}
slot hero max 1 fallback home
block home for hero
block a for hero
block b for hero
block c for hero
matrix m policy learned {
  tie order
            | hero |
  everybody | a    |
  everybody | b    |
  gold_only | c    |
  otherwise | home |
}
"""
TRUE = {"golden": {"a": 0.03, "b": 0.05, "c": 0.12}, "plain": {"a": 0.08, "b": 0.03}}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bandit_beats_equal_chances_and_shows_nothing_that_is_not_eligible(seed: int) -> None:
    plain = compile_decisions(RULES)
    program = plain.learned({"hero": Table("kind", "0", {})})
    drawn = np.random.default_rng(seed)
    counts: dict[str, dict[str, Share]] = {kind: dict.fromkeys("abc", Share(0, 0)) for kind in TRUE}
    gained = even = 0.0
    for turn in range(8):
        for at in range(1_500):
            gold = at % 3 == 0
            chosen = program.select({"id": f"{turn} {at}", "gold": gold}, now="2026-11-22T09:00Z")
            assert isinstance(chosen, Selection)
            draw, (block,) = chosen.draws["hero"], chosen["hero"]
            assert gold or block != "c"
            rates = TRUE[draw.bucket]
            gained, even = gained + rates[block], even + sum(rates.values()) / len(rates)
            did, of = counts[draw.bucket][block]
            counts[draw.bucket][block] = Share(did + int(drawn.random() < rates[block]), of + 1)
        table = {kind: chances(of, 0.05) for kind, of in counts.items()}
        program = plain.learned({"hero": Table("kind", str(turn + 1), table)})
    assert gained > 1.2 * even
    assert program.plan.columns["hero"].drawing is not None


# ---- from an output to a table


def people(number: int = 3_000) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{at:05d}",
            "email": f"p{at}@example.com",
            "orders": 1 + at % 4,
            "interests": ["jazz"] if at % 2 else [],
            "consent": {"marketing": True, "profiling": at % 3 != 0},
        }
        for at in range(number)
    ]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """A campaign with a tier for buckets, and what a batch made of it in a format."""
    made: dict[str, tuple[Path, Path]] = {}

    def batch(form: str) -> tuple[Path, Path]:
        if form not in made:
            place = tmp_path_factory.mktemp(form)
            folder = Path(shutil.copytree(LEARNED, place / "campaign"))
            (folder / "learned.toml").write_text('[hero]\nby = "buying"\n', encoding="utf-8")
            listed = place / "people.jsonl"
            listed.write_text("".join(json.dumps(one) + "\n" for one in people()), encoding="utf-8")
            asked = ["batch", str(folder), "--profiles", str(listed), "--format", form, "--workers", "1"]
            done = CliRunner().invoke(group, [*asked, "--out", str(place / "out")])
            assert done.exit_code == 0, done.output
            made[form] = folder, place / "out"
        return made[form]

    return batch


def responses(campaign: Path, path: Path, better: str, rate: float) -> Path:
    """Who is shown the better block clicks at this rate, the others hardly ever."""
    compiled, drawn = Environment().compile(campaign), np.random.default_rng(5)
    with path.open("w", encoding="utf-8") as file:
        for who in people():
            chosen = compiled.select(who, now=NOW)
            assert isinstance(chosen, Selection)
            if drawn.random() < (rate if chosen["hero"] == (better,) else 0.02):
                file.write(
                    json.dumps({"profile": who["id"], "type": "click", "at": "1998-07-02T09:00:00Z"}) + "\n"
                )
    return path


@pytest.mark.parametrize("form", ["parquet", "jsonl", "values"])
def test_a_better_block_is_learned(
    form: str, sent: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    campaign, out = sent(form)
    events = responses(campaign, tmp_path / "events.jsonl", "gift", 0.2)
    arguments = ["results", "learn", str(campaign), "--sent", str(out), "--events", str(events)]
    done = CliRunner().invoke(group, [*arguments, "--out", str(tmp_path / "next.toml")])
    assert done.exit_code == 0, done.output
    table = tomllib.loads((tmp_path / "next.toml").read_text(encoding="utf-8"))["hero"]
    assert (table["by"], table["salt"], list(table["buckets"])) == ("buying", "1", ["active", "quiet"])
    assert max(table["buckets"]["quiet"], key=table["buckets"]["quiet"].__getitem__) == "gift"
    assert "3,000 draws" in done.output
    (campaign.parent / "again").mkdir(exist_ok=True)
    again = Path(shutil.copytree(campaign, tmp_path / "again"))
    shutil.copy(tmp_path / "next.toml", again / "learned.toml")
    assert {one.code for one in Environment().compile(again).diagnostics}.isdisjoint(
        {"MW317", "MW318", "MW319", "MW323"}
    )


def test_what_is_not_better_is_not_written(sent: Callable[[str], tuple[Path, Path]], tmp_path: Path) -> None:
    campaign, out = sent("parquet")
    events = responses(campaign, tmp_path / "events.jsonl", "gift", 0.02)
    before = (campaign / "learned.toml").read_text(encoding="utf-8")
    arguments = ["results", "learn", str(campaign), "--sent", str(out), "--events", str(events)]
    done = CliRunner().invoke(group, arguments)
    assert (done.exit_code, "MW880" in done.output) == (1, True)
    assert (campaign / "learned.toml").read_text(encoding="utf-8") == before
    told = CliRunner().invoke(
        group, [*arguments, "--anyway", "--out", str(tmp_path / "x.toml"), "--format", "json"]
    )
    assert told.exit_code == 0
    assert json.loads(told.stdout)["slots"]["hero"]["is_better"] is False
    assert (tmp_path / "x.toml").exists()


def test_the_counts_are_those_of_a_count_by_hand(
    sent: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    campaign, out = sent("parquet")
    events = responses(campaign, tmp_path / "events.jsonl", "gift", 0.2)
    compiled = Environment().compile(campaign)
    found = learn(compiled, [out, out], [str(events)]).slots[0]
    clicked = {json.loads(line)["profile"] for line in events.read_text(encoding="utf-8").splitlines()}
    for block in ("new_in", "thanks", "jazz", "gift"):
        shown = [who["id"] for who in people() if compiled.select(who, now=NOW)["hero"] == (block,)]  # type: ignore[index]
        share = found.counts["quiet"][block]
        assert (share.of, share.did) == (2 * len(shown), 2 * len(clicked & set(shown)))
    assert found.draws == 6_000
    assert counted([], ["a"]) == {}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--floor", "inf"], 2, "a share is written"),
        (["--floor", "0"], 1, "MW797"),
        (["--days", "nan"], 1, "MW797"),
        (["--until", "tomorrow"], 2, "--until"),
        (["--sent", "nowhere"], 1, "MW792"),
    ],
)
def test_what_cannot_be_learned_is_said(
    arguments: list[str], code: int, says: str, sent: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    campaign, out = sent("parquet")
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    asked = ["results", "learn", str(campaign), "--sent", str(out), "--events", str(tmp_path / "none.jsonl")]
    done = CliRunner().invoke(group, [*asked, *arguments])
    assert (done.exit_code, says in done.output) == (code, True), done.output


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"profile": "00001", "type": "click", "at": "1998-07-02T09:00:00"}', "MW798"),
        ('{"profile": "00001", "type": "tapped", "at": "1998-07-02T09:00:00Z"}', "MW789"),
    ],
)
def test_events_that_teach_nothing_are_told(
    line: str, code: str, sent: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    campaign, out = sent("parquet")
    (tmp_path / "events.jsonl").write_text(f"{line}\n", encoding="utf-8")
    asked = ["results", "learn", str(campaign), "--sent", str(out), "--sent", str(out)]
    asked += ["--events", str(tmp_path / "events.jsonl"), "--out", str(tmp_path / "next.toml")]
    for more in ([], ["--anyway"]):
        done = CliRunner().invoke(group, [*asked, *more])
        assert done.output.count(f"[{code}]") == 1, done.output


def test_a_campaign_that_draws_nothing_learns_nothing(
    sent: Callable[[str], tuple[Path, Path]], tmp_path: Path
) -> None:
    _, out = sent("parquet")
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    smallest = str(ROOT / "fixtures" / "campaigns" / "smallest")
    asked = ["results", "learn", smallest, "--sent", str(out), "--events", str(tmp_path / "none.jsonl")]
    done = CliRunner().invoke(group, asked)
    assert (done.exit_code, "MW881" in done.output) == (1, True)
