"""The e-mails of a real campaign, and the gallery that shows them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli.gallery import GalleryEntry, GallerySummary, gallery_page
from mailweave.cli.render import command as render

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = ROOT / "fixtures" / "campaigns" / "cdnow-winback"
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
RECIPIENTS = ("00004", "00049", "00013", "00034")


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with the rendered e-mails of a few customers."""
    made = {}
    for key in RECIPIENTS:
        folder = tmp_path_factory.mktemp("mail") / key
        ran = CliRunner().invoke(render, [str(CAMPAIGN), "--profile", key, "--out", str(folder)])
        assert ran.exit_code == 0, ran.output
        if (folder / "email.html").exists():
            made[key] = folder
    assert len(made) >= 3
    return made


def test_the_mails_can_be_read_and_touched(viewer: Any, mails: dict[str, Path]) -> None:
    for key, folder in mails.items():
        html = (folder / "email.html").read_text(encoding="utf-8")
        for width, dark in ((600, False), (375, False), (375, True)):
            assert viewer.look(html, MEASURES, width=width, dark=dark) == [], (key, width, dark)


@pytest.fixture(scope="session")
def page(mails: dict[str, Path]) -> str:
    entries = [
        GalleryEntry(
            title=f"A very_long_selection_name_{key}, another_block_of_the_rules",
            count=1200,
            share=0.25,
            subject="It's a <b>while</b> & more",
            preheader="Ten dollars are waiting",
            html=(folder / "email.html").read_text(encoding="utf-8"),
            amp=None,
            text=(folder / "email.txt").read_text(encoding="utf-8"),
            reasons=[("hero", "hero_winback_with_a_long_name", "the highest priority: 80 > 60")],
        )
        for key, folder in mails.items()
    ]
    summary = GallerySummary(
        campaign="cdnow-winback",
        sender="CD Corner",
        now="1 July 1998",
        recipients=23_570,
        rendered=21_114,
        skipped=2_456,
        dead=0,
        distinct=117,
        seconds=30.0,
        slots={"hero": {"hero_winback": 12_000, "hero_default": 9_114}},
        skips={"no_consent": 2_388},
    )
    return gallery_page(entries, summary)


def test_the_gallery_shows_every_mail_and_overflows_nowhere(viewer: Any, page: str) -> None:
    for width in (1360, 375, 320):
        wide = "document.querySelectorAll('details').forEach(d => d.open = true);"
        wide += "document.documentElement.scrollWidth"
        assert viewer.look(page, wide, width=width, images=False) <= width
    count = "document.querySelectorAll('iframe[srcdoc]').length"
    assert viewer.look(page, count, images=False) == 2 * page.count("<article")
    first = "document.querySelector('iframe').contentDocument.querySelector('h1').innerText"
    assert viewer.look(page, f"new Promise(r => setTimeout(() => r({first}), 500))", images=False)


def test_the_gallery_asks_nobody_for_anything(page: str) -> None:
    assert not re.search(r"\s(?:src|href)=[\"']https?:", re.sub(r"srcdoc='[^']*'", "", page))
    assert "<script" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    frames = re.findall(r"srcdoc='([^']*)'", page)
    assert frames
    assert not any(re.search(r"\ssrc=\"https?:", frame) for frame in frames)


def test_axe_finds_no_serious_violation_in_the_gallery(viewer: Any, axe: str, page: str) -> None:
    script = """async () => {
      const found = await axe.run(document, {iframes: false, resultTypes: ["violations"]});
      return found.violations.filter(v => ["serious", "critical"].includes(v.impact))
        .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 160)).join(" | "));
    }"""
    for dark in (False, True):
        assert viewer.look(page, f"{axe}; ({script})()", width=1360, dark=dark, images=False) == []
