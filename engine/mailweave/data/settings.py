"""The form of data.toml: how exports become lists, which rows are one person, where personal data lie."""

from __future__ import annotations

import codecs
import datetime
import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from mailweave.values.currencies import is_currency
from mailweave.values.durations import to_duration
from mailweave.values.zones import zone_names

EPOCHS: Final = {"unix": 1, "unix_ms": 1000}
"""Formats that count from 1970-01-01T00:00Z, and how many of their units make a second."""

_DIRECTIVE: Final = re.compile(r"%(.)")
_READ: Final = frozenset("dmYbBHIMSpfzjTDFaA%") - frozenset("TDF")


def _format(text: str) -> str:
    if text in EPOCHS:
        return text
    found = _DIRECTIVE.findall(text)
    if "y" in found:
        raise ValueError("a year of two digits could be of either century: export it with four (%Y)")
    unknown = next((one for one in found if one not in _READ), None)
    if unknown is not None or "%" in _DIRECTIVE.sub("", text):
        raise ValueError(
            f"%{unknown or ''} is not read; known are {' '.join(f'%{d}' for d in 'YmdbBjHIMSpfz')}"
        )
    if not {"Y", "m", "d"} <= set(found) and not {"Y", "j"} <= set(found) and not (
        "Y" in found and "d" in found and {"b", "B"} & set(found)
    ):  # fmt: skip
        raise ValueError("a format names year, month and day, such as %d.%m.%Y, or is unix, unix_ms")
    if ("I" in found) != ("p" in found):
        raise ValueError("%I is one of two hours, and %p says which: write both, or %H alone")
    return text


def _zone(text: str) -> str:
    if text not in zone_names():
        raise ValueError("is no zone of the IANA data base, such as Europe/Paris")
    return text


def _currency(text: str) -> str:
    if not is_currency(text):
        raise ValueError("is no code of ISO 4217 that is known, such as EUR")
    return text


def _encoding(text: str) -> str:
    try:
        codecs.getincrementaldecoder(text)("surrogateescape").decode("a".encode(text), final=True)
    except (LookupError, ValueError, TypeError, AssertionError):
        raise ValueError("is no encoding of texts, such as utf-8 or windows-1252") from None
    return text


def _duration(text: str) -> str:
    to_duration(text)
    return text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _from(value: Any) -> Any:
    return {"from": value} if isinstance(value, str) else value


Formats = Annotated[tuple[Annotated[str, AfterValidator(_format)], ...], BeforeValidator(_listed)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
ZoneName = Annotated[str, AfterValidator(_zone)]
CurrencyCode = Annotated[str, AfterValidator(_currency)]
Mark = Literal[".", ","]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=False)


class OnColumn(_Table):
    """A column that holds a currency, or a day."""

    source: str = Field(alias="from", min_length=1)
    format: Formats = ()


class Column(_Table):
    """How one attribute is read from one column of an export."""

    source: str = Field(alias="from", min_length=1)
    kind: Literal["email", "phone"] | None = Field(default=None, alias="as")
    format: Formats = ()
    zone: ZoneName | None = None
    decimal: Mark | None = None
    region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    currency: CurrencyCode | OnColumn | None = None
    on: datetime.date | OnColumn | None = None
    symbols: dict[str, CurrencyCode] = {}
    synonyms: dict[str, Texts] = {}
    yes: Texts = ()
    no: Texts = ()
    missing: Texts = ()
    split: str | None = Field(default=None, min_length=1)
    pseudonym: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,32}$")


Columns = dict[str, Annotated[Column, BeforeValidator(_from)]]


class Export(_Table):
    """An export: its files, how they are written, and what its columns become."""

    files: Texts = Field(min_length=1)
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    decimal: Mark | None = None
    zone: ZoneName | None = None
    region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    missing: Texts = ()
    columns: Columns = {}
    consent: Columns = {}


class Rate(_Table):
    """What one unit of a currency is worth in another on one day."""

    day: datetime.date = Field(alias="on")
    source: CurrencyCode = Field(alias="from")
    target: CurrencyCode = Field(alias="to")
    rate: Annotated[Decimal, Field(gt=0)]


class Doubles(_Table):
    """Which rows are one person: keys that are exact, names and addresses that are like each other."""

    email: str | None = None
    phone: str | None = None
    names: Texts = ()
    address: Texts = ()
    differ: Texts = ()
    providers: tuple[Literal["gmail", "plus"], ...] = ()
    merge: float = Field(default=0.94, gt=0, le=1)
    review: float = Field(default=0.86, gt=0, le=1)
    newest: str | None = None
    survivors: dict[str, Literal["first", "newest", "longest", "most", "largest", "smallest"]] = {}


class DataSettings(_Table):
    """The whole of data.toml. `held`: lists (JSON lines) in which personal data lie, for `erase` and `export`."""

    rules: str = Field(min_length=1)
    profile: Export | None = None
    event: dict[str, Export] = {}
    rates: str | tuple[Rate, ...] = ()
    dedupe: Doubles | None = None
    consents: str = "consent"
    keep_consents: Annotated[str, AfterValidator(_duration)] | None = None
    held: Texts = ()
