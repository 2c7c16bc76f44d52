"""Amazon SES, API v2, POST /v2/email/outbound-emails: the message itself, as raw content.

The simple form has no place for an AMP part. Read in SendEmail of the API reference and its model (2019-09-27),
"Service quotas" and "Amazon SES header fields": Date and Message-ID are overwritten in every form.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from mailweave.delivery.payloads.form import Json, Payload
from mailweave.delivery.payloads.limits import MB, WORD, Facts, Words
from mailweave.delivery.payloads.said import measured, said
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.delivery.payloads.words import numbered
from mailweave.message import Email

_WORDS: Final = Words(name=256, value=256, form=WORD, kind="ASCII letters, digits, `_` and `-`")  # MessageTag
FACTS: Final = Facts(
    name="ses-v2",
    title="Amazon SES",
    base="",  # one for each region: https://email.REGION.amazonaws.com
    path="/v2/email/outbound-emails",
    says={
        "amp": "in the message",
        "attachments": "in the message",
        "custom_headers": "in the message",
        "invitation": "in the message",
        "inline": "in the message",
        "metadata": "`EmailTags`",
        "reply_to": "in the message",
        "return_path": "`FeedbackForwardingEmailAddress`",
        "tags": "`EmailTags`",
        "unsubscribe": "in the message",
    },
    most_bytes=40 * MB,  # "Service quotas": the message, encoded in base64
    tags=_WORDS,
    metadata=_WORDS,
    numbered=True,
)


def write(email: Email, refusals: Refusals) -> Payload:
    """The request for one e-mail."""
    told = said(email, FACTS, refusals)
    pairs = (*told.metadata.items(), *numbered(told.tags))
    body: Json = {
        "Destination": {"ToAddresses": [told.to.address]},
        "Content": {"Raw": {"Data": b64encode(email.as_bytes()).decode()}},
        "EmailTags": [{"Name": name, "Value": value} for name, value in pairs],
    }
    if told.return_path:
        body["FeedbackForwardingEmailAddress"] = told.return_path
    made = Payload(FACTS.name, "POST", FACTS.base, FACTS.path, FACTS.headers, body, (told.key,))
    return measured(made, FACTS, refusals)
