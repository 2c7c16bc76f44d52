"""The plain text of every template of ../shared/data/emails, with Liquid woven in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from tests.content.weaver import data, weave

from liquid import Environment
from mailweave.content import inline_once
from mailweave.message.plaintext import text_template, wrap

PLAIN, HTML = Environment(autoescape=False), Environment(autoescape=True)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|preheader", re.I)
_SILENT = {"head", "style", "script", "title", "noscript", "select", "textarea"}
_TAG = re.compile(r"</?(?:a|p|b|i|td|tr|table|div|span|br|img|h[1-6]|strong|em|ul|li)\b[^<>]*>", re.I)
_DATA_SIZE = re.compile(r"(font-size:\s*)\{\{.*?\}\}", re.I)
_INVISIBLE = str.maketrans("\u00a0", " ", "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff")


_NUMBERED = re.compile(
    r"<(?:tel|mailto):[^>]*>"
)  # is not said twice where the data make the words the address
_MARKS = re.compile(r"[\s().\u00a0/-]+")


def visible(html: str) -> tuple[list[str], list[str], list[str]]:
    """The words that are shown, those of hidden parts, and all addresses: by lxml alone."""
    root = etree.fromstring(html, etree.HTMLParser(huge_tree=True))
    shown: list[str] = []
    hidden: list[str] = []
    for element, text in _texts(root):
        chain = [element, *element.iterancestors()]
        if any(e.tag in _SILENT for e in chain):
            continue
        unseen = any(_HIDDEN.search(f"{e.get('style')} {e.get('class')}") for e in chain)
        (hidden if unseen else shown).extend(text.translate(_INVISIBLE).split())
    addresses = [a.get("href", "").strip().replace(" ", "%20") for a in root.iter("a")]
    return shown, hidden, [a for a in addresses if a and not a.startswith("#")]


def _texts(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element, element.text or ""
        parent = element.getparent()
        if parent is not None:
            yield parent, element.tail or ""


def check(html: str, seed: int) -> dict[str, object]:
    """What is wrong with the text of one woven template."""
    person, source = data(seed), weave(html, seed)
    once = wrap(PLAIN.from_string(text_template(source, fragment=False).source).render(**person))
    sized = _DATA_SIZE.sub(
        r"\g<1>12", source
    )  # text that the data makes zero in size is derived before that is known
    rendered = HTML.from_string(sized).render(**person)
    after = wrap(PLAIN.from_string(text_template(rendered, fragment=False).source).render())
    shown, _, addresses = visible(rendered)
    joined = "".join(once.split())
    return {
        "different": _NUMBERED.sub("", once).split() != _NUMBERED.sub("", after).split(),
        "lost": [w for w in shown if w not in joined and "://" not in w and re.search(r"\w", w)],
        "addresses": [a for a in addresses if a not in joined and not _is_said(a, joined)],
        "markup": _TAG.search(re.sub(r"<https?:[^>]*>|<b>B</b>", "", once, flags=re.I)),
        "long": [line for line in once.split("\n") if len(line) > 78 and " " in line.strip()],
    }


def _is_said(address: str, text: str) -> bool:
    """Whether a text holds an address or a number of a telephone, which words of a link may be."""
    scheme, _, rest = address.partition(":")
    return scheme in ("mailto", "tel") and _MARKS.sub("", rest) in _MARKS.sub("", text)


def _all(folder: Path, seeds: range) -> tuple[Counter[str], list[str]]:
    count: Counter[str] = Counter()
    wrong: list[str] = []
    for path in sorted(folder.rglob("*.html")):
        for seed in seeds:
            found = check(path.read_text(encoding="utf-8", errors="replace"), seed)
            count["different" if found.pop("different") else "equal"] += 1
            wrong += [f"{path.relative_to(folder)}: {what} {found[what]}" for what in found if found[what]]
    return count, wrong


def test_all_templates(shared_data: Path) -> None:
    count, wrong = _all(shared_data / "emails", range(1))
    print(f"\n{dict(count)}")
    assert wrong == []
    assert count["equal"] >= 0.97 * sum(count.values())


@pytest.mark.deep
def test_all_templates_with_many_seeds(shared_data: Path) -> None:
    count, wrong = _all(shared_data / "emails", range(1, 6))
    assert wrong == []
    assert count["equal"] >= 0.97 * sum(count.values())


def test_no_preheader_and_every_heading_of_the_hand_written_text(shared_data: Path) -> None:
    """Postmark's own `content.txt` beside ours: the same addresses, and no line that is hidden in the HTML."""
    folder = shared_data / "emails" / "ActiveCampaign+postmark-templates" / "templates-inlined" / "basic"
    seen = 0
    for html in sorted(folder.glob("*/content.html")):
        by_hand = (html.parent / "content.txt").read_text(encoding="utf-8")
        source = re.sub(r"\{\{[#/^].*?\}\}", "", html.read_text(encoding="utf-8"))
        ours = text_template(source, fragment=False).source
        wanted = set(re.findall(r"\( (\S+) \)|\( (\{\{.*?\}\}) \)", by_hand))
        addresses = {"".join(pair) for pair in wanted}
        assert {a for a in addresses if a.replace(" ", "") not in "".join(ours.split())} == set(), html
        preheader = re.search(r'class="preheader"[^>]*>(.*?)</span>', source, re.S)
        peek = " ".join(preheader[1].split()) if preheader else ""
        if peek and source.count(peek) == 1:  # some say the same in their text
            assert peek not in " ".join(ours.split())
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("name", ["receipt", "password-reset", "welcome"])
def test_the_texts_in_the_docs_are_those(shared_data: Path, name: str) -> None:
    folder = shared_data / "emails" / "ActiveCampaign+postmark-templates" / "templates" / "basic" / name
    inlined = inline_once((folder / "content.html").read_text(encoding="utf-8"))
    ours = text_template(inlined.source, fragment=False).source
    docs = (Path(__file__).parents[2] / "docs" / "plaintext.md").read_text(encoding="utf-8")
    assert f"Derived:\n\n```text\n{ours.rstrip()}\n```" in docs
