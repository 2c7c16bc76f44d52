"""Signatures of providers, compared in a time that says nothing about them."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from mailweave.batch.extras import require

T = TypeVar("T")


def hmac_sha256(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, hashlib.sha256)


def is_one_of(found: bytes, allowed: Iterable[bytes]) -> bool:
    """Whether it is one of them; each is compared, whatever the others were."""
    return sum([hmac.compare_digest(found, each) for each in allowed]) > 0


def decoded(text: str) -> bytes | None:
    """Strict base64; None for what is none."""
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def basic(user_and_password: str) -> bytes:
    """What stands in `Authorization` (RFC 7617)."""
    return b"Basic " + b64encode(user_and_password.encode())


def is_signed_by_curve(key: str, signature: bytes, said: bytes) -> bool:
    """ECDSA with SHA-256. key: the public key, base64 of its DER form. Raises ValueError for what is no such key."""
    require("delivery", place="events", what="reading signatures")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = _loaded(lambda: load_der_public_key(decoded(key.strip()) or b""))
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError("another kind of key")
    try:
        public.verify(signature, said, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _loaded(load: Callable[[], T]) -> T:
    """A key. Raises ValueError for one that is not known here, too."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return load()
    except UnsupportedAlgorithm as refusal:
        raise ValueError("an unknown kind of key") from refusal


def certificate(pem: bytes | str) -> Any:
    """An X.509 certificate. Raises ValueError for what is none."""
    require("delivery", place="events", what="reading signatures")
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(pem.encode() if isinstance(pem, str) else pem)


def is_signed_by_certificate(found: Any, signature: bytes, said: bytes, *, sha1: bool) -> bool:
    """RSA, PKCS #1 v1.5. Raises ValueError where the certificate is for another kind of key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    public = _loaded(found.public_key)
    if not isinstance(public, rsa.RSAPublicKey):
        raise ValueError("another kind of key")
    try:
        public.verify(
            signature, said, padding.PKCS1v15(), SHA1() if sha1 else SHA256()
        )  # SHA-1: version 1 of SNS
    except InvalidSignature:
        return False
    return True
