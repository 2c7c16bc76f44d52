"""Campaigns as they were in a revision of git."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.diff.repository import git, spring

from mailweave.cli.diff import command as diff
from mailweave.diagnostics import MailweaveError
from mailweave.diff import opened


def test_a_folder_of_a_revision_is_read_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = spring(tmp_path)
    monkeypatch.chdir(tmp_path)
    with opened("HEAD~1:campaigns/spring") as path:
        assert "version 1" in (path / "main.rules").read_text(encoding="utf-8")
        assert path != campaign
    assert not path.exists()
    with opened("HEAD:campaigns/spring/main.rules") as path:
        assert path.read_bytes() == (campaign / "main.rules").read_bytes()


def test_a_path_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    odd = tmp_path / "main:spring"
    odd.mkdir()
    with opened(str(odd)) as path:
        assert path == odd


def test_a_path_from_the_folder_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = spring(tmp_path)
    monkeypatch.chdir(campaign)
    with opened("HEAD~1:./main.rules") as path:
        assert "version 1" in path.read_text(encoding="utf-8")


def test_attributes_of_the_repository_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `git archive` would leave out or rewrite is read as it was committed."""
    campaign = spring(tmp_path)
    (tmp_path / ".gitattributes").write_text("*.rules export-ignore\n*.toml export-subst\n", encoding="utf-8")
    (campaign / "campaign.toml").write_text('name = "$Format:%H$"\n', encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "attributes")
    monkeypatch.chdir(tmp_path)
    with opened("HEAD:campaigns/spring") as path:
        assert (path / "main.rules").is_file()
        assert "$Format" in (path / "campaign.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("HEAD:nowhere", "neither a path nor REVISION:path"),
        ("nobody:campaigns/spring", "neither a path nor REVISION:path"),
        ("--output=x:campaigns/spring", "neither a path nor REVISION:path"),
        ("HEAD:linked", "is a link or a submodule"),
    ],
)
def test_what_cannot_be_read_is_refused(
    named: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spring(tmp_path)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "main.rules").symlink_to("../campaigns/spring/main.rules")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "a link")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MailweaveError) as caught, opened(named):
        pass
    assert why in caught.value.diagnostics[0].message


def test_without_git_a_revision_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MailweaveError) as caught, opened("HEAD:campaigns/spring"):
        pass
    assert "git, which could look into a revision, is not installed" in caught.value.diagnostics[0].message


def test_the_verb_compares_a_revision_with_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spring(tmp_path)
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(diff, ["HEAD~1:campaigns/spring", "campaigns/spring", "--format", "json"])
    assert ran.exit_code == 1, ran.output
    found = json.loads(ran.stdout)
    assert {"segment many", "skip quiet"} <= {f"{c['kind']} {c['name']}" for c in found["rules"]}
    same = CliRunner().invoke(diff, ["HEAD:campaigns/spring", "campaigns/spring"])
    assert same.exit_code == 0, same.output


def test_faults_name_the_revision_not_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = spring(tmp_path)
    monkeypatch.chdir(tmp_path)
    (campaign / "main.rules").write_text("segment a = nothing > 1\n", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "broken")
    ran = CliRunner().invoke(diff, ["HEAD:campaigns/spring", "campaigns/spring"])
    assert ran.exit_code == 1
    assert "HEAD:campaigns/spring/main.rules:1" in ran.stderr
    assert ran.stdout == ""
