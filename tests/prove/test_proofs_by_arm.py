"""What is proved holds in every arm: arms are free, those of one experiment exclude each other, and examples name them."""

from __future__ import annotations

from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Selection, compile_decisions
from mailweave.prove import prove_rules
from mailweave.prove.cover import cover
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.prover import Found, Prover
from mailweave.rules.prover.questions import AllOf, Holds, NotSo
from mailweave.rules.prover.recipient_text import told
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.typed import InSegment
from mailweave.schema.types import Bool
from mailweave.source import Source, Span

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")

HEAD = """ruleset "shop" version 1
profile {
  id      : key
  spent   : int min 0 max 1_000
  country : enum(US, CA, GB)?
}
let big = 100
"""
SLOTS = """slot hero max 1 fallback plain
block plain for hero
block gold  for hero
block jazz  for hero
"""
EXPERIMENT = """experiment threshold on let big {
  unit id salt "2026-12"
  only country in (US, CA)
  split control 50%, lower 30% -> 50, more 20% -> 300
}
"""


def rules(segments: str, matrix: str = "", experiment: str = EXPERIMENT) -> str:
    return f"{HEAD}{segments}{SLOTS}{matrix}{experiment}"


def matrix(*rows: str, policy: str = "first") -> str:
    lines = "\n".join(f"  {row} |" for row in rows)
    return f"matrix policy {policy} {{\n  tie order\n  | hero |\n{lines}\n  otherwise | plain |\n}}\n"


def found(text: str) -> dict[str, list[Any]]:
    """What is proved, by code; the notes on experiments that meet are of no matter here."""
    told: dict[str, list[Any]] = {}
    for one in prove_rules(Source("shop.rules", text)):
        told.setdefault(one.code, []).append(one)
    return told


def segment(name: str) -> Holds:
    return Holds(InSegment(Span(0, 0), Bool(), False, name))


def gets(program: DecisionProgram, who: dict[str, Any]) -> Selection:
    whole = dict(who)
    events, now = whole.pop("events"), whole.pop("now")
    chosen = program.select(whole, events=events, now=now)
    assert isinstance(chosen, Selection)
    return chosen


def test_a_promise_that_one_arm_breaks_is_broken() -> None:
    text = rules(
        "segment vip = spent > big\nsegment middle = spent between 60 and 90\n",
        matrix("vip | gold", "middle | jazz", policy="unique"),
    )
    (broken,) = found(text)["MW917"]
    chosen = gets(compile_decisions(text), broken.witness)
    assert chosen.arms == {"threshold": "lower"}  # the hash of the name that the example has
    assert chosen.reasons["hero"].how == "broken"
    plain = rules("segment vip = spent > big\nsegment middle = spent between 60 and 90\n",
                  matrix("vip | gold", "middle | jazz", policy="unique"), experiment="")  # fmt: skip
    assert "MW917" not in found(plain)


def test_a_row_that_one_arm_alone_reaches_is_no_finding() -> None:
    text = rules(
        "segment poor = spent <= 100\nsegment vip = spent > big\nsegment rest = spent > 100\n",
        matrix("rest | jazz", "vip | gold"),
    )
    assert not {"MW912", "MW913", "MW914"} & set(found(text))
    plain = rules("segment vip = spent > big\nsegment rest = spent > 100\n",
                  matrix("rest | jazz", "vip | gold"), experiment="")  # fmt: skip
    assert {"MW912", "MW913", "MW914"} & set(found(plain))


def test_what_is_so_of_nobody_in_any_arm_is_proved() -> None:
    assert "MW901" in found(rules("segment none = spent > big and spent < 40\n", matrix("none | gold")))
    assert "MW901" in found(rules("segment none = spent > big and spent <= big\n", matrix("none | gold")))


def test_an_arm_whose_value_leaves_nobody_is_told() -> None:
    text = rules("segment vip = spent > big\n", matrix("vip | gold")).replace("-> 300", "-> 3_000")
    (dead,) = found(text)["MW901"]
    assert "the arm `more` of `vip`" in dead.message


def test_an_arm_that_nobody_is_in_is_told() -> None:
    text = rules("segment vip = spent > big\n", matrix("vip | gold"))
    assert "MW916" not in found(text)
    (dead,) = found(text.replace("lower 30%", "lower 50%").replace("more 20%", "more 0%"))["MW916"]
    assert "`more`" in dead.message
    nobody = found(text.replace("only country in (US, CA)", "only country == US and country == CA"))
    assert len(nobody["MW916"]) == 3


def test_arms_exclude_each_other_and_need_only_and_a_unit() -> None:
    document = compile_decisions(
        rules(
            "segment vip = spent > big\nsegment other = spent > big and country == GB\n", matrix("vip | gold")
        )
    ).document
    prover, mailed = Prover(document), Columns(document).mailed()
    inside = prover.ask(AllOf((mailed, segment("vip"))))
    assert isinstance(inside, Found)
    spent = Holds(_condition(document, "spent <= 100"))
    by_arm = prover.ask(AllOf((segment("vip"), spent)))
    assert isinstance(by_arm, Found)
    assert by_arm.recipient.arms == {"threshold": "lower"}
    assert "arm lower of threshold" in told(document.schema, by_arm.recipient)
    assert not isinstance(prover.ask(AllOf((segment("other"), spent))), Found)  # GB is outside of `only`
    both = AllOf((NotSo(segment("vip")), Holds(_condition(document, "spent > 100"))))
    answer = prover.ask(both)
    assert isinstance(answer, Found)
    assert answer.recipient.arms == {"threshold": "more"}


def _condition(document: Any, text: str) -> Any:
    from mailweave.rules.compiler import checked_rules

    return checked_rules(Source("one.rules", f"{HEAD}segment asked = {text}\n")).segments["asked"].condition


def test_the_covering_set_has_every_arm_by_its_hash() -> None:
    program = compile_decisions(
        rules("segment vip = spent > big and spent <= 90\n", matrix("vip | gold"))
        + 'experiment shown on gold {\n  unit id salt "b"\n  split control 50%, other 50% -> jazz\n}\n'
    )
    shown = cover(program, Prover(program.document))
    assert not shown.open
    assert not shown.unreached
    names = {name for one in shown.recipients for name in one.shows}
    assert {"threshold is control", "threshold is lower", "threshold is more", "gold", "jazz"} <= names
    for one in shown.recipients:
        chosen = gets(program, one.recipient.as_json())
        assert {name: arm for name, arm in chosen.arms.items() if name == "threshold"} == one.recipient.arms
        assert all(f"{name} is {arm}" in one.shows for name, arm in chosen.arms.items())


def test_a_witness_without_an_arm_has_a_name_that_gives_none() -> None:
    document = compile_decisions(rules("segment vip = spent > big\n", matrix("vip | gold"))).document
    prover = Prover(document)
    claim = AllOf(
        (NotSo(segment("vip")), Holds(_condition(document, "spent > 60 and spent < 70 and country == US")))
    )
    answer = prover.ask(claim)
    assert isinstance(answer, Found)
    plain: Recipient = prover.plain(claim, answer.recipient)
    chosen = gets(
        compile_decisions(rules("segment vip = spent > big\n", matrix("vip | gold"))), plain.as_json()
    )
    assert "vip" not in chosen.evaluation.segments
