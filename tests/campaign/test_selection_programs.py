"""A mail is the same by the program of its selection, block by block, and interpreted tag by tag."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.campaign.test_optional_slots import AROUND, NOW, PLACES, place
from tests.campaign.test_optional_slots import campaign as gaps
from tests.conftest import ROOT
from tests.lint.random_campaigns import AWKWARD_PEOPLE, drawn

from mailweave import Email, Environment
from mailweave.batch.sources import Recipients
from mailweave.campaign import Campaign
from mailweave.campaign.parts_writer import PartsWriter
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.campaign.selection_programs import SelectionPrograms
from mailweave.cli.recipient import recipient
from mailweave.diagnostics import MailweaveError
from mailweave.liquid import Template, TemplatePair
from mailweave.prove.cover import campaign_cover
from mailweave.rules.prover.prover import Prover

KEPT = sorted(
    path.parent
    for under in ("examples", "fixtures/campaigns")
    for path in (ROOT / under).glob("*/campaign.toml")
)
Asked = dict[str, Any]


def saved(campaign: Campaign, folder: Path) -> Iterator[Asked]:
    """What `render` is given for each recipient that is kept with a campaign, and for the covering set."""
    for path in sorted(folder.glob("*recipients/*.json")):
        who = recipient(campaign, folder, str(path), None)
        yield {"profile": who.profile, "events": who.events, "now": who.now, "context": who.context}
    program = campaign.decisions
    for shown in campaign_cover(program, Prover(program.document, with_smt=False), folder).recipients:
        one = saved_recipient(campaign, shown.recipient.as_json(), "cover")
        yield {"profile": one.profile, "events": one.events, "now": one.moment(), "context": one.context}


def answers(campaign: Campaign, asked: list[Asked], times: int = 1) -> list[Any]:
    return [[answer(campaign, one) for one in asked] for _ in range(times)][-1]


def answer(campaign: Campaign, asked: Asked) -> Any:
    try:
        mail = campaign.render(**asked)
    except MailweaveError as error:
        return str(error)
    return (
        (mail.subject, mail.html, mail.text, mail.amp, mail.amp_reason) if isinstance(mail, Email) else mail
    )


def compare(folder: Path, asked: list[Asked]) -> int:
    """How many recipients were answered by a program."""
    campaign, used = Environment().compile(folder), []
    with pytest.MonkeyPatch.context() as patch:
        whole = PartsWriter._by_program

        def noted(self: PartsWriter, *given: Any) -> Any:
            made = whole(self, *given)
            used.append(made is not None)
            return made

        patch.setattr(PartsWriter, "_by_program", noted)
        joined = answers(campaign, asked, times=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SelectionPrograms, "of", lambda self, key: None)
        by_blocks = answers(campaign, asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SelectionPrograms, "of", lambda self, key: None)
        patch.setattr(TemplatePair, "_make", lambda self: "asked not to")
        patch.setattr(Template, "_make", lambda self: None)
        interpreted = answers(Environment().compile(folder), asked)
    assert joined == by_blocks
    assert by_blocks == interpreted
    return sum(used)


@pytest.mark.parametrize("folder", KEPT, ids=lambda path: path.name)
def test_of_campaigns_of_ours(folder: Path) -> None:
    asked = list(saved(Environment().compile(folder), folder))
    used = compare(folder, asked)
    assert used or folder.name == "places"  # whose recipient has a currency that nobody knows


def test_of_the_demo() -> None:
    people = Recipients(ROOT / "fixtures/cdnow/profiles.parquet", ROOT / "fixtures/cdnow/events.parquet")
    asked = [{"profile": one.profile, "events": one.events} for one in islice(people, 60)]
    assert compare(ROOT / "fixtures/campaigns/cdnow-winback", asked) > 100


CASES = tomllib.loads((ROOT / "fixtures/programs/cases.toml").read_text(encoding="utf-8"))["case"]
RULES = """ruleset "cases" version 1
profile {
  id   : key
  email: text
  name : text?
  url  : text?
  vip  : bool = false
  cart : list of { sku: text, price: text?, url: text?, show: bool = false }
}
segment everyone = vip or not vip
segment again = vip or not vip
slot subject text max 1 fallback line
slot main max 2 fallback opening
block line for subject says "News"
block opening for main
block second for main
matrix main policy priority {
  tie order
            | subject | main (collect) |
  everyone  | -       | opening 90     |
  again     | -       | second 80      |
  otherwise | line    | -              |
}
"""
SETTINGS = """name = "cases"
from = "news@shop.example"
unsubscribe_url = "https://shop.example/u?{{ profile.id }}"
postal_address = "1 Street, Town"
amp = "always"
now = 2026-11-22T09:00:00Z
layout = "layout.html"
"""
LAYOUT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News</title></head><body>
{% slot "main" %}<p>{{ campaign.postal_address }} <a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></p></body></html>
"""
SECOND = (
    '<p>Dear {{ profile.name }}, <a href="{{ profile.url }}">take it</a>{% assign v = "own" %}{{ v }}</p>'
)
CART = [
    {"sku": f"k{n}", "price": str(n), "url": f"https://a.example/{n}", "show": n % 2 == 0} for n in range(3)
]


def written(folder: Path, case: dict[str, str]) -> Path:
    files = {
        "campaign.toml": SETTINGS,
        "cases.rules": RULES,
        "layout.html": LAYOUT,
        "blocks/second/block.html": SECOND,
        "blocks/opening/block.html": case["html"],
        "blocks/opening/block.txt": case.get("text"),
        "blocks/opening/block.amp.html": case.get("amp"),
    }
    for name, text in files.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    for name in ("opening", "second"):
        (folder / f"blocks/{name}/block.toml").write_text('title = "T"\ndoc = "D."\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_of_a_case(case: dict[str, str], tmp_path: Path) -> None:
    people = [
        {"name": name, "url": url, "vip": count == 1, "cart": CART[:count]}
        for count in range(4)
        for name, url in (("Jo", "https://ok.example/"), ("javascript:alert(1)", "/relative"))
    ]
    asked = [
        {"profile": {"id": str(number), "email": "ann@shop.example", **one}}
        for number, one in enumerate(people)
    ]
    assert compare(written(tmp_path, case), asked)


@pytest.mark.parametrize("around", AROUND)
def test_of_optional_slots(around: str, tmp_path: Path) -> None:
    """Which of them are filled is known of a selection."""
    places = [place(name) for name in PLACES]
    body = "\n".join([places[0], place("hero"), *(AROUND[around].format(one) for one in places[1:])])
    people = [{"orders": 1}, {"visits": 1}, {}]
    asked = [
        {"profile": {"id": str(number), "email": "ann@shop.example", **one}, "now": NOW}
        for number, one in enumerate(people)
    ]
    assert compare(gaps(tmp_path, body), asked) == 2 * len(people)


def of_random_campaigns(seeds: range, folder: Path) -> int:
    used = 0
    for seed in seeds:
        people = [
            {"profile": {"id": str(number), "email": "ann@shop.example", **data}}
            for number, data in enumerate(AWKWARD_PEOPLE)
        ]
        used += compare(drawn(folder / str(seed), seed), people)
    return used


def test_of_random_campaigns(tmp_path: Path) -> None:
    assert of_random_campaigns(range(12), tmp_path) > 40


@pytest.mark.deep
@pytest.mark.parametrize("part", range(0, 1000, 20))
def test_of_many_random_campaigns(part: int, tmp_path: Path) -> None:
    assert of_random_campaigns(range(5_000 + part, 5_020 + part), tmp_path) > 80


def test_a_mail_that_is_cut_is_put_together_again() -> None:
    campaign = Environment().compile(ROOT / "fixtures/campaigns/cdnow-winback")
    people = Recipients(ROOT / "fixtures/cdnow/profiles.parquet", ROOT / "fixtures/cdnow/events.parquet")
    sheets = set()
    for one in islice(people, 300):
        made = campaign.decide(one.profile, events=one.events, cuts=True)
        if isinstance(made, tuple):
            _, mail = made
            assert mail == campaign.render(one.profile, events=one.events)
            assert mail.cut is not None
            html, text, amp = mail.cut.sheet.filled(mail.cut.values)
            assert (html, text) == (mail.html, mail.text)
            assert mail.amp in (None, amp)
            sheets.add(mail.cut.sheet.digest)
    assert 10 < len(sheets) < 60
