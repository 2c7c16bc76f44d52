"""A draft changes what a compilation costs and nothing of what it gives."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.message import Email

CORNER = ROOT / "fixtures" / "preview" / "corner"
WINBACK = ROOT / "fixtures" / "campaigns" / "cdnow-winback"
SAVES = tomllib.loads((ROOT / "fixtures" / "preview" / "saves.toml").read_text(encoding="utf-8"))["save"]


def mails(campaign: Campaign | None, recipients: list[Path], draft: Draft | None = None) -> list[Any]:
    """Every part of every mail, without the marks of a draft."""
    if campaign is None:
        return []
    made: list[Any] = []
    for path in recipients:
        saved = saved_recipient(campaign, json.loads(path.read_text(encoding="utf-8")), path.name)
        mail = campaign.render(saved.profile, events=saved.events, context=saved.context)
        if isinstance(mail, Email):
            html = mail.html if draft is None else draft.marks.unmarked(mail.html)
            made.append((mail.subject, html, mail.text, mail.amp))
        else:
            made.append(mail)
    return made


def test_each_save_gives_what_compiling_afresh_gives(tmp_path: Path) -> None:
    folder, draft = tmp_path / "corner", Draft()
    shutil.copytree(CORNER, folder)
    recipients = sorted((folder / "recipients").glob("*.json"))
    seen = set()
    for save in [{"what": "as it was", "file": "campaign.toml"}, *SAVES]:
        _saved(folder / save["file"], save.get("old", ""), save.get("new", ""))
        fresh, said = compile_folder(folder)
        for again in (draft.first_look(with_text=True), draft):
            kept, told = compile_folder(folder, draft=again)
            assert told == said, save["what"]
            assert mails(kept, recipients, draft) == mails(fresh, recipients), save["what"]
        shown = str((mails(fresh, recipients), said))
        assert (shown in seen) == save.get("same", False), save["what"]
        seen.add(shown)


def _saved(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    assert old in text
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace(old, new) if old else new or text, encoding="utf-8")


@pytest.mark.parametrize("with_amp", [True, False])
def test_amp_is_left_out_of_a_first_look_and_nothing_else(with_amp: bool) -> None:
    draft = Draft()
    fresh, _ = compile_folder(WINBACK)
    kept, _ = compile_folder(WINBACK, draft=draft if with_amp else draft.first_look(with_text=True))
    recipients = sorted((WINBACK / "recipients").glob("*.json"))
    for one, other in zip(mails(fresh, recipients), mails(kept, recipients, draft), strict=True):
        assert one[:3] == other[:3]
        assert other[3] == (one[3] if with_amp else None)


@pytest.mark.parametrize("folder", [WINBACK, CORNER])
def test_a_look_without_text_has_the_same_html_and_says_nothing_of_its_own(folder: Path) -> None:
    draft = Draft()
    first, said = compile_folder(folder, draft=draft.first_look(with_text=False))
    whole, told = compile_folder(folder, draft=draft)
    recipients = sorted((folder / "recipients").glob("*.json"))
    for one, other in zip(mails(first, recipients, draft), mails(whole, recipients, draft), strict=True):
        assert one[:2] == other[:2]
    assert {str(each) for each in said} <= {str(each) for each in told}
    afresh, _ = compile_folder(folder)
    assert mails(whole, recipients, draft) == mails(afresh, recipients)
