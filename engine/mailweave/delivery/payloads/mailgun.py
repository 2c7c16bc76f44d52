"""Mailgun, POST /v3/DOMAIN/messages.

Read in "Send an email" of its API reference, "Sending Messages", "Track tagging" and "Tags" of its help (10 tags a
message; an older page says 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from mailweave.delivery.payloads.form import File, Form, Payload
from mailweave.delivery.payloads.limits import MB, Facts, Words
from mailweave.delivery.payloads.said import Said, measured, said
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.message import Attachment, Email

FACTS: Final = Facts(
    name="mailgun",
    title="Mailgun",
    base="https://api.mailgun.net",
    path="/v3/{domain}/messages",
    says={
        "amp": "`amp-html`",
        "attachments": "`attachment`",
        "custom_headers": "`h:NAME`",
        "inline": "`inline`, by its file name",
        "message_id": "`h:Message-ID`",
        "metadata": "`v:NAME`, which its reader can find",
        "reply_to": "`h:Reply-To`",
        "tags": "`o:tag`",
        "unsubscribe": "`h:NAME`",
    },
    most_bytes=25 * MB,  # "Sending Messages": the largest message
    # "Track tagging": ASCII, at most 128 characters; a tag beyond ASCII loses its letters or is ignored
    tags=Words(most=10, value=128, form=re.compile(r"[ -~]+"), kind="letters, digits and signs of ASCII"),
    # in the name of a field of a form, receivers read these in different ways
    metadata=Words(
        form=re.compile(r"[^\"\r\n]+"), kind="those that stand in the name of a field", only_names=True
    ),
)
OPTIONS: Final = 16_000
"""Bytes of all that begins with `o:`, `h:` or `v:`: "Send an email"."""


def write(email: Email, refusals: Refusals) -> Payload:
    """The request for one e-mail. The domain in its path is that of the address for bounces, or the sender's."""
    told = said(email, FACTS, refusals)
    fields = (*_texts(told), *_options(told))
    _measure(fields, refusals)
    form = Form(fields, tuple(map(_file, told.attachments)))
    headers = MappingProxyType({"Content-Type": form.type})
    domain = (email.envelope.return_path or told.sender.address).rpartition("@")[2]
    path = FACTS.path.format(domain=domain)
    return measured(
        Payload(FACTS.name, "POST", FACTS.base, path, headers, form, (told.key,)), FACTS, refusals
    )


def _texts(told: Said) -> Iterator[tuple[str, str]]:
    yield "from", str(told.sender)
    yield "to", str(told.to)
    yield "subject", told.subject
    yield "text", told.text
    if told.amp is not None:
        yield "amp-html", told.amp
    yield "html", told.html


def _options(told: Said) -> Iterator[tuple[str, str]]:
    if told.reply_to is not None:
        yield "h:Reply-To", str(told.reply_to)
    yield from ((f"h:{name}", text) for name, text in told.headers)
    yield from (("o:tag", tag) for tag in told.tags)
    yield from ((f"v:{name}", value) for name, value in told.metadata.items())


def _measure(fields: tuple[tuple[str, str], ...], refusals: Refusals) -> None:
    size = sum(len(name.encode()) + len(text.encode()) for name, text in fields if name[1:2] == ":")
    if size > OPTIONS:
        refusals.add("size", "MW751", what="the headers, tags and metadata together", size=size, most=OPTIONS)


def _file(one: Attachment) -> File:
    """A file is called in the HTML by its name, so one that is called there has its content id for a name."""
    if one.content_id:
        return File("inline", one.content_id, one.type, one.content)
    return File("attachment", one.name, one.type, one.content)
