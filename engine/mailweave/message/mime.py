"""An e-mail as bytes on the wire: multipart/alternative, least rich part first."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message.headers import headers

if TYPE_CHECKING:
    from mailweave.message.email import Email

_POLICY = SMTP.clone(max_line_length=78)


def build(email: Email) -> EmailMessage:
    """The message of an e-mail; AMP stands between text and HTML, as its readers demand."""
    if not email.envelope.to:
        raise MailweaveError([diagnose("MW025", place=email.envelope.campaign)])
    message = EmailMessage(policy=_POLICY)
    for name, value in headers(email.envelope, email.key, email.subject, email.now):
        message[name] = value
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/alternative"
    message.set_boundary(boundary(email))
    for part in parts(email):
        message.attach(part)
    return message


def parts(email: Email) -> list[EmailMessage]:
    """Plain text, AMP if there is any, HTML."""
    bodies = [("plain", email.text), ("x-amp-html", email.amp), ("html", email.html)]
    return [_part(subtype, body) for subtype, body in bodies if body is not None]


def _part(subtype: str, body: str) -> EmailMessage:
    part = EmailMessage(policy=_POLICY)
    part.set_content(body, subtype=subtype, charset="utf-8", cte="quoted-printable")
    del part["MIME-Version"]
    return part


def boundary(email: Email) -> str:
    """A boundary that depends on the content alone and occurs in none of the parts.

    Quoted-printable writes `=` as `=3D`, so no line of a part can hold `=_`.
    """
    digest = hashlib.sha256()
    for body in (email.text, email.amp or "", email.html):
        digest.update(hashlib.sha256(body.encode()).digest())
    return f"=_mailweave_{digest.hexdigest()[:40]}"
