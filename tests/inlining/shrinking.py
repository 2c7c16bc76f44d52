"""Makes a document smaller that an inliner gets wrong: delta debugging over rules, declarations, elements, attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

Span = tuple[int, int]
Cut = tuple[Span, ...]
"""Spans that go together."""

StillWrong = Callable[[Sequence[str]], list[bool]]
BATCH = 24
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.S | re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?")
_CELLS = re.compile(r"<(?:table|tbody|thead|tr|td|th|ul|li)\b")
_VOID = "img br hr meta link input col".split()


def shrunk(text: str, still_wrong: StillWrong) -> str:
    """The smallest text found that is still wrong; `text` itself where it is not wrong."""
    if not still_wrong([text])[0]:
        return text
    before = ""
    while before != text:
        before = text
        for cuts in (elements, rules, tags_of_liquid, wrappers, declarations, attributes, words):
            text = _fewer(text, cuts, still_wrong)
    return text


def _fewer(text: str, cuts: Callable[[str], list[Cut]], still_wrong: StillWrong) -> str:
    """Without as many of these cuts as can go: large groups first, then one by one."""
    size = max(1, len(cuts(text)) // 2)
    while True:
        smaller = _first(_without(text, cuts(text), size), still_wrong)
        if smaller is not None:
            text = smaller
        elif size == 1:
            return text
        else:
            size //= 2


def _without(text: str, cuts: list[Cut], size: int) -> Iterator[str]:
    for at in range(0, len(cuts), size):
        yield cut_out(text, [span for cut in cuts[at : at + size] for span in cut])


def _first(candidates: Iterator[str], still_wrong: StillWrong) -> str | None:
    waiting = list(candidates)
    for at in range(0, len(waiting), BATCH):
        some = waiting[at : at + BATCH]
        for text, wrong in zip(some, still_wrong(some), strict=True):
            if wrong:
                return text
    return None


def cut_out(text: str, spans: Sequence[Span]) -> str:
    """The text without these spans, which may lie in each other."""
    out, place = [], 0
    for start, stop in sorted(spans):
        if stop > place:
            out.append(text[place : max(start, place)])
            place = stop
    return "".join([*out, text[place:]])


def rules(text: str) -> list[Cut]:
    """Rules and blocks of style sheets, inner ones too, and at-rules that end with a semicolon."""
    return [(span,) for start, stop in _sheets(text) for span in _rules(text, start, stop)]


def _sheets(text: str) -> Iterator[Span]:
    for match in _STYLE.finditer(text):
        yield match.span(1)


def _rules(text: str, start: int, stop: int) -> Iterator[Span]:
    opened: list[int] = []
    begin = start
    for at in range(start, stop):
        if text[at] == "{":
            opened.append(begin)
            begin = at + 1
        elif text[at] == "}" and opened:
            yield opened.pop(), at + 1
            begin = at + 1
        elif text[at] == ";":
            if text[begin:at].strip().startswith("@"):
                yield begin, at + 1
            begin = at + 1


def declarations(text: str) -> list[Cut]:
    """Declarations in style sheets and in style attributes, selectors of lists."""
    places = [m.span(1) for m in re.finditer(r"\{([^{}]*)\}", text)]
    places += [m.span(1) for m in re.finditer(r'style="([^"]*)"', text)]
    return [(span,) for start, stop in places for span in _between(text, start, stop, ";")]


def _between(text: str, start: int, stop: int, sign: str) -> Iterator[Span]:
    for part in re.finditer(f"[^{sign}]+{sign}?", text[start:stop]):
        yield start + part.start(), start + part.end()


def _elements(text: str) -> Iterator[tuple[Span, Span]]:
    """The start tag and the end tag of each element that has both; a void one's end is empty."""
    opened: list[tuple[str, Span]] = []
    for match in _TAG.finditer(_STYLE.sub(lambda m: "x" * len(m[0]), text)):
        name = match[2].lower()
        if name in ("html", "head", "body"):
            continue
        if match[1]:
            if opened and opened[-1][0] == name:
                yield opened.pop()[1], match.span()
        elif name in _VOID:
            yield match.span(), (match.end(), match.end())
        else:
            opened.append((name, match.span()))


def elements(text: str) -> list[Cut]:
    """Elements with what is in them, style elements included, and words between tags."""
    whole: list[Cut] = [((first[0], last[1]),) for first, last in _elements(text)]
    whole += [(match.span(),) for match in _STYLE.finditer(text)]
    return sorted(whole, key=lambda cut: cut[0][0] - cut[0][1])


def wrappers(text: str) -> list[Cut]:
    """Start and end tags around what stays."""
    return [
        (first, last)
        for first, last in _elements(text)
        if last[0] != last[1] and not _CELLS.match(text, first[0])  # no cell without its table
    ]


def tags_of_liquid(text: str) -> list[Cut]:
    """Conditions and loops: whole, the tags alone, one branch alone; and outputs."""
    opened: list[list[Span]] = []
    found: list[Cut] = [(match.span(),) for match in re.finditer(r"\{\{.*?\}\}", text)]
    for match in re.finditer(r"\{%\s*(\w+).*?%\}", text):
        if match[1] in ("if", "unless", "for", "case"):
            opened.append([match.span()])
        elif opened:
            opened[-1].append(match.span())
            if match[1].startswith("end"):
                spans = opened.pop()
                inner = [(one[1], other[0]) for one, other in pairwise(spans)]
                found += [((spans[0][0], spans[-1][1]),), tuple(spans)]
                found += [
                    (*spans, *inner[:at], *inner[at + 1 :]) for at in range(len(inner)) if len(inner) > 1
                ]
    return found


def attributes(text: str) -> list[Cut]:
    return [
        ((match.start(3) + one.start(), match.start(3) + one.end()),)
        for match in _TAG.finditer(text)
        for one in _ATTRIBUTE.finditer(match[3])
    ]


def words(text: str) -> list[Cut]:
    """Words of class attributes, comments, words of text, line ends."""
    found = [
        (match.start(1) + one.start(), match.start(1) + one.end())
        for match in re.finditer(r'class="([^"]*)"', text)
        for one in re.finditer(r"\s*[^\s]+", match[1])
    ]
    found += [m.span() for m in re.finditer(r"<!--.*?-->|\n|(?<=>)[^<>{}]+(?=<)", text, re.S)]
    return [(span,) for span in found]
