"""DKIM (RFC 6376; RFC 8463 for Ed25519): a signature in front of a message."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from mailweave.delivery.sending.mails import mailbox
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message.addresses import host
from mailweave.values.invalid_value import InvalidValue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED: Final = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "list-id", "list-unsubscribe"),
    *("list-unsubscribe-post", "feedback-id", "mime-version", "content-type"),
)
"""The headers that are signed where they stand; `From` once more, so that nobody adds a second one. RFC 8058 wants
`List-Unsubscribe-Post` signed, which dkimpy does not sign unless it is told to."""

_SHORTEST: Final = 1024  # bits of RSA: RFC 8301, 3.2
_SELECTOR: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_RELAXED: Final = (b"relaxed", b"relaxed")


class Signer(Protocol):
    """Whoever signs messages."""

    def sign(self, message: bytes) -> bytes:
        """The message, with what signs it."""
        ...


@dataclass(frozen=True, slots=True)
class DkimSigner:
    """Signs by dkimpy. `domain`: whose key it is; that of `From` where it is empty."""

    selector: str
    domain: str
    algorithm: str
    key: bytes = field(repr=False)
    rsa: RSAPrivateKey | None = field(default=None, repr=False)

    @classmethod
    def read(cls, selector: str, path: Path, domain: str = "") -> DkimSigner:
        """With the private key of a PEM file, RSA or Ed25519. Raises MailweaveError (MW763), which tells nothing of
        the key."""
        if not _SELECTOR.fullmatch(selector):
            raise _refused("--dkim-selector is no name of a selector", "write the part before ._domainkey")
        try:
            domain = host(domain) if domain else ""
        except InvalidValue:
            raise _refused("--dkim-domain is no domain", "write one such as example.com") from None
        return cls(selector, domain, *_key(_loaded(path)))

    def sign(self, message: bytes) -> bytes:
        """The message behind its DKIM-Signature. Raises MailweaveError for what is no message that can be signed."""
        from dkim import DKIMException

        try:
            return self._signature(message) + message
        except (ValueError, DKIMException) as error:
            what = f"dkimpy refuses a message ({type(error).__name__})"
            raise _refused(what, "render the list again, into another folder") from None

    def _signature(self, message: bytes) -> bytes:
        domain = self.domain or mailbox(message, "From").rpartition("@")[2]
        signing = _signing(message, self.rsa)
        there = {name.lower() for name, _ in signing.headers}
        names = [name.encode() for name in (*SIGNED, "from") if name.encode() in there]
        told = {
            "signature_algorithm": self.algorithm.encode(),
            "canonicalize": _RELAXED,
            "include_headers": names,
        }
        return bytes(signing.sign(self.selector.encode(), domain.encode(), self.key, **told))


@lru_cache(maxsize=1)
def _by_openssl() -> Any:
    """dkimpy's signing with OpenSSL's RSA: dkimpy's own is Python, and takes three times as long for a whole mail."""
    import dkim

    class OpenSsl(dkim.DKIM):  # type: ignore[misc]  # dkimpy has no types
        rsa: RSAPrivateKey

        def gen_header(self, *about: Any, **more: Any) -> Any:
            fields, headers, policy, name, _ = about
            # where dkimpy thinks of Ed25519, it asks the key to sign the digest; the fields say RSA already
            self.signature_algorithm = b"ed25519-sha256"
            return super().gen_header(fields, headers, policy, name, _RsaKey(self.rsa), **more)

    return OpenSsl


def _signing(message: bytes, rsa: RSAPrivateKey | None) -> Any:
    import dkim

    if rsa is None:
        return dkim.DKIM(message)
    signing = _by_openssl()(message)
    signing.rsa = rsa
    return signing


class _Signature(NamedTuple):
    signature: bytes


class _RsaKey:
    """A key as dkimpy asks one of Ed25519."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def sign(self, digest: bytes) -> _Signature:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        return _Signature(self._key.sign(digest, PKCS1v15(), Prehashed(SHA256())))


def _loaded(path: Path) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    todo = "name a PEM file with a private key of RSA or Ed25519, without a password"
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise _refused(f"the key cannot be read: {error.strerror}", todo) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _refused("the file of --dkim-key holds no private key that can be read", todo) from None


def _key(loaded: Any) -> tuple[str, bytes, RSAPrivateKey | None]:
    """The algorithm, the key as dkimpy takes it, and that of RSA itself."""
    from cryptography.hazmat.primitives import serialization as written
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(loaded, Ed25519PrivateKey):
        return "ed25519-sha256", base64.b64encode(loaded.private_bytes_raw()), None
    if not isinstance(loaded, RSAPrivateKey):
        raise _refused("the key is neither of RSA nor of Ed25519", "make one of these")
    if loaded.key_size < _SHORTEST:
        raise _refused(f"the key has {loaded.key_size} bits", "make one of 2048: receivers ignore short ones")
    form = written.PrivateFormat.TraditionalOpenSSL
    pem = loaded.private_bytes(written.Encoding.PEM, form, written.NoEncryption())
    return "rsa-sha256", pem, loaded


def _refused(what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW763", place="--dkim-key", what=what, todo=todo)])
