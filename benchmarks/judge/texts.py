"""What does plain text lose of a mail? Chromium says which words and links are seen, and which words are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from tests.browser.conftest import Viewer
from tests.browser.test_browser_plaintext import compared, corpus, said
from tests.inlining.corpora import CATALOG, alone, mjml

from benchmarks.judge import Judgement, NotJudged, Table, peers
from benchmarks.judge.browser import viewer

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TITLE = "Plain text of an HTML mail"
TEXT = """The judge is Chromium: the words and links that it shows of a mail without pictures, and the words that
are hidden. *Lost* is what is seen and not in the text; *leaked* are words that nobody sees, such as
those for small screens or for one mail client; what MJML's accordion shows after a click counts among
them. html2text, inscriptis and html-to-text are asked to keep links and not to wrap; `get_text` of
BeautifulSoup knows no links."""
PEERS = ("pypi html2text", "pypi inscriptis", "pypi beautifulsoup4", "npm html-to-text", "pypi playwright")
Texts = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Once(Viewer):
    """Looks at a page once, however many texts are held against it."""

    seen: dict[str, Any] = field(default_factory=dict)

    def look(
        self, html: str, script: str, *, width: int = 375, dark: bool = False, images: bool = True
    ) -> Any:
        """The value of a script, remembered."""
        if html not in self.seen:
            self.seen[html] = super().look(html, script, width=width, dark=dark, images=images)
        return self.seen[html]


def judge(scale: float) -> Judgement:
    """A table for each kind of mails."""
    texts, notes = contenders()
    with viewer() as browser:
        tables = [
            judged(browser, caption, mails, texts)
            for caption, mails in corpora(max(1, round(1 / scale)), notes)
        ]
    return Judgement(tuple(tables), tuple(notes))


def contenders() -> tuple[dict[str, Texts], list[str]]:
    """What makes texts and is there; and what is not."""
    found: dict[str, Texts] = {
        "mailweave": _each(said),
        "BeautifulSoup get_text": _each(lambda html: BeautifulSoup(html, "lxml").get_text(" ")),
    }
    notes = []
    for name, peer, make in (
        ("html2text", "pypi html2text", _html2text),
        ("inscriptis", "pypi inscriptis", _inscriptis),
        ("html-to-text", "npm html-to-text", _html_to_text),
    ):
        try:
            peers.needed(peer)
            found[name] = make()
        except NotJudged as missing:
            notes.append(f"{name} was not asked: {missing}")
    return found, notes


def _each(make: Callable[[str], str]) -> Texts:
    return lambda mails: list(map(make, mails))


def _html2text() -> Texts:
    module = peers.python("html2text")

    def one(html: str) -> str:
        tool = module.HTML2Text(bodywidth=0)
        return str(tool.handle(html))

    return _each(one)


def _inscriptis() -> Texts:
    module, settings = peers.python("inscriptis"), peers.python("inscriptis.model.config")
    wanted = settings.ParserConfig(display_links=True)
    return _each(lambda html: str(module.get_text(html, wanted)))


def _html_to_text() -> Texts:
    return lambda mails: [str(one) for one in peers.node("texts.mjs", list(mails))]


def corpora(step: int, notes: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Mails by what they are."""
    yield "stock blocks", [alone(name).after for name in CATALOG.names()[::step]]
    if peers.version("npm mjml"):
        yield "MJML, compiled", [html for _, html in mjml(peers.MODULES)][::step]
    else:
        notes.append("MJML is missing")
    if SHARED.is_dir():
        yield "templates of other people's", [html for _, html in corpus(SHARED)][::step]
    else:
        notes.append("../shared/data is missing: no templates of other people's")


def judged(browser: Viewer, caption: str, mails: Sequence[str], texts: dict[str, Texts]) -> Table:
    """Words and links lost, and words leaked, over all mails."""
    once = Once(browser.browser)
    rows = {}
    for name, make in texts.items():
        found = [compared(once, html, text) for html, text in zip(mails, make(mails), strict=True)]
        rows[name] = tuple(sum(len(one[what]) for one in found) for what in ("lost", "links", "leaked"))
    return Table(f"{len(mails)} {caption}", ("words lost", "links lost", "words leaked"), rows, "least")
