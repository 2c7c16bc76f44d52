"""`[[attachments]]`: files of a campaign, what its HTML calls them by, and files that a call gives."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from tests.message.small_campaign import GIVEN, write

from mailweave import ArgumentError, Attachment, Campaign, Email, Environment, Skip
from mailweave.message.attachment import MOST_BYTES

QR = Attachment("qr.png", "image/png", b"qr", "qr")


def folder(path: Path, attachments: list[Any], html: str = "<p>Hello</p>") -> Path:
    made = write(path / "small", {"attachments": attachments})
    (made / "blocks/note/block.html").write_text(html, encoding="utf-8")
    (made / "terms.pdf").write_bytes(b"%PDF")
    (made / "logo.png").write_bytes(b"PNG")
    return made


def errors(path: Path) -> list[tuple[str, str]]:
    return [
        (one.code, f"{one.message}: {one.help}")
        for one in Environment().check(path)
        if one.severity.value == "error"
    ]


def compiled(path: Path) -> Campaign:
    return Environment().compile(path)


def test_files_go_with_every_mail(tmp_path: Path) -> None:
    listed = ["terms.pdf", {"file": "logo.png", "inline": True}, {"file": "terms.pdf", "name": "Größe.bin"}]
    campaign = compiled(folder(tmp_path, listed, '<p><img src="cid:logo" alt="Shop"></p>'))
    mail = campaign.render(GIVEN)
    assert isinstance(mail, Email)
    assert mail.attachments == campaign.files
    assert mail.attachments == (
        Attachment("terms.pdf", "application/pdf", b"%PDF"),
        Attachment("logo.png", "image/png", b"PNG", "logo"),
        Attachment("Größe.bin", "application/octet-stream", b"%PDF"),
    )
    assert 'src="cid:logo"' in mail.html
    travelled = pickle.loads(pickle.dumps(campaign))
    again = travelled.render(GIVEN)
    assert isinstance(again, Email)
    assert again.as_bytes() == mail.as_bytes()


def test_another_content_is_another_digest(tmp_path: Path) -> None:
    path = folder(tmp_path, ["terms.pdf"])
    before = compiled(path).digest
    (path / "terms.pdf").write_bytes(b"other")
    assert compiled(path).digest != before


@pytest.mark.parametrize(
    ("attachments", "html", "code", "told"),
    [
        (["trems.pdf"], "", "MW001", "did you mean `terms.pdf`"),
        (["../outside.pdf"], "", "MW008", "outside"),
        (["/etc/hostname"], "", "MW008", "outside"),
        (["out.pdf"], "", "MW008", "link"),
        (["blocks"], "", "MW050", "a folder"),
        (["large.bin"], "", "MW077", "at most 25 MB"),
        (["half.bin", {"file": "half.bin", "name": "b"}], "", "MW077", "as they are sent"),
        ([{"file": "terms.pdf", "type": "pdf"}], "", "MW603", "no media type"),
        ([{"file": "terms.pdf", "name": "a/b"}], "", "MW603", "no name of a file"),
        ([{"file": "terms.pdf", "content_id": "a b"}], "", "MW603", "no content id"),
        ([{"inline": True}], "", "MW603", "needs `file`"),
        ([{"content_id": "a", "type": "a/b"}], "", "MW603", "needs `file`"),
        ([{"file": "terms.pdf", "kind": "a/b"}], "", "MW602", "kind"),
        ([{"content_id": "a"}, {"content_id": "A"}], "", "MW603", "two files are called `a`"),
        ([], '<img src="cid:logo" alt="">', "MW078", "none is called so"),
        ([{"content_id": "logo"}], '<img src="cid:lgo" alt="">', "MW078", "did you mean `logo`"),
        ([{"content_id": "logo"}], "<img src='CID:logo2' alt=''>", "MW078", "logo2"),
        ([{"content_id": "logo"}], '<img src="cid:{{ profile.id }}" alt="">', "MW078", "without Liquid"),
        ([{"content_id": "logo"}], '<p style="background:url(cid:other)">a</p>', "MW078", "other"),
    ],
)
def test_what_cannot_go_is_told(
    tmp_path: Path, attachments: list[Any], html: str, code: str, told: str
) -> None:
    path = folder(tmp_path, attachments, html or "<p>Hello</p>")
    (tmp_path / "outside.pdf").write_bytes(b"secret")
    (path / "out.pdf").symlink_to(tmp_path / "outside.pdf")
    for name, size in (("large.bin", MOST_BYTES + 1), ("half.bin", 10 * 1024 * 1024)):
        with (path / name).open("wb") as file:
            file.truncate(size)
    found = errors(path)
    assert [one for one, _ in found] == [code]
    assert told in found[0][1]


def test_a_file_that_nothing_shows_is_a_warning(tmp_path: Path) -> None:
    path = folder(tmp_path, [{"file": "logo.png", "inline": True}])
    assert "MW079" in [one.code for one in Environment().check(path)]
    path = folder(
        tmp_path / "b", [{"file": "logo.png", "inline": True}], '<img src="cid:logo"><img src="cid:logo">'
    )
    assert "MW079" not in [one.code for one in Environment().check(path)]


def test_a_call_gives_files_for_one_recipient(tmp_path: Path) -> None:
    campaign = compiled(folder(tmp_path, ["terms.pdf"]))
    ticket = Attachment("ticket.pdf", "application/pdf", b"ann")
    mail = campaign.render(GIVEN, attachments=[ticket])
    assert isinstance(mail, Email)
    assert mail.attachments == (*campaign.files, ticket)
    people = [{**GIVEN, "id": name} for name in ("1", "2")]
    first, second = campaign.render_many(people, attachments={"2": [ticket]})
    assert isinstance(first, Email)
    assert isinstance(second, Email)
    assert (first.attachments, second.attachments) == (campaign.files, (*campaign.files, ticket))


def test_what_the_html_shows_must_be_given(tmp_path: Path) -> None:
    campaign = compiled(folder(tmp_path, [{"content_id": "qr"}], '<img src="cid:qr" alt="">'))
    assert campaign.files_to_give == ("qr",)
    mail = campaign.render(GIVEN, attachments=[QR])
    assert isinstance(mail, Email)
    assert mail.attachments == (QR,)
    with pytest.raises(ArgumentError, match="a file called qr"):
        campaign.render(GIVEN)
    given, lacking = campaign.render_many([GIVEN, {**GIVEN, "id": "8"}], attachments={"7": [QR]})
    assert isinstance(given, Email)
    assert isinstance(lacking, Skip)
    assert lacking.field == "attachments"


TICKET = Attachment("ticket.pdf", "application/pdf", b"ann")


@pytest.mark.parametrize("keys", [(7,), (None,), (b"7",), ("\u00e9", "e\u0301")])
def test_keys_that_are_no_texts_or_meet_are_told_at_the_call(tmp_path: Path, keys: tuple[Any, ...]) -> None:
    campaign = compiled(folder(tmp_path, []))
    with pytest.raises(ArgumentError, match="attachments"):
        campaign.render_many([GIVEN], attachments={key: [TICKET] for key in keys})


@pytest.mark.parametrize("people", [[GIVEN], [], [{"id": 7}]])
def test_files_of_nobody_are_told_behind_the_last_answer(tmp_path: Path, people: list[Any]) -> None:
    answers = compiled(folder(tmp_path, [])).render_many(iter(people), attachments={"ann-8": [TICKET]})
    for _ in people:
        next(answers)
    with pytest.raises(ArgumentError, match="keys that no profile has, 1 of 1") as told:
        next(answers)
    assert "ann" not in str(told.value)


@pytest.mark.parametrize(("key", "id"), [("\u00e9", "e\u0301"), ("e\u0301", "\u00e9")])
def test_keys_are_compared_in_nfc(tmp_path: Path, key: str, id: str) -> None:
    campaign = compiled(folder(tmp_path, []))
    (mail,) = campaign.render_many([{**GIVEN, "id": id}], attachments={key: [TICKET]})
    assert isinstance(mail, Email)
    assert mail.attachments == (TICKET,)


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        QR,
        None,
        [b"bytes"],
        [Attachment("a", "a/b", b"", "unknown")],
        [Attachment("a/b", "a/b", b"")],
        [Attachment("a", "a/b", bytes(20 * 1024 * 1024))],
    ],
)
def test_what_cannot_be_files_is_told_to_the_caller(tmp_path: Path, wrong: Any) -> None:
    campaign = compiled(folder(tmp_path, ["terms.pdf"]))
    for call in (
        lambda: campaign.render(GIVEN, attachments=wrong),
        lambda: campaign.render_many([GIVEN], attachments={"7": wrong}),
    ):
        with pytest.raises(ArgumentError, match="attachments"):
            call()


def test_an_amp_part_shows_no_attached_picture(tmp_path: Path) -> None:
    path = folder(
        tmp_path, [{"file": "logo.png", "inline": True}], '<p>Hi <img src="cid:logo" alt="Shop"></p>'
    )
    text = (path / "campaign.toml").read_text(encoding="utf-8")
    (path / "campaign.toml").write_text('amp = "always"\n' + text, encoding="utf-8")
    found = [one for one in Environment().check(path) if one.code.startswith("MW7")]
    mail = compiled(path).render(GIVEN)
    assert isinstance(mail, Email)
    assert "cid:" in mail.html
    assert "cid:" not in (mail.amp or "")
    assert any("https" in f"{one.message} {one.help}" for one in found), found


def with_a_header(path: Path, logo: str) -> Path:
    made = folder(path, [{"file": "logo.png", "inline": True}])
    for name in ("html", "toml"):
        (made / f"blocks/note/block.{name}").unlink()
    (made / "blocks/note").rmdir()
    text = (made / "campaign.toml").read_text(encoding="utf-8")
    block = f'[blocks.note]\nuse = "header"\ninputs = {{ logo = "{logo}" }}'
    settings = 'amp = "always"\n' + text.replace("[blocks.note]", block)
    (made / "campaign.toml").write_text(settings, encoding="utf-8")
    return made


def test_an_input_of_a_stock_block_is_an_attached_picture(tmp_path: Path) -> None:
    mail = compiled(with_a_header(tmp_path, "cid:logo")).render(GIVEN)
    assert isinstance(mail, Email)
    assert 'src="cid:logo"' in mail.html
    assert mail.amp is None
    assert mail.amp_reason.startswith("invalid: ")


@pytest.mark.parametrize(
    ("logo", "code", "told"),
    [
        ("cid:lgo", "MW078", "did you mean `logo`"),
        ("cid:", "MW607", "cid:NAME"),
        ("logo.png", "MW607", "cid:NAME"),
    ],
)
def test_an_input_that_is_no_attached_picture_is_told(
    tmp_path: Path, logo: str, code: str, told: str
) -> None:
    assert told in dict(errors(with_a_header(tmp_path, logo)))[code]
