"""What a consent is, and the salted commitment that stands for it where it must not be readable."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose, did_you_mean
from mailweave.values.instants import iso, to_instant
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.json_text import read_json
from mailweave.values.texts import to_text

SALT: Final = 32
"""Bytes of a salt: those of the digest, so that a record cannot be guessed from its commitment (RFC 2104, 3)."""
_MOST_SAID: Final = 10


def _moment(value: str) -> str:
    try:
        return iso(to_instant(value))
    except InvalidValue as refusal:
        raise ValueError(refusal.reason) from None


def _text(value: str) -> str:
    text = to_text(value)
    if not text.strip():
        raise ValueError("is empty")
    return text


Text = Annotated[str, Field(max_length=100_000), AfterValidator(_text)]


class Consent(BaseModel):
    """What somebody agreed to, or took back. who: their key in lists; at: with a zone; wording: what they were shown;
    source: where (a form, a call, an import)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    who: Annotated[Text, Field(max_length=255)]
    purpose: Text
    given: bool
    at: Annotated[str, AfterValidator(_moment)]
    wording: Text
    source: Text

    @property
    def canonical(self) -> bytes:
        """The record as the bytes that are committed to."""
        return canonical(self.model_dump())


def canonical(value: Any) -> bytes:
    """A JSON value as one text, whoever writes it: members by name, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def commitment(salt: bytes, record: bytes) -> str:
    """HMAC-SHA-256 of a record under its salt: it binds to the record and says nothing of it without the salt.

    >>> commitment(b"s" * 32, b"{}")[:8]
    '984f5b34'
    """
    return hmac.digest(salt, record, "sha256").hex()


def read_consents(path: Path, text: str, purposes: tuple[str, ...] | None) -> list[Consent]:
    """Consents from JSON lines. `purposes`: those that the rules declare, None where they are not known.

    Raises MailweaveError (MW841) for what is none, by line and member, never by value; nothing is taken then.
    """
    found: list[Consent] = []
    wrong: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{path}:{number}"
            wrong += _read(line, place, purposes, found)
        if len(wrong) >= _MOST_SAID:
            break
    if wrong:
        raise MailweaveError(wrong)
    return found


def _read(
    line: str, place: str, purposes: tuple[str, ...] | None, found: list[Consent]
) -> Iterator[Diagnostic]:
    try:
        one = Consent.model_validate(read_json(line))
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            member = ".".join(map(str, item["loc"])) or "the line"
            yield diagnose("MW841", place=place, what=f"`{member}` {_said(item)}")
        return
    except (ValueError, RecursionError):
        yield diagnose("MW841", place=place, what="it is no JSON")
        return
    if purposes is not None and one.purpose not in purposes:
        help = did_you_mean(one.purpose, purposes)
        yield diagnose("MW841", place=place, what="`purpose` is none that the rules declare", help=help)
    found.append(one)


def _said(item: Any) -> str:
    words = {"missing": "is missing", "extra_forbidden": "is no member of a consent"}
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    return words.get(item["type"], "is not of its type, or too long")
