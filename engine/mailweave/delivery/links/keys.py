"""The secrets that sign links, by their ids. They are never shown: not in a report, a log or a repr."""

from __future__ import annotations

import binascii
import os
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mailweave.campaign.link_settings import KEY_ID
from mailweave.delivery.links.refusals import LinkError
from mailweave.diagnostics import diagnose

VARIABLE: Final = "MAILWEAVE_LINK_KEYS"
LEAST: Final = 32
"""Bytes of a secret: those of the digest (RFC 2104, 3)."""

_ENTRY: Final = re.compile(r"([^\s=]+)[ \t]*=[ \t]*(\S+)")


class Keys:
    """Secrets by id: links are signed with the one that a campaign names, and verified with any.

    To change keys, add the new one, name it in `[links]`, and take the old one away when its links are no longer
    followed.

    >>> Keys.parse("2026-11 = " + "c2VjcmV0" * 6)
    <Keys 2026-11>
    """

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        """Raises LinkError (MW730) for ids and secrets that cannot be used."""
        wrong = [what for id, secret in secrets.items() if (what := _wrong(id, secret))]
        _refuse(wrong if secrets else ["there is none"], "keys")
        self._secrets = dict(secrets)

    @classmethod
    def parse(cls, text: str, *, place: str = "keys") -> Keys:
        """Keys from lines of `id = secret`; a secret is base64, with or without its padding. `#` begins a comment.

        Raises LinkError (MW730), which names lines and ids, and no secret.
        """
        wrong: list[str] = []
        secrets: dict[str, bytes] = {}
        for number, line in enumerate(re.split(r"[\n;]", text), 1):
            line = line.partition("#")[0].strip()
            entry = _ENTRY.fullmatch(line)
            if entry is None:
                wrong += [f"line {number} is no `id = secret`"] if line else []
                continue
            id, secret = entry[1], _decoded(entry[2])
            wrong += [f"`{id}` stands in it twice"] if id in secrets else []
            wrong += filter(None, [_wrong(id, secret)])
            secrets[id] = secret
        _refuse(wrong if secrets or wrong else ["there is none"], place)
        return cls(secrets)

    @classmethod
    def from_file(cls, path: str | Path) -> Keys:
        """Keys from a file. Raises LinkError (MW730)."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as refusal:
            why = getattr(refusal, "strerror", None) or "it is no text in UTF-8"
            raise LinkError([diagnose("MW730", place=str(path), what=why)]) from None
        return cls.parse(text, place=str(path))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Keys:
        """Keys from the variable `MAILWEAVE_LINK_KEYS`, its lines parted by line ends or `;`. Raises LinkError."""
        text = (os.environ if environment is None else environment).get(VARIABLE, "")
        return cls.parse(text, place=VARIABLE)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, which are no secrets."""
        return tuple(self._secrets)

    def secret(self, id: str) -> bytes | None:
        """The secret of an id; None where there is none."""
        return self._secrets.get(id)

    def __repr__(self) -> str:
        return f"<Keys {', '.join(self.ids)}>"


def _decoded(text: str) -> bytes:
    """The secret, empty where the text is no base64."""
    text = text.rstrip("=").replace("+", "-").replace("/", "_")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        return b""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _wrong(id: str, secret: bytes) -> str:
    """What is wrong with a key; empty where nothing is."""
    if not KEY_ID.fullmatch(id):
        return "the id of a key has 1 to 32 letters, figures, `.`, `_` or `-`"
    if not secret:
        return f"the secret of `{id}` is no base64"
    return f"the secret of `{id}` has {len(secret)} bytes, fewer than {LEAST}" if len(secret) < LEAST else ""


def _refuse(wrong: list[str], place: str) -> None:
    if wrong:
        raise LinkError([diagnose("MW730", place=place, what=what) for what in wrong])
