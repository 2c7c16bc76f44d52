"""Tokens: what a link says, signed, as letters, figures, `-` and `_`.

    version, purpose   a byte each; 128 is added to the purpose where the recipient stands behind the campaign
    key id             a byte for its length, ASCII
    key                16 bytes: the idempotency key
    expires            LEB128, in seconds of Unix time; 0 for never
    campaign           LEB128 for its version, LEB128 for the length of its name, UTF-8
    target             UTF-8, as far as the signature; to unsubscribe, the recipient's key instead, encrypted
    signature          HMAC-SHA256 of all before it (RFC 2104), the first 16 bytes

The whole in base64url without padding (RFC 4648, 5). What stands in it can be read by whoever has the link; nobody
can change it without the key. Who unsubscribes can be read with it alone: a recipient's key may be an address, so it
stands there in AES-SIV (RFC 5297), which gives the same text for the same mail.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeAlias, get_args

from mailweave.delivery.links.keys import Keys
from mailweave.delivery.links.refusals import LinkError
from mailweave.diagnostics import ArgumentError, MailweaveError, diagnose, did_you_mean
from mailweave.values.invalid_value import type_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

Purpose: TypeAlias = Literal["click", "open", "unsubscribe", "view"]
"""What a token is good for."""

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
_VERSION: Final = 1
_ENCRYPTED: Final = 0x80  # in the byte of the purpose
_KEY: Final = 16
_SIGNATURE: Final = 16
_LONGEST: Final = 8192  # characters; no server takes a longer link


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link says.

    `campaign` and `version` are those of the mail, `key` is its idempotency key: 32 hexadecimal digits, by which the
    sender finds the recipient. `target` is where a click leads, empty for other purposes. `key_id` is the id of the key
    that signs it. `expires`: the first instant at which it is no longer good, to the second; None for never.
    `recipient` is the recipient's own key, of links to unsubscribe alone: it does not change from mail to mail.
    """

    purpose: Purpose
    campaign: str
    version: int
    key: str
    target: str
    key_id: str
    expires: datetime | None = None
    recipient: str = field(default="", repr=False)


def sign(link: Link, keys: Keys) -> str:
    """The token of a link. Raises LinkError (MW731) where its key is not among `keys`, and MailweaveError (MW022) where
    a recipient's key is to be encrypted and the extra `delivery` is not installed."""
    secret = keys.secret(link.key_id)
    if secret is None:
        help = did_you_mean(link.key_id, keys.ids)
        raise LinkError([diagnose("MW731", place="links", key=link.key_id, help=help)])
    said = _packed(link, secret)
    return urlsafe_b64encode(said + _signature(secret, said)).rstrip(b"=").decode("ascii")


def verify(token: str, keys: Keys, *, purpose: Purpose, now: datetime | None = None) -> Link:
    """What a token says, if it was signed with one of `keys` for `purpose`, and is still good at `now`.

    now: an instant with a zone; a token that expires is refused without it. The comparison takes the same time
    whatever the token is. Raises LinkError for a token that is cut or made up (MW735), of a key that is not here
    (MW736), changed (MW737), signed for another purpose (MW738) or expired (MW739), and ArgumentError for a purpose
    that there is not and an instant without a zone.

    >>> keys = Keys({"2026-11": b"a secret of thirty-two bytes, ..."})
    >>> token = sign(Link("view", "spring", 1, "85259f3dc5b0d09a43fa3825f4bec89f", "", "2026-11"), keys)
    >>> verify(token, keys, purpose="view").campaign
    'spring'
    >>> verify(token, keys, purpose="unsubscribe")
    Traceback (most recent call last):
    mailweave.delivery.links.refusals.LinkError: links: MW738 the token was signed for `view`, and is used for `unsubscribe`
    """
    if purpose not in PURPOSES:
        raise ArgumentError("MW040", "purpose", f"one of {', '.join(PURPOSES)}", "another one")
    if now is not None and (not isinstance(now, datetime) or now.tzinfo is None):
        raise ArgumentError("MW040", "now", "a datetime with a zone", "another thing")
    if not isinstance(token, str):
        raise ArgumentError("MW040", "token", "a text", type_name(token))
    said, signature = _decoded(token)
    secret = keys.secret(_key_id(said))
    if secret is None:
        _refuse("MW736")
    if not hmac.compare_digest(_signature(secret, said), signature):
        _refuse("MW737")
    link = _unpacked(said, secret)
    if link.purpose != purpose:
        _refuse("MW738", found=link.purpose, wanted=purpose)
    if link.expires is not None and (now is None or now >= link.expires):
        _refuse("MW739", until=link.expires.isoformat())
    return link


def _refuse(code: str, **facts: Any) -> NoReturn:
    raise LinkError([diagnose(code, place="links", **facts)])


def _signature(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, said, hashlib.sha256)[:_SIGNATURE]


def _packed(link: Link, secret: bytes) -> bytes:
    id, campaign = link.key_id.encode("ascii"), link.campaign.encode()
    expires = 0 if link.expires is None else int(link.expires.timestamp())
    head = bytes([_VERSION, PURPOSES.index(link.purpose) | (_ENCRYPTED if link.recipient else 0), len(id)])
    numbers = _number(expires) + _number(link.version) + _number(len(campaign))
    about = head + id + bytes.fromhex(link.key) + numbers + campaign
    return about + (
        _cipher(secret).encrypt(link.recipient.encode("utf-8", "surrogatepass"), [about])
        if link.recipient
        else link.target.encode()
    )


def _cipher(secret: bytes) -> AESSIV:
    """What encrypts recipients, with a key of its own that follows from the secret."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    except ImportError:
        raise MailweaveError(
            [diagnose("MW022", place="links", what="a link to unsubscribe", extra="delivery")]
        ) from None
    return AESSIV(hmac.digest(secret, b"recipient", hashlib.sha512))


def is_token(text: str) -> bool:
    """Whether a text has the form of a token, whoever signed it.

    >>> is_token(sign(Link("open", "spring", 1, "0" * 32, "", "a"), Keys({"a": b"x" * 32}))), is_token("sale")
    (True, False)
    """
    return _parted(text) is not None


def _decoded(token: str) -> tuple[bytes, bytes]:
    return _parted(token) or _refuse("MW735")


def _parted(token: str) -> tuple[bytes, bytes] | None:
    """What a token says, and its signature; one spelling of base64 counts, so that no two tokens are the same."""
    if len(token) > _LONGEST:
        return None
    try:
        data = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return None
    spelled = urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
    if spelled != token or len(data) < 3 + _KEY + _SIGNATURE or data[0] != _VERSION:
        return None
    return data[:-_SIGNATURE], data[-_SIGNATURE:]


def _key_id(said: bytes) -> str:
    return said[3 : 3 + said[2]].decode("ascii", "replace")


def _unpacked(said: bytes, secret: bytes) -> Link:
    """What was signed. It is trusted: the signature is good."""
    at = 3 + said[2]
    key, at = said[at : at + _KEY].hex(), at + _KEY
    expires, at = _read_number(said, at)
    version, at = _read_number(said, at)
    length, at = _read_number(said, at)
    about, rest = said[: at + length], said[at + length :]
    is_secret = bool(said[1] & _ENCRYPTED)
    return Link(
        PURPOSES[said[1] & ~_ENCRYPTED],
        said[at : at + length].decode(),
        version,
        key,
        "" if is_secret else rest.decode(),
        _key_id(said),
        datetime.fromtimestamp(expires, UTC) if expires else None,
        _cipher(secret).decrypt(rest, [about]).decode("utf-8", "surrogatepass") if is_secret else "",
    )


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _read_number(said: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while said[at] > 127:
        value |= (said[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return value | said[at] << shift, at + 1
