"""Mails before and after a change, as pairs of pictures that Chromium takes, and a page that shows them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from mailweave.campaign import Campaign
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Email
from mailweave.preview.placeholder_images import stand_in_pictures

if TYPE_CHECKING:
    from mailweave.diff import Comparison
    from mailweave.diff.moves import Moves
    from mailweave.rules.prover.recipients import Recipient

_MOST: Final = 8  # pairs
_TRIED: Final = 40  # pairs of which pictures are taken, to find those that look different
_WIDTH: Final = 640
_TALLEST: Final = 8_000
_PATIENCE: Final = 60  # seconds for one picture
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is loaded from anywhere
)
_NO_MAIL: Final = "<p>This recipient gets no mail.</p>"
_MEASURE: Final = (
    "<script>addEventListener('load',()=>{document.title='heights '+[...document.querySelectorAll('iframe')]"
    ".map(f=>f.contentDocument.documentElement.scrollHeight).join(' ')})</script>"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A recipient under both campaigns; of who gets no mail the HTML is empty."""

    what: str
    old: str
    new: str


def chromium() -> str | None:
    """The browser that takes the pictures: MAILWEAVE_CHROMIUM, or one that is installed."""
    return os.environ.get("MAILWEAVE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def pictured(
    old: Campaign, new: Campaign, found: Comparison, moved: Moves | None, now: datetime, folder: Path
) -> tuple[str, ...]:
    """Writes pairs of pictures and `index.html` into a folder; their names. Raises MailweaveError."""
    browser = chromium()
    if browser is None:
        what = "pictures need Chromium: install it, or name it in MAILWEAVE_CHROMIUM"
        raise MailweaveError([diagnose("MW024", place=str(folder), what=what)])
    listed = _of_list(old, new, moved, now) if moved is not None else _of_examples(old, new, found)
    folder.mkdir(parents=True, exist_ok=True)
    pairs: list[Pair] = []
    tried = list(islice(_different(listed), _TRIED))
    for pair, tall in zip(tried, _heights(browser, tried), strict=True):
        pairs += [pair] if _taken(browser, len(pairs) + 1, pair, tall, folder) else []
        if len(pairs) == _MOST:
            break
    (folder / "index.html").write_text(_page(pairs), encoding="utf-8")
    return tuple(_name(at + 1, side) for at in range(len(pairs)) for side in ("old", "new"))


def _different(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Each pair of different HTML once."""
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        key = pair.old, pair.new
        if pair.old != pair.new and key not in seen:
            seen.add(key)
            yield pair


def _of_list(old: Campaign, new: Campaign, moved: Moves, now: datetime) -> Iterator[Pair]:
    """Who moved, then who gets the same blocks, which may look different."""
    stays = {what for what in moved.examples if what.startswith("as before")}
    for what, one in sorted(moved.examples.items(), key=lambda item: item[0] in stays):
        yield Pair(what, _html(old, *one.old, now), _html(new, *one.new, now))


def _of_examples(old: Campaign, new: Campaign, found: Comparison) -> Iterator[Pair]:
    """Whoever shows a change, then whoever gets something of the new campaign, which may look different."""
    from mailweave.prove.cover import cover
    from mailweave.rules.prover.prover import Prover

    for change in found.rules:
        for _, witness in change.shown:
            said = f": {change.old} -> {change.new}" if change.kind in ("choice", "order") else ""
            yield _pair(f"{change.what} {change.status}{said}", old, new, witness.recipient)
    for shown in cover(new.decisions, Prover(new.decisions.document)).recipients:
        yield _pair(f"with {', '.join(shown.shows)}", old, new, shown.recipient)


def _pair(what: str, old: Campaign, new: Campaign, who: Recipient) -> Pair:
    both = [_html(each, who.profile, who.events, who.moment, who.context) for each in (old, new)]
    return Pair(what.replace("`", ""), *both)


def _html(campaign: Campaign, profile: Any, events: Iterable[Any], now: datetime, context: Any = None) -> str:
    mail = campaign.render(profile, events=events, now=now, context=context or None)
    return stand_in_pictures(mail.html) if isinstance(mail, Email) else ""


def _taken(browser: str, at: int, pair: Pair, tall: tuple[int, int], folder: Path) -> bool:
    """Takes both pictures; whether they differ. Equal ones are taken away."""
    files = [folder / _name(at, side) for side in ("old", "new")]
    for file, html, height in zip(files, (pair.old, pair.new), tall, strict=True):
        _picture(browser, html or _NO_MAIL, height, file)
    if files[0].read_bytes() != files[1].read_bytes():
        return True
    for file in files:
        file.unlink()
    return False


def _name(at: int, side: str) -> str:
    return f"{at:02d}-{side}.png"


def _heights(browser: str, pairs: list[Pair]) -> list[tuple[int, int]]:
    """How tall each mail is, all measured in one run."""
    mails = [html or _NO_MAIL for pair in pairs for html in (pair.old, pair.new)]
    frames = "".join(f'<iframe width="{_WIDTH}" srcdoc="{escape(html)}"></iframe>' for html in mails)
    with TemporaryDirectory(prefix="mailweave-") as name:
        page = Path(name) / "mails.html"
        page.write_text(frames + _MEASURE, encoding="utf-8")
        dom = _run(browser, name, "--dump-dom", page.as_uri())
    measured = re.search(r"<title>heights ([\d ]+)</title>", dom)
    found = [int(each) for each in measured[1].split()] if measured else [2_000] * len(mails)
    tall = [max(1, min(height, _TALLEST)) for height in found]
    return list(zip(tall[::2], tall[1::2], strict=True))


def _picture(browser: str, html: str, height: int, file: Path) -> None:
    with TemporaryDirectory(prefix="mailweave-") as name:
        page = Path(name) / "mail.html"
        page.write_text(html, encoding="utf-8")
        size = f"--window-size={_WIDTH},{height}"
        _run(browser, name, size, f"--screenshot={file.resolve()}", page.as_uri())
    if not file.is_file():
        raise MailweaveError([diagnose("MW024", place=str(file), what="Chromium took no picture")])


def _run(browser: str, folder: str, *arguments: str) -> str:
    command = [browser, *_FLAGS, f"--user-data-dir={folder}/profile", *arguments]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        what = "Chromium does not start or does not answer"
        raise MailweaveError([diagnose("MW024", place=browser, what=what)]) from None
    return ran.stdout.decode("utf-8", "replace")


def _page(pairs: list[Pair]) -> str:
    rows = "".join(_row(at, pair) for at, pair in enumerate(pairs, 1))
    return _PAGE.format(rows=rows or "<p>No mail looks different.</p>")


def _row(at: int, pair: Pair) -> str:
    shots = "".join(
        f'<figure><img src="{_name(at, side)}" alt="The mail {word}"><figcaption>{word}</figcaption></figure>'
        for side, word in (("old", "before"), ("new", "after"))
    )
    return f"<section><h2>{escape(pair.what)}</h2><div>{shots}</div></section>"


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mails before and after</title><style>
:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}
body{{max-width:84rem;margin:2rem auto;padding:0 1rem}}
div{{display:flex;gap:1rem;align-items:flex-start}}
figure{{margin:0;flex:1}}
img{{max-width:100%;border:1px solid #8888}}
</style></head><body><h1>Mails before and after</h1>{rows}</body></html>
"""
