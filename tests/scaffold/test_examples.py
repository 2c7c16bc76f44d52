"""Every campaign that `mailweave new` makes is finished: no finding, its tests pass, everybody is rendered."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Campaign, Environment, Skip
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
    assert set(changed) == {"campaign.toml", f"{example}.rules"}


def test_the_campaign_bears_its_name(made: Path) -> None:
    settings = tomllib.loads((made / "campaign.toml").read_text(encoding="utf-8"))
    assert settings["name"] == settings.get("utm", {"campaign": "mine"})["campaign"] == "mine"
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


LIST = "people.jsonl"
PICTURE = re.compile(r'src="https://shop\.example/pictures/([^"]+)"')


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_list_is_mailed_as_it_is(example: str, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="needs the extra `batch`")
    folder = FOLDERS / example
    events = ["--events", folder / "events.jsonl"] if (folder / "events.jsonl").exists() else []
    out = tmp_path / "out"
    run("batch", folder, "--profiles", folder / LIST, *events, "--out", out, "--workers", 1, "--strict")
    report = json.loads((out / "report.json").read_bytes())
    assert report["dead"] == 0
    assert report["recipients"] >= 12
    assert report["rendered"] >= 6
    run("segments", folder)


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_pictures_are_there_and_small(example: str) -> None:
    folder = FOLDERS / example
    campaign = Environment().compile(folder)
    shown = {
        name
        for saved in lines(folder / LIST)
        for name in _pictures(campaign, saved, lines(folder / "events.jsonl"))
    }
    there = {path.name: path.stat().st_size for path in (folder / "pictures").glob("*")}
    assert shown == set(there)
    assert max(there.values(), default=0) < 20_000


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _pictures(campaign: Campaign, row: dict[str, Any], events: list[dict[str, Any]]) -> list[str]:
    """The pictures of the mail to one of the list."""
    mine = [{k: v for k, v in one.items() if k != "profile"} for one in events if one["profile"] == row["id"]]
    made = campaign.render(row, events=mine)
    if isinstance(made, Skip):
        return []
    assert not re.search(r"[{}]|=>", made.text), "a record is shown as such"
    return PICTURE.findall(made.html)


@pytest.mark.parametrize("example", ALL)
def test_its_covering_set_is_rendered(example: str, tmp_path: Path) -> None:
    """Few made-up recipients who get every block that anybody can get: none is beyond reach."""
    pytest.importorskip("z3", reason="needs the extra `prove`")
    assert "nobody gets" not in run("cover", FOLDERS / example, "--out", tmp_path)
    campaign = Environment().compile(FOLDERS / example)
    shown: set[str] = set()
    for file in tmp_path.glob("*.json"):
        person = json.loads(file.read_bytes())
        about = {name: person.pop(name, None) for name in ("events", "now", "context")}
        now = about["now"] and datetime.fromisoformat(about["now"])
        email = campaign.render(person, events=about["events"] or [], now=now, context=about["context"])
        assert not isinstance(email, Skip)
        shown.update(block for blocks in email.selection.values() for block in blocks)
    assert shown


def test_nothing_in_it_hangs_on_the_clock(made: Path) -> None:
    assert "now" in tomllib.loads((made / "campaign.toml").read_text(encoding="utf-8"))
