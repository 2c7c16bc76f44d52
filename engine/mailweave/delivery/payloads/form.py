"""What is sent to a provider: one HTTP request without its credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from mailweave.diagnostics import ArgumentError
from mailweave.message.multiparts import boundary

Json: TypeAlias = dict[str, Any]


class File(NamedTuple):
    """A file of a form: the field it stands in, its name, media type and bytes."""

    field: str
    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """Fields, in order; a name that takes several texts stands several times. `files` follow them."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[File, ...] = ()

    @property
    def boundary(self) -> str:
        """What stands between its parts, and in none of them; the same for the same form."""
        return boundary("form", self._parts())

    @property
    def type(self) -> str:
        """Its `Content-Type`."""
        return f'multipart/form-data; boundary="{self.boundary}"'

    @property
    def content(self) -> bytes:
        """multipart/form-data (RFC 7578); names and texts in UTF-8, as HTML's forms are encoded."""
        between = f"--{self.boundary}".encode()
        return b"".join([between + b"\r\n" + part + b"\r\n" for part in self._parts()]) + between + b"--\r\n"

    def _parts(self) -> list[bytes]:
        fields = [_part(name, "", text.encode()) for name, text in self.fields]
        return fields + [
            _part(one.field, f'; filename="{_quoted(one.name)}"\r\nContent-Type: {one.type}', one.content)
            for one in self.files
        ]


def _part(name: str, more: str, content: bytes) -> bytes:
    start = f'Content-Disposition: form-data; name="{_quoted(name)}"{more}\r\n\r\n'
    return start.encode() + content


def _quoted(name: str) -> str:
    """HTML, "multipart/form-data encoding algorithm": these three, and nothing else."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


@dataclass(frozen=True, slots=True, repr=False)
class Payload:
    """One or several e-mails as one request of a provider's API, without a host's region and without credentials.

    `body` is what is said: an object or a list of objects for JSON, a `Form`, or the bytes of the message (`smtp`,
    which has neither method nor path). `content` is `body` as it is sent, and `headers` says its type. `base` is the
    documented address of the API, empty where there is one for each region. `keys` are the idempotency keys of its
    e-mails, in order: a provider of batches answers in the same.
    """

    provider: str
    method: str
    base: str
    path: str
    headers: Mapping[str, str]
    body: Json | list[Json] | Form | bytes
    keys: tuple[str, ...]

    def __repr__(self) -> str:
        """Where it goes and how large it is; nothing of what it says, for logs."""
        many = f"{len(self.keys)} e-mail{'s' * (len(self.keys) != 1)}"
        return f"<Payload {self.provider} {self.method} {self.path}: {many}, {len(self.content)} bytes>"

    def url(self, base: str = "") -> str:
        """Where the request goes: `path` at `base`, or at the documented address. Raises ArgumentError (MW758)."""
        if not self.method:
            raise ArgumentError(
                "MW758", "base", "a provider with an API", f"`{self.provider}`, which has none"
            )
        if not base and not self.base:
            raise ArgumentError(
                "MW758", "base", "the address of an API", f"none, and `{self.provider}` has several"
            )
        if base and not base.startswith(("https://", "http://")):
            raise ArgumentError("MW758", "base", "an address that begins with https://", "another text")
        return (base or self.base).rstrip("/") + self.path

    @property
    def content(self) -> bytes:
        """The body of the request, byte for byte; the same e-mail gives the same bytes."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, Form):
            return self.body.content
        return written(self.body)


def written(body: object) -> bytes:
    """JSON in UTF-8, without blanks.

    >>> written({"subject": "Café"}).decode()
    '{"subject":"Café"}'
    """
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
