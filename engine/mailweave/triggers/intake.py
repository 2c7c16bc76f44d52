"""A line of JSON as an event of somebody; what does not read is said without its values."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, NamedTuple, NoReturn
from unicodedata import normalize

from mailweave.batch.list_import import OWNER
from mailweave.diagnostics.suggest import closest
from mailweave.rules.codecs import record_reader
from mailweave.rules.validation import why_no_key
from mailweave.schema.model import Schema
from mailweave.triggers.person import Event
from mailweave.values.instants import to_instant
from mailweave.values.invalid_value import InvalidValue

_LONGEST_ID = 255
_MOST = 1_000  # types that nothing asks for, each looked at once
_NAME = re.compile(r"[A-Za-z_]\w{0,63}")
"""What may be told of a type: what looks otherwise may be an address or a sentence."""


class Happened(NamedTuple):
    """An event and whose it is."""

    person: str
    event: Event


class NotRead(ValueError):
    """Why a line is no event: the field, and what is wrong with it, never its value."""


class Intake:
    """Reads events of the types that some schema declares; `more` are types that are read without a declaration.

    A type that several declare must read by each of them. nearly: how many events were of a type that nothing asks for and
    that is near to one, with that one.
    """

    def __init__(self, schemas: Iterable[Schema], more: Iterable[str] = ()) -> None:
        self._readers: dict[str, list[Callable[[object], object]]] = {name: [] for name in more}
        self.nearly: Counter[tuple[str, str]] = Counter()
        self._meant: dict[str, str] = {}
        for schema in schemas:
            for name, event in schema.events.items():
                self._readers.setdefault(name, []).append(record_reader(event.fields.values()))

    def __call__(self, line: str | bytes, key: str | None = None) -> Happened | None:
        """The event of a line, or None for one of a type that nothing asks for.

        key: whose it is where the line does not say so. Raises NotRead.
        """
        given = _record(line)
        type = given.pop("type", None)
        if not isinstance(type, str):
            raise NotRead("`type` is no text")
        readers = self._readers.get(type)
        if readers is None:
            self._stranger(type)
            return None
        person, id = _person(given.pop(OWNER, key)), given.pop("id", None)
        try:
            at = to_instant(given.get("at"))
        except InvalidValue as refusal:
            raise NotRead(f"`at` {refusal.reason}") from None
        for read in readers:
            _check(read, given, type)
        return Happened(person, Event(at, _id(id, type, given), type, given))

    def _stranger(self, type: str) -> None:
        if type not in self._meant and len(self._meant) < _MOST:
            self._meant[type] = (closest(type, self._readers) or "") if _NAME.fullmatch(type) else ""
        if self._meant.get(type):
            self.nearly[type, self._meant[type]] += 1


def _record(line: str | bytes) -> dict[str, Any]:
    try:
        text = line if isinstance(line, str) else line.decode("utf-8-sig")
        given = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise NotRead("it is no UTF-8") from None
    except (ValueError, RecursionError):
        raise NotRead("it is no JSON") from None
    if "\\u" in text and _is_broken(given):
        raise NotRead("it holds half a character (a lone surrogate)")
    if not isinstance(given, dict):
        raise NotRead("it is no JSON object")
    return given


def _is_broken(given: object) -> bool:
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _person(given: object) -> str:
    """The key of a recipient, as lists read it: text in NFC; a whole number is read as one."""
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str):
        raise NotRead(f"`{OWNER}` names nobody")
    key = normalize("NFC", given)
    if (why := why_no_key(key)) is not None:
        raise NotRead(f"`{OWNER}` {why}")
    return key


def _id(given: object, type: str, fields: dict[str, Any]) -> str:
    """What names an event of a person; without an id all that it says."""
    if given is None:
        said = json.dumps([type, fields], sort_keys=True).encode()
        return "sha256:" + sha256(said).hexdigest()
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_ID:
        raise NotRead(f"`id` is no text of 1 to {_LONGEST_ID} characters")
    return given


def _check(read: Callable[[object], object], fields: dict[str, Any], type: str) -> None:
    try:
        read(fields)
    except InvalidValue as refusal:
        raise NotRead(f"`{type}{refusal.path}` {refusal.reason}") from None
