"""docs/clean-data.md is true: its mappings are read, its consent is one, its commands are commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from mailweave.cli.data import command
from mailweave.data.consent.records import Consent
from mailweave.data.doubles.person_rows import person_columns
from mailweave.data.intake.cells import Settings
from mailweave.data.intake.rates import rates_of
from mailweave.data.intake.reading_plan import reading_plan
from tests.data_edge.projects import project

PAGE = (Path(__file__).resolve().parents[2] / "docs/clean-data.md").read_text(encoding="utf-8")
RULES = """
profile {
  id : key
  email : text pii
  phone : text? pii
  given : text? pii
  family : text? pii
  street : text? pii
  town : text?
  spent : money(EUR)?
  born : date? pii
  joined : instant?
  orders : int?
  country : enum(IE, FR)?
  tags : set of text
}
consent marketing
event purchase { total: money(EUR) } keep 90 days
segment a = id is known
"""


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}[^\n]*\n(.*?)^```$", PAGE, re.S | re.M)


def test_its_mappings_are_read(tmp_path: Path) -> None:
    loading, doubles, kept = (text.replace('rules = "shop.rules"', "").strip() for text in fenced("toml"))
    loading = "\n".join(line for line in loading.splitlines() if not line.startswith("#"))
    mapping = project(tmp_path, RULES, loading[loading.index("\n") :] if loading.startswith(" ") else loading)
    settings = Settings(mapping.export(), rates_of(mapping), None)
    assert {one.name for one in reading_plan(mapping, "", settings).attributes} >= {
        "email",
        "spent",
        "marketing",
    }
    assert reading_plan(mapping, "purchase", settings).key == "profile"
    person_columns(project(tmp_path, RULES, doubles))
    assert project(tmp_path, RULES, kept).settings.held


def test_its_consent_is_one() -> None:
    (text,) = fenced("json")
    assert Consent.model_validate(json.loads(text)).purpose == "marketing"


def test_its_commands_are_commands() -> None:
    called = [
        shlex.split(line, comments=True) for line in re.findall(r"^    mailweave data (.+)$", PAGE, re.M)
    ]
    assert len(called) > 8
    for name, *arguments in called:
        arguments = arguments[: arguments.index(">")] if ">" in arguments else arguments
        command.commands[name].make_context(name, arguments)


def test_every_repair_of_the_page_is_one_of_the_code() -> None:
    told = set(re.findall(r"^\| (`[a-z_`, ]+`) \|", PAGE[PAGE.index("| repair |") :], re.M))
    words = {word for cell in told for word in re.findall(r"`(\w+)`", cell)}
    code = "".join(
        path.read_text() for path in (Path(__file__).parents[2] / "engine/mailweave/data/intake").glob("*.py")
    )
    said = set(re.findall(r'repairs\.append\("(\w+)"\)', code)) | set(
        re.findall(r', "(\w+)", repairs\)', code)
    )
    assert said == words
