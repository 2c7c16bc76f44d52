"""What does a mail cost, and how large is it? The benchmark newsletter, each engine in a process of its own."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.judge import Cell, Judgement, NotJudged, Table, peers
from benchmarks.judge.engines import CHECKED, ENGINES, letters, templates
from benchmarks.newsletter.recipients import make

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, PER_ROUND, TIMES = 14, 100, 3
TITLE = "Time and bytes of a mail"
TEXT = f"""The newsletter of `benchmarks/newsletter`, for recipients who are seen once; CPU time of the process that
renders, medians of rounds of {PER_ROUND} mails, the first ones left out; each engine {TIMES} times in a process of its
own, in a drawn order. *mailweave* is all of it: admission, decision, headers, subject, HTML and plain
text. All others, and *mailweave, HTML alone*, only write HTML from data that nobody validates, with
nothing decided. Where not said, CSS was inlined once before; python-liquid's HTML is inlined by css-inline
mail by mail, as one does who cannot inline a template. React Email has the same words in components
(`benchmarks/judge/mails/newsletter.mjs`), with fewer styles, so that its bytes are those of another
design; Node collects its garbage within the time, Python after it. The decision is that of the
newsletter's rules: mailweave's with admission, ZEN's of plain data by four decision tables."""
PEERS = (
    *("pypi Jinja2", "pypi minijinja", "pypi python-liquid", "pypi css-inline", "pypi zen-engine"),
    *("npm liquidjs", "npm @react-email/components", "npm @react-email/render", "npm react"),
)
NODE = {"LiquidJS, HTML alone": "npm liquidjs", "React Email": "npm @react-email/render"}
DECIDING = {"mailweave, decision": "mailweave", "ZEN": "ZEN 2"}
Found = Mapping[str, Any]


def judge(scale: float) -> Judgement:
    """The mail, and the decision alone."""
    rounds = max(5, round(ROUNDS * scale))
    notes, names = [], list(ENGINES)
    for name, peer in NODE.items():
        try:
            peers.needed(peer)
            names.append(name)
        except NotJudged as missing:
            notes.append(f"{name} was not asked: {missing}")
    found = measured(names, rounds)
    return Judgement(tables(found), (*notes, *disagreeing(found)))


def disagreeing(found: Mapping[str, Found]) -> list[str]:
    """Who does not say, or decide, what the others do; a whole mail of ours has words by the decision."""
    alone = {
        name: one["words"] for name, one in found.items() if name != "mailweave" and name not in DECIDING
    }
    first = next(iter(alone.values()))
    notes = [f"{name} does not say the same words" for name, words in alone.items() if words != first]
    if found["ZEN"]["words"] != found["mailweave, decision"]["words"]:
        notes.append("ZEN does not decide the same")
    return notes


def measured(names: list[str], rounds: int) -> dict[str, Found]:
    """Each engine's microseconds, the median of its processes; the rest as the last one told it."""
    order, runs = random.Random(7), {name: list[Found]() for name in names}
    for _ in range(TIMES):
        order.shuffle(names)
        for name in names:
            runs[name].append(by_node(name, rounds) if name in NODE else by_python(name, rounds))
    return {
        name: {**some[-1], "us": statistics.median(one["us"] for one in some)} for name, some in runs.items()
    }


def by_python(name: str, rounds: int) -> Found:
    """In a new Python."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.judge.engines", name, str(rounds), str(PER_ROUND)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    told: Found = json.loads(done.stdout)
    return told


def by_node(name: str, rounds: int) -> Found:
    """In a new Node; what is shared and the recipients are handed over."""
    shared, given = make(rounds * PER_ROUND)
    asked = {"shared": shared, "recipients": given, "template": templates()["liquid"], "perRound": PER_ROUND}
    made: Found = peers.node("cost.mjs", {**asked, "checked": CHECKED}, name)
    return {**made, "words": [letters(one) for one in made["html"]]}


def tables(found: Mapping[str, Found]) -> tuple[Table, ...]:
    """Mails first, then the decision."""
    order = ["mailweave", *(name for name in found if name not in ("mailweave", *DECIDING))]
    mails: dict[str, tuple[Cell, ...]] = {
        name: (round(found[name]["us"]), round(found[name]["bytes"])) for name in order
    }
    decisions: dict[str, tuple[Cell, ...]] = {
        shown: (float(found[name]["us"]),) for name, shown in DECIDING.items() if name in found
    }
    return (
        Table("A mail", ("CPU microseconds", "bytes of HTML"), mails, "least"),
        Table("The decision alone", ("CPU microseconds",), decisions, "least"),
    )
