"""Postmark, POST /email and /email/batch.

Read in "Email API" of its developer documentation, "What are the Attachment and Email Size Limits?", "Custom metadata
FAQ" and "Send batch emails". A Message-ID that is given is not kept: Postmark writes its own.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from mailweave.delivery.payloads.form import Json, Payload
from mailweave.delivery.payloads.limits import MB, Batch, Facts, Words
from mailweave.delivery.payloads.said import measured, said
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.message import Attachment, Email

FACTS: Final = Facts(
    name="postmark",
    title="Postmark",
    base="https://api.postmarkapp.com",
    path="/email",
    says={
        "attachments": "`Attachments`",
        "custom_headers": "`Headers`",
        "inline": "`ContentID`",
        "metadata": "`Metadata`",
        "reply_to": "`ReplyTo`",
        "tags": "`Tag`",
        "unsubscribe": "`Headers`",
    },
    most_bytes=10 * MB,  # "Size Limits": the whole message, files encoded
    most_body=5 * MB,  # "Size Limits": TextBody and HtmlBody, each
    tags=Words(most=1, value=1000),  # "Email API"
    metadata=Words(most=10, name=20, value=80),  # "Custom metadata FAQ"
    batch=Batch("/email/batch", 500, 50 * MB),  # "Send batch emails"
)


def write(email: Email, refusals: Refusals) -> Payload:
    """The request for one e-mail."""
    told = said(email, FACTS, refusals)
    body: Json = {
        "From": str(told.sender),
        "To": str(told.to),
        "Subject": told.subject,
        "TextBody": told.text,
        "HtmlBody": told.html,
        "Headers": [{"Name": name, "Value": text} for name, text in told.headers],
        "Metadata": told.metadata,
    }
    if told.reply_to is not None:
        body["ReplyTo"] = str(told.reply_to)
    if told.tags:
        body["Tag"] = told.tags[0]
    if told.attachments:
        body["Attachments"] = [_file(one) for one in told.attachments]
    for part in ("TextBody", "HtmlBody"):
        _measure(part, body[part], refusals)
    made = Payload(FACTS.name, "POST", FACTS.base, FACTS.path, FACTS.headers, body, (told.key,))
    return measured(made, FACTS, refusals)


def _measure(part: str, text: str, refusals: Refusals) -> None:
    size, most = len(text.encode()), FACTS.most_body
    if most is not None and size > most:
        refusals.add("size", "MW751", what=f"`{part}`", size=size, most=most)


def _file(one: Attachment) -> Json:
    made: Json = {"Name": one.name, "Content": b64encode(one.content).decode(), "ContentType": one.type}
    return {**made, "ContentID": f"cid:{one.content_id}"} if one.content_id else made
