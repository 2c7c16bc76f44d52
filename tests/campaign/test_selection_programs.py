"""A mail is the same by the program of its selection, block by block, and interpreted tag by tag."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
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
