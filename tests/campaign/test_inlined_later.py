"""Mails that are inlined one by one have no AMP part, and that is said; `safe` alone makes none of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailweave import Email, Environment

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
ANN = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}, "first_name": "<b>Ann</b>"}
LAYOUT = (
    '<!doctype html><html lang="en"><head><title>x</title><style>b { color: #123456 }</style></head>'
    '<body>{% slot "hero" %}{% slot "footer" %}</body></html>'
)
SAFE = "<p>{{ profile.first_name | safe }}</p>"
WRITES = "<table>{% tablerow i in (1..2) %}<b>{{ i }}</b>{% endtablerow %}</table>"


def made(folder: Path, html: str, *, amp: str = "auto", trusted: bool = False, live: bool = False) -> Path:
    """The smallest campaign with a hero of its own."""
    shutil.copytree(SMALLEST, folder)
    block = folder / "blocks" / "mine"
    block.mkdir(parents=True)
    (block / "block.html").write_text(html)
    (block / "block.toml").write_text(f'title = "Mine"\ndoc = "A hero."\ntrusted = {str(trusted).lower()}\n')
    if live:
        (block / "block.amp.html").write_text(html)
    (folder / "layout.html").write_text(LAYOUT)
    settings = folder / "campaign.toml"
    text = settings.read_text().replace('layout = "newsletter"', f'layout = "layout.html"\namp = "{amp}"')
    text = text[: text.index("[blocks.welcome]")] + '[blocks.welcome]\nuse = "mine"\n\n'
    settings.write_text(text + '[blocks.legal]\nuse = "footer"\n')
    return folder


def about(folder: Path) -> tuple[set[str], Email]:
    """The codes of the check, and Ann's mail."""
    codes = {found.code for found in Environment().check(folder)}
    email = Environment().compile(folder).render(ANN)
    assert isinstance(email, Email)
    return codes, email


@pytest.mark.parametrize(
    ("html", "amp", "live", "reason"),
    [
        (WRITES, "always", False, "inlined_per_recipient"),
        (WRITES, "auto", True, "inlined_per_recipient"),
        (WRITES, "auto", False, ""),
        (WRITES, "never", True, ""),
        ("<p>Plain</p>", "always", False, None),
        ("<p>Plain</p>", "auto", True, None),
    ],
)
def test_an_amp_part_that_nobody_gets_is_told(
    html: str, amp: str, live: bool, reason: str | None, tmp_path: Path
) -> None:
    codes, email = about(made(tmp_path / "campaign", html, amp=amp, live=live))
    assert ("MW520" in codes) is (html == WRITES)
    assert ("MW055" in codes) is bool(reason)
    if reason is None:
        assert email.amp is not None
    else:
        assert (email.amp, email.amp_reason) == (None, reason)


@pytest.mark.parametrize(
    "html",
    [
        SAFE,
        "<p>{{ profile.first_name | safe | strip }}</p>",
        "<p>{{- profile.first_name|safe -}}</p>",
    ],
)
def test_safe_without_trust_is_said_to_have_no_effect_and_nothing_else(html: str, tmp_path: Path) -> None:
    codes, email = about(made(tmp_path / "campaign", html))
    assert "MW459" in codes
    assert not codes & {"MW520", "MW521"}
    assert "&lt;b&gt;Ann&lt;/b&gt;" in email.html


def test_safe_with_trust_writes_html_that_rules_may_match(tmp_path: Path) -> None:
    codes, email = about(made(tmp_path / "campaign", SAFE, trusted=True))
    assert {"MW460", "MW520", "MW521"} <= codes
    assert "MW459" not in codes
    assert ">Ann</b>" in email.html
