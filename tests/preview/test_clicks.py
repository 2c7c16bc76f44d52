"""A click in the mail opens the file and the line where what is clicked was written, also of two that look the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.preview.conftest import Running, started

pytestmark = pytest.mark.browser
TWINS = Path(__file__).resolve().parents[2] / "fixtures" / "preview" / "twins"
CLICKS = [  # what is clicked, which of those that look the same, the file, and what its line says
    ("text=Same words", 0, "layout.html", '<p class="box">Same words</p>'),
    ("text=Same words", 1, "twins.rules", 'block fond  for note says "Same words"'),
    ("p:text-is('Same words')", 2, "left/block.html", "<p>Same words</p>"),
    ("p:text-is('Same words')", 3, "right/block.html", "<p>Same words</p>"),
    ("p:text-is('Same words')", 4, "layout.html", "<p>Same words</p>"),
    ("p:text-is('Ann')", 0, "layout.html", "<p>{{ profile.first_name }}</p>"),
    (
        "h2",
        0,
        "campaign.toml",
        'inputs = { heading = "Same heading", picture = "https://example.com/a.png" }',
    ),
    ("h2", 1, "campaign.toml", "heading = \"Same {{ 'heading' }}\""),
    ("img[alt*=picture]", 0, "campaign.toml", 'inputs = { heading = "Same heading", picture'),
    ("img[alt*=picture]", 1, "campaign.toml", 'picture = "https://example.com/a.png"'),
    ("img[alt=c]", 0, "left/block.html", '<p><img src="https://example.com/c.png"'),
    ("img[alt=c]", 1, "right/block.html", '<p><img src="https://example.com/c.png"'),
    ("text=Same link", 0, "left/block.html", '<p><a href="https://example.com/same">'),
    ("text=Same link", 1, "right/block.html", '<p><a href="https://example.com/same">'),
    ("text=Turn 2", 0, "left/block.html", "{% for n in (1..2) %}"),
    ("text=Turn 2", 1, "right/block.html", "{% for n in (1..2) %}"),
    ("text=Same closing", 0, "left/block.toml", 'default = "Same closing"'),
    ("text=Same closing", 1, "right/block.toml", 'default = "Same closing"'),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("clicks") / "twins"
    shutil.copytree(TWINS, folder)
    process, running = started(folder)
    yield running
    process.terminate()
    process.wait(30)


def opened(browser: Any, address: str, *, hears: bool = True) -> Any:
    """A desk at its first mail. hears: whether it is told of what is saved."""
    page = browser.new_context(viewport={"width": 1500, "height": 950}).new_page()
    if not hears:
        page.route(
            re.compile(r"/changes\?after=[1-9]"), lambda _: None
        )  # the first answer brings the first mail
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector("html[data-shown]", state="attached")
    return page


@pytest.fixture(scope="module")
def page(browser: Any, desk: Running) -> Iterator[Any]:
    page = opened(browser, desk.address)
    yield page
    page.context.close()


def mail(page: Any) -> Any:
    return page.frame_locator("#shown iframe")


def source(page: Any) -> tuple[str, str]:
    """The file that is open, and the line that is marked in it."""
    page.locator("#lines .here").wait_for()
    return page.locator("#source-title").inner_text().rpartition(":")[0], page.locator(
        "#lines .here"
    ).inner_text()


def clicked(page: Any, desk: Running, click: Any) -> tuple[str, str]:
    """What a click opens."""
    page.locator("#why button.place").first.click()
    page.locator("#source-title", has_text=".rules:").wait_for()
    page.evaluate("document.querySelector('#source-title').textContent = ''")
    click()
    page.locator("#source-title:not(:empty)").wait_for()
    return source(page)


@pytest.mark.parametrize(("what", "which", "file", "line"), CLICKS)
def test_a_click_opens_the_line(
    page: Any, desk: Running, what: str, which: int, file: str, line: str
) -> None:
    target = mail(page).locator(what).nth(which)
    name, said = clicked(page, desk, lambda: target.click(position={"x": 5, "y": 8}))  # on the words
    assert name == (desk.folder / "blocks" / file if "/" in file else desk.folder / file).as_posix()
    assert line in said


@pytest.mark.parametrize(("words", "line"), [("First line of two", 1), ("Ann", 3), (", Same words", 4)])
def test_each_line_of_a_paragraph_is_its_own(page: Any, desk: Running, words: str, line: int) -> None:
    paragraph = mail(page).locator("p", has_text="First line of two").first
    box = paragraph.evaluate(
        """(p, words) => { for (const t of p.childNodes) { const at = t.data?.indexOf(words) ?? -1; if (at < 0) continue;
        const r = document.createRange(); r.setStart(t, at); r.setEnd(t, at + words.length);
        if (t.nodeType !== 3) continue;
        const b = r.getBoundingClientRect(), o = p.getBoundingClientRect();
        return {x: b.x - o.x + b.width / 2, y: b.y - o.y + b.height / 2}; } }""",
        words,
    )
    name, said = clicked(page, desk, lambda: paragraph.click(position=box))
    assert name.endswith("left/block.html")
    wanted = {1: "First line of two", 3: "{{- profile.first_name -}}", 4: ", Same words"}
    assert wanted[line] in said


def test_the_space_of_an_element_is_the_element(page: Any, desk: Running) -> None:
    box = mail(page).locator("div.box").first
    name, said = clicked(page, desk, lambda: box.click(position={"x": 2, "y": 2}))
    assert name.endswith("left/block.html")
    assert '<div class="left box">' in said


def test_data_forges_no_mark(browser: Any, desk: Running) -> None:
    word = desk.ask("mail", kind="saved", name="ann")["mark"]
    eve = json.loads((desk.folder / "recipients" / "eve.json").read_text(encoding="utf-8"))
    known = next(iter(desk.ask("state")["files"]))
    eve["first_name"] = f"<!--{word}:{known}:1--><b>forged</b>"  # as if it had known the word
    page = opened(browser, f"{desk.address}#kind=edited&recipient={json.dumps(eve)}")
    name, said = clicked(page, desk, mail(page).locator("p", has_text="forged").first.click)
    assert name.endswith("layout.html")
    assert "profile.first_name" in said
    told = desk.ask("mail", kind="edited", recipient=eve)
    assert f"&lt;!--{word}:{known}:1--" in told["parts"]["html"], "what is sent is not touched"
    page.context.close()


def test_a_file_that_is_gone_is_said_to_be(browser: Any, tmp_path: Path) -> None:
    shutil.copytree(TWINS, tmp_path / "twins")
    process, running = started(tmp_path / "twins")
    page = opened(browser, running.address, hears=False)
    (running.folder / "twins.rules").rename(running.folder / "other.rules")
    while any(name.endswith("twins.rules") for name in running.ask("state")["files"].values()):
        pass
    page.locator("#why button.place").first.click()
    page.locator("#lines", has_text="it is gone").wait_for()
    assert "twins.rules" in page.locator("#lines").inner_text()
    page.context.close()
    process.terminate()
    process.wait(30)
