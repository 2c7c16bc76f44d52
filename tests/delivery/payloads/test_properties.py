"""For any e-mail: every text that goes in comes out as its provider decodes it, and the same again."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave import Email
from mailweave.delivery import DROPPABLE, Payload, payload
from mailweave.message import Attachment
from mailweave.message.cleaning import one_line
from tests.delivery.payloads.anymail_wire import read
from tests.delivery.payloads.small_mail import mail

TEXTS = st.text(st.characters(), max_size=60)  # halves of characters among them
WORDS = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)
HEADERS = st.dictionaries(st.from_regex(r"X-[A-Za-z]{1,9}", fullmatch=True), TEXTS, max_size=3)
FILES = st.lists(st.binary(max_size=40), max_size=3).map(
    lambda several: tuple(
        Attachment(f"{at}.bin", "application/octet-stream", content, f"c{at}" * (at % 2))
        for at, content in enumerate(several)
    )
)
PROVIDERS = ("ses-v2", "sendgrid-v3", "mailgun", "postmark", "resend")


@st.composite
def emails(draw: st.DrawFn) -> Email:
    names = draw(HEADERS)
    held = {name.lower(): (name, text) for name, text in names.items()}
    made = mail(
        draw(TEXTS) or "42",
        sender_name=draw(TEXTS),
        to_name=draw(TEXTS),
        reply_to=draw(st.sampled_from(["", "answers@example.com"])),
        reply_to_name=draw(TEXTS),
        custom_headers=tuple(held.values()),
        tags=tuple(draw(st.lists(WORDS, max_size=1))),
        metadata=tuple(
            draw(st.dictionaries(WORDS.map(lambda one: f"m{one}"[:20].lower()), WORDS, max_size=5)).items()
        ),
    )
    amp = draw(st.none() | TEXTS.filter(bool))
    return replace(
        made, subject=draw(TEXTS), text=draw(TEXTS), html=draw(TEXTS), amp=amp, attachments=draw(FILES)
    )


def whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def mailboxes(text: str) -> tuple[str, str]:
    return parseaddr(text)


def sendgrid(body: Any) -> dict[str, Any]:
    content = {one["type"]: one["value"] for one in body["content"]}
    to, sender = body["personalizations"][0]["to"][0], body["from"]
    return {
        "subject": body["subject"],
        "text": content.get("text/plain", ""),
        "html": content.get("text/html", ""),
        "amp": content.get("text/x-amp-html"),
        "from": sender.get("name", ""),
        "to": to.get("name", ""),
        "reply_to": [one.get("name", "") for one in body.get("reply_to_list", [])],
        "tags": body.get("categories", []),
        "metadata": body["custom_args"],
        "headers": {name: str(make_header(decode_header(text))) for name, text in body["headers"].items()},
        "files": [b64decode(one["content"]) for one in body.get("attachments", [])],
    }


def mailgun(body: Any) -> dict[str, Any]:
    fields, files = body
    reply = fields.get("h:Reply-To", [])
    own = {name[2:]: texts[0] for name, texts in fields.items() if name[:2] == "h:" and name != "h:Reply-To"}
    return {
        "subject": fields["subject"][0],
        "text": fields["text"][0],
        "html": fields["html"][0],
        "amp": fields.get("amp-html", [None])[0],
        "from": mailboxes(fields["from"][0])[0],
        "to": mailboxes(fields["to"][0])[0],
        "reply_to": [mailboxes(one)[0] for one in reply],
        "tags": fields.get("o:tag", []),
        "metadata": {name[2:]: texts[0] for name, texts in fields.items() if name[:2] == "v:"},
        "headers": own,
        "files": [content for *_, content in files],
    }


def postmark(body: Any) -> dict[str, Any]:
    return {
        "subject": body["Subject"],
        "text": body["TextBody"],
        "html": body["HtmlBody"],
        "amp": None,
        "from": mailboxes(body["From"])[0],
        "to": mailboxes(body["To"])[0],
        "reply_to": [mailboxes(body["ReplyTo"])[0]] if "ReplyTo" in body else [],
        "tags": [body["Tag"]] if "Tag" in body else [],
        "metadata": body["Metadata"],
        "headers": {one["Name"]: one["Value"] for one in body["Headers"]},
        "files": [b64decode(one["Content"]) for one in body.get("Attachments", [])],
    }


def resend(body: Any) -> dict[str, Any]:
    pairs = {one["name"]: one["value"] for one in body["tags"]}
    return {
        "subject": body["subject"],
        "text": body["text"],
        "html": body["html"],
        "amp": None,
        "from": mailboxes(body["from"])[0],
        "to": mailboxes(body["to"][0])[0],
        "reply_to": [mailboxes(one)[0] for one in body.get("reply_to", [])],
        "tags": [pairs.pop("tag")] if "tag" in pairs else [],
        "metadata": pairs,
        "headers": body["headers"],
        "files": [b64decode(one["content"]) for one in body.get("attachments", [])],
    }


DECODED = {"sendgrid-v3": sendgrid, "mailgun": mailgun, "postmark": postmark, "resend": resend}
WITH_AMP = ("sendgrid-v3", "mailgun")


def held(email: Email, provider: str) -> dict[str, Any]:
    """What an e-mail says, without what its provider cannot say."""
    envelope = email.envelope
    to = one_line(envelope.to_name)
    own = {"Message-ID": email.message_id} if provider in WITH_AMP else {}
    own["List-Unsubscribe"] = "<https://example.com/u>"
    own["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    own |= {name: one_line(text) for name, text in envelope.custom_headers if one_line(text)}
    return {
        "subject": one_line(email.subject),
        "text": whole(email.text),
        "html": whole(email.html),
        "amp": whole(email.amp) if email.amp is not None and provider in WITH_AMP else None,
        "from": one_line(envelope.sender_name),
        "to": "" if provider == "sendgrid-v3" and set(to) & set(",;") else to,
        "reply_to": [one_line(envelope.reply_to_name)] if envelope.reply_to else [],
        "tags": list(envelope.tags),
        "metadata": {"mailweave_key": email.idempotency_key, **dict(envelope.metadata)},
        "headers": own,
        "files": [one.content for one in sorted_files(email, provider)],
    }


def sorted_files(email: Email, provider: str) -> list[Attachment]:
    """A form has a field for each kind of file; Django reads one field after the other."""
    files = list(email.attachments)
    return sorted(files, key=lambda one: bool(one.content_id)) if provider == "mailgun" else files


def decoded(made: Payload, provider: str) -> dict[str, Any]:
    return DECODED[provider](read(made.headers["Content-Type"], made.content))


@pytest.mark.parametrize("provider", DECODED)
@given(emails())
def test_every_text_comes_out_as_it_went_in(provider: str, email: Email) -> None:
    made = decoded(payload(email, provider, drop=DROPPABLE), provider)
    expected = held(email, provider)
    assert made.keys() == expected.keys()
    for part, text in expected.items():
        assert _spaced(made[part]) == _spaced(text), part


def _spaced(value: Any) -> Any:
    """parseaddr folds blanks between words of a name into one."""
    return " ".join(value.split()) if isinstance(value, str) else value


@given(emails())
def test_amazon_gets_the_message(email: Email) -> None:
    made = payload(email, "ses-v2", drop=DROPPABLE)
    body = json.loads(made.content)
    raw = b64decode(body["Content"]["Raw"]["Data"])
    assert raw == email.as_bytes()
    assert {one["Name"]: one["Value"] for one in body["EmailTags"]} == {
        "mailweave_key": email.idempotency_key,
        **dict(email.envelope.metadata),
        **dict(zip(["tag"], email.envelope.tags, strict=False)),
    }
    assert (
        str(message_from_bytes(raw, policy=policy.default)["To"].addresses[0].addr_spec) == "ann@example.com"
    )


@pytest.mark.parametrize("provider", PROVIDERS)
@given(emails())
def test_the_same_email_gives_the_same_bytes(provider: str, email: Email) -> None:
    made, again = (payload(email, provider, drop=DROPPABLE) for _ in range(2))
    assert (made, made.content, made.headers) == (again, again.content, again.headers)
    assert made.content.decode() if provider != "mailgun" else made.content
