"""Clicks drawn on mails: the mail stays what it was, each block is drawn once, nothing is loaded."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.source_marks import SourceMarks
from mailweave.message import Email
from mailweave.preview.click_maps import click_maps
from mailweave.preview.click_overlay import Clicked, drawn
from tests.insight.conftest import TRIAL, happened, write
from tests.insight.test_results_verb import run

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGNS = [ROOT / "fixtures" / "campaigns" / "cdnow-winback", ROOT / "examples" / "newsletter", TRIAL]
ADDED = re.compile(r' data-click(?:ed|s)="[^"]*"')
MARKS = SourceMarks("mw-x")
CASES = {
    "a block of rows is drawn row by row, and named once": (
        "<table><!--mw-x:a:1::--><tr><td>x</td></tr><!--mw-x:b:1:hero:--><tr><!--mw-x:b:1:hero:--><td>1</td></tr>"
        "<!--mw-x:b:2:hero:--><tr><td>2</td></tr></table>",
        "<table><tr><td>x</td></tr><tr data-clicked=5 data-clicks=hero><td>1</td></tr>"
        "<tr data-clicked=5><td>2</td></tr></table>",
    ),
    "what stands between two blocks is of none": (
        "<!--mw-x:b:1:hero:--><p>1<br>2</p><!--mw-x:l:1::--><hr><!--mw-x:b:1:hero:--><p>3</p>",
        "<p data-clicked=5 data-clicks=hero>1<br>2</p><hr><p data-clicked=5>3</p>",
    ),
    "an element without a mark is of what it stands in": (
        "<!--mw-x:b:1:hero:--><div><p>1</p><img></div><p>2</p>",
        "<div data-clicked=5 data-clicks=hero><p>1</p><img></div><p>2</p>",
    ),
    "a block without a count is left": ("<!--mw-x:b:1:other:--><p>1</p>", "<p>1</p>"),
    "elements that nobody closes": (
        "<!--mw-x:b:1:hero:--><td><!--mw-x:b:1:hero:--><p>1</td><!--mw-x:b:2:hero:--><td>2",
        "<td data-clicked=5 data-clicks=hero><p>1</td><td data-clicked=5>2",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_elements_that_are_drawn(case: str) -> None:
    html, expected = CASES[case]
    found = drawn(html, MARKS, {"hero": Clicked(3, 10)})
    plain = found.replace('"5"', "5").replace('"hero: 30.0% of 10"', "hero")
    assert plain == expected


def mails(folder: Path, draft: Draft) -> Any:
    campaign, found = compile_folder(folder, draft=draft)
    assert campaign is not None, found
    return campaign


@pytest.mark.parametrize("folder", CAMPAIGNS, ids=lambda one: one.name)
def test_a_mail_stays_what_it_is_but_for_what_is_drawn(folder: Path) -> None:
    from mailweave.campaign.saved_recipients import saved_recipient
    from mailweave.prove.cover import cover
    from mailweave.rules.prover.default_values import NOW
    from mailweave.rules.prover.prover import Prover

    draft = Draft(with_amp=False)
    campaign = mails(folder, draft)
    clicks = {name: Clicked(at, 40) for at, name in enumerate(campaign.decisions.blocks)}
    for shown in cover(campaign.decisions, Prover(campaign.decisions.document, NOW)).recipients:
        who = saved_recipient(campaign, shown.recipient.as_json(), "x")
        made = campaign.render(who.profile, events=who.events, now=who.moment(), context=who.context)
        if not isinstance(made, Email):
            continue
        told = drawn(made.html, draft.marks, clicks)
        style = re.search(r"<style>\[data-clicked\].*?</style>", told)
        assert style is not None
        assert ADDED.sub("", told.replace(style[0], "")) == draft.marks.unmarked(made.html)
        named = re.findall(r' data-clicks="([^:]*):', told)
        here = [name for slot, names in made.selection.items() for name in names]
        assert set(named) <= set(here)
        assert len(named) == len(set(named))


def test_the_page_is_written_where_events_say_the_block_and_names_nobody(
    sent: Callable[[str], Path], tmp_path: Path, events: str
) -> None:
    arguments = (str(TRIAL), "--sent", str(sent("parquet")), "--out", str(tmp_path / "out"), "--events")
    run(*arguments, events)
    told = (tmp_path / "out" / "clicks.html").read_text("utf-8")
    assert "welcome: " in unescape(told)
    assert set(re.findall(r"[\w.]+@[\w.]+", told)) <= {"news@example.com", "news@example.com."}  # the sender
    assert ">hello<" not in told  # the subject: nobody clicks in it
    assert 'href="clicks.html"' in (tmp_path / "out" / "results.html").read_text("utf-8")
    without = [{name: value for name, value in one.items() if name != "block"} for one in happened()]
    run(*arguments, write(tmp_path / "without.jsonl", without))
    assert not (tmp_path / "out" / "clicks.html").exists()
    assert "clicks.html" not in (tmp_path / "out" / "results.html").read_text("utf-8")


@pytest.mark.browser
def test_every_block_is_drawn_where_it_stands_and_nothing_is_loaded(tmp_path: Path, playwright: Any) -> None:
    folder = CAMPAIGNS[1]
    campaign = mails(folder, Draft(with_amp=False))
    page = tmp_path / "clicks.html"
    clicks = {name: Clicked(at, 40) for at, name in enumerate(campaign.decisions.blocks)}
    page.write_text(click_maps(folder, clicks, "newsletter: clicks"), encoding="utf-8")
    chromium = os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    shown, asked = browser.new_page(), []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page.as_uri())
    frames = shown.frames[1:]
    assert frames
    for frame in frames:
        boxes = frame.evaluate(
            "() => [...document.querySelectorAll('[data-clicks]')].map((one) => [one.dataset.clicks, "
            "one.getBoundingClientRect().width, getComputedStyle(one, '::before').position])"
        )
        assert boxes
        assert {(width > 0, position) for _, width, position in boxes} == {(True, "absolute")}
    browser.close()
    assert [one for one in asked if not one.startswith(("file:", "data:", "about:"))] == []
