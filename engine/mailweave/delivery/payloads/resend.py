"""Resend, POST /emails and /emails/batch.

Read in its OpenAPI description of August 2026 and in "Send Email", "Send Batch Emails", "Idempotency Keys" and "What
attachment types are not supported?". That a file whose ending says another type than it has is accepted and never
delivered stands in the documentation of django-anymail.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from mimetypes import MimeTypes
from types import MappingProxyType
from typing import Final

from mailweave.delivery.payloads.form import Json, Payload
from mailweave.delivery.payloads.limits import MB, WORD, Batch, Facts, Words
from mailweave.delivery.payloads.said import Said, measured, said
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.delivery.payloads.words import numbered
from mailweave.message import Attachment, Email

_WORDS: Final = Words(name=256, value=256, form=WORD, kind="ASCII letters, digits, `_` and `-`")
FACTS: Final = Facts(
    name="resend",
    title="Resend",
    base="https://api.resend.com",
    path="/emails",
    says={
        "attachments": "`attachments`",
        "custom_headers": "`headers`",
        "idempotency": "`Idempotency-Key`",
        "inline": "`content_id`",
        "metadata": "`tags`",
        "reply_to": "`reply_to`",
        "tags": "`tags`",
        "unsubscribe": "`headers`",
    },
    most_bytes=40 * MB,  # "Send Email": files encoded
    tags=_WORDS,
    metadata=_WORDS,
    numbered=True,
    files=frozenset(  # "What attachment types are not supported?"
        f".{ending}"
        for ending in (
            "adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js jse ksh lib "
            "lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msh1xml "
            "msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs sys ps1 ps1xml ps2 ps2xml psc1 psc2 "
            "tmp url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf wsh xnk"
        ).split()
    ),
    batch=Batch("/emails/batch", 100, files=False),  # "Send Batch Emails"
)
_TYPES: Final = MimeTypes()  # the standard library's own table, whatever the machine's says


def write(email: Email, refusals: Refusals) -> Payload:
    """The request for one e-mail."""
    told = said(email, FACTS, refusals)
    body: Json = {
        "from": str(told.sender),
        "to": [str(told.to)],
        "subject": told.subject,
        "text": told.text,
        "html": told.html,
        "headers": dict(told.headers),
        "tags": _tags(told),
    }
    if told.reply_to is not None:
        body["reply_to"] = [str(told.reply_to)]
    files = [one for at, one in enumerate(told.attachments, 1) if _is_typed(at, one, refusals)]
    if files:
        body["attachments"] = list(map(_file, files))
    made = Payload(FACTS.name, "POST", FACTS.base, FACTS.path, keyed(told.key), body, (told.key,))
    return measured(made, FACTS, refusals)


def keyed(key: str) -> Mapping[str, str]:
    """The headers of a request that is done once, however often it is sent within 24 hours."""
    return MappingProxyType({**FACTS.headers, "Idempotency-Key": key})


def batch_key(keys: tuple[str, ...]) -> str:
    """The same e-mails in the same order have the same key."""
    return hashlib.sha256("\0".join(keys).encode()).hexdigest()[:32]


def _tags(told: Said) -> list[Json]:
    pairs = (*told.metadata.items(), *numbered(told.tags))
    return [{"name": name, "value": value} for name, value in pairs]


def _is_typed(at: int, one: Attachment, refusals: Refusals) -> bool:
    expected = _TYPES.guess_type(one.name)[0]
    if expected in (None, one.type.partition(";")[0].strip().lower()):
        return True
    reason = f"is called {one.name[one.name.rfind('.') :]} and has another type"
    refusals.add("attachments", "MW754", what=f"attachment {at}", reason=reason)
    return False


def _file(one: Attachment) -> Json:
    made: Json = {"filename": one.name, "content": b64encode(one.content).decode(), "content_type": one.type}
    return {**made, "content_id": one.content_id} if one.content_id else made
