"""Are styles the same after inlining? Chromium compares what it computes for each element, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.inlining import others
from tests.inlining.corpora import CATALOG, alone, emails, mjml
from tests.inlining.documents import documents
from tests.inlining.oracle import Judge
from tests.inlining.verdicts import inlined

from benchmarks.inlining import Contender, Made, each, juice
from benchmarks.judge import Judgement, Table, peers
from benchmarks.judge.browser import chromium

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RANDOM, SEED, EACH = 200, 1000, 6
TITLE = "Styles after inlining"
TEXT = """The judge is Chromium: the computed styles of every element, before and after, at two widths, in the
colour schemes and states (hovered, visited, in a mail client) that the style sheets ask about. An
element *differs* where one computed value does. *Refused* is a document that an inliner failed on,
or said it cannot do; mailweave leaves it as it was. Each tool has the settings in which it keeps
most (`tests/inlining/others.py`)."""
PEERS = ("pypi premailer", "pypi css-inline", "npm juice", "npm mjml", "pypi playwright")


def judge(scale: float) -> Judgement:
    """A table for each kind of documents."""
    chromium()
    inliners, notes = contenders()
    tables = []
    with Judge.opened() as browser:
        for caption, texts in corpora(scale, notes):
            tables.append(judged(browser, caption, texts, inliners))
    return Judgement(tuple(tables), tuple(notes))


def contenders() -> tuple[dict[str, Contender], list[str]]:
    """The inliners that are there, and which is not."""
    found: dict[str, Contender] = {
        "mailweave": ours,
        "premailer": each(others.premailer_important),
        "css-inline": each(others.css_inline_kept),
    }
    if peers.version("npm juice"):
        found["juice"] = lambda texts: juice(peers.MODULES, texts)
        return found, []
    return found, ["juice is missing"]


def ours(texts: Sequence[str]) -> Made:
    """What it does not call exact, it refuses."""
    made = [found for found, _ in map(inlined, texts)]
    return Made([one.source if one.exact else None for one in made], 0)


def corpora(scale: float, notes: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Documents by what they are."""
    count = max(1, round(RANDOM * scale))
    yield f"random documents (seed {SEED})", [one.html for one in documents(range(SEED, SEED + count))]
    step = max(1, round(1 / scale))
    yield "stock blocks", [alone(name).before for name in CATALOG.names()[::step]]
    if peers.version("npm mjml"):
        yield "MJML, compiled", [text for _, text in mjml(peers.MODULES)][::step]
    else:
        notes.append("MJML is missing")
    if SHARED.is_dir():
        yield "templates of other people's", [text for _, text in emails(SHARED)][:: EACH * step]
    else:
        notes.append("../shared/data is missing: no templates of other people's")


def judged(browser: Judge, caption: str, texts: Sequence[str], inliners: Mapping[str, Contender]) -> Table:
    """Documents and elements that differ, and documents refused."""
    made = {name: inline(texts).texts for name, inline in inliners.items()}
    wrongly_called = [name for name, some in made.items() if not any(some)]
    if wrongly_called:  # no inliner is that bad: it was not asked as it wants to be
        raise RuntimeError(f"nothing came out of {', '.join(wrongly_called)}")
    groups = [[text, *(some[at] or text for some in made.values())] for at, text in enumerate(texts)]
    found = browser.compared(groups)
    rows: dict[str, tuple[int, ...]] = {}
    for number, (name, some) in enumerate(made.items()):
        paths = [{one.path for one in group[number]} for group in found]
        rows[name] = sum(map(bool, paths)), sum(map(len, paths)), sum(text is None for text in some)
    columns = ("documents that differ", "elements that differ", "documents refused")
    return Table(f"{len(texts)} {caption}", columns, rows, "least")
