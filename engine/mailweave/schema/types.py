"""The types of declared data. Units are types: currencies never mix, a duration is no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    def __str__(self) -> str:
        return "text"


@dataclass(frozen=True, slots=True)
class Key:
    """Text that identifies a recipient."""

    def __str__(self) -> str:
        return "key"


@dataclass(frozen=True, slots=True)
class Bool:
    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number of 64 bits."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True, slots=True)
class Number:
    """A double."""

    def __str__(self) -> str:
        return "number"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A double between 0 and 1."""

    def __str__(self) -> str:
        return "ratio"


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount with four decimal places in one currency (ISO 4217)."""

    currency: str

    def __str__(self) -> str:
        return f"money({self.currency})"


@dataclass(frozen=True, slots=True)
class Date:
    def __str__(self) -> str:
        return "date"


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, in UTC."""

    def __str__(self) -> str:
        return "instant"


@dataclass(frozen=True, slots=True)
class Duration:
    def __str__(self) -> str:
        return "duration"


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of a time zone of the IANA data base."""

    def __str__(self) -> str:
        return "zone"


@dataclass(frozen=True, slots=True)
class Enum:
    members: tuple[str, ...]
    ordered: bool = False

    def __str__(self) -> str:
        return f"enum({(' < ' if self.ordered else ', ').join(self.members)})"


@dataclass(frozen=True, slots=True)
class SetOf:
    item: Type

    def __str__(self) -> str:
        return f"set of {self.item}"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of records."""

    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return "list of { " + ", ".join(f"{f.name}: {f.type}" for f in self.fields) + " }"


Type: TypeAlias = (
    Text
    | Key
    | Bool
    | Int
    | Number
    | Ratio
    | Money
    | Date
    | Instant
    | Duration
    | Zone
    | Enum
    | SetOf
    | ListOf
)


@dataclass(frozen=True, slots=True)
class Field:
    """A declared attribute of a profile, an event, a catalogue item or a record.

    `default`, `minimum` and `maximum` hold normalised values; `needs` names the consent without
    which the attribute reads as missing; `column` is its name in the data, when that differs.
    `sensitive`: no choice may hang on it alone.
    """

    name: str
    type: Type
    optional: bool = False
    pii: bool = False
    needs: str | None = None
    minimum: object | None = None
    maximum: object | None = None
    default: object | None = None
    column: str | None = None
    sensitive: bool = False
