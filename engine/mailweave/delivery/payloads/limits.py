"""What providers publish of their APIs, in one form: the checks and the table of docs/delivery.md read the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

MB: Final = 1_000_000  # bytes; some count 1,048,576, and none says which: the smaller is right for both
KEY: Final = "mailweave_key"
"""The name under which a provider keeps an e-mail's idempotency key, and tells it with each event."""

WORD: Final = re.compile(r"[A-Za-z0-9_-]+")
"""What tags of Amazon SES and Resend are made of."""


@dataclass(frozen=True, slots=True)
class Words:
    """Limits of tags or of metadata; None where none is published.

    `most`: how many. `name`, `value`: characters. `together`: bytes of all names and values. `form`: what a name and a
    value are made of, or names alone (`only_names`); `kind` says so to a reader.
    """

    most: int | None = None
    name: int | None = None
    value: int | None = None
    together: int | None = None
    form: re.Pattern[str] | None = None
    kind: str = ""
    only_names: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """An endpoint that takes several whole e-mails: how many, of how many bytes, and whether files may be among them."""

    path: str
    most: int
    most_bytes: int | None = None
    files: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """One provider. `says`: by feature, the field that says it; what stands in it not cannot be said.

    `reserved`: headers, in lower case, that cannot be set. `numbered`: tags are pairs of name and
    value, and are called `tag`, `tag-2`, .. `files`: endings of files that are refused, in lower case, with a dot.
    """

    name: str
    title: str
    base: str
    path: str
    says: Mapping[str, str]
    most_bytes: int
    tags: Words = Words()
    metadata: Words = Words()
    most_body: int | None = None
    numbered: bool = False
    reserved: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    batch: Batch | None = None
    headers: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {"Content-Type": "application/json", "Accept": "application/json"}
        )
    )
