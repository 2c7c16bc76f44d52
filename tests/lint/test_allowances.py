"""What authors allow and choose: `allow` beside a place, `[lint]` in campaign.toml, `mailweave lint --rules`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.campaign.library_project import project
from tests.lint.test_rules import OURS, campaign

from mailweave import lint
from mailweave.cli import group

OPENS = """event open { machine: bool = false } keep 400 days
segment seen = open in last 14 days"""


def codes(folder: Path) -> list[str]:
    return sorted(d.code for d in lint.check(folder) if OURS.fullmatch(d.code))


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# allow MW985 a press release", []),
        ("# allow MW985", ["MW940", "MW985"]),
        ("# allow machines", ["MW940", "MW985"]),
        ("# allow MW985, MW986 a press release", ["MW941"]),
        ("# allow MW985 MW986 a press release", ["MW941"]),
        ("# allow MW111 a press release", ["MW942", "MW985"]),
        ("# allow MW941 a press release", ["MW942", "MW985"]),
        ("# allow MW9850 a press release", ["MW942", "MW985"]),
        ("# allowed are MW985 others", ["MW985"]),
        ("# allow MW985 too far away\n# up here", ["MW941", "MW985"]),
    ],
)
def test_beside_a_rule(comment: str, found: list[str], tmp_path: Path) -> None:
    event, segment = OPENS.split("\n")
    folder = campaign(tmp_path / "campaign", {"rules": f"{event}\n{comment}\n{segment}"})
    assert codes(folder) == found


def test_on_its_own_line(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {"rules": f"{OPENS}  # allow MW985 a press release"})
    assert codes(folder) == []


def test_in_settings_templates_and_style_sheets(tmp_path: Path) -> None:
    case = {
        "change": [
            ["news@example.com", "no-reply@example.com"],
            ["from =", "# allow MW983 by phone\nfrom ="],
        ],
        "settings": 'css = ["own.css"]\nlayout = "layout.html"\n# ',
    }
    folder = campaign(tmp_path / "campaign", case)
    (folder / "own.css").write_text("/* allow MW987 of the shop's page */\n.shop { color: #111111 }\n")
    (folder / "layout.html").write_text(
        '<!doctype html><html lang="en"><head><title>x</title><meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light"></head><body><div lang="en">{% slot "preheader" %}\n'
        "{%- # allow MW957 MW951 drawn by the shop -%}\n"
        '<table><tr><td><img width="10" src="https://shop.example/a.png"></td></tr></table>\n'
        '{% slot "hero" %}{% slot "footer" %}</div></body></html>'
    )
    assert codes(folder) == []


def test_each_rule_of_a_style_sheet_is_allowed_by_itself(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {"settings": 'css = ["own.css"]'})
    (folder / "own.css").write_text(
        "/* allow MW987 of the shop's page */\n.shop, .sale { color: #111111 }\n.misspelt { color: #111111 }\n"
    )
    found = [d for d in lint.check(folder) if OURS.fullmatch(d.code)]
    assert [(d.code, d.location and d.location.line) for d in found] == [("MW987", 3)]


def test_errors_cannot_be_allowed(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {"rules": f"{OPENS}  # allow MW985 why"})
    with (folder / "campaign.toml").open("a") as file:
        file.write('\n[lint]\nseverity = { machines-counted = "error" }\n')
    found = sorted((d.code, d.severity.value) for d in lint.check(folder) if OURS.fullmatch(d.code))
    assert found == [("MW942", "warning"), ("MW985", "error")]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("ignore = ['MW985']", ["MW981"]),
        ("ignore = ['machines-counted']", ["MW981"]),
        ("select = ['no-preheader']", ["MW981"]),
        ("select = ['MW981', 'MW985']\nignore = ['MW981']", ["MW985"]),
        ("severity = { MW981 = 'warning' }", ["MW981", "MW985"]),
    ],
)
def test_choice(chosen: str, found: list[str], tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {"rules": OPENS, "preheader": ""})
    with (folder / "campaign.toml").open("a") as file:
        file.write(f"\n[lint]\n{chosen}\n")
    assert codes(folder) == found


def test_a_project_chooses_for_all_its_campaigns(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {"rules": OPENS, "preheader": ""})
    project = tmp_path / "mailweave.toml"
    project.write_text("[lint]\nignore = ['no-preheader']\nseverity = { MW985 = 'note' }\n")
    assert codes(folder) == ["MW985"]
    with (folder / "campaign.toml").open("a") as file:
        file.write("\n[lint]\nignore = ['MW985']\n")
    assert codes(folder) == []
    project.write_text("[lint]\nignore = ['no-preheaders']\n")
    found = [d for d in lint.check(folder) if d.code == "MW603"]
    assert [d.location.name for d in found if d.location] == [project.as_posix()]


def test_a_rule_that_there_is_not(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {})
    with (folder / "campaign.toml").open("a") as file:
        file.write("\n[lint]\nignore = ['machine-counted', 'MW015']\n")
    found = [d.message for d in lint.check(folder) if d.code == "MW603"]
    assert len(found) == 2
    assert "did you mean `machines-counted`?" in found[0]
    assert "there is no rule `MW015`" in found[1]


def test_a_level_that_there_is_not(tmp_path: Path) -> None:
    folder = campaign(tmp_path / "campaign", {})
    with (folder / "campaign.toml").open("a") as file:
        file.write("\n[lint]\nseverity = { MW985 = 'off' }\n")
    (found,) = [d for d in lint.check(folder) if d.code == "MW603"]
    assert "what is not to be asked stands in `ignore`" in found.message


def test_the_rules_are_listed() -> None:
    told = CliRunner().invoke(group, ["lint", "--rules", "--format", "json"])
    listed = json.loads(told.output)
    assert [one["code"] for one in listed] == [rule.code for rule in lint.RULES]
    assert set(listed[0]) == {"code", "name", "family", "severity", "fix"}
    text = CliRunner().invoke(group, ["lint", "--rules"]).output
    assert all(one["name"] in text for one in listed)
    assert CliRunner().invoke(group, ["lint"]).exit_code == 2


IN_A_LIBRARY = '{{% # allow {} the logo is as wide as its file %}}\n<p><img alt="The shop" src="https://shop.example/a.png"></p>\n'


@pytest.mark.parametrize("name", ["blocks/brand_offer/block.html", "snippets/button.html"])
@pytest.mark.parametrize(
    ("allowed", "found"),
    [("MW972", []), ("MW972, MW951", []), ("MW951", ["MW972"]), ("MW111", ["MW942", "MW972"])],
)
def test_in_a_library(name: str, allowed: str, found: list[str], tmp_path: Path) -> None:
    """What is allowed there holds for each campaign; one may need what another does not."""
    folder = project(tmp_path / "project")
    before = codes(folder / "spring")
    with (folder / "brand" / name).open("a", encoding="utf-8") as file:
        file.write(IN_A_LIBRARY.format(allowed))
    assert sorted({*codes(folder / "spring")} - {*before}) == found


LONE = """ruleset "lone" version 1
profile {{
  id : key
  age : int
}}
{}segment nobody = age > 3 and age < 2
"""


@pytest.mark.parametrize("verb", ["check", "prove"])
def test_in_a_rule_file_of_no_campaign(verb: str, tmp_path: Path) -> None:
    """What `check` and `prove` find in rules alone can be allowed there as well."""
    file = tmp_path / "lone.rules"

    def found(allowed: str) -> set[str]:
        file.write_text(LONE.format(allowed), encoding="utf-8")
        told = CliRunner().invoke(group, [verb, str(file), "--format", "json"])
        return {one["code"] for one in json.loads(told.output)} & {"MW901", "MW940", "MW941", "MW942"}

    assert found("") == {"MW901"}
    assert found("# allow MW901 nobody yet\n") == set()
    assert found("# allow MW985 of a campaign's\n") == {"MW901"}
    assert found("# allow MW901\n") == {"MW901"}
