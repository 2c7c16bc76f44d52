"""What a provider posted: headers and a body, read with nothing taken for granted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeAlias, TypeVar

from mailweave.delivery.payloads.limits import KEY
from mailweave.delivery.webhooks.event import Person
from mailweave.delivery.webhooks.refusals import refuse
from mailweave.values.durations import microseconds, spoken

T = TypeVar("T")
Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One call of a provider. `headers` have names in lower case; `now` is when it came."""

    provider: str
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    tolerance: timedelta
    is_personal: bool

    def header(self, name: str) -> str:
        """A header that must be there. Raises EventError (MW742)."""
        found = self.headers.get(name, "")
        return found or self.unsigned(f"it has no header {name}")

    def unsigned(self, what: str) -> NoReturn:
        refuse("MW742", self.provider, what=what)

    def forged(self) -> NoReturn:
        refuse("MW743", self.provider)

    def unreadable(self, what: str) -> NoReturn:
        refuse("MW745", self.provider, what=what)

    def json(self, text: str | bytes | None = None) -> Any:
        """The body as JSON, or a text of it. Raises EventError (MW745)."""
        try:
            return json.loads(self.body if text is None else text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            self.unreadable("it is no JSON")

    def record(self, value: Any) -> Record:
        """An object of the JSON. Raises EventError (MW745)."""
        return Record(value) if isinstance(value, dict) else self.unreadable("an object is missing")

    def unusable(self, what: str) -> NoReturn:
        refuse("MW741", self.provider, what=what)

    def usable(self, made: Callable[[], T]) -> T:
        """What is made of a key. Raises EventError (MW741) where the key is of no use."""
        try:
            return made()
        except ValueError:
            self.unusable("a key or certificate is of another kind, or cut")

    def signed_at(self, text: str) -> datetime | None:
        """The instant that whole seconds of Unix time say."""
        return instant(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def check_age(self, sent: datetime | None) -> None:
        """Raises EventError (MW744) for a call that was signed too long ago, or later than now."""
        if sent is None:
            self.unsigned("it does not say when it was signed")
        age = abs(self.now - sent)
        if age > self.tolerance:
            told = (spoken(microseconds(each) // 1_000_000 * 1_000_000) for each in (age, self.tolerance))
            refuse("MW744", self.provider, age=next(told), limit=next(told))

    def person(self, **said: str) -> Person | None:
        """Who it was, where that was asked for."""
        return Person(**said) if self.is_personal else None


class Record:
    """An object of JSON. What is not of the type that is asked for is as if it were not there."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def text(self, *names: str) -> str:
        """The first text of these names that is not empty; else an empty one."""
        return next(
            (found for name in names if isinstance(found := self.values.get(name), str) and found), ""
        )

    def flag(self, name: str) -> bool | None:
        found = self.values.get(name)
        return found if isinstance(found, bool) else None

    def below(self, name: str) -> Record:
        """An object in it, empty where there is none."""
        found = self.values.get(name)
        return Record(found if isinstance(found, dict) else {})

    def items(self, name: str) -> list[Any]:
        found = self.values.get(name)
        return found if isinstance(found, list) else []

    def records(self, name: str) -> list[Record]:
        return [Record(each) for each in self.items(name) if isinstance(each, dict)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Texts, or one text, as texts."""
        found = self.values.get(name)
        many = found if isinstance(found, list) else [found]
        return tuple(each for each in many if isinstance(each, str))

    def metadata(self) -> dict[str, str]:
        """Its values that are one text or number each, as texts."""
        return {
            name: written for name, value in self.values.items() if (written := _written(value)) is not None
        }

    def instant(self, *names: str) -> datetime | None:
        """The first instant of these names: ISO 8601, without a zone in UTC, or seconds of Unix time."""
        return next((found for name in names if (found := instant(self.values.get(name)))), None)

    @property
    def digest(self) -> str:
        """Names it by what it holds."""
        text = json.dumps(self.values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def key_of(metadata: Mapping[str, str]) -> str | None:
    """The idempotency key in the metadata of a mail."""
    return metadata.get(KEY) or None


def in_headers(headers: Iterable[Record]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Tags and metadata that travelled as headers of the mail, as django-anymail writes them: X-Tag, or JSON in X-Tags
    and X-Metadata."""
    tags: list[str] = []
    made: dict[str, str] = {}
    for each in headers:
        value = each.text("value")
        name = each.text("name").lower()
        if name == "x-tag":
            tags.append(value)
        elif name == "x-tags":
            tags += Record({"tags": _parsed(value)}).texts("tags")
        elif name == "x-metadata":
            made |= Record({"metadata": _parsed(value)}).below("metadata").metadata()
    return tuple(tags), made


def instant(value: Any) -> datetime | None:
    """The instant that a text or a number says; None where it says none."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _written(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, int | float) else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
