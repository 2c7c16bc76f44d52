"""Headers of a campaign's own: which names there may be, and how each is written so that readers read its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mailweave.diagnostics.suggest import closest
from mailweave.message.block import LONGEST
from mailweave.message.cleaning import one_line
from mailweave.message.encoded_words import LONGEST_LINE, encoded_words
from mailweave.message.fields import ATOMS, WIDTH, folded, unstructured
from mailweave.values.invalid_value import InvalidValue

LONGEST_NAME: Final = 50
"""Characters of a name: behind a longer one no encoded word of one character has room in its line (RFC 2047, 2)."""
LIST_ID: Final = "List-Id"
FEEDBACK_ID: Final = "Feedback-ID"

_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322, 2.2
_BY_SERVER = "the server that sends the mail writes it"
_BY_PARTS = "the parts of the mail say it; files are `[[attachments]]`"
TAKEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "From": "set `from`",
        "Sender": "set `from`; the address of bounces is `return_path`",
        "To": "set `to` and `to_name`",
        "Cc": "a mail goes to one recipient",
        "Bcc": "a mail goes to one recipient",
        "Reply-To": "set `reply_to`",
        "Subject": "write a block for the text slot `subject`",
        "Date": "it is the `now` of the render",
        "Message-ID": "set `send_id`, which tells sendings apart",
        "List-Unsubscribe": "set `unsubscribe_url`",
        "List-Unsubscribe-Post": "set `unsubscribe_one_click`",
        LIST_ID: "set `list_id`",
        FEEDBACK_ID: "set `feedback_id`",
        "MIME-Version": _BY_PARTS,
        "Content-Type": _BY_PARTS,
        "Content-Transfer-Encoding": _BY_PARTS,
        "Content-Disposition": _BY_PARTS,
        "Return-Path": "set `return_path`",
        "Errors-To": "set `return_path`",
        "DKIM-Signature": _BY_SERVER,
        "DomainKey-Signature": _BY_SERVER,
        "Received": _BY_SERVER,
        "Received-SPF": _BY_SERVER,
        "Authentication-Results": _BY_SERVER,
        "Delivered-To": _BY_SERVER,
    }
)
"""Names that `[headers]` may not hold, with what to do instead."""
_TAKEN = {name.lower(): advice for name, advice in TAKEN.items()}
_TAKEN_STARTS = {"content-": _BY_PARTS, "arc-": _BY_SERVER, "resent-": "a mail is sent once, by its sender"}
_ONE_RECIPIENT = "it names recipients to servers, and a mail goes to one: set `to`"
_BY_PROVIDER = (
    "it steers {}: set `tags` and `[metadata]`; give other options as `extra` of mailweave.delivery.payload"
)
_STEERING = dict.fromkeys(
    ("apparently-to", "x-bcc", "envelope-to", "x-envelope-to", "x-original-to"), _ONE_RECIPIENT
) | {"x-smtpapi": _BY_PROVIDER.format("SendGrid")}
_STEERING_STARTS = {
    start: _BY_PROVIDER.format(provider)
    for start, provider in (
        ("x-mailgun-", "Mailgun"),
        ("x-mc-", "Mailchimp Transactional"),
        ("x-pm-", "Postmark"),
        ("x-ses-", "Amazon SES"),
    )
}
# RFC 2369, 2919, 3834, 5322 and others: these are no free text, so no word of them may be encoded (RFC 2047, 5)
_STRUCTURED = frozenset(
    (
        *(
            "list-help",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive",
            "in-reply-to",
            "references",
        ),
        *("auto-submitted", "precedence", "importance", "priority", "sensitivity", "x-priority", "expires"),
        *(
            "x-msmail-priority",
            "x-auto-response-suppress",
            "disposition-notification-to",
            "require-recipient-valid-since",
        ),
        "feedback-id",
        # registered (RFC 4021, 2.1), though near to names above; those of RFC 5504 are for gateways, and none is near
        *("reply-by", "message-type"),
    )
)
_LIST = re.compile(r"(?:(?P<shown>[^<>]*?) *)<(?P<id>[^<> ]+)>|(?P<bare>[^<> ]+)")
_LONGEST_LIST_ID = 255  # RFC 2919, 3
_SENDER_ID = range(5, 16)  # characters, as Gmail asks
_FEEDBACK = 4  # fields of it
_PRINTED = re.compile(r"[!-~]+(?: [!-~]+)*")


def own_name(name: str) -> str:
    """`name` itself, which `[headers]` may hold. Raises InvalidValue, which says what to set instead.

    >>> own_name("X-Campaign")
    'X-Campaign'
    >>> own_name("reply-to")
    Traceback (most recent call last):
    mailweave.values.invalid_value.InvalidValue: is a header that mailweave or the server writes: set `reply_to`
    """
    _check_form(name)
    small = name.lower()
    if (advice := _advice(small, _TAKEN, _TAKEN_STARTS)) is not None:
        raise InvalidValue(f"is a header that mailweave or the server writes: {advice}")
    if (advice := _advice(small, _STEERING, _STEERING_STARTS)) is not None:
        raise InvalidValue(f"is a header that cannot be set here: {advice}")
    near = None if small in _STRUCTURED or small.startswith("x-") else closest(name, TAKEN)
    if near is not None:
        raise InvalidValue(f"is near `{near}`, which cannot be set here: {_TAKEN[near.lower()]}")
    return name


def _advice(small: str, names: Mapping[str, str], starts: Mapping[str, str]) -> str | None:
    return names.get(small) or next((said for start, said in starts.items() if small.startswith(start)), None)


def _check_form(name: str) -> None:
    if not _NAME.fullmatch(name):
        bare = re.sub(r"[^!-9;-~]+", "-", name.strip().rstrip(":").strip()).strip("-")
        hint = f": did you mean `{bare}`?" if bare and bare != name else ""
        raise InvalidValue(
            f"is no name of a header, which has signs of ASCII without blanks and colons{hint}"
        )
    if len(name) > LONGEST_NAME:
        raise InvalidValue(f"is the name of a header, and longer than {LONGEST_NAME} characters")


def list_id(text: str) -> str:
    """The text of `List-Id`, RFC 2919: an id with dots, perhaps behind what readers see. Raises InvalidValue.

    >>> list_id("news.example.com"), list_id('"News, weekly" <news.example.com>')
    ('<news.example.com>', 'News, weekly <news.example.com>')
    """
    shown, name = _list_id(text)
    return f"{shown} <{name}>".lstrip()


def _list_id(text: str) -> tuple[str, str]:
    found = _LIST.fullmatch(text)
    name = "" if found is None else (found["id"] or found["bare"])
    labels = name.split(".")
    if found is None or len(labels) < 2 or not all(map(ATOMS.fullmatch, labels)):
        raise InvalidValue("is no id of a list, such as news.example.com or Weekly news <news.example.com>")
    if len(name) > _LONGEST_LIST_ID:
        raise InvalidValue(f"is an id of a list with more than {_LONGEST_LIST_ID} characters")
    shown = one_line(found["shown"] or "")
    return (shown[1:-1] if shown[:1] == shown[-1:] == '"' and len(shown) > 1 else shown), name


def feedback_id(text: str) -> str:
    """The text of `Feedback-ID` as Gmail asks for it. Raises InvalidValue.

    Up to four fields with colons between them; the last is the sender's id, of 5 to 15 characters. The others may be
    empty. https://support.google.com/mail/answer/6254652

    >>> feedback_id("spring:42:offer:exampleshop")
    'spring:42:offer:exampleshop'
    """
    fields = text.split(":")
    if not text or not _PRINTED.fullmatch(text) or " " in text:
        raise InvalidValue("is no Feedback-ID: its fields have signs of ASCII without blanks")
    if len(fields) > _FEEDBACK:
        raise InvalidValue(f"is no Feedback-ID: it has more than {_FEEDBACK} fields")
    if len(fields[-1]) not in _SENDER_ID:
        raise InvalidValue("is no Feedback-ID: its last field, the sender's id, has 5 to 15 characters")
    if len(text) > LONGEST - len(f"{FEEDBACK_ID}: "):
        raise InvalidValue("is a Feedback-ID that fits on no line")
    return text


def own_text(name: str, text: str) -> str:
    """`text` itself, which can stand in a header of this name. Raises InvalidValue."""
    own_header(name, text)
    return text


@lru_cache(maxsize=256)
def own_header(name: str, text: str) -> str:
    """A header as it is written, folded. What is free text may be encoded. Raises InvalidValue.

    >>> own_header("X-Campaign", "spring-26"), own_header("X-Town", "Zürich")
    ('X-Campaign: spring-26', 'X-Town: =?utf-8?b?WsO8cmljaA==?=')
    """
    small = name.lower()
    if small == "list-id":
        return _list_header(name, text)
    if small == "feedback-id":
        return f"{name}: {feedback_id(text)}"
    first, *more = text.split(" ")
    plain = bool(_PRINTED.fullmatch(text)) and "=?" not in text
    if plain and max(len(name) + 2 + len(first), *(1 + len(word) for word in more), 0) <= LONGEST:
        return folded([f"{name}: {first}", *more], WIDTH)  # what programs read stays as it is, however long
    if small in _STRUCTURED or small.startswith("list-"):
        raise InvalidValue(
            "is no text for this header: it holds letters beyond ASCII, `=?`, two blanks, or what fits on no line"
        )
    return unstructured(name, text)


def _list_header(name: str, text: str) -> str:
    shown, id = _list_id(text)
    if not shown:
        return f"{name}: <{id}>"
    room = LONGEST_LINE - len(name) - 2
    plain = ATOMS.fullmatch(shown) and len(shown) <= room and "=?" not in shown
    phrase = shown if plain else encoded_words(shown, room)
    return f"{name}: {phrase}\r\n <{id}>"


def checked_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` themselves, each of which may stand once in a message. Raises InvalidValue, whose `path` is the name."""
    seen = set[str]()
    for name in names:
        if name.lower() in seen:
            raise InvalidValue("stands there twice", name)
        seen.add(name.lower())
        try:
            if name not in (LIST_ID, FEEDBACK_ID):
                own_name(name)
        except InvalidValue as refusal:
            raise InvalidValue(refusal.reason, "custom_headers") from None
    return names


def own_headers(given: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """Name and text of those that say something, as a reader reads them."""
    for name, text in given:
        cleaned = one_line(text)
        if cleaned:
            yield name, cleaned
