"""Programs kept between runs: the same program, and nothing that somebody else could have written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailweave.rules import cache, compile_rules
from mailweave.rules.artifact import Generated
from mailweave.rules.serialization import dumped, loaded
from mailweave.source import Source

TEXT = """ruleset "kept" version 1
timezone tz else "Europe/Paris"
profile {
  tz     : zone?
  orders : int min 0 = 3
  plan   : enum(free < club)?
  born   : date?
}
event buy { total: money(USD) } keep forever
consent mail
score churn : ratio ttl 7 days else 0.5
lookup stock(text) : int ttl 15 minutes else 0
catalog cds { sku: text }
list for_you of cds by "cf" max 4 else "best"
segment many = orders > 2 and plan >= free
segment born_soon = anniversary of born in next 2 calendar weeks
segment in_stock = stock("CD-1") > 0 or sum(buy.total in last 3 days) > 2 USD
tier level { a = score.churn > 0.6
  otherwise b }
skip stop "why" when not consent.mail
"""
NOW = "2026-11-22T09:00Z"
PROFILE = {"orders": 3, "plan": "club", "consent": {"mail": True}}

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs files with owners")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept" / "programs"


def stored(folder: Path) -> Path:
    compile_rules(TEXT, name="kept.rules")
    (file,) = folder.iterdir()
    return file


def fetched() -> tuple[Generated, object] | None:
    return cache.fetch(Source("kept.rules", TEXT))


def test_a_kept_program_is_the_same(folder: Path) -> None:
    first = compile_rules(TEXT, name="kept.rules")
    found = fetched()
    assert found is not None
    assert found[0] == first.generated
    second = compile_rules(TEXT, name="kept.rules")
    assert first.evaluate(PROFILE, now=NOW) == second.evaluate(PROFILE, now=NOW)
    assert second.evaluate(PROFILE, now=NOW).segments == {"many"}


def test_a_program_survives_as_text() -> None:
    generated = compile_rules(TEXT).generated
    assert loaded(dumped(generated)) == generated


def test_the_folder_and_its_files_are_for_the_user_alone(folder: Path) -> None:
    file = stored(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_text_or_name_is_another_program(folder: Path) -> None:
    stored(folder)
    assert cache.fetch(Source("kept.rules", TEXT + "\n")) is None
    assert cache.fetch(Source("other.rules", TEXT)) is None


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o720])
def test_a_folder_that_others_can_write_is_not_read(folder: Path, mode: int) -> None:
    stored(folder)
    folder.chmod(mode)
    assert fetched() is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_read(folder: Path, mode: int) -> None:
    stored(folder).chmod(mode)
    assert fetched() is None


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    file = stored(folder)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert fetched() is None
    moved = tmp_path / "moved"
    file.unlink()
    (tmp_path / "elsewhere").rename(file)
    folder.rename(moved)
    folder.symlink_to(moved)
    assert fetched() is None


@pytest.mark.parametrize("at", [0, 10, 64, 65, 70, 200, -1])
def test_a_damaged_file_is_compiled_again(folder: Path, at: int) -> None:
    file = stored(folder)
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(bytes(content))
    assert fetched() is None
    assert compile_rules(TEXT, name="kept.rules").evaluate(PROFILE, now=NOW).segments == {"many"}
    assert fetched() is not None


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 100, b"\0" * 200])
def test_rubbish_is_compiled_again(folder: Path, content: bytes) -> None:
    stored(folder).write_bytes(content)
    assert fetched() is None


def test_without_a_cache_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(cache.VARIABLE, "off")
    compile_rules(TEXT)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file" / "below"))
    assert compile_rules(TEXT).evaluate(PROFILE, now=NOW).segments == {"many"}


def test_a_kept_program_needs_no_grammar(folder: Path) -> None:
    stored(folder)
    code = (
        "import sys; from mailweave.rules import compile_rules;"
        "p = compile_rules(sys.stdin.read(), name='kept.rules');"
        f"print(sorted(p.evaluate({PROFILE!r}, now={NOW!r}).segments));"
        "print([m for m in sys.modules if m == 'lark' or m.startswith('mailweave.rules.check')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=TEXT, text=True, capture_output=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["['many']", "[]"]
