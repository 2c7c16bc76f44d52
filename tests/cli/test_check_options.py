"""`check` with --fix, --unsafe-fixes, --diff, --statistics, --baseline, --watch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailweave.cli import group

LAYOUT = """<!doctype html>
<html lang="en_US"><head><title>x</title><meta name="color-scheme" content="light"></head>
<body><div lang="en">{% slot "preheader" %}
<table><tr><td tabindex="3">Words</td><td accesskey="w" class="x">More</td></tr></table>
<a href="http://shop.example/sale">The sale</a>
{% slot "hero" %}{% slot "footer" %}</div></body></html>
"""
SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "campaign"
    made.mkdir()
    settings = (SMALLEST / "campaign.toml").read_text(encoding="utf-8")
    (made / "campaign.toml").write_text(settings.replace('layout = "newsletter"\n', ""), encoding="utf-8")
    rules = (SMALLEST / "main.rules").read_text(encoding="utf-8").replace('"Hello,', '"Re: Hello,')
    lines = 'slot preheader text max 1 fallback line_p\nblock line_p for preheader says "What is new"\n'
    (made / "main.rules").write_text(rules + lines, encoding="utf-8")
    (made / "layout.html").write_text(LAYOUT, encoding="utf-8")
    return made


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["check", *map(str, arguments)])


def codes(folder: Path) -> set[str]:
    found = json.loads(check("--format", "json", "--no-cache", folder).stdout)
    return {one["code"] for one in (found["findings"] if isinstance(found, dict) else found)}


def test_safe_fixes_leave_what_changes_the_mail(folder: Path) -> None:
    before = codes(folder)
    assert {"MW955", "MW957", "MW963", "MW966", "MW975", "MW980"} <= before
    told = check("--fix", folder)
    assert told.exit_code == 1
    assert "mended 5 findings" in told.stderr
    assert codes(folder) == before - {"MW955", "MW957", "MW963", "MW975"}
    text = (folder / "layout.html").read_text(encoding="utf-8")
    assert 'lang="en-US"' in text
    assert '<table role="presentation"><tr><td>Words</td><td class="x">More</td></tr>' in text
    assert "http://shop.example" in text


def test_unsafe_fixes_mend_the_rest(folder: Path) -> None:
    check("--unsafe-fixes", folder)
    assert not codes(folder) & {"MW955", "MW957", "MW963", "MW966", "MW975", "MW980"}
    assert '"Hello, {{' in (folder / "main.rules").read_text(encoding="utf-8")
    assert "https://shop.example/sale" in (folder / "layout.html").read_text(encoding="utf-8")


def test_lines_that_are_not_mended_keep_their_ends(folder: Path) -> None:
    first, second, rest = LAYOUT.encode().split(b"\n", 2)
    (folder / "layout.html").write_bytes(first + b"\r\n" + second + b"\r" + rest)
    check("--unsafe-fixes", folder)
    mended = (folder / "layout.html").read_bytes()
    assert b"https://shop.example/sale" in mended
    assert (mended.count(b"\r\n"), mended.count(b"\r"), mended.count(b"\n")) == (1, 2, LAYOUT.count("\n") - 1)


RICH = """
[blocks.welcome]
use = "text"
inputs = { text = "**A** [shop](http://shop.example/a) and [a form](http://shop.example/b), too" }

[blocks.legal]
use = "footer"
"""
SNIPPET = (
    '<p><a class="{{ kind }}" href="{{ url }}">Our shop</a></p><p><a href="{{ url }}">Our sale</a></p>\n'
)


def test_what_was_not_written_there_is_not_mended_there(folder: Path) -> None:
    """Marks are no HTML, and an address that a call gives is not where it is shown."""
    settings = folder / "campaign.toml"
    text = settings.read_text(encoding="utf-8").split("\n[blocks.welcome]")[0] + RICH
    settings.write_text(text, encoding="utf-8")
    (folder / "snippets").mkdir()
    (folder / "snippets" / "shop.html").write_text(SNIPPET, encoding="utf-8")
    call = """{% render 'shop', kind: "loud", url: "http://shop.example/c" %}\n"""
    layout = LAYOUT.replace('<a href="http', call + '<a href="http')
    (folder / "layout.html").write_text(layout, encoding="utf-8")
    assert "MW966" in codes(folder)
    check("--unsafe-fixes", folder)
    assert settings.read_text(encoding="utf-8") == text
    assert (folder / "snippets" / "shop.html").read_text(encoding="utf-8") == SNIPPET
    mended = (folder / "layout.html").read_text(encoding="utf-8")
    assert call in mended
    assert "https://shop.example/sale" in mended


def test_diff_shows_and_writes_nothing(folder: Path) -> None:
    told = check("--diff", "--unsafe-fixes", folder).stdout
    assert '+<table role="presentation"><tr><td>Words' in told
    assert (folder / "layout.html").read_text(encoding="utf-8") == LAYOUT


def test_line_ends_stay(folder: Path) -> None:
    (folder / "layout.html").write_text(LAYOUT, encoding="utf-8", newline="\r\n")
    check("--fix", folder)
    data = (folder / "layout.html").read_bytes()
    assert b'lang="en-US"' in data
    assert data.count(b"\r\n") == data.count(b"\n") == LAYOUT.count("\n")


def test_statistics(folder: Path) -> None:
    told = check("--statistics", folder)
    assert told.exit_code == 1
    assert "     1  MW957 layout-table-without-role (warning)\n" in told.stdout


def test_a_baseline_tells_only_what_is_new(folder: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    assert check("--baseline", known, folder).exit_code == 1
    assert "--update-baseline" in check("--baseline", known, folder).stderr
    assert check("--baseline", known, "--update-baseline", folder).exit_code == 0
    assert check("--baseline", known, folder).stdout == ""
    text = LAYOUT.replace("<table>", "<!-- moved -->\n<table>").replace("{% slot 'hero'", "{% slot 'hero'")
    (folder / "layout.html").write_text(text.replace("<a href", '<img width="1">\n<a href'), encoding="utf-8")
    told = check("--baseline", known, folder)
    assert told.exit_code == 1
    assert "MW951" in told.stdout
    assert "MW957" not in told.stdout


def test_a_baseline_that_is_none(folder: Path, tmp_path: Path) -> None:
    for content in ("", "[]", '{"findings": [{"code": "MW1"}]}', '{"findings": 3}'):
        (tmp_path / "known.json").write_text(content)
        told = check("--baseline", tmp_path / "known.json", folder)
        assert told.exit_code == 1
        assert "this is no baseline" in told.stderr
    assert check("--update-baseline", folder).exit_code == 2


def test_errors_are_never_part_of_a_baseline(folder: Path, tmp_path: Path) -> None:
    with (folder / "main.rules").open("a") as file:
        file.write("segment x = nothing > 1\n")
    known = tmp_path / "known.json"
    assert check("--baseline", known, "--update-baseline", folder).exit_code == 1
    assert check("--baseline", known, folder).exit_code == 1


def test_watching(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    with out.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "mailweave", "check", "--watch", "--statistics", str(folder)],
            stdout=stream,
            preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.default_int_handler
            ),  # not ignored, as with nohup
        )
        try:
            _until(out, "MW957")
            fixed = LAYOUT.replace("<table>", "<table role='presentation'>").replace(
                "<td", '<td align="justify"'
            )
            (folder / "layout.html").write_text(fixed, encoding="utf-8")
            _until(out, "MW989")
        finally:
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(30) == 1


def _until(file: Path, text: str) -> None:
    for _ in range(600):
        if text in file.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise AssertionError(file.read_text(encoding="utf-8"))


def test_a_baseline_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    told = check("--baseline", tmp_path / "no" / "known.json", "--update-baseline", folder)
    assert told.exit_code == 1
    assert "error[MW024]" in told.output
