"""Whatever a value says: parsers of others read the same headers, the same number, the same text."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.conftest import part_of
from tests.message.mail_readers import Read, by_node, by_perl, by_python
from tests.message.small_campaign import GIVEN, compiled

from mailweave import Campaign, Email

ODD = Path(__file__).resolve().parents[2] / "fixtures" / "message" / "odd_values.json"
PIECES = (
    *(
        "=?utf-8?q?",
        "=?utf-8?b?",
        "?=",
        "=?",
        "=20",
        "=?utf-8?q?good_evening?=",
        "é",
        "Zoë",
        "日本語",
        "😀",
        "👩‍👩‍👧",
    ),
    *(
        "\u05d0\u05d1",
        "\u200f",
        "\u200e",
        "\u2068",
        "\u2069",
        "\u202e",
        "\u202c",
        "e\u0301",
        "\u00a0",
        "\u2028",
        "\ufeff",
    ),
    *("\r\n", "\n", "\r", "\t", "\0", "\x7f", "\x85", " ", "  ", "   ", "\r\nX-Other: 1", "\n\n"),
    *(
        ",",
        ";",
        ":",
        "<",
        ">",
        "@",
        "<ann@example.com>",
        "bea@example.com, ",
        "(",
        ")",
        "[",
        "]",
        '"',
        "\\",
        "'",
        ".",
    ),
    *(
        "{",
        "{{",
        "{{ name }}",
        "}}",
        "%",
        "%%",
        "<%",
        "${",
        "*|",
        "|*",
        "{%",
        "{#",
        "#",
        "?",
        "/",
        "&",
        "%2f",
        "_",
        "=",
    ),
    *("a", "Ann", "Lee", "w" * 61, "word " * 20, "n" * 300, "ü" * 90, "From ", "--=_", "x" * 1100),
)
OTHERS = re.compile(r"\{(?=[{%#])|<(?=%)|[$#](?=\{)|\*(?=\|)|%(?=%)|\[(?=\[)")
NAMES = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
]
NAMES += ["mime-version", "content-type"]


def text(source: random.Random) -> str:
    """Pieces that mean something in mails, and any characters there are."""
    chars = (chr(source.choice((source.randrange(0x3000), source.randrange(0x110000)))) for _ in range(4))
    pool = [*source.choices(PIECES, k=source.randrange(8)), *chars]
    found = "".join(source.sample(pool, source.randrange(len(pool) + 1)))
    return re.sub("[\ud800-\udfff]", "", found)


def cleaned(value: str) -> str:
    """What docs/campaign.md says of the text of a header."""
    return of_author(OTHERS.sub(lambda found: found[0] + " ", value))


def gone(char: str) -> bool:
    return char in "\u202a\u202b\u202c\u202d\u202e\ufeff" or 0x206A <= ord(char) <= 0x206F or is_none(char)


def is_none(char: str) -> bool:
    """A code point that Unicode keeps from being a character."""
    return 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE


def paired(value: str) -> str:
    kept, opened = list(value), []
    for at, char in enumerate(value):
        if char in "\u2066\u2067\u2068":
            opened.append(at)
        elif char == "\u2069":
            kept[at] = char if opened else ""
            opened = opened[:-1]
    for at in opened:
        kept[at] = ""
    return "".join(kept).strip()


def mails(campaign: Campaign, count: int, seed: int) -> tuple[list[Email], list[Read]]:
    """E-mails with values in every header, and what must be read of them."""
    source = random.Random(seed)
    return made_of(campaign, [tuple(text(source) for _ in range(4)) for _ in range(count)])


def made_of(campaign: Campaign, values: Iterable[tuple[str, ...]]) -> tuple[list[Email], list[Read]]:
    """E-mails of values: a recipient's name and token, a sender's name, a name to reply to."""
    made, wanted = [], []
    for number, (name, token, sender, reply) in enumerate(values):
        token = token[:60]
        email = campaign.render({**GIVEN, "id": f"k{number}", "name": name, "token": token})
        assert isinstance(email, Email) or token.strip() in (".", "..")
        if not isinstance(email, Email):
            continue
        envelope = email.envelope._replace(
            sender_name=sender, reply_to="shop@example.com", reply_to_name=reply
        )
        made.append(replace(email, envelope=envelope, text=f"{name}\n{sender}", html=f"<p>{name}</p>"))
        wanted.append(expected(name, token, sender, reply))
    return made, wanted


def expected(name: str, token: str, sender: str, reply: str) -> Read:
    normal = unicodedata.normalize("NFC", name)
    return {
        "names": NAMES,
        "subject": cleaned(f"Hello, {normal}!"),
        "from": [[of_author(sender), "news@example.com"]],
        "to": [[cleaned(normal), "ann@example.com"]],
        "reply": [[of_author(reply), "shop@example.com"]],
        "text": lines(f"{name}\n{sender}"),
        "html": lines(f"<p>{name}</p>"),
        "token": f"/u/{unicodedata.normalize('NFC', token)}/x",
    }


def of_author(value: str) -> str:
    """The same for a name that the author wrote: tags of another templating stay."""
    value = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]+", " ", value)
    return paired("".join(char for char in value if not gone(char)).strip()[:998].strip())


def lines(body: str) -> str:
    """Line ends of one kind; without the mark of byte order, which decoders take away where a text begins."""
    body = body.replace("\ufeff", "")
    return body.replace("\r\n", "\n").replace("\r", "\n")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return compiled(
        tmp_path_factory.mktemp("readers"),
        subject="Hello, {{ profile.name }}!",
        to_name="{{ profile.name }}",
        unsubscribe_url="https://example.com/u/{{ profile.token }}/x?w={{ profile.token }}#f",
    )


def compared(read: Read, wanted: Read, *, bodies: Callable[[str], str] = lines) -> dict[str, Any]:
    """Where they differ."""
    names = ("names", "subject", "from", "to", "reply")
    found = {key: (read[key], wanted[key]) for key in names if read[key] != wanted[key]}
    for key in ("text", "html"):
        if bodies(read[key]).strip("\n") != bodies(wanted[key]).strip("\n"):
            found[key] = (read[key], wanted[key])
    return found


def without_blanks(read: Read) -> Read:
    """Names of mailboxes without blanks: Python 3.11 shows those between the words of a long encoded name."""
    names = {key: [["".join(name.split()), at] for name, at in read[key]] for key in ("from", "to", "reply")}
    return {**read, **names}


def judged(made: list[Email], wanted: list[Read]) -> None:
    sent = [email.as_bytes() for email in made]
    for email, message, one in zip(made, sent, wanted, strict=True):
        assert email.as_message().as_bytes() == message
        assert max(map(len, message.split(b"\r\n"))) <= 998
        assert compared(without_blanks(by_python(message)), without_blanks(one)) == {}
    for found, one in zip(by_perl(sent), wanted, strict=True):
        assert compared(found, one) == {}
    for found, one in zip(by_node(sent), wanted, strict=True):
        assert compared(found["mailparser"], one) == {}
        assert compared(found["postal-mime"], one) == {}
        assert (found["url"]["host"], unquote(found["url"]["path"])) == ("example.com", one["token"])
        assert found["url"]["fragment"] == "#f"


def test_readers_read_what_was_said(campaign: Campaign) -> None:
    judged(*mails(campaign, 500, 7))  # four values in each: 2,000


def test_odd_values_by_hand_are_read_as_they_are(campaign: Campaign) -> None:
    listed = json.loads(ODD.read_text(encoding="utf-8"))
    odd = [one if isinstance(one, str) else "".join(piece * times for piece, times in one) for one in listed]
    tokens = [one[:20] if one.strip() not in (".", "..") else "" for one in odd]
    turned = (odd, tokens, odd[::-1], odd[len(odd) // 2 :] + odd[: len(odd) // 2])
    judged(*made_of(campaign, zip(*turned, strict=True)))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_readers_read_what_was_said_deep(campaign: Campaign, seed: int) -> None:
    judged(*mails(campaign, part_of(1250), 100 + seed))  # four values in each: 20,000
