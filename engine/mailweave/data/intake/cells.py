"""One cell of an export becomes a value of its declared type: each repair is named, what could be two things refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias
from unicodedata import is_normalized, normalize

from mailweave.data.intake.amounts import AmountReader
from mailweave.data.intake.contacts import read_address, read_phone
from mailweave.data.intake.moments import read_day, read_moment
from mailweave.data.intake.numbers import NumberReader
from mailweave.data.intake.rates import Rates
from mailweave.data.intake.raw_values import as_text
from mailweave.data.intake.refusals import CellRefused
from mailweave.data.pseudonyms import Pseudonyms
from mailweave.data.settings import Column, Export
from mailweave.schema import types as t
from mailweave.schema.cell import DECIMAL, TRUTHS, WHOLE, json_value
from mailweave.values.texts import check_encodable

Raw: TypeAlias = Mapping[str, Any]
Repairs: TypeAlias = list[str]
Read: TypeAlias = Callable[[str, Raw, Repairs], Any]


class Settings(NamedTuple):
    """What all columns of an export share."""

    export: Export
    rates: Rates
    pseudonyms: Pseudonyms | None


class CellReader:
    """Reads the cells of one column. The type is that of the declared attribute."""

    def __init__(self, column: Column, type: t.Type, settings: Settings) -> None:
        self._column, self._type = column, type
        self._missing = {one.casefold() for one in (*settings.export.missing, *column.missing)}
        self._read = reader(column, type, settings)
        self._read_number = reader(column.model_copy(update={"decimal": "."}), type, settings)

    @property
    def is_contact(self) -> bool:
        """Whether the column holds addresses or telephone numbers."""
        return self._column.kind is not None

    def __call__(self, row: Raw, repairs: Repairs) -> Any:
        """The value, or None where there is none. Adds a word for each repair. Raises CellRefused."""
        raw = row.get(self._column.source)
        if raw is None:
            return None
        if isinstance(raw, list | dict):
            return self._listed(raw, row, repairs)
        if isinstance(raw, bytes):
            raise CellRefused("nested", "is binary, which is no text")
        text = tidy(as_text(raw), repairs)
        if not text or text.casefold() in self._missing:
            if text:
                repairs.append("missing_word")
            return None
        is_number = isinstance(raw, int | float | Decimal)  # its point is one, whatever marks texts have
        return (self._read_number if is_number else self._read)(text, row, repairs)

    def _listed(self, raw: list[Any] | dict[str, Any], row: Raw, repairs: Repairs) -> Any:
        if isinstance(self._type, t.ListOf):
            return raw
        if not isinstance(self._type, t.SetOf) or not isinstance(raw, list):
            raise CellRefused("nested", "is a list or a record, which the attribute is not")
        texts = [tidy(_item(one), repairs) for one in raw]
        return [self._read_item(text, row, repairs) for text in texts if text]

    def _read_item(self, text: str, row: Raw, repairs: Repairs) -> Any:
        value = self._read(text, row, repairs)
        return value[0] if isinstance(value, list) and len(value) == 1 else value


def _item(one: Any) -> str:
    """The text of an item of a set; a null, a list or a record in it is none."""
    if one is None or isinstance(one, list | dict | bytes):
        raise CellRefused("nested", "is a set with something in it that is no single value")
    return as_text(one)


def tidy(text: str, repairs: Repairs) -> str:
    """A text in NFC, without blanks around it. Raises InvalidValue for half a character."""
    check_encodable(text)
    if not is_normalized("NFC", text):
        text = normalize("NFC", text)
        repairs.append("nfc")
    stripped = text.strip().strip("\ufeff\u200b").strip()
    if stripped != text:
        repairs.append("blanks")
    return stripped


def reader(column: Column, type: t.Type, settings: Settings) -> Read:
    """The function that reads texts of a type, as a column of the mapping says."""
    match type:
        case t.Key() | t.Text():
            return _texts(column, settings)
        case t.Bool():
            return _truths(column)
        case t.Enum():
            return _members(column, type)
        case t.Int() | t.Number() | t.Ratio():
            return _numbers(column, type, settings)
        case t.Money():
            return AmountReader(column, type.currency, settings.export.decimal, settings.rates)
        case t.Date():
            return lambda text, _, repairs: _noted(read_day(text, column.format), text, "date", repairs)
        case t.Instant():
            return _moments(column, settings.export.zone)
        case t.SetOf():
            return _sets(column, type, settings)
        case t.ListOf():
            return lambda text, _, repairs: json_value(text)
        case t.Duration() | t.Zone():
            return lambda text, _, repairs: text  # admission reads them, and says what is wrong


def _noted(value: str, text: str, word: str, repairs: Repairs) -> str:
    if value != text:
        repairs.append(word)
    return value


def _texts(column: Column, settings: Settings) -> Read:
    if column.pseudonym is not None and settings.pseudonyms is not None:
        pseudonyms, id = settings.pseudonyms, column.pseudonym
        return lambda text, _, repairs: _noted(pseudonyms.of(text, id), text, "pseudonym", repairs)
    if column.kind == "email":
        return lambda text, _, repairs: _noted(read_address(text), text, "email", repairs)
    if column.kind == "phone":
        region = column.region or settings.export.region
        return lambda text, _, repairs: _noted(read_phone(text, region), text, "phone", repairs)
    synonyms = _synonyms(column)
    return lambda text, _, repairs: _noted(synonyms.get(text.casefold(), text), text, "synonym", repairs)


def _synonyms(column: Column) -> dict[str, str]:
    return {word.casefold(): member for member, words in column.synonyms.items() for word in words}


def _truths(column: Column) -> Read:
    words = {
        word.casefold(): value
        for value, listed in ((True, column.yes), (False, column.no))
        for word in listed
    }

    def read(text: str, _: Raw, repairs: Repairs) -> bool:
        plain = TRUTHS.get(text.lower()) if text.casefold() not in words else None
        if plain is not None:
            return plain
        if text.casefold() not in words:
            raise CellRefused("bool", "is neither a word of `yes` nor of `no`")
        repairs.append("truth_word")
        return words[text.casefold()]

    return read


def _members(column: Column, type: t.Enum) -> Read:
    words = _synonyms(column) | {member.casefold(): member for member in type.members}

    def read(text: str, _: Raw, repairs: Repairs) -> str:
        if text in type.members:
            return text
        if text.casefold() not in words:
            raise CellRefused("enum", "is no member of its enum, and no synonym of one")
        repairs.append("synonym")
        return words[text.casefold()]

    return read


def _numbers(column: Column, type: t.Int | t.Number | t.Ratio, settings: Settings) -> Read:
    numbers = NumberReader(column.decimal or settings.export.decimal)

    def read(text: str, _: Raw, repairs: Repairs) -> int | float:
        if isinstance(type, t.Ratio) and text.endswith("%"):
            repairs.append("percent")
            return float(Decimal(numbers.plain(text[:-1].rstrip())) / 100)
        is_plain = (WHOLE if isinstance(type, t.Int) else DECIMAL).fullmatch(text) is not None
        is_int = isinstance(type, t.Int)
        plain = text if is_plain and numbers.is_plain(text) else numbers.plain(text, few=is_int)
        value = _whole(plain) if is_int else float(plain)
        if plain != text or (is_int and not is_plain):
            repairs.append("number")
        return value

    return read


def _whole(plain: str) -> int:
    """An int; `3.0`, which spreadsheets write for whole numbers, is one."""
    whole, _, decimals = plain.partition(".")
    if decimals.strip("0"):
        raise CellRefused("number", "is no whole number")
    return int(whole)


def _moments(column: Column, zone: str | None) -> Read:
    here = column.zone or zone

    def read(text: str, _: Raw, repairs: Repairs) -> str:
        value, is_local = read_moment(text, column.format, here)
        if is_local:
            repairs.append("zone")
        return _noted(value, text, "instant", repairs)

    return read


def _sets(column: Column, type: t.SetOf, settings: Settings) -> Read:
    one = reader(column, type.item, settings)

    def read(text: str, row: Raw, repairs: Repairs) -> list[Any]:
        given = json_value(text) if text.startswith("[") else text
        if isinstance(given, list):
            return [one(tidy(_item(item), repairs), row, repairs) for item in given]
        if column.split is None:
            return [one(text, row, repairs)]
        parts = [part.strip() for part in text.split(column.split) if part.strip()]
        if len(parts) > 1:
            repairs.append("split")
        return list(dict.fromkeys(one(part, row, repairs) for part in parts))

    return read
