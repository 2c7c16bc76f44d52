"""The gallery of a campaign: one self-contained page with one e-mail for each distinct selection.

It loads nothing: pictures of the e-mails are replaced by drawn stand-ins, and its policy forbids the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files

from mailweave.preview.own_pictures import with_own_pictures
from mailweave.preview.placeholder_images import stand_in_pictures

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class GalleryEntry:
    """One e-mail of the gallery.

    `count` is how many recipients get this selection, 0 where the recipient is made up, and `share` their part of all
    rendered ones, from 0 to 1; `reasons` are triples of slot, block and the sentence that says why. `who` is said where
    nobody of the list gets it, `sender` where it is not that of the whole gallery; `pictures` are addresses by the
    names of files.
    """

    title: str
    count: int
    share: float
    subject: str
    preheader: str
    html: str
    amp: str | None
    text: str
    reasons: Sequence[tuple[str, str, str]]
    who: str = "A made-up recipient of the covering set"
    sender: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GallerySummary:
    """What the head of the gallery tells of the whole run: the figures of `report.json`.

    `slots` counts the recipients of each block by slot, `skips` those of each skip code; `now` is
    shown as given.
    """

    campaign: str
    sender: str
    now: str
    recipients: int
    rendered: int
    skipped: int
    dead: int
    distinct: int
    seconds: float
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    skips: Mapping[str, int] = field(default_factory=dict)


def gallery_page(
    entries: Sequence[GalleryEntry], summary: GallerySummary, opening: Sequence[GalleryEntry] = ()
) -> str:
    """The whole page as HTML text; the same arguments always give the same text. opening: mails that come first."""
    first = [(f"first-{number}", each) for number, each in enumerate(opening, 1)]
    mails = [(str(number), each) for number, each in enumerate(entries, 1)]
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        f"<title>{escape(summary.campaign)}: the e-mails</title>",
        f"<style>{_style()}</style></head><body>",
        _head(summary),
        '<div class="columns">',
        _index([*first, *mails]),
        "<main>",
        *(_entry(number, entry, summary) for number, entry in (*first, *mails)),
        "</main></div>",
        _foot(len(entries), summary, first=bool(opening)),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _style() -> str:
    return (files("mailweave.cli") / "gallery.css").read_text(encoding="utf-8")


def _head(summary: GallerySummary) -> str:
    figures = [
        (f"{summary.recipients:,}", "recipients"),
        (f"{summary.rendered:,}", "rendered"),
        (f"{summary.skipped:,}", "skipped"),
        (f"{summary.dead:,}", "failed"),
        (f"{summary.distinct:,}", "distinct e-mails"),
        (_speed(summary), "a second"),
    ]
    cells = "".join(f"<div><dd>{value}</dd><dt>{name}</dt></div>" for value, name in figures)
    return (
        f'<header><p class="made">mailweave</p><h1>{escape(summary.campaign)}</h1>'
        f'<p class="lead">What the whole list gets, decided at {escape(summary.now)}. '
        "One e-mail for each distinct selection of blocks, the most frequent first.</p>"
        f'<dl class="figures">{cells}</dl>'
        f'<details class="who"><summary>Who gets which block</summary>'
        f'<div class="tables">{_slots(summary)}{_skips(summary)}</div></details></header>'
    )


def _speed(summary: GallerySummary) -> str:
    return f"{summary.recipients / summary.seconds:,.0f}" if summary.seconds > 0 else "–"


def _slots(summary: GallerySummary) -> str:
    return "".join(
        _counts(slot, sorted(blocks.items(), key=lambda item: (-item[1], item[0])), summary.rendered)
        for slot, blocks in summary.slots.items()
    )


def _skips(summary: GallerySummary) -> str:
    if not summary.skips:
        return ""
    rows = sorted(summary.skips.items(), key=lambda item: (-item[1], item[0]))
    return _counts("skipped", rows, summary.recipients)


def _counts(caption: str, rows: Iterable[tuple[str, int]], whole: int) -> str:
    body = "".join(_count(name, count, count / whole if whole else 0.0) for name, count in rows)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr><th scope=col>block</th>"
        f"<th scope=col class=n>recipients</th><th scope=col class=n>share</th></tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _count(name: str, count: int, share: float) -> str:
    bar = f'<span class="bar" style="width:{min(1.0, share):.1%}"></span>'
    figures = f"<td class=n>{count:,}</td><td class=n>{share:.1%}</td>"
    return f"<tr><th scope=row>{escape(name)}{bar}</th>{figures}</tr>"


def _index(entries: Iterable[tuple[str, GalleryEntry]]) -> str:
    items = "".join(
        f'<li><a href="#mail-{number}"><span>{escape(entry.title)}</span>'
        f'<span class="n">{entry.count:,}</span></a></li>'
        for number, entry in entries
    )
    return f'<nav aria-label="E-mails"><ol>{items}</ol></nav>'


def _reach(entry: GalleryEntry) -> str:
    if not entry.count:
        return f'<p class="reach">{escape(entry.who)}</p>'
    recipients = "recipient" if entry.count == 1 else "recipients"
    bar = f'<span class="bar" style="width:{min(1.0, entry.share):.1%}"></span>'
    return f'<p class="reach"><b>{entry.count:,}</b> {recipients}, {entry.share:.1%}{bar}</p>'


def _entry(number: str, entry: GalleryEntry, summary: GallerySummary) -> str:
    return (
        f'<article id="mail-{number}" aria-labelledby="title-{number}">'
        f'<h2 id="title-{number}">{escape(entry.title)}</h2>'
        f"{_reach(entry)}"
        f'<p class="inbox"><b>{escape(entry.sender or summary.sender)}</b> <span><b>{escape(entry.subject)}</b> '
        f"<span>{escape(entry.preheader)}</span></span></p>"
        f'<table class="why"><caption>Why each block was chosen</caption>{_reasons(entry)}</table>'
        f'<div class="frames">{_frame(number, entry, 600)}{_frame(number, entry, 375)}</div>'
        f"{_source('Plain text', entry.text)}{_source('AMP', entry.amp)}</article>"
    )


def _reasons(entry: GalleryEntry) -> str:
    rows = (
        f"<tr><th scope=row>{escape(slot)}</th><td><code>{escape(block)}</code></td>"
        f"<td>{escape(sentence)}</td></tr>"
        for slot, block, sentence in entry.reasons
    )
    return f"<tbody>{''.join(rows)}</tbody>"


def _frame(number: str, entry: GalleryEntry, width: int) -> str:
    name = f"E-mail {number} at {width} pixels: {entry.subject}"
    size = f"{len(entry.html.encode()) / 1000:.1f} kB" if width == 600 else "the same HTML"
    return (
        f'<figure class="w{width}"><figcaption>HTML at {width} px, {size}</figcaption>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<iframe sandbox="allow-same-origin" loading="lazy" width="{width}" height="720" '
        f"title=\"{escape(name)}\" srcdoc='{_srcdoc(entry)}'></iframe></div></figure>"
    )


def _srcdoc(entry: GalleryEntry) -> str:
    """An e-mail as an attribute in single quotes: e-mails are full of double ones.

    Its frame may run no scripts. It keeps the page's origin, because browsers give a frame without one
    a process of its own, and a hundred of them take half a minute.
    """
    html = with_own_pictures(entry.html, entry.pictures)
    return stand_in_pictures(html).replace("&", "&amp;").replace("'", "&#39;")


def _source(name: str, text: str | None) -> str:
    if text is None:
        return f'<p class="none">No {name} part for this e-mail.</p>'
    size = f"{len(text.encode()) / 1000:.1f} kB"
    return f"<details><summary>{name}, {size}</summary><pre tabindex=0>{escape(text)}</pre></details>"


def _foot(shown: int, summary: GallerySummary, *, first: bool) -> str:
    part = "" if shown >= summary.distinct else f" {shown:,} of {summary.distinct:,} are shown."
    own = " or stand in the page" if first else ""
    return f"<footer>Pictures are drawn stand-ins{own}, so that this page loads nothing.{part}</footer>"
