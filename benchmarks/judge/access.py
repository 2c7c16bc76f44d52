"""Can everybody read the mail? axe-core looks at one small mail, written three times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.browser.conftest import Viewer

from benchmarks.judge import Judgement, NotJudged, Table, peers
from benchmarks.judge.browser import viewer
from mailweave import Email, Environment

MAILS = Path(__file__).parent / "mails"
TITLE = "Accessibility"
TEXT = """One small mail (logo, picture, headings, words, a product, two buttons, a footer) in mailweave's stock
blocks, in React Email's components and in MJML, each as its documentation writes one, with language,
title and the same alternative texts (`benchmarks/judge/mails`). The judge is axe-core: what it calls
*serious* or *critical*, and what it calls *moderate* or *minor*, in light and in dark, 375 and 800 wide."""
PEERS = ("npm axe-core", "npm @react-email/components", "npm react", "npm mjml", "pypi playwright")
VIEWS = [(width, dark) for width in (375, 800) for dark in (False, True)]
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(v => [v.id, v.impact, v.nodes.length]);
}"""


def judge(scale: float) -> Judgement:
    """One mail each; there is no less of it."""
    del scale
    peers.needed("npm axe-core")
    mails, notes = contenders()
    with viewer() as browser:
        script = (peers.MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        table, rules = judged(browser, mails, script)
    return Judgement((table,), (*notes, *rules))


def contenders() -> tuple[dict[str, str], list[str]]:
    """The mail as each writes it, and who did not."""
    found, notes = {"mailweave": ours()}, []
    makers: Mapping[str, tuple[str, Callable[[], str]]] = {
        "React Email": ("npm @react-email/components", _react_email),
        "MJML": ("npm mjml", _mjml),
    }
    for name, (peer, make) in makers.items():
        try:
            peers.needed(peer)
            found[name] = make()
        except NotJudged as missing:
            notes.append(f"{name} was not asked: {missing}")
    return found, notes


def ours() -> str:
    """By the stock blocks."""
    mail = Environment().compile(MAILS / "mailweave").render({"id": "1", "email": "ann@shop.example"})
    assert isinstance(mail, Email)
    return mail.html


def _react_email() -> str:
    return str(peers.node("access.mjs", None, str(MAILS / "mail.mjs")))


def _mjml() -> str:
    return str(peers.node("mjml.mjs", (MAILS / "mail.mjml").read_text(encoding="utf-8")))


def judged(browser: Viewer, mails: Mapping[str, str], axe: str) -> tuple[Table, list[str]]:
    """Elements found in the view in which most are, by how bad it is; and the names of the rules."""
    rows, rules = {}, []
    for name, html in mails.items():
        views: list[Any] = [
            browser.look(html, f"{axe}; ({AXE})()", width=width, dark=dark) for width, dark in VIEWS
        ]
        rows[name] = tuple(
            max(sum(count for _, impact, count in one if impact in impacts) for one in views)
            for impacts in (("serious", "critical"), ("moderate", "minor"))
        )
        named = sorted({f"`{rule}` ({impact})" for one in views for rule, impact, _ in one})
        rules += [f"{name}: {', '.join(named)}"] if named else []
    columns = ("serious or critical", "moderate or minor")
    return Table(
        "Elements that axe-core complains of, in the worst of four views", columns, rows, "least"
    ), rules
