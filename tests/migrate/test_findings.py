"""What is told, where, and what stands in its place; what is refused; what becomes a `skip`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import Environment, Skip
from mailweave.diagnostics import MailweaveError
from mailweave.migrate.convert import Campaign, convert
from mailweave.migrate.run import translate
from mailweave.migrate.sample import Sample
from mailweave.source import Source
from tests.migrate.engines import ENGINES, cases
from tests.migrate.grammar import PEOPLE

TABLE = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/migrate/findings.toml").read_text(encoding="utf-8")
)
NAMED = frozenset({"MW666", "MW671"})
"""What is told of data that rules cannot declare: then `check` finds the same."""


def written(folder: Path, made: Campaign) -> Path:
    for path, content in made.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: str(case["name"]))
def test_what_is_told(case: dict[str, Any]) -> None:
    source, sample = Source("mail.html", case["template"]), Sample(case.get("data"))
    told = [
        each for each in convert(source, case["from"], "try", sample=sample).told if each.code == case["code"]
    ]
    assert told
    assert case["says"] in told[0].message
    assert (told[0].location.line if told[0].location else None) == case.get("line")
    assert translate(source, case["from"], sample=sample).liquid == case["liquid"]


def test_data_that_are_read_are_not_told() -> None:
    sample = Sample({"city": "Oslo", "cart": [{"name": "Lamp"}]})
    made = convert(Source("mail.html", "{{ city }}{{ cart | length }}"), "jinja", "try", sample=sample)
    assert "MW677" not in {one.code for one in made.told}


@pytest.mark.parametrize("case", TABLE["leave"], ids=lambda case: f"{case['from']} {case['template']}")
def test_links_to_unsubscribe_are_the_campaign_s(case: dict[str, Any], tmp_path: Path) -> None:
    source, sample = Source("mail.html", case["template"]), Sample(case.get("data"))
    given: dict[tuple[str, ...], tuple[str, ...]]
    given = {(path,): tuple(target.split(".")) for path, target in case.get("map", {}).items()}
    assert translate(source, case["from"], given=given, sample=sample).liquid == case["liquid"]
    made = convert(source, case["from"], "try", given=given, sample=sample)
    assert "MW671" not in {one.code for one in made.told}
    assert not [one for one in Environment().check(written(tmp_path, made)) if one.severity.value == "error"]


def test_the_consent_that_the_page_adds_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/convert.md").read_text(encoding="utf-8")
    (asked,) = re.findall(r"^```rules\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    folder = written(tmp_path, convert(Source("mail.html", "Hello"), "braze", "try"))
    ann = {"id": "1", "email": "ann@example.org"}
    assert not isinstance(Environment().compile(folder).render(ann), Skip)
    with (folder / "main.rules").open("a", encoding="utf-8") as rules:
        rules.write(asked)
    campaign = Environment().compile(folder)
    assert isinstance(campaign.render(ann), Skip)
    assert not isinstance(campaign.render({**ann, "consent": {"marketing": True}}), Skip)


@pytest.mark.parametrize("case", TABLE["refused"], ids=lambda case: str(case["name"]))
def test_what_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MailweaveError) as caught:
        convert(Source("mail.html", case["template"]), case["from"], "try")
    (found,) = caught.value.diagnostics
    assert found.code == case["code"]
    assert found.location
    assert found.location.line == case["line"]


@pytest.mark.parametrize("case", TABLE["skip"], ids=lambda case: str(case["template"]))
def test_an_abort_is_a_skip(case: dict[str, Any], tmp_path: Path) -> None:
    made = convert(Source("mail.html", case["template"]), "braze", "try")
    rules = made.files["main.rules"].decode()
    found = re.search(r"^skip .*(?:\n    .*)*", rules, re.MULTILINE)
    assert found
    said = " ".join(found[0].partition("  # line")[0].split())
    assert re.sub(r"[()]", "", said) == re.sub(r"[()]", "", case["rules"])
    Environment().compile(written(tmp_path, made))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_campaign_compiles_and_mails_the_recipient_of_the_data(engine: str, tmp_path: Path) -> None:
    for n, case in enumerate(cases(engine)[::12]):
        sample = Sample(PEOPLE[case["data"]])
        made = convert(Source("mail.html", case["template"]), engine, "try", sample=sample)
        campaign = Environment().compile(written(tmp_path / str(n), made))
        mail = campaign.render(campaign_person(tmp_path / str(n)))
        assert not isinstance(mail, Skip), (case["template"], mail)


def campaign_person(folder: Path) -> dict[str, Any]:
    import json

    person: dict[str, Any] = json.loads((folder / "recipients/sample.json").read_text(encoding="utf-8"))
    return person


@pytest.mark.parametrize("engine", ENGINES)
def test_without_data_a_campaign_compiles_but_for_what_is_told(engine: str, tmp_path: Path) -> None:
    for n, case in enumerate(cases(engine)[5::20]):
        made = convert(Source("mail.html", case["template"]), engine, "try")
        found = Environment().check(written(tmp_path / str(n), made))
        wrong = {each.code for each in found if each.severity.value == "error"}
        assert not wrong or NAMED & {each.code for each in made.told}, (case["template"], wrong)
