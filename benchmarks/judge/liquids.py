"""Which implementation of Liquid answers as Liquid does? Cases of Golden Liquid, and cases that Ruby's answered."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.liquid import corpus
from tests.liquid.differences import agrees, outcome

from benchmarks.judge import Judgement, NotJudged, Table, peers, percent

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "golden_liquid" / "golden_liquid.json"
TITLE = "Liquid"
TEXT = f"""Two judges: the cases of Golden Liquid, which several implementations share, and cases drawn from
Liquid's grammar, with the answers of Ruby's Liquid {corpus.VERSION} (recorded, `fixtures/liquid/corpus.jsonl`). An answer
counts where it is the same text, or where a template that is none is refused. Where Ruby reports an
error, it writes its own words for it into the text and goes on; mailweave refuses the mail, which
counts as another answer here. `docs/liquid.md` names every difference. minijinja is not Liquid and
is not asked."""
PEERS = ("pypi python-liquid", "npm liquidjs")
Case = dict[str, Any]
Answer = tuple[str, str]
"""`text` and what came out, or `error` and something."""


def judge(scale: float) -> Judgement:
    """Shares of the cases that each answers rightly."""
    step = max(1, round(1 / scale))
    engines, notes = contenders()
    drawn = corpus.read()[::step]
    tables = []
    if GOLDEN.is_file():
        golden = [_golden(case) for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["tests"][::step]]
        tables.append(judged(f"{len(golden):,} cases of Golden Liquid", golden, engines))
    else:
        notes.append("../shared/data is missing: Golden Liquid was not asked")
    smooth = [case for case in drawn if "right" in case and not case.get("errors")]
    rest = [case for case in drawn if case not in smooth]
    tables.append(judged(f"{len(smooth):,} cases that Ruby's Liquid answered", smooth, engines))
    tables.append(judged(f"{len(rest):,} cases in which it reports an error", rest, engines))
    return Judgement(tuple(tables), tuple(notes))


def contenders() -> tuple[dict[str, Callable[[Sequence[Case]], list[Answer]]], list[str]]:
    """The implementations that are there, and which is not."""
    found = {
        "mailweave": lambda cases: [outcome(case) for case in cases],
        "python-liquid": lambda cases: [by_python_liquid(case) for case in cases],
    }
    try:
        peers.needed("npm liquidjs")
    except NotJudged as missing:
        return found, [f"LiquidJS was not asked: {missing}"]
    return {**found, "LiquidJS": by_liquidjs}, []


def judged(
    caption: str, cases: Sequence[Case], engines: Mapping[str, Callable[[Sequence[Case]], list[Answer]]]
) -> Table:
    """How many are right, and how many are not."""
    rows: dict[str, tuple[float, ...]] = {}
    for name, ask in engines.items():
        good = sum(right(case, found) for case, found in zip(cases, ask(cases), strict=True))
        rows[name] = good, percent(good, len(cases))
    return Table(caption, ("right", "%"), rows, "most")


def right(case: Case, found: Answer) -> bool:
    """Whether an answer is that of the judge; some cases of Golden Liquid have two."""
    if "either" in case:
        return found[0] == "text" and found[1] in case["either"]
    return agrees(case, found)


def _golden(case: Case) -> Case:
    """In the form of the others."""
    shared = {
        "template": case["template"],
        "data": case.get("data", {}),
        "partials": case.get("templates", {}),
    }
    return (
        shared if case.get("invalid") else {**shared, "either": case.get("results", [case.get("result", "")])}
    )


def by_python_liquid(case: Case) -> Answer:
    """As it comes, without escaping."""
    from liquid import DictLoader, Environment

    environment = Environment(loader=DictLoader(case.get("partials", {})))
    try:
        with warnings.catch_warnings(action="ignore"):  # of dateutil, which knows few zones by their letters
            return "text", environment.from_string(case["template"]).render(**case.get("data", {}))
    except Exception as problem:  # noqa: BLE001  whatever it raises, it has not answered
        return "error", str(problem)


def by_liquidjs(cases: Sequence[Case]) -> list[Answer]:
    """As it comes."""
    return [(kind, text) for kind, text in peers.node("liquid.mjs", list(cases))]
