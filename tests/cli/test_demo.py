"""The demo opens with the newsletter; what it says of the list is what it says without it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli import demo
from mailweave.cli.demo_opening import opening
from mailweave.cli.gallery import GallerySummary, gallery_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def corner() -> Path:
    """A campaign with a short list, in place of the long one."""
    return ROOT / "fixtures" / "preview" / "corner"


def made(out: Path, *arguments: str) -> dict[str, bytes]:
    ran = CliRunner().invoke(demo.command, [*arguments, "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    return {path.name: path.read_bytes() for path in out.iterdir()}


def article(page: str, number: str) -> str:
    found = re.search(rf'<article id="mail-{number}" .*?</article>', page, re.S)
    assert found is not None, number
    return found[0]


def test_the_newsletter_comes_first_and_the_list_is_as_before(
    corner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb", reason="needs the extra `batch`")
    monkeypatch.setattr(demo, "_HERE", corner)
    opened, alone = made(tmp_path / "opened"), made(tmp_path / "alone", str(corner))
    news = sorted(set(opened) - set(alone))
    assert news == [
        f"000-newsletter-{number}-{name}.eml"
        for number, name in enumerate(("member", "newcomer", "silent"), 1)
    ]
    assert sorted(name for name in opened if name.endswith(".eml"))[:3] == news
    assert {name: opened[name] for name in alone if name.endswith(".eml")} == {
        name: text for name, text in alone.items() if name.endswith(".eml")
    }
    timed = re.compile(rb'"seconds": [\d.]+')
    assert timed.sub(b"", opened["report.json"]) == timed.sub(b"", alone["report.json"])
    page, other = (each["gallery.html"].decode() for each in (opened, alone))
    assert re.findall(r'<article id="mail-([\w-]+)"', page)[:4] == ["first-1", "first-2", "first-3", "1"]
    assert "first-1" not in other
    for number in range(1, other.count("<article") + 1):
        assert article(page, str(number)) == article(other, str(number))


def test_the_newsletter_has_its_sender_reasons_and_pictures() -> None:
    first = opening()
    summary: Any = GallerySummary("x", "CD Corner", "", 1, 1, 0, 0, 1, 1.0)
    page = gallery_page([], summary, first.entries)
    assert "Bake the rye" in page
    assert "CD Corner" not in article(page, "first-1")
    assert "A recipient of the example `newsletter`" in page
    assert "data:image/png;base64," in page
    assert not re.search(r"<img[^>]*src=.https?:", page), "it loads nothing"
    assert all(entry.reasons for entry in first.entries)
