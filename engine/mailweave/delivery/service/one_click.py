"""One click that ends the mails (RFC 8058): a POST withdraws; a GET only shows the page that asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from mailweave.delivery import links
from mailweave.delivery.links import Keys
from mailweave.delivery.service.refusals import Refusal, refusal
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.diagnostics import MailweaveError, diagnose

Verify: TypeAlias = Callable[[str], str]
"""The key of the recipient whom a token of a link belongs to. Raises MailweaveError for a token that nobody signed."""
MOST_BYTES: Final = 10_000
LONGEST_TOKEN: Final = 2_000
_ASKED: Final = ("List-Unsubscribe", "One-Click")
_FORM: Final = "application/x-www-form-urlencoded"
PAGE_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),  # the address of the page holds the token
    (b"x-robots-tag", b"noindex"),
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 18px/1.5 sans-serif; max-width: 30em; margin: 4em auto; padding: 0 1em }}
button {{ font: inherit; padding: .5em 1.5em }}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_FORM_OF_PAGE: Final = """<p>You will get no more of these mails.</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button>Unsubscribe</button>
</form>"""


def signed(keys: Keys) -> Verify:
    """Reads the tokens of links to unsubscribe that were signed with one of `keys`."""

    def verify(token: str) -> str:
        recipient = links.verify(token, keys, purpose="unsubscribe", now=datetime.now(UTC)).recipient
        if not recipient:
            raise MailweaveError([diagnose("MW774", what="this link names nobody", todo=_TODO)])
        return recipient

    return verify


def page(token: str, verify: Verify) -> str:
    """The page that asks; it withdraws nothing, because programs follow links, too. Raises Refusal."""
    _key(token, verify)
    return _PAGE.format(title="Unsubscribe?", body=_FORM_OF_PAGE)


def unsubscribed(token: str, media: str, body: bytes, verify: Verify, withdrawals: Withdrawals) -> str:
    """Keeps the withdrawal; the page that says so. Raises Refusal for what is no such request, and where the disk
    takes nothing: then whoever asked asks again."""
    if not is_one_click(media, body):
        raise refusal(422, "MW772", what="its body should be List-Unsubscribe=One-Click")
    try:
        withdrawals.add(_key(token, verify))
    except OSError:
        raise refusal(503, "MW776", what="the withdrawal cannot be kept") from None
    return _PAGE.format(title="Unsubscribed", body="<p>You will get no more of these mails.</p>")


def is_one_click(media: str, body: bytes) -> bool:
    """Whether a form, of either kind that RFC 8058 names, says so.

    >>> is_one_click("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click")
    True
    """
    kind = media.partition(";")[0].strip().lower()
    if kind == _FORM:
        return (
            _ASKED in parse_qsl(body.decode("latin-1"), max_num_fields=20) if body.count(b"&") < 20 else False
        )
    if kind != "multipart/form-data":
        return False
    head = f"content-type: {media}\r\n\r\n".encode("latin-1", "replace")
    parts = message_from_bytes(head + body)
    fields = parts.get_payload() if parts.is_multipart() else []
    return any(_field(part) == _ASKED for part in fields if isinstance(part, Message))


def _field(part: Message) -> tuple[str, str]:
    value = part.get_payload()
    return str(part.get_param("name", "", "content-disposition")), value.strip() if isinstance(
        value, str
    ) else ""


def _key(token: str, verify: Verify) -> str:
    try:
        if len(token) > LONGEST_TOKEN:
            raise Refusal(404, ())
        return verify(token)
    except MailweaveError:
        raise refusal(404, "MW774", what="this link is not one of ours", todo=_TODO) from None


_TODO: Final = "take the link whole, as it stands in the mail"
