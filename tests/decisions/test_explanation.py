"""Explanations of the example: the text, the JSON, and its comparisons asked anew."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from mailweave.decisions import DecisionProgram, Explanation, Selection, compile_decisions
from mailweave.decisions.explanation.model import Atom
from mailweave.rules import compile_rules
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures/decisions"
WINBACK = ROOT / "fixtures/rules/winback.rules"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def program() -> DecisionProgram:
    return compile_decisions(Source("winback.rules", WINBACK.read_text(encoding="utf-8")))


def recipient(chance: random.Random) -> dict[str, Any]:
    """A random recipient of the example, and the events and context as `explain` takes them."""

    def instant(days: float) -> str:
        return (NOW - timedelta(days=days)).isoformat()

    kinds: dict[str, dict[str, Any]] = {
        "open": {"machine": chance.random() < 0.3},
        "click": {"url": "https://example.com"},
        "purchase": {"total": str(chance.randrange(5, 700)), "category": "jazz"},
        "sent": {"block": chance.choice(["hero_winback", "hero_vip", "offer_jazz"])},
        "complaint": {},
    }
    types = chance.choices(list(kinds), weights=[6, 3, 3, 3, 0.2], k=chance.randrange(9))
    profile: dict[str, Any] = {
        "id": str(chance.randrange(10**6)),
        "email": "somebody@example.com",
        "country": chance.choice(["US", "CA", "GB"]),
        "plan": chance.choice(["free", "club", "gold"]),
        "birthday": chance.choice([None, f"1980-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"]),
        "tz": chance.choice([None, "Europe/Berlin", "Pacific/Auckland"]),
        "lifetime_value": str(chance.randrange(0, 900)),
        "nb_orders": chance.randrange(5),
        "interests": chance.sample(["jazz", "blues", "opera"], chance.randrange(3)),
        "cart": [{"sku": "A", "price": str(chance.randrange(60)), "qty": chance.randrange(3)}],
        "signup_at": instant(chance.randrange(1, 60)),
        "consent": {"marketing": chance.random() < 0.9, "profiling": chance.random() < 0.6},
        "scores": {"churn": {"value": chance.random(), "at": instant(chance.randrange(10))}},
        "lists": {"for_you": chance.sample(["CD-1", "CD-2"], chance.randrange(3))},
    }
    item = {"title": "x", "price": "9"}
    return {
        "profile": profile,
        "events": [{"type": t, "at": instant(chance.random() * 200), **kinds[t]} for t in types],
        "context": {
            "lookups": {"stock": {"CD-0042": chance.randrange(2)}},
            "catalogs": {"cds": [{"sku": "CD-1", **item}, {"sku": "CD-2", **item}]},
        },
    }


def explained(program: DecisionProgram, who: dict[str, Any], **more: Any) -> Explanation:
    return program.explain(who["profile"], events=who["events"], context=who["context"], now=NOW, **more)


def atoms(story: Explanation) -> Iterator[Atom]:
    for membership in story.segments:
        yield from membership.atoms
    for tier in story.tiers:
        yield from (atom for line in tier.lines for atom in line.atoms)
    for slot in story.slots:
        yield from (atom for c in slot.contenders for cause in c.causes for atom in cause.atoms)
        yield from (atom for trial in slot.trials for atom in trial.atoms)


def test_every_comparison_asked_anew_has_the_stated_result(program: DecisionProgram) -> None:
    """Each comparison becomes a segment of a second rule text; the compiled rules judge what was stated."""
    people = [recipient(random.Random(seed)) for seed in range(200)]
    stories = [explained(program, who) for who in people]
    texts = sorted(
        {atom.text for story in stories for atom in atoms(story) if atom.result is not None or atom.readings}
    )
    assert len(texts) > 20
    head = WINBACK.read_text(encoding="utf-8").split("skip no_consent")[0]
    probes = "".join(f"segment probe_{at} = {text}\n" for at, text in enumerate(texts))
    judge = compile_rules(head + probes)
    for who, story in zip(people, stories, strict=True):
        found = judge.evaluate(who["profile"], events=who["events"], context=who["context"], now=NOW)
        for atom in atoms(story):
            assert (f"probe_{texts.index(atom.text)}" in found.segments) == (atom.result is True), atom


def test_what_is_chosen_is_what_is_explained(program: DecisionProgram) -> None:
    for seed in range(300):
        who = recipient(random.Random(seed))
        story = explained(program, who)
        answer = program.select(who["profile"], events=who["events"], context=who["context"], now=NOW)
        if story.skip is not None:
            assert str(answer).startswith(f"skip {story.skip.code}")
        else:
            assert isinstance(answer, Selection)
            assert {slot.name: slot.chosen for slot in story.slots} == dict(answer)


def test_the_json_is_as_its_schema_says(program: DecisionProgram) -> None:
    adapter = TypeAdapter(Explanation)
    for seed in range(50):
        text = explained(program, recipient(random.Random(seed))).to_json()
        again = adapter.validate_json(text, strict=False)
        assert again.to_json() == text
    schema = json.loads((ROOT / "docs/explanation.schema.json").read_text(encoding="utf-8"))
    assert set(schema["required"]) <= set(json.loads(text))


def test_nothing_personal_is_shown_unasked(program: DecisionProgram) -> None:
    who = recipient(random.Random(1))
    who["profile"]["birthday"] = "1980-12-25"
    masked, shown = explained(program, who), explained(program, who, show_pii=True)
    assert "12-25" not in masked.to_text() + masked.to_json()
    assert "2026-12-25" in shown.to_text()


def test_bad_data_is_explained_without_its_value(program: DecisionProgram) -> None:
    who = recipient(random.Random(1))
    who["profile"]["lifetime_value"] = "secret"
    story = explained(program, who)
    assert story.skip is not None
    assert story.skip.code == "bad_data"
    assert "lifetime_value" in story.skip.reason
    assert "secret" not in story.to_text() + story.to_json()


@pytest.mark.parametrize("name", ["winner", "skipped", "lapsed"])
def test_the_text_reads_well(
    name: str, program: DecisionProgram, golden: Callable[[Path, str], None]
) -> None:
    who = json.loads((FIXTURES / f"explain-{name}.json").read_text(encoding="utf-8"))
    golden(
        FIXTURES / f"explain-{name}.txt", explained(program, {"events": [], "context": {}, **who}).to_text()
    )


TIES = """
ruleset "ties" version 1
profile { orders: int }
event sent { block: text } keep 90 days
segment everyone = orders >= 0
segment some = orders >= 1
slot hero max 1 fallback plain
slot two max 2 fallback other
block plain for hero
block a for hero expires 2027-01-01
block b for hero expires 2026-12-01
block other for two
block c for two
block d for two
block e for two
matrix main policy priority {
  tie least recently sent, then expires soonest, then order
            | hero  | two (collect) |
  everyone  | a 10  | c 5           |
  some      | b 10  | d 5           |
  some      | -     | e 4           |
  otherwise | plain | other         |
}
"""


def test_ties_and_max_are_told() -> None:
    program = compile_decisions(TIES)
    sent = [{"type": "sent", "block": "b", "at": "2026-11-01T09:00Z"}]
    by_send = program.explain({"orders": 1}, events=sent, now=NOW).to_text(part="hero")
    assert "+ a" in by_send
    assert "same rank as a by everyone; least recently sent: never against 2026-11-01T09:00:00Z" in by_send
    by_end = program.explain({"orders": 1}, now=NOW).to_text(part="hero")
    assert "+ b" in by_end
    assert "same rank as b by some; expires soonest: 2026-12-02T00:00:00Z against 2027-01-02" in by_end
    assert "the slot holds 2, and d by some was the last" in program.explain({"orders": 1}, now=NOW).to_text()


def test_the_newest_send_counts() -> None:
    """`a` was sent before and after `b`, so `b` is the one that was sent less recently."""
    days = {"a": [60, 2], "b": [30]}
    sent = [
        {"type": "sent", "block": block, "at": (NOW - timedelta(days=ago)).isoformat()}
        for block, agos in days.items()
        for ago in agos
    ]
    assert "+ b" in compile_decisions(TIES).explain({"orders": 1}, events=sent, now=NOW).to_text(part="hero")
