"""What a check printed is printed again as long as nothing that it reads has changed, and never longer."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT

from mailweave import user_cache
from mailweave.cli import group, kept_reports

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs files with owners")
CORNER = ROOT / "fixtures" / "preview" / "corner"


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("MAILWEAVE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    shutil.copytree(CORNER, tmp_path / "corner")
    return tmp_path / "corner"


def checked(*arguments: object) -> tuple[str, int]:
    result = CliRunner().invoke(group, ["check", *map(str, arguments)])
    return result.output, result.exit_code


def key(campaign: Path) -> str | None:
    return kept_reports.key([campaign], "text")


def stored(campaign: Path) -> list[Path]:
    return list((campaign.parent / "cache" / "reports").glob("*.report"))


def test_what_was_said_is_said_again_without_looking(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = checked(campaign)
    monkeypatch.setattr("mailweave.lint.check", lambda _path: pytest.fail("it was checked again"))
    assert checked(campaign) == first
    assert checked(campaign / "blocks" / "note" / "block.html") == first


CHANGES = [
    ("blocks/note/block.html", "{{ profile.orders }}", "{{ profile.oders }}"),
    ("corner.rules", "orders >= 5", "oders >= 5"),
    ("campaign.toml", "A golden day", "A silver day"),
    ("blocks/note/block.toml", 'doc = "A note."', 'dok = "A note."'),
]


def test_after_any_change_it_says_what_it_says_without_a_cache(campaign: Path) -> None:
    said = {checked(campaign)}
    for name, old, new in CHANGES:
        file = campaign / name
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert checked(campaign) == checked(campaign, "--no-cache")
        said.add(checked(campaign))
        file.write_text(text, encoding="utf-8")
    assert len(said) == 4, "all but that of other words in an input"


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_any_file_has_another_key(campaign: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(one for one in campaign.rglob("*") if one.is_file())))
    before, content = key(campaign), file.read_bytes()
    change = data.draw(st.sampled_from(["write", "remove", "rename", "add"]))
    other = file.with_name("another" + file.suffix)
    if change == "write":
        file.write_bytes(data.draw(st.binary().filter(lambda new: new != content)))
    elif change == "add":
        other.write_bytes(content)
    else:
        file.rename(other)
        if change == "remove":
            other.unlink()
    assert before != key(campaign)
    other.unlink(missing_ok=True)
    file.write_bytes(content)
    assert before == key(campaign) is not None


def test_the_engine_and_the_options_are_part_of_the_key(
    campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key(campaign) != kept_reports.key([campaign], "json")
    engine = campaign.parent / "engine"
    engine.mkdir()
    monkeypatch.setattr(user_cache, "ENGINE", engine)
    before = key(campaign)
    (engine / "new.py").write_text("", encoding="utf-8")
    assert key(campaign) != before


def test_what_cannot_be_told_is_not_kept(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (campaign / "link.css").symlink_to(ROOT / "README.md")
    assert key(campaign) is None
    (campaign / "link.css").unlink()
    assert key(campaign / "blocks") is None, "no campaign"
    monkeypatch.setenv("MAILWEAVE_AMP_VALIDATOR", "x")
    assert key(campaign) is None
    monkeypatch.delenv("MAILWEAVE_AMP_VALIDATOR")
    assert key(campaign) is not None
    with (campaign / "people.csv").open("wb") as file:
        file.truncate(32 * 2**20 + 1)
    assert key(campaign) is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"text": 1, "exit": 0}', b'{"text": "", "exit": 9}', b"[" * 9_000]
)
def test_a_broken_entry_is_as_if_it_were_not_there(campaign: Path, body: bytes) -> None:
    first = checked(campaign)
    (file,) = stored(campaign)
    user_cache.write(file, body)
    assert kept_reports.fetch(file.stem) is None
    file.write_bytes(b"no digest\n" + json.dumps({"text": "all is well", "exit": 0}).encode())
    assert checked(campaign) == first


def test_what_others_can_write_is_not_believed(campaign: Path) -> None:
    checked(campaign)
    (file,) = stored(campaign)
    assert kept_reports.fetch(file.stem) is not None
    file.chmod(0o666)
    assert kept_reports.fetch(file.stem) is None


def test_nothing_is_kept_where_nobody_wants_it(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(campaign, "--no-cache")
    assert not stored(campaign)
    monkeypatch.setenv(user_cache.VARIABLE, "off")
    assert key(campaign) is None


def test_old_reports_are_forgotten(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_reports, "_MOST_KEPT", 3)
    for number in range(6):
        kept_reports.keep(f"{number:064}", ("", 0))
    assert len(stored(campaign)) == 3
