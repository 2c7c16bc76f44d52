"""mailweave convert: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mailweave.cli import group

TABLE = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/migrate/findings.toml").read_text(encoding="utf-8")
)
HELLO = "<p>Hi {{${first_name} | default: 'you'}} of {{custom_attribute.${Home Town}}}</p>"


def run(folder: Path, *arguments: str, template: str = HELLO) -> Result:
    (folder / "mail.html").write_text(template, encoding="utf-8")
    out = str(folder / "made")
    return CliRunner().invoke(group, ["convert", str(folder / "mail.html"), "--out", out, *arguments])


def test_a_template_without_findings_ends_with_0(tmp_path: Path) -> None:
    done = run(tmp_path, "--from", "braze")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "made/blocks/message/block.html").read_text(encoding="utf-8") == (
        '<p>Hi {{ profile.first_name | default: "you" }} of {{ profile.home_town }}</p>'
    )
    assert "next: mailweave check" in done.output


def test_what_is_to_be_looked_at_ends_with_1_and_is_written(tmp_path: Path) -> None:
    done = run(tmp_path, "--from", "braze", template="{{ ${id} | md5 }}")
    assert done.exit_code == 1
    assert "MW660" in done.output
    assert (tmp_path / "made/campaign.toml").exists()


@pytest.mark.parametrize("case", TABLE["uncompiled"], ids=lambda case: str(case["name"]))
def test_what_does_not_compile_is_told_and_ends_with_1(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text(case.get("data", ""), encoding="utf-8")
    data = ["--data", str(tmp_path / "ann.json")] if "data" in case else []
    done = run(tmp_path, "--from", case["from"], *data, template=case["template"])
    assert done.exit_code == 1
    told = re.findall(
        rf"^error\[{case['code']}\].*\n +--> {re.escape(str(tmp_path))}/([\w./]+:\d+):",
        done.output,
        re.MULTILINE,
    )
    assert told == case["places"], done.output
    assert (tmp_path / "made/campaign.toml").exists()


def test_a_whole_page_is_a_layout(tmp_path: Path) -> None:
    page = "<!doctype html><html><head><title>News</title></head><body>*|FNAME|*</body></html>"
    assert run(tmp_path, "--from", "mailchimp", template=page).exit_code == 0
    layout = (tmp_path / "made/layout.html").read_text(encoding="utf-8")
    assert layout == page.replace("*|FNAME|*", "{{ profile.first_name }}")
    assert 'says "News"' in (tmp_path / "made/main.rules").read_text(encoding="utf-8")


def test_a_map_says_where_paths_are(tmp_path: Path) -> None:
    table = '[paths]\n"custom_attribute.Home Town" = "profile.city"\n"first_name" = "profile.name"\n'
    (tmp_path / "map.toml").write_text(table, encoding="utf-8")
    assert run(tmp_path, "--from", "braze", "--map", str(tmp_path / "map.toml")).exit_code == 0
    block = (tmp_path / "made/blocks/message/block.html").read_text(encoding="utf-8")
    assert "profile.city" in block
    assert "profile.name" in block


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("paths = 1", "a map has one table"),
        ("[path]\na = 'profile.a'", "a map has one table"),
        ("[paths]\na = 'user.a'", "this leads to nothing"),
        ("[paths", "this is not TOML"),
        (None, "No such file"),
    ],
)
def test_a_map_that_is_none(tmp_path: Path, table: str | None, says: str) -> None:
    if table is not None:
        (tmp_path / "map.toml").write_text(table, encoding="utf-8")
    done = run(tmp_path, "--from", "braze", "--map", str(tmp_path / "map.toml"))
    assert done.exit_code == 1
    assert "MW668" in done.output
    assert says in done.output
    assert not (tmp_path / "made").exists()


def test_data_say_what_the_types_are(tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text(json.dumps({"first_name": "Ann", "points": 3, "vip": True}))
    template = "{{#vip}}{{first_name}}{{points}}{{/vip}}"
    done = run(tmp_path, "--from", "mustache", "--data", str(tmp_path / "ann.json"), template=template)
    assert done.exit_code == 0, done.output
    rules = (tmp_path / "made/main.rules").read_text(encoding="utf-8")
    assert "points     : int?" in rules
    assert "vip        : bool?" in rules
    saved = json.loads((tmp_path / "made/recipients/sample.json").read_text(encoding="utf-8"))
    assert saved == {"first_name": "Ann", "points": 3, "vip": True, "id": "1", "email": "ann@example.org"}


@pytest.mark.parametrize(("data", "says"), [("[1]", "no object"), ("{", "not JSON"), (None, "No such file")])
def test_data_that_cannot_be_used(tmp_path: Path, data: str | None, says: str) -> None:
    if data is not None:
        (tmp_path / "ann.json").write_text(data)
    done = run(tmp_path, "--from", "braze", "--data", str(tmp_path / "ann.json"))
    assert done.exit_code == 1
    assert "MW672" in done.output
    assert says in done.output


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made/kept.txt").write_text("x")
    assert run(tmp_path, "--from", "braze").exit_code == 2
    assert [file.name for file in (tmp_path / "made").iterdir()] == ["kept.txt"]


def test_a_template_that_its_own_system_cannot_read_writes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "--from", "braze", template="{% if x %}")
    assert done.exit_code == 1
    assert "MW665" in done.output
    assert not (tmp_path / "made").exists()


def test_without_jinja_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    done = run(tmp_path, "--from", "jinja", template="{{ a }}")
    assert done.exit_code == 1
    assert "mailweave[migrate]" in done.output
