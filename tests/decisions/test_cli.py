"""mailweave test, format and explain, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from mailweave.cli.explain import command as explain
from mailweave.cli.format import command as format_
from mailweave.cli.precommit import targets
from mailweave.cli.test import command as run_tests

ROOT = Path(__file__).resolve().parents[2]
WINBACK = ROOT / "fixtures/rules/winback.rules"
CAMPAIGN = ROOT / "fixtures/campaigns/cdnow-winback"


def run(command: object, *arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], input=stdin)  # type: ignore[arg-type]


# ---- test


def test_the_example_passes() -> None:
    result = run(run_tests, WINBACK)
    assert (result.exit_code, result.output) == (0, "5 passed\n")


def test_a_campaign_folder_passes() -> None:
    result = run(run_tests, CAMPAIGN)
    assert result.exit_code == 0, result.output


def failing(folder: Path) -> Path:
    text = WINBACK.read_text(encoding="utf-8")
    path = folder / "broken.rules"
    path.write_text(text.replace("hero is hero_winback", "hero is hero_vip"), encoding="utf-8")
    return path


def test_a_failure_is_shown_with_what_happened_instead(tmp_path: Path) -> None:
    path = failing(tmp_path)
    result = run(run_tests, path)
    assert result.exit_code == 1
    assert "FAILED" in result.output
    assert "expected hero is hero_vip, but hero is hero_winback" in result.output
    assert "churn_risk goes before big_spenders" in result.output
    assert f"{path.as_posix()}:" in result.output
    assert "4 passed, 1 failed" in result.output


def test_junit(tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    assert run(run_tests, failing(tmp_path), "--junit", out).exit_code == 1
    root = ElementTree.parse(out).getroot()
    assert (root.get("tests"), root.get("failures")) == ("5", "1")
    printed = run(run_tests, WINBACK, "--junit", "-")
    assert ElementTree.fromstring(printed.stdout).get("failures") == "0"


def test_rules_that_do_not_compile(tmp_path: Path) -> None:
    path = tmp_path / "no.rules"
    path.write_text("ruleset nonsense\n", encoding="utf-8")
    out = tmp_path / "out.xml"
    result = run(run_tests, path, "--junit", out)
    assert result.exit_code == 1
    assert "no.rules:1" in result.output
    assert ElementTree.parse(out).getroot().get("errors") == "1"


@pytest.mark.parametrize("command", [run_tests, format_])
def test_a_path_without_rules_is_a_usage_error(command: object, tmp_path: Path) -> None:
    assert run(command, tmp_path).exit_code == 2
    assert run(command, tmp_path / "absent.rules").exit_code == 2


def test_a_file_of_a_campaign_stands_for_its_rules() -> None:
    assert run(run_tests, CAMPAIGN / "campaign.toml").output == run(run_tests, CAMPAIGN).output


# ---- format


def test_the_example_is_in_its_canonical_form() -> None:
    assert run(format_, "--check", WINBACK).exit_code == 0


def untidy(folder: Path) -> Path:
    path = folder / "untidy.rules"
    path.write_text('ruleset "a"   version 1\nsegment x=1   ==   1\n', encoding="utf-8")
    return path


def test_format_checks_shows_and_writes(tmp_path: Path) -> None:
    path = untidy(tmp_path)
    before = path.read_text(encoding="utf-8")
    assert run(format_, "--check", path).exit_code == 1
    shown = run(format_, "--diff", path)
    assert shown.exit_code == 1
    assert "-segment x=1   ==   1" in shown.output
    assert path.read_text(encoding="utf-8") == before
    assert run(format_, path).exit_code == 0
    assert run(format_, "--check", path).exit_code == 0
    assert list(tmp_path.iterdir()) == [path]


def test_format_reads_standard_input(tmp_path: Path) -> None:
    text = untidy(tmp_path).read_text(encoding="utf-8")
    once = run(format_, "-", stdin=text)
    assert once.exit_code == 0
    assert run(format_, "-", stdin=once.stdout).stdout == once.stdout
    assert run(format_, "--check", "-", stdin=text).exit_code == 1
    assert run(format_, "-", tmp_path, stdin=text).exit_code == 2


def test_format_leaves_what_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "broken.rules"
    path.write_text("segment = = =\n", encoding="utf-8")
    result = run(format_, path)
    assert result.exit_code == 1
    assert "broken.rules:1" in result.output
    assert path.read_text(encoding="utf-8") == "segment = = =\n"


# ---- explain

RULES = """
ruleset "small" version 1
profile {
  id       : key
  email    : text  pii
  birthday : date? pii
  orders   : int
}
segment buyers = orders >= 1
segment feast  = anniversary of birthday in next 7 calendar days
slot subject text max 1 fallback hello
block hello  for subject says "Hello"
block thanks for subject says "Thanks"
block cheers for subject says "Cheers"
matrix main policy first {
  tie order
            | subject |
  feast     | cheers  |
  buyers    | thanks  |
  otherwise | hello   |
}
"""
SETTINGS = """
name = "small"
from = { address = "shop@example.com", name = "Shop" }
to = "{{ profile.email }}"
unsubscribe_url = "https://shop.example.com/u/{{ profile.id }}"
postal_address = "1 Main Street"
layout = "layout.html"
now = 2026-11-22T09:00:00Z
"""
LAYOUT = """<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>
<p><a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a> {{ campaign.postal_address }}</p></body></html>"""


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """A campaign, and the file of one recipient."""
    folder, who = tmp_path / "small", tmp_path / "who.json"
    folder.mkdir()
    for name, text in (("small.rules", RULES), ("campaign.toml", SETTINGS), ("layout.html", LAYOUT)):
        (folder / name).write_text(text)
    profile = {"id": "1", "email": "x@example.com", "birthday": "1950-12-04", "orders": 3}
    who.write_text(json.dumps(profile))
    return folder, who


def test_explain_as_text_and_json(small: tuple[Path, Path]) -> None:
    folder, who = small
    text = run(explain, folder, "--profile", who)
    assert (text.exit_code, text.output) == (
        0,
        "subject: thanks, because buyers is the only row that holds\n",
    )
    full = run(explain, folder, "--profile", who, "--full").output
    assert "+ thanks  buyers" in full
    assert "- cheers  feast" in full
    story = json.loads(run(explain, folder, "--profile", who, "--format", "json").output)
    assert story["slots"][0]["chosen"] == ["thanks"]


def test_explain_one_part(small: tuple[Path, Path]) -> None:
    folder, who = small
    assert run(explain, folder, "--profile", who, "--part", "subject").output.startswith("subject: thanks")
    assert run(explain, folder, "--profile", who, "--part", "subjec").exit_code == 2
    assert run(explain, folder, "--profile", who, "--part", "skip").output == "is not skipped\n"


@pytest.mark.parametrize("part", ["subject", "buyers", "look", "large"])
def test_a_part_of_somebody_whose_data_do_not_read(small: tuple[Path, Path], part: str) -> None:
    """Nothing was asked of them: the part is there all the same, and what is said is why there is no mail."""
    folder, who = small
    experiments = """
let many = 1
tier large { yes = orders > many }
experiment look on let many {
  unit id salt "x"
  split control 50%, other 50% -> 2
}
"""
    (folder / "small.rules").write_text(RULES + experiments)
    who.write_text(json.dumps({"id": "1", "email": "x@example.com", "orders": "three"}))
    told = run(explain, folder, "--profile", who, "--part", part)
    assert (told.exit_code, told.output.split(":")[:2]) == (0, ["no mail", " bad_data"])


def test_personal_data_is_masked_unless_asked_for(small: tuple[Path, Path]) -> None:
    folder, who = small
    assert "12-04" not in run(explain, folder, "--profile", who, "--full").output
    assert "12-04" not in run(explain, folder, "--profile", who, "--format", "json").output
    shown = run(explain, folder, "--profile", who, "--full", "--show-pii").output
    assert "anniversary of birthday is 2026-12-04" in shown


# ---- pre-commit


def test_changed_files_stand_for_their_campaigns(tmp_path: Path) -> None:
    campaign = tmp_path / "mail/spring"
    (campaign / "blocks/hero").mkdir(parents=True)
    (campaign / "campaign.toml").touch()
    alone, other = tmp_path / "alone.rules", tmp_path / "pyproject.toml"
    block, rules = campaign / "blocks/hero/block.html", campaign / "spring.rules"
    assert targets("check", [block, other, rules, alone]) == (campaign, alone)
    assert targets("format", [block, other, rules, alone]) == (rules, alone)
    assert targets("test", [other]) == ()
