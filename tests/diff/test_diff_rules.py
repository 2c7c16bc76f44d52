"""What `mailweave diff` says of rules that are written otherwise, and of planted changes; each witness is replayed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions
from mailweave.diff import Comparison, Side, compare
from mailweave.diff.changes import RuleChange
from mailweave.rules import check, parse
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.validation import BadData
from mailweave.source import Source
from mailweave.values.instants import to_instant

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "diff"
pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")


def cases(name: str) -> list[Any]:
    rows = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(row, id=row["name"].replace(" ", "-")) for row in rows]


def changed(text: str, puts: Iterable[Iterable[str]]) -> str:
    for find, put in puts:
        assert text.count(find) == 1, find
        text = text.replace(find, put)
    return text


@lru_cache(maxsize=1)
def shop() -> str:
    return (FOLDER / "shop.rules").read_text(encoding="utf-8")


def texts(row: Mapping[str, Any]) -> tuple[str, str]:
    return changed(shop(), row.get("before", [])), changed(shop(), row["put"])


@lru_cache(maxsize=4)
def side(label: str, text: str) -> Side:
    """A text, read once: most cases share the old one."""
    document = check(parse(Source(label, text)).document, proofs=False).document
    assert document is not None
    return Side(label, document, None)


def compared(old: str, new: str) -> Comparison:
    return compare(side("old", old), side("new", new))


def said(change: RuleChange) -> str:
    return f"{change.kind} {change.name}"


@pytest.mark.parametrize("row", cases("same"))
def test_other_words_are_no_change(row: Mapping[str, Any]) -> None:
    found = compared(*texts(row))
    renamed = [f"{c.old} -> {c.new}" for c in found.rules if c.status == "renamed"]
    assert [said(c) for c in found.rules if c.status != "renamed"] == []
    assert renamed == row.get("renamed", [])
    assert not found.is_meant


@pytest.mark.parametrize("row", cases("changed"))
def test_a_planted_change_is_found_and_shown(row: Mapping[str, Any]) -> None:
    old, new = texts(row)
    found = compared(old, new)
    by_name: dict[str, list[RuleChange]] = {}
    for change in found.rules:
        by_name.setdefault(said(change), []).append(change)
    open_ = {name for name, each in by_name.items() if any(c.status == "undecided" for c in each)}
    wanted = set(row["found"])
    assert wanted <= set(by_name) - open_
    if "undecided" in row:
        assert set(row["undecided"]) <= open_
    else:
        assert set(by_name) <= wanted | set(row.get("also", ()))
        assert not open_
    programs = compile_decisions(old), compile_decisions(new)
    for change in found.rules:
        if change.status != "undecided":
            assert change.shown, said(change)
            assert shows(change, programs), said(change)


def test_a_plant_is_told_the_other_way_round_too() -> None:
    """Both directions of a change have a witness: a window that moves takes some in and leaves some out."""
    new = changed(shop(), [["recency between 60 days and 180 days", "recency between 90 days and 200 days"]])
    (lapsed,) = [c for c in compared(shop(), new).rules if said(c) == "segment lapsed"]
    assert [word for word, _ in lapsed.shown] == ["no longer", "now"]


# ---- what the evaluators of both texts say of a witness


def shows(change: RuleChange, programs: tuple[DecisionProgram, DecisionProgram]) -> bool:
    """Whether each witness of a change is treated otherwise by the two texts, as it claims."""
    verdict = change.verdict
    if change.kind in ("choice", "order", "let", "experiment"):
        return all(differ(change, witness.recipient, programs) for _, witness in change.shown)
    before, after = programs
    claims = ((verdict.only_old, before, after), (verdict.only_new, after, before))
    return all(
        has(change, mine, w.recipient) and not has(change, yours, w.recipient)
        for w, mine, yours in claims
        if w is not None
    )


def differ(change: RuleChange, who: Recipient, programs: tuple[DecisionProgram, DecisionProgram]) -> bool:
    old, new = (select(program, who, trials=change.kind == "experiment") for program in programs)
    if change.kind == "let":
        return True  # no evaluator names a let; who uses it is shown beside it
    if not isinstance(old, Selection) or not isinstance(new, Selection):
        return False
    if change.kind == "experiment":
        moved = dict(old.arms) != dict(new.arms) or dict(old.unexposed) != dict(new.unexposed)
        return moved or old.evaluation.segments != new.evaluation.segments
    pair = " + ".join(old[change.name]), " + ".join(new[change.name])
    return pair == (change.old, change.new) and pair[0] != pair[1]


def has(change: RuleChange, program: DecisionProgram, who: Recipient) -> bool:
    try:
        admitted = program.admit(who.profile, who.events, who.moment, who.context)
    except BadData:
        return False
    found = program.program.evaluation(admitted)
    chosen = select(program, who)
    if change.kind == "segment":
        return change.name in found.segments
    if change.kind == "tier":
        tier, _, member = change.name.partition(": ")
        return found.tiers[tier] == member
    if change.kind == "mailed":
        return isinstance(chosen, Selection)
    if change.kind == "skip":
        return change.name in skips(program, who)
    assert change.kind == "eligibility"
    return eligible(program, who, change.name)


def values(program: DecisionProgram, who: Recipient) -> RecipientValues:
    return RecipientValues(program.document, who.profile, list(who.events), who.context, who.moment)


def skips(program: DecisionProgram, who: Recipient) -> list[str]:
    """The skips that are true of somebody, says the interpreter."""
    told = values(program, who)
    return [skip.name for skip in program.document.skips if told.ask(skip.condition) is True]


def eligible(program: DecisionProgram, who: Recipient, name: str) -> bool:
    """Whether a block may be shown: its conditions, its end, and what was sent, counted by hand."""
    block, told = program.document.content.blocks[name], values(program, who)
    sent = [who.now - to_instant(e["at"]) for e in who.events if e["type"] == "sent" and e["block"] == name]
    capped = block.cap is not None and sum(0 <= age < block.cap.per for age in sent) >= block.cap.count
    ended = block.expires is not None and who.now >= block.expires
    return not capped and not ended and all(told.ask(each) is True for each in block.requires)


def select(program: DecisionProgram, who: Recipient, *, trials: bool = False) -> Selection | Skip:
    return program.select(
        who.profile,
        events=who.events,
        now=who.moment,
        context=who.context,
        arms=None if trials else {},
    )
