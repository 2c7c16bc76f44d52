"""docs/layouts.md is true: its layout is that of a campaign, and `check` says what the page says it does."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import Email, Environment
from mailweave.cli import group

ROOT = Path(__file__).resolve().parents[1]
LETTER = ROOT / "fixtures" / "docs" / "letter"
PAGE = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
LAYOUT = (LETTER / "layout.html").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.S | re.M)
ROW = re.compile(r"^\| `([^`]+)` \| (?:`([^`]+)` )?\| (MW\d{3}|-) \|", re.M)
ANN = {"id": "1", "email": "ann@example.com", "orders": 1, "consent": {"marketing": True}}


def said(folder: Path) -> set[str]:
    """The codes of what `check` says of a campaign."""
    done = CliRunner().invoke(group, ["check", str(folder), "--format", "json"], prog_name="mailweave")
    return {one["code"] for one in json.loads(done.stdout)}


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the campaign with another text in one of its files."""
    copy = shutil.copytree(LETTER, folder / "letter")
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


def html(folder: Path) -> str:
    email = Environment().compile(folder).render(ANN)
    assert isinstance(email, Email)
    return email.html


def test_the_files_are_those_of_the_fixture() -> None:
    names = {"html": "layout.html", "css": "style.css"}
    shown = dict(FENCE.findall(PAGE))
    assert shown == {kind: (LETTER / name).read_text(encoding="utf-8") for kind, name in names.items()}


def test_it_has_no_finding_that_needs_mending() -> None:
    assert said(LETTER) == {"MW390"}


def test_the_mail_is_as_the_page_says() -> None:
    mail = html(LETTER)
    assert '<html style="color-scheme:light dark;supported-color-schemes:light dark" lang="en-IE"' in mail
    assert re.search(r"<h1 style=\"[^\"]*font-family:Georgia, serif\"", mail)
    assert re.search(r"<style>[^<]*\.card\{background-color:#191c23 !important\}[^<]*</style></head>", mail)
    assert mail.count("<style") == 1


def test_a_slot_may_stay_empty() -> None:
    email = Environment().compile(LETTER).render({**ANN, "orders": 0})
    assert isinstance(email, Email)
    assert email.selection["extra"] == ()
    assert "Come on Friday" not in email.html


def test_a_rule_of_the_layout_loses_to_the_stock_one(tmp_path: Path) -> None:
    own = "</title>\n<style>.mw-h1 { font-size: 99px }</style>"
    assert "99px" not in html(changed(tmp_path, "layout.html", "</title>", own))


def test_a_rule_of_a_css_file_wins_over_the_stock_one(tmp_path: Path) -> None:
    own = ".mw-h1 { font-size: 99px; "
    assert "99px" in html(changed(tmp_path, "style.css", ".mw-h1 { ", own))


def test_without_a_declaration_it_stays_light(tmp_path: Path) -> None:
    folder = changed(tmp_path, "layout.html", '<meta name="color-scheme" content="light dark">\n', "")
    (folder / "style.css").write_text(".page { margin: 0 }", encoding="utf-8")
    assert "dark" not in html(folder)


@pytest.mark.parametrize(
    "declared", [":root { color-scheme: light dark }", "@media (prefers-color-scheme: dark) {}"]
)
def test_css_can_declare_a_dark_scheme(tmp_path: Path, declared: str) -> None:
    folder = changed(tmp_path, "layout.html", '<meta name="color-scheme" content="light dark">\n', "")
    (folder / "style.css").write_text(declared, encoding="utf-8")
    assert "color-scheme:light dark" in html(folder)


def test_the_table_is_read() -> None:
    assert len(ROW.findall(PAGE)) == PAGE.partition("## What `check` says")[2].count("\n| `")


@pytest.mark.parametrize(("old", "new", "code"), ROW.findall(PAGE))
def test_check_says_what_the_table_says(tmp_path: Path, old: str, new: str, code: str) -> None:
    more = said(changed(tmp_path, "layout.html", old, new)) - said(LETTER)
    assert code in more if code != "-" else more == set()
