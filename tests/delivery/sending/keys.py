"""Keys to sign with, and the records by which receivers find the other halves."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@lru_cache(maxsize=1)
def _rsa() -> RSAPrivateKey:
    return generate_private_key(65_537, 2048)


@lru_cache(maxsize=1)
def _ed25519() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _written(folder: Path, name: str, key: RSAPrivateKey | Ed25519PrivateKey) -> Path:
    path = folder / name
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def rsa_key(folder: Path) -> Path:
    """The file of a private key, published as `s1` of every domain."""
    return _written(folder, "rsa.pem", _rsa())


def ed25519_key(folder: Path) -> Path:
    """The file of a private key, published as `s2` of every domain."""
    return _written(folder, "ed25519.pem", _ed25519())


def record(name: bytes | str, timeout: float = 5) -> bytes:
    """What the DNS says of `s1._domainkey.example.com.` and `s2._domainkey..`."""
    told = name if isinstance(name, bytes) else name.encode()
    if told.startswith(b"s1._domainkey."):
        der = _rsa().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    assert told.startswith(b"s2._domainkey.")
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(_ed25519().public_key().public_bytes_raw())
