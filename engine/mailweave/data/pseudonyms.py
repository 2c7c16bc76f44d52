"""Keyed pseudonyms: names that only whoever has the key can make again, HMAC-SHA-256 (RFC 2104)."""

from __future__ import annotations

import binascii
import hmac
import os
import re
from base64 import b32encode, b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unicodedata import normalize

from mailweave.diagnostics import MailweaveError, diagnose

VARIABLE: Final = "MAILWEAVE_DATA_KEYS"
LEAST: Final = 32
"""Bytes of a secret: those of the digest (RFC 2104, 3)."""

_ENTRY: Final = re.compile(r"([A-Za-z0-9._-]{1,32})[ \t]*=[ \t]*([A-Za-z0-9+/_-]+={0,2})")


class Pseudonyms:
    """Secrets by id, of which each gives everybody another name. They are never shown.

    >>> import base64
    >>> keys = Pseudonyms.parse("2026 = " + base64.b64encode(b"k" * 32).decode())
    >>> keys.of("0001", "2026") == keys.of("0001", "2026") != keys.of("0002", "2026")
    True
    """

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._secrets = dict(secrets)

    @classmethod
    def parse(cls, text: str, *, place: str = "keys") -> Pseudonyms:
        """Keys from lines of `id = secret`, in base64; `;` parts lines, too, and `#` begins a comment.

        Raises MailweaveError (MW845), which names lines and ids, and no secret.
        """
        secrets: dict[str, bytes] = {}
        wrong: list[str] = []
        for number, line in enumerate(re.split(r"[\n;]", text), 1):
            line = line.partition("#")[0].strip()
            entry = _ENTRY.fullmatch(line)
            if entry is None:
                wrong += [f"line {number} is no `id = secret`"] if line else []
                continue
            secret = _decoded(entry[2])
            wrong += [f"`{entry[1]}` stands in it twice"] if entry[1] in secrets else []
            wrong += (
                [f"the secret of `{entry[1]}` has fewer than {LEAST} bytes"] if len(secret) < LEAST else []
            )
            secrets[entry[1]] = secret
        if wrong or not secrets:
            raise MailweaveError(
                [diagnose("MW845", place=place, what=what) for what in wrong or ["there is none"]]
            )
        return cls(secrets)

    @classmethod
    def given(cls, file: str | Path | None, environment: Mapping[str, str] | None = None) -> Pseudonyms:
        """Keys from a file, else from the variable `MAILWEAVE_DATA_KEYS`. Raises MailweaveError (MW845)."""
        if file is None:
            return cls.parse(
                (os.environ if environment is None else environment).get(VARIABLE, ""), place=VARIABLE
            )
        try:
            return cls.parse(Path(file).read_text(encoding="utf-8"), place=str(file))
        except (OSError, ValueError) as refusal:
            why = getattr(refusal, "strerror", None) or "it is no text in UTF-8"
            raise MailweaveError([diagnose("MW845", place=str(file), what=why)]) from None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, which are no secrets."""
        return tuple(self._secrets)

    def of(self, name: str, id: str) -> str:
        """The pseudonym of a name under a key: 26 letters and figures, 130 bits. Raises MailweaveError (MW845)."""
        secret = self._secrets.get(id)
        if secret is None:
            raise MailweaveError([diagnose("MW845", place=id, what=f"there is no key `{id}` among them")])
        made = hmac.digest(secret, normalize("NFC", name).encode(), "sha256")
        return b32encode(made).decode()[:26].lower()

    def __repr__(self) -> str:
        return f"<Pseudonyms {', '.join(self.ids)}>"


def _decoded(text: str) -> bytes:
    try:
        text = text.rstrip("=")
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if re.search(r"[-_]", text) else None)
    except (binascii.Error, ValueError):
        return b""
