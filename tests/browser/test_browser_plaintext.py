"""Plain text beside what Chromium shows: no word or link is lost, and nothing is said that is hidden."""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import ROOT, Viewer
from tests.browser.test_browser_blocks import CATALOG, FULL, alone, full

from mailweave import Email, Environment
from mailweave.batch.sources import Recipients
from mailweave.content import inline_once
from mailweave.message.plaintext import text_template, wrap

SEEN = r"""() => {
  const silent = new Set(["SCRIPT", "STYLE", "TITLE", "NOSCRIPT", "TEMPLATE", "SVG", "OBJECT", "SELECT", "TEXTAREA"]);
  const unseen = (element) => {
    for (let e = element; e && e !== document.documentElement; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (silent.has(e.tagName.toUpperCase())) return true;
      if (style.display === "none" || style.opacity === "0") return true;
      const box = e.getBoundingClientRect();
      const cuts = style.overflowX !== "visible" && style.display !== "inline";
      if (cuts && (box.width === 0 || box.height === 0)) return true;
    }
    const style = getComputedStyle(element);
    return style.visibility !== "visible" || style.fontSize === "0px";
  };
  const shown = [], hidden = [], links = [];
  const walk = (node) => {
    if (node.nodeType === 3) (unseen(node.parentElement) ? hidden : shown).push(node.data);
    else if (node.nodeType === 1) {
      if (node.tagName === "IMG" && node.alt && !unseen(node.parentElement)) shown.push(" " + node.alt + " ");
      if (node.tagName === "A" && node.getAttribute("href") && !unseen(node)) links.push(node.getAttribute("href"));
      const style = getComputedStyle(node);
      const block = !style.display.startsWith("inline") || node.tagName === "BR";
      if (block) { shown.push(" "); hidden.push(" "); }
      for (const child of node.childNodes) walk(child);
      if (block) { shown.push(" "); hidden.push(" "); }
    }
  };
  walk(document.body);
  return {shown: shown.join(""), hidden: hidden.join(""), links};
}"""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff"))
_ADDRESS = re.compile(r"<(?:[a-z]+:|/|\?)[^<>\s]*>|<given[^<>\s]*>", re.I)
_SCHEME = re.compile(
    "(?:mailto|tel):", re.I
)  # where the words of a link are the address, they alone are said
_NOWHERE = re.compile("#|javascript:", re.I)
_SIGNS = re.compile(r"[\W_]+")


def words(text: str) -> list[str]:
    """The words and numbers of a text, without signs around them."""
    return [word for part in text.translate(_INVISIBLE).split() if (word := _SIGNS.sub("", part).lower())]


def said(html: str) -> str:
    return wrap(text_template(inline_once(html).source, fragment=False).source)


def compared(viewer: Viewer, html: str, text: str) -> dict[str, list[str]]:
    """What the text of a mail lacks, and what it says that nobody sees."""
    seen = viewer.look(html, SEEN, width=900, images=False)  # what is for small screens alone is hidden here
    spoken = words(_ADDRESS.sub(" ", text))
    letters = "".join(spoken)
    visible = words(seen["shown"])
    joined = "".join(words(text))
    secret = set(words(seen["hidden"])) - set(visible)
    links = [_SCHEME.sub("", link) for link in map(str.strip, seen["links"]) if not _NOWHERE.match(link)]
    return {
        "lost": [word for word in visible if word not in letters],
        "leaked": [
            word for word in secret if len(word) > 2 and word in set(spoken) and word not in "".join(visible)
        ],
        "links": [link for link in links if "".join(words(link.replace(" ", "%20"))) not in joined],
    }


def check(viewer: Viewer, name: str, html: str, text: str = "") -> list[str]:
    found = compared(viewer, html, text or said(html))
    return [f"{name}: {what} {some[:5]}" for what, some in found.items() if some]


def corpus(folder: Path) -> list[tuple[str, str]]:
    files = sorted((folder / "emails").rglob("*.html"))
    return [
        (str(file.relative_to(folder)), _static(file.read_text("utf-8", errors="replace"))) for file in files
    ]


def _static(html: str) -> str:
    """A template as a page: other engines' tags are words to a browser and Liquid to us."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "given", html, flags=re.S)


def test_the_text_of_corpora_says_what_chromium_shows(viewer: Viewer, shared_data: Path) -> None:
    mails = corpus(shared_data)
    wrong = [line for name, html in mails for line in check(viewer, name, html)]
    assert len(mails) > 180
    assert wrong == []


@pytest.mark.parametrize("name", CATALOG.names())
def test_the_text_of_a_stock_block_says_what_chromium_shows(viewer: Viewer, name: str) -> None:
    assert check(viewer, name, alone(name)) == []


@pytest.mark.parametrize("name", FULL)
def test_the_text_of_a_stock_layout_says_what_chromium_shows(viewer: Viewer, name: str) -> None:
    assert check(viewer, name, full(name)) == []


def test_the_texts_of_the_demo_say_what_chromium_shows(viewer: Viewer) -> None:
    """The text part as it is sent, beside the HTML part: a mail for each selection among the first customers."""
    campaign = Environment().compile(ROOT / "fixtures" / "campaigns" / "cdnow-winback")
    folder = ROOT / "fixtures" / "cdnow"
    found: dict[str, Email] = {}
    for one in islice(Recipients(folder / "profiles.parquet", folder / "events.parquet"), 150):
        email = campaign.render(one.profile, events=one.events)
        if isinstance(email, Email):
            found.setdefault(repr(sorted(email.selection.items())), email)
    assert len(found) > 8
    assert [email.text for email in found.values() if _ADDRESS.match(email.text.split("\n", 2)[1])] == []
    wrong = [line for key, email in found.items() for line in check(viewer, key, email.html, email.text)]
    assert wrong == []


HIDING = tomllib.loads((ROOT / "fixtures" / "plaintext" / "hiding.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", HIDING, ids=[case["name"] for case in HIDING])
def test_each_way_of_hiding_is_known(viewer: Viewer, case: dict[str, Any]) -> None:
    """The mark "secret" stands in what is hidden; "seen" in what is shown."""
    assert ("secret" in said(case["html"]), "seen" in said(case["html"])) == (False, True)
    if case.get("measured", True):
        shown = viewer.look(case["html"], SEEN, width=600)
        assert ("secret" in shown["shown"], "seen" in shown["shown"]) == (False, True)
