"""An e-mail as a message of Django, with what django-anymail's backends read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.delivery.payloads.limits import KEY
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Attachment, Email
from mailweave.message.addresses import address
from mailweave.message.cleaning import one_line
from mailweave.message.fields import mailbox_text

if TYPE_CHECKING:
    from email.mime.base import MIMEBase

    from anymail.message import AnymailMessage

_FIELDS = frozenset({"From", "To", "Reply-To", "Subject", "Date"})


def anymail_message(email: Email) -> AnymailMessage:
    """An e-mail for any backend of django-anymail, or of Django: `anymail_message(email).send()`.

    AMP stands before HTML among its alternatives, as readers demand. Tags, metadata (with `mailweave_key`) and the
    address for bounces are there under anymail's names; what its backend cannot say is AnymailUnsupportedFeature then.
    Raises MailweaveError (MW759) where anymail is not installed, and where the e-mail can be no message (MW025, MW031).
    """
    email.as_bytes()
    message = _empty(email)
    envelope = email.envelope
    message.from_email = _mailbox(envelope.sender_name, envelope.sender)
    message.to = [_mailbox(envelope.to_name, envelope.to)]
    message.reply_to = [_mailbox(envelope.reply_to_name, envelope.reply_to)] if envelope.reply_to else []
    message.extra_headers = {name: text for name, text in email.headers if name not in _FIELDS}
    message.metadata = {KEY: email.idempotency_key, **dict(envelope.metadata)}
    if envelope.tags:
        message.tags = list(dict.fromkeys(envelope.tags))
    if envelope.return_path:
        message.envelope_sender = envelope.return_path
    return message


def _empty(email: Email) -> AnymailMessage:
    """With the bodies and the files, and nobody's address."""
    try:
        from anymail.message import AnymailMessage
    except ImportError:
        raise MailweaveError([diagnose("MW759", what="anymail_message")]) from None
    message = AnymailMessage(subject=one_line(email.subject), body=email.text)
    if email.amp is not None:
        message.attach_alternative(email.amp, "text/x-amp-html")
    message.attach_alternative(email.html, "text/html")
    for one in email.attachments:
        message.attach(_file(one))
    return message


def _mailbox(shown: str, given: str) -> str:
    return mailbox_text(one_line(shown), address(given, international=True))


def _file(one: Attachment) -> MIMEBase:
    """A file as Django below 7 takes it, with its media type to the letter."""
    from email.encoders import encode_base64
    from email.mime.base import MIMEBase

    part = MIMEBase("application", "octet-stream")
    part.replace_header("Content-Type", one.type)
    part.set_payload(one.content)
    encode_base64(part)
    shown = "inline" if one.content_id else "attachment"
    part.add_header(
        "Content-Disposition", shown, filename=one.name if one.name.isascii() else ("utf-8", "", one.name)
    )
    if one.content_id:
        part.add_header("Content-ID", f"<{one.content_id}>")
    return part
