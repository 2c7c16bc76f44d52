"""Every campaign that `mailweave new` makes is finished: no finding, its tests pass, everybody is rendered."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.scaffold.examples import EXAMPLES, START, example_files
from mailweave.scaffold.folders import write_folder

FOLDERS = Path(__file__).resolve().parents[2] / "examples"
ALL = (START, *EXAMPLES)


@pytest.fixture(scope="session", params=ALL)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign `mine` made of an example."""
    folder = tmp_path_factory.mktemp(request.param) / "mine"
    write_folder(folder, example_files(request.param, "mine"))
    return folder


def run(*words: object) -> str:
    done = CliRunner().invoke(group, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_examples_are_the_folders_that_are_there() -> None:
    assert sorted(ALL) == sorted(path.name for path in FOLDERS.iterdir())


@pytest.mark.parametrize("example", ALL)
def test_only_the_name_is_changed(example: str) -> None:
    files = example_files(example, "mine")
    same = example_files(example, example)
    assert {f"{example}.rules" if path == "mine.rules" else path for path in files} == set(same)
    assert same == {
        path.relative_to(FOLDERS / example).as_posix(): path.read_bytes()
        for path in sorted((FOLDERS / example).rglob("*"))
        if path.is_file()
    }
    changed = [path for path in same if same[path] != files.get(path)]
    assert changed == ["campaign.toml", f"{example}.rules"]


def test_the_campaign_bears_its_name(made: Path) -> None:
    settings = tomllib.loads((made / "campaign.toml").read_text(encoding="utf-8"))
    assert settings["name"] == settings["utm"]["campaign"] == "mine"
    assert 'ruleset "mine" version 1' in (made / "mine.rules").read_text(encoding="utf-8")


def test_it_has_no_finding(made: Path) -> None:
    assert run("check", made) == ""


def test_its_rules_are_in_their_canonical_form(made: Path) -> None:
    run("format", "--check", made)


def test_its_tests_pass(made: Path) -> None:
    assert "passed" in run("test", made)


def test_each_saved_recipient_is_rendered_or_skipped_and_explained(made: Path, tmp_path: Path) -> None:
    saved = sorted((made / "recipients").glob("*.json"))
    assert len(saved) >= 2
    decisions = []
    for person in saved:
        run("explain", made, "--profile", person)
        run("render", made, "--profile", person, "--out", tmp_path / person.stem)
        decisions.append(json.loads((tmp_path / person.stem / "decision.json").read_bytes()))
    rendered = [one for one in decisions if one["status"] == "rendered"]
    assert len({json.dumps(one["selection"]) for one in rendered}) == len(rendered) >= 2
    assert {one["skip"]["code"] for one in decisions if one not in rendered} <= {"no_consent"}


def test_nothing_in_it_hangs_on_the_clock(made: Path) -> None:
    assert "now" in tomllib.loads((made / "campaign.toml").read_text(encoding="utf-8"))
