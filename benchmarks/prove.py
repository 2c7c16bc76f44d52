"""Proofs: what the prover costs on the tier of the README, and on 200 segments with a matrix of 50 rows and 10 slots."""

from __future__ import annotations

import random
import time

from benchmarks import Report
from mailweave.prove import prove_rules
from mailweave.rules import check, parse
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.proofs import proved
from mailweave.rules.prover.prover import Prover
from mailweave.source import Source

TIER = """
ruleset "tiers" version 1
profile { id: key }
event open keep 400 days
event click keep 400 days
tier engagement complete {
  high     = count(open in last 7 days) >= 3 and count(click in last 7 days) >= 2
  moderate = count(open in last 14 days) between 1 and 2 or count(click in last 14 days) == 1
  inactive = no open in last 30 days and no click in last 30 days
}
"""
COUNTRIES = ("FR", "DE", "US", "GB", "ES", "IT", "NL", "BE", "PL", "SE")
SEGMENTS, ROWS, SLOTS, ROUNDS = 200, 50, 10, 5


def campaign() -> str:
    """A text with 200 different segments of three conditions, and 50 of them in a matrix with ten slots."""
    chance = random.Random(11)
    head = [
        'ruleset "bench" version 1',
        "profile {",
        "  id : key",
        f"  country : enum({', '.join(COUNTRIES)})?",
        "  plan : enum(free < basic < pro < vip)",
        *(f"  n{at} : int? min 0" for at in range(8)),
        "}",
        "event open { machine: bool = false } keep 400 days",
        "event purchase { total: money(EUR) } keep forever",
    ]
    segments = [f"segment s{at} = {' and '.join(_parts(chance, at))}" for at in range(SEGMENTS)]
    slots = [f"slot slot{at} max 1 fallback b{at}_0" for at in range(SLOTS)]
    blocks = [f"block b{at}_{number} for slot{at}" for at in range(SLOTS) for number in range(ROWS + 1)]
    names = " | ".join(f"slot{at}" for at in range(SLOTS))
    rows = [f"  s{row} | {' | '.join(_cells(row))} |" for row in range(ROWS)]
    last = " | ".join(f"b{at}_0" for at in range(SLOTS))
    matrix = [
        "matrix main policy priority {",
        "  tie order",
        f"  | {names} |",
        *rows,
        f"  otherwise | {last} |",
        "}",
    ]
    return "\n".join([*head, *segments, *slots, *blocks, *matrix]) + "\n"


def _parts(chance: random.Random, at: int) -> list[str]:
    low = chance.randint(0, 600)
    number = f"n{chance.randrange(8)} between {low} and {low + chance.randint(50, 300)}"
    country = f"country in ({', '.join(chance.sample(COUNTRIES, 4))})"
    days, least = chance.choice((7, 14, 30, 90)), chance.randint(1, 5)
    counted = f"count(open in last {days} days) >= {least}"
    plan = f"plan >= {chance.choice(('basic', 'pro'))}"
    return [f"n{at % 8} >= {at}", *chance.sample((number, country, counted, plan), 2)]


def _cells(row: int) -> list[str]:
    return [f"b{at}_{row + 1} {ROWS - row + at}" for at in range(SLOTS)]


def run() -> Report:
    """The time of the tier, and of the large text with z3 and with boxes alone."""
    report = Report("prove: gaps, dead conditions, overlaps")
    tier = Source("tiers.rules", TIER)
    prove_rules(tier)  # z3 is loaded once
    spent = min(_spent(lambda: prove_rules(tier)) for _ in range(ROUNDS))
    report.say(f"   the tier with a gap: {spent * 1e3:.0f} ms")
    report.claim("the tier, in milliseconds", spent * 1e3, 100)
    document = _checked(campaign())
    for with_smt, limit in ((True, 20), (False, 2)):
        found = 0

        def prove(with_smt: bool = with_smt) -> None:
            nonlocal found
            found = len(proved(Prover(document, with_smt=with_smt)))

        spent, words = _spent(prove), "with z3" if with_smt else "boxes alone"
        report.say(f"   {SEGMENTS} segments, {ROWS} x {SLOTS}, {words}: {spent:.1f} s, {found} findings")
        report.claim(f"200 segments and 50 x 10, {words}, in seconds", spent, limit)
    return report


def _checked(text: str) -> CheckedDocument:
    found = check(parse(Source("bench.rules", text)).document, proofs=False)
    assert found.document is not None, found.diagnostics
    return found.document


def _spent(work) -> float:  # type: ignore[no-untyped-def]
    start = time.process_time()
    work()
    return time.process_time() - start
