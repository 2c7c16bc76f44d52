"""Do headers come back as they were given? Writers of messages, and readers that are not theirs."""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from tests.message.mail_readers import by_node, by_perl, by_python
from tests.message.small_campaign import GIVEN, compiled

from benchmarks.judge import Judgement, Table, peers, percent
from mailweave import Email

EACH, SEED = 60, 23
TITLE = "Headers, written and read"
TEXT = """A text stands as the recipient's name, as the sender's and as the subject of a message; readers that
have nothing to do with the writer read it. A field *comes back* where it is the same text, sign by
sign. mailweave renders a campaign, where name and subject are a recipient's values: it takes apart
signs that other templating would read (`{{`, `[[`), which counts here as not coming back. Python
3.11 reads the names of mailboxes without second blanks, and with some between encoded words."""
PEERS = ("npm nodemailer", "npm mailparser", "npm postal-mime")
FIELDS = ("subject", "from", "to")
Writer = Callable[[Sequence[str]], list[bytes]]
Reader = Callable[[Sequence[bytes]], list[dict[str, str]]]

_LATIN = "Ann Bjørn Zoë D'Arcy José Łukasz Jürgen Åsa Nguyễn Şebnem".split()
_OTHER = "日本語 山田太郎 Ελένη Дмитрий דוד محمد 김민준 สมชาย".split()
_WORDS = "news of this week from the shop, and what it brings you today".split()
_SIGNS = ['"', "\\", "'", "(", ")", "<", ">", "[", "]", ",", ";", ":", "@"]
_FACES = ["😀", "👩‍👩‍👧", "🎉", "❤️", "🇳🇴"]
KINDS: Mapping[str, Callable[[random.Random], str]] = {
    "plain": lambda dice: " ".join(dice.choices(_WORDS, k=4)),
    "accents": lambda dice: " ".join(dice.choices(_LATIN, k=3)),
    "other scripts": lambda dice: " ".join(dice.choices(_OTHER, k=3)),
    "emoji": lambda dice: f"{dice.choice(_WORDS)} {dice.choice(_FACES)} {dice.choice(_LATIN)}",
    "long": lambda dice: " ".join(dice.choices(_WORDS, k=60)),
    "long, not ASCII": lambda dice: " ".join(dice.choices(_LATIN + _OTHER, k=50)),
    "one long word": lambda dice: dice.choice("wü日") * dice.randrange(80, 300),
    "quotes and brackets": lambda dice: (
        f"{dice.choice(_LATIN)} {''.join(dice.choices(_SIGNS, k=4))} {dice.choice(_WORDS)}"
    ),
    "like encoded words": lambda dice: (
        f"{dice.choice(_WORDS)} =?utf-8?{dice.choice('qb')}?{dice.choice(('good_evening', 'Zm9v', '=C3=A9'))}?="
    ),
    "several blanks": lambda dice: f"{dice.choice(_LATIN)}{' ' * dice.randrange(2, 5)}{dice.choice(_LATIN)}",
    "tags of templating": lambda dice: (
        f"{dice.choice(_WORDS)} {dice.choice(('{{ name }}', '*|NAME|*', '%%name%%', '<%= name %>'))}"
    ),
}


def judge(scale: float) -> Judgement:
    """What comes back by reader, and by what the texts are like."""
    peers.needed(*PEERS)
    dice = random.Random(SEED)
    texts = [(kind, draw(dice)) for kind, draw in KINDS.items() for _ in range(max(1, round(EACH * scale)))]
    notes: list[str] = []
    return Judgement(judged(texts, WRITERS, readers(notes)), tuple(notes))


def judged(
    texts: Sequence[tuple[str, str]], writers: Mapping[str, Writer], reading: Mapping[str, Reader]
) -> tuple[Table, ...]:
    """The tables."""
    by_reader: dict[str, tuple[float, ...]] = {}
    by_kind: dict[str, tuple[float, ...]] = {}
    kinds = list(dict.fromkeys(kind for kind, _ in texts))
    for name, write in writers.items():
        found = {reader: back(write, read, texts) for reader, read in reading.items()}
        by_reader[name] = tuple(percent(sum(map(sum, some)), 3 * len(texts)) for some in found.values())
        by_kind[name] = tuple(_share(found.values(), [of == kind for of, _ in texts]) for kind in kinds)
    return (
        Table(f"{3 * len(texts):,} fields that come back, % by reader", tuple(reading), by_reader, "most"),
        Table("The same fields by what the text is like, % over all readers", tuple(kinds), by_kind, "most"),
    )


def _share(found: Iterable[list[list[bool]]], of_kind: Sequence[bool]) -> float:
    fields = [
        field for some in found for one, wanted in zip(some, of_kind, strict=True) if wanted for field in one
    ]
    return percent(sum(fields), len(fields))


def back(write: Writer, read: Reader, texts: Sequence[tuple[str, str]]) -> list[list[bool]]:
    """For each text, whether each field comes back."""
    given = [text for _, text in texts]
    found = read(write(given))
    return [[one[field] == text for field in FIELDS] for text, one in zip(given, found, strict=True)]


# ---- who writes


def by_mailweave(texts: Sequence[str]) -> list[bytes]:
    """As a campaign writes it."""
    with tempfile.TemporaryDirectory() as folder:
        campaign = compiled(Path(folder), subject="{{ profile.name }}", to_name="{{ profile.name }}")
    made = []
    for text in texts:
        mail = campaign.render({**GIVEN, "name": text})
        assert isinstance(mail, Email)
        made.append(replace(mail, envelope=mail.envelope._replace(sender_name=text)).as_bytes())
    return made


def by_standard_library(texts: Sequence[str]) -> list[bytes]:
    """As the documentation of `email` does it."""

    def one(text: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(text, addr_spec="news@example.com")
        message["To"] = Address(text, addr_spec="ann@example.com")
        message["Subject"] = text
        message.set_content("Hello")
        message.add_alternative("<p>Hello</p>", subtype="html")
        return message.as_bytes()

    return list(map(one, texts))


def by_nodemailer(texts: Sequence[str]) -> list[bytes]:
    """As nodemailer does it, into a buffer."""
    return [base64.b64decode(one) for one in peers.node("headers.mjs", list(texts))]


WRITERS: Mapping[str, Writer] = {
    "mailweave": by_mailweave,
    "Python's email": by_standard_library,
    "nodemailer": by_nodemailer,
}


# ---- who reads


def readers(notes: list[str]) -> dict[str, Reader]:
    """Those that are there."""
    found: dict[str, Reader] = {
        "mailparser": lambda sent: [_fields(one["mailparser"]) for one in by_node(sent)],
        "postal-mime": lambda sent: [_fields(one["postal-mime"]) for one in by_node(sent)],
        "Python's email": lambda sent: [_fields(by_python(one)) for one in sent],
    }
    needs = "use Email::MIME; use Email::Address::XS; use JSON::PP"
    perl = shutil.which("perl")
    if perl and subprocess.run([perl, "-e", needs], capture_output=True, check=False).returncode == 0:
        found["Perl's Email::MIME"] = lambda sent: [_fields(one) for one in by_perl(sent)]
    else:
        notes.append("Perl's Email::MIME is missing")
    return found


def _fields(read: Mapping[str, Any]) -> dict[str, str]:
    names = {field: read[field][0][0] if read[field] and read[field][0] else "" for field in ("from", "to")}
    return {"subject": read["subject"], **names}
