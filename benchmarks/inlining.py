"""CSS inliners side by side: how many documents come out wrong, how large they get, how long it takes.

Ours, premailer, css-inline and juice on the same documents, judged by Chromium: random ones from a seed, the compiled
MJML templates of fixtures/inline/mjml, pages of foundation-emails, every sixth mail of ../shared/data, stock mails. What
is not there is left out, and said. The lines are the table of docs/inlining.md: documents in which some computed style is
another, documents that were refused or failed, bytes against the document before, milliseconds a document.
`MAILWEAVE_BENCH_DOCUMENTS=2000` makes the random part larger.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median

from tests.inlining import others
from tests.inlining.corpora import CATALOG, alone, emails, foundation, mjml
from tests.inlining.documents import documents
from tests.inlining.node import juiced, modules
from tests.inlining.oracle import Judge, chromium_path
from tests.inlining.verdicts import inlined

from benchmarks import Report

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RANDOM, SEED = 100, 1000
FOUNDATION, EACH = 6, 12  # premailer takes a second for each of these
WRONG, REPORTED = 0, 0.005


@dataclass(frozen=True, slots=True)
class Made:
    """What an inliner made of documents: None where it failed or said that it could not."""

    texts: Sequence[str | None]
    seconds: float
    reported: int = 0


Contender = Callable[[Sequence[str]], Made]


def run() -> Report:
    report = Report("inlining, judged by Chromium: wrong / refused / bytes / time of a document")
    if chromium_path() is None:
        report.say("   Chromium is missing: nothing was measured")
        return report
    runners = contenders(report)
    report.say(f"| documents | {' | '.join(runners)} |")
    report.say("| --- |" + " --- |" * len(runners))
    with Judge.opened() as judge:
        for name, texts in corpora(report):
            made = {runner: run_one(texts) for runner, run_one in runners.items()}
            kept = judged(judge, texts, made)
            report.say(row(name, texts, made, kept))
            if name.startswith("random"):
                claims(report, texts, made, kept)
    return report


def contenders(report: Report) -> dict[str, Contender]:
    """The inliners that are there, by name and setting."""
    found: dict[str, Contender] = {
        "mailweave": ours,
        f"premailer {version('premailer')}": each(others.premailer_important),
        f"css-inline {version('css-inline')}, styles kept": each(others.css_inline_kept),
        "css-inline, at-rules kept": each(others.css_inline_at_rules),
    }
    folder = modules()
    if folder and (folder / "juice").is_dir():
        found["juice"] = lambda texts: juice(folder, texts)
    else:
        report.say("   juice is missing (MAILWEAVE_NPM=path/to/node_modules)")
    return found


def corpora(report: Report) -> Iterator[tuple[str, list[str]]]:
    """The documents, by name."""
    count, folder = int(os.environ.get("MAILWEAVE_BENCH_DOCUMENTS", RANDOM)), modules()
    yield f"random, {count}", [one.html for one in documents(range(SEED, SEED + count))]
    if folder and (folder / "mjml").is_dir():
        yield from [_counted("mjml", [text for _, text in mjml(folder)])]
    if folder and (folder / "foundation-emails").is_dir():
        yield from [_counted("foundation", [text for _, text in islice(foundation(folder), FOUNDATION)])]
    yield from [_counted("stock blocks", [alone(name).before for name in CATALOG.names()])]
    if SHARED.is_dir():
        yield from [_counted("mails of others", [text for _, text in emails(SHARED)][::EACH])]
    else:
        report.say("   ../shared/data is missing")


def _counted(name: str, texts: list[str]) -> tuple[str, list[str]]:
    return f"{name}, {len(texts)}", texts


def ours(texts: Sequence[str]) -> Made:
    began = time.process_time()
    done = [inlined(text) for text in texts]
    spent = time.process_time() - began
    kept = [made.source if made.exact else None for made, _ in done]
    return Made(kept, spent, sum(not made.exact for made, _ in done))


def each(inline: Callable[[str], str]) -> Contender:
    """An inliner that takes one text; one that raises has failed on that text."""

    def one(text: str) -> str | None:
        try:
            return inline(text)
        except Exception:  # noqa: BLE001  whatever it raises, it has not inlined
            return None

    def run_all(texts: Sequence[str]) -> Made:
        began = time.process_time()
        done = [one(text) for text in texts]
        return Made(done, time.process_time() - began)

    return run_all


def juice(folder: Path, texts: Sequence[str]) -> Made:
    done = juiced(folder, texts)
    return Made([one["html"] for one in done], sum(one["ms"] for one in done) / 1000)


def judged(judge: Judge, texts: Sequence[str], made: dict[str, Made]) -> dict[str, list[bool]]:
    """For each inliner and document: did it come out, and with every computed style?"""
    groups = [[text, *(one.texts[at] or text for one in made.values())] for at, text in enumerate(texts)]
    found = judge.compared(groups)
    return {
        name: [one.texts[at] is not None and not found[at][number] for at in range(len(texts))]
        for number, (name, one) in enumerate(made.items())
    }


def row(name: str, texts: Sequence[str], made: dict[str, Made], kept: dict[str, list[bool]]) -> str:
    """A line of the table: wrong, refused, bytes against the document before, milliseconds a document."""
    cells = []
    for runner, one in made.items():
        refused = sum(text is None for text in one.texts)
        wrong = len(texts) - refused - sum(kept[runner])
        milliseconds = one.seconds / len(texts) * 1000
        cells.append(f"{wrong} / {refused} / x{growth(texts, one):.2f} / {milliseconds:.1f} ms")
    return f"| {name} | {' | '.join(cells)} |"


def growth(texts: Sequence[str], one: Made) -> float:
    """Bytes after against bytes before, over what came out."""
    out = [(len(text), len(done)) for text, done in zip(texts, one.texts, strict=True) if done]
    return sum(after for _, after in out) / max(1, sum(before for before, _ in out))


def claims(report: Report, texts: Sequence[str], made: dict[str, Made], kept: dict[str, list[bool]]) -> None:
    own = made["mailweave"]
    wrong = len(texts) - sum(kept["mailweave"]) - own.reported
    theirs = next(one for name, one in made.items() if name.startswith("css-inline"))
    report.claim("random documents called exact that differ", wrong, WRONG)
    report.claim("share of random documents reported", own.reported / len(texts), REPORTED)
    ratios = [len(a) / len(b) for a, b in zip(own.texts, theirs.texts, strict=True) if a and b]
    report.claim("bytes against css-inline's, styles kept", growth(texts, own) / growth(texts, theirs), 1)
    report.claim("bytes against css-inline's, the median document", median(ratios), 1)
