"""Which outputs are sent: finished ones, whole, whose mails are those of every other format."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave import Email, Environment
from mailweave.batch import run
from mailweave.batch.formats import FORMATS
from mailweave.batch.rows import Row
from mailweave.delivery.links import Keys, LinkError, verify
from mailweave.delivery.sending.mails import FORMS, Mail, mailbox
from mailweave.delivery.sending.outputs import Output, opened
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message.fields import mailbox as written
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.people import CAMPAIGN, person


def mails(output: Output) -> Iterator[Mail]:
    for shard in range(len(output.shards)):
        yield from output.mails(shard, lambda key, zone: True)


def test_the_formats_hold_the_same_mails(made: Made) -> None:
    eml, maildir, values = (list(mails(opened(made(66, form)))) for form in ("eml", "maildir", "values"))
    assert eml == maildir == values
    assert len(eml) == 60
    assert {mail.zone for mail in eml} == {"Europe/Paris", "America/New_York", "Asia/Tokyo", ""}
    assert {mail.sender for mail in eml} == {"news@example.com"}
    assert all(mail.to.startswith("p") for mail in eml)
    assert "@" not in repr(eml[0])


@pytest.mark.parametrize("form", ["eml", "maildir"])
def test_bounces_go_where_the_campaign_says(form: str, tmp_path: Path) -> None:
    email = Environment().compile(CAMPAIGN).render(person(1), now=datetime(2026, 12, 1, tzinfo=UTC))
    assert isinstance(email, Email)
    back = replace(email, envelope=email.envelope._replace(return_path="bounce-1@exämple.com"))
    path = tmp_path / "0"
    path.write_bytes(FORMATS[form].gather([FORMATS[form].piece(Row(one, "{}", ())) for one in (email, back)]))
    first, second = FORMS[form].mails(path, lambda key, zone: True, lambda email: email)
    assert (first.sender, second.sender) == ("news@example.com", "bounce-1@xn--exmple-cua.com")
    assert first.content == second.content == email.as_bytes(), "the message does not say it"
    assert first.zone == "America/New_York"


LINKS = """
[links]
key = "2026-11"
click = "https://go.example.com/c/{token}"
unsubscribe = "https://go.example.com/u/{token}"
"""


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Outputs of a campaign that signs its links, by format."""
    home = tmp_path_factory.mktemp("signing")
    shutil.copytree(CAMPAIGN, home / "campaign")
    with (home / "campaign" / "campaign.toml").open("a", encoding="utf-8") as settings:
        settings.write(LINKS)
    (home / "people.jsonl").write_text(
        "".join(json.dumps(person(n)) + "\n" for n in range(3)), encoding="utf-8"
    )

    def made(form: str) -> Path:
        if not (home / form).exists():
            run(home / "campaign", home / "people.jsonl", home / form, format=form, workers=1)
        return home / form

    return made


def test_links_are_signed_as_mails_are_sent(signing: Callable[[str], Path]) -> None:
    keys, folder = Keys({"2026-11": os.urandom(32)}), signing("values")
    assert refused(folder) == "MW760"
    bare = list(mails(opened(folder, unsigned=True)))
    assert len(bare) == 3
    for mail, signed in zip(bare, mails(opened(folder, keys)), strict=True):
        (token,) = re.findall(
            rb"^List-Unsubscribe: <https://go.example.com/u/([\w-]+)>", signed.content, re.M
        )
        link = verify(token.decode(), keys, purpose="unsubscribe")
        assert (link.key, link.recipient != "") == (mail.key, True)
        assert signed._replace(content=b"") == mail._replace(content=b"")
    with pytest.raises(MailweaveError, match="MW731"):
        opened(folder, Keys({"2025-01": os.urandom(32)}))


def test_whole_messages_are_not_signed_any_more(signing: Callable[[str], Path]) -> None:
    folder = signing("eml")
    with pytest.raises(MailweaveError, match="MW760"):
        opened(folder, Keys({"2026-11": os.urandom(32)}))
    assert len(list(mails(opened(folder, unsigned=True)))) == 3


def test_a_link_that_cannot_be_signed_leaves_its_mail_alone(signing: Callable[[str], Path]) -> None:
    def unsignable(email: Email) -> Email:
        raise LinkError([diagnose("MW734", place="x", part="HTML", number=1, count=9, limit=8)])

    output = replace(opened(signing("values"), unsigned=True), finish=unsignable)
    assert {mail.unfit for mail in mails(output)} == {"MW734"}


@pytest.mark.parametrize("form", ["parquet", "jsonl", "mbox"])
def test_what_holds_no_whole_messages_is_refused(form: str, made: Made) -> None:
    assert refused(made(7, form)) == "MW760"


def refused(folder: Path) -> str:
    with pytest.raises(MailweaveError) as caught:
        list(mails(opened(folder)))
    return caught.value.diagnostics[0].code


def flipped(folder: Path) -> None:
    path = folder / "shards" / "000000.eml.tar"
    found = bytearray(path.read_bytes())
    found[700] ^= 1
    path.write_bytes(found)


def without_last_shard(folder: Path) -> None:
    lines = (folder / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "manifest.jsonl").write_bytes(b"".join(lines[:-1]))


def recounted(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_bytes())
    (folder / "report.json").write_text(json.dumps({**report, "rendered": 0}))


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "not finished": (lambda folder: (folder / "report.json").unlink(), "MW828"),
    "a bit flipped": (flipped, "MW803"),
    "a shard gone": (lambda folder: (folder / "shards" / "000001.eml.tar").unlink(), "MW803"),
    "its last line gone": (without_last_shard, "MW803"),
    "another report": (recounted, "MW803"),
    "no manifest": (lambda folder: (folder / "manifest.jsonl").unlink(), "MW760"),
    "nothing": (shutil.rmtree, "MW760"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_whole_is_refused(wrong: str, made: Made) -> None:
    spoil, code = WRONG[wrong]
    folder = made(66)
    spoil(folder)
    assert refused(folder) == code


def test_a_sheet_that_is_gone_is_refused(made: Made) -> None:
    folder = made(66, "values")
    next((folder / "sheets").iterdir()).unlink()
    assert refused(folder) == "MW803"


@given(
    st.text(max_size=120), st.sampled_from(["ann@example.com", "a.b+c@xn--exmple-cua.com", "üñ@example.org"])
)
def test_the_address_of_a_header_is_read_as_it_was_written(shown: str, address: str) -> None:
    from mailweave.message.cleaning import one_line

    line = written("To", one_line(shown), address)
    head = (
        f"From: x@y.example\r\n{line}\r\nSubject: To: <no@example.com>\r\n\r\nTo: <body@example.com>".encode()
    )
    assert mailbox(head, "To") == address


@pytest.mark.parametrize("head", ["", "To: \r\n", "To: a@b.example\r\nTo: c@d.example\r\n", "To: a b\r\n"])
def test_what_is_not_one_mailbox_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match="header To") as caught:
        mailbox(f"From: x@y.example\r\n{head}\r\n".encode(), "To")
    assert "@" not in str(caught.value)
