"""SendGrid, POST /v3/mail/send.

Read in "Mail Send" and "Limitations" of its API reference, in "SendGrid and Google AMP for Email", and in the order of
contents that its own library for Python keeps (6.12): plain, AMP, HTML.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

from mailweave.delivery.payloads.form import Json, Payload
from mailweave.delivery.payloads.limits import MB, Facts, Words
from mailweave.delivery.payloads.said import Mailbox, Said, measured, said
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.message import Attachment, Email
from mailweave.message.encoded_words import encoded_words

OWN: Final = frozenset(
    "anymail_id asm_group_id attempt bounce_classification category cert_err email event ip marketing_campaign_id"
    " marketing_campaign_name marketing_campaign_version marketing_campaign_split_id newsletter nlvx_campaign_id"
    " nlvx_campaign_split_id nlvx_user_id phase_id pool post_type reason response send_at singlesend_id"
    " singlesend_name smtp-id status template_id timestamp tls type url url_offset useragent".split()
)
"""Members that SendGrid documents; those that begin with `sg_` are its own, too. Metadata of these
names would stand over them in events."""
FACTS: Final = Facts(
    name="sendgrid-v3",
    title="SendGrid",
    base="https://api.sendgrid.com",
    path="/v3/mail/send",
    says={
        "amp": "`content`, `text/x-amp-html`",
        "attachments": "`attachments`",
        "custom_headers": "`headers`",
        "inline": "`content_id`",
        "message_id": "`headers`",
        "metadata": "`custom_args`",
        "reply_to": "`reply_to_list`",
        "tags": "`categories`",
        "unsubscribe": "`headers`",
    },
    most_bytes=30 * MB,  # "Limitations": the total size, less than 30 MB
    tags=Words(most=10, value=255),  # "Mail Send", categories
    metadata=Words(
        together=9_999,  # "Limitations": less than 10,000 bytes
        form=re.compile(rf"(?!sg_|(?:{'|'.join(map(re.escape, sorted(OWN)))})\Z).+", re.S),
        kind="those that SendGrid's events do not use themselves",
        only_names=True,
    ),
    reserved=frozenset({"x-sg-id", "x-sg-eid"}),  # "Mail Send", headers; the others have fields
)
_ROOM: Final = 60  # characters of the first encoded word of a header; nothing is folded, so none is too long


def write(email: Email, refusals: Refusals) -> Payload:
    """The request for one e-mail."""
    told = said(email, FACTS, refusals)
    body: Json = {
        "personalizations": [{"to": [_mailbox(_addressed(told.to, refusals))]}],
        "from": _mailbox(told.sender),
        "subject": told.subject,
        "content": _contents(told),
        "custom_args": told.metadata,
        "headers": {name: _encoded(text) for name, text in told.headers},
    }
    if told.reply_to is not None:
        body["reply_to_list"] = [_mailbox(told.reply_to)]
    if told.tags:
        body["categories"] = list(told.tags)
    if told.attachments:
        body["attachments"] = [_file(one) for one in told.attachments]
    made = Payload(FACTS.name, "POST", FACTS.base, FACTS.path, FACTS.headers, body, (told.key,))
    return measured(made, FACTS, refusals)


def _addressed(to: Mailbox, refusals: Refusals) -> Mailbox:
    """ "Limitations": a recipient's name holds neither a comma nor a semicolon."""
    if "," not in to.name and ";" not in to.name:
        return to
    refusals.add("to_name", "MW754", what="the recipient's name", reason="holds a comma or a semicolon")
    return Mailbox(to.address, "")


def _mailbox(one: Mailbox) -> Json:
    return {"email": one.address, "name": one.name} if one.name else {"email": one.address}


def _contents(told: Said) -> list[Json]:
    """Least rich first. A part without text is none: SendGrid refuses an empty value."""
    parts = (("text/plain", told.text), ("text/x-amp-html", told.amp or ""), ("text/html", told.html))
    return [{"type": type, "value": text} for type, text in parts if text]


def _encoded(text: str) -> str:
    """ "Mail Send", headers: letters beyond ASCII are the caller's to encode (RFC 2047)."""
    return text if text.isascii() else encoded_words(text, _ROOM).replace("\r\n", "")


def _file(one: Attachment) -> Json:
    made: Json = {"content": b64encode(one.content).decode(), "type": one.type, "filename": one.name}
    if one.content_id:
        made |= {"disposition": "inline", "content_id": one.content_id}
    return made
