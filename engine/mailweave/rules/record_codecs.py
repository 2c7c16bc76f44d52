"""Readers and writers of records as generated code: one function a record, not one call a field.

A value is `v0`, `v1` .. in its normal form; where it is shown in another form that comes from the same text
(an amount, a day, a list), that is `w0`, `w1` .., or None when it has to be written from the normal form.

What a quick test accepts is in normal form already. Anything else goes to the field's own reader (see
`forms`), and as soon as one of them refuses, `careful` reads the whole again: reason and place are its.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from mailweave.rules.codecs import (
    REQUIRED,
    WRITERS,
    Normal,
    absent,
    field_reader,
    is_quantity,
    missing,
    record_reader,
    record_writer,
    writer,
)
from mailweave.rules.function_text import FunctionText
from mailweave.rules.record_cache import RecordCache
from mailweave.schema.types import (
    Bool,
    Date,
    Enum,
    Field,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
)
from mailweave.values.bounded_cache import Memo
from mailweave.values.instants import EPOCH, dated, to_instant
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.money import priced

Record = tuple[Normal, ...]

_QUICK: Final[Mapping[type, str]] = {
    Text: "VALUE.__class__ is str and VALUE.isascii()",
    Key: "VALUE.__class__ is str and VALUE.isascii()",
    Bool: "VALUE is True or VALUE is False",
    Int: "VALUE.__class__ is int and -1073741824 < VALUE < 1073741824",  # one digit of Python's: compared at once
    Number: "VALUE.__class__ is float and -INFINITY < VALUE < INFINITY",
    Ratio: "VALUE.__class__ is float and 0.0 <= VALUE <= 1.0",
}
_days: Final[Memo[tuple[int, str]]] = Memo(dated)


def _code(title: str) -> FunctionText:
    return FunctionText(title, InvalidValue=InvalidValue, INFINITY=float("inf"), priced=priced)


# ---- reading


def _reading(
    fields: Sequence[Field], code: FunctionText, *, partial: bool, fetched: bool = False
) -> list[str]:
    """Lines that read each field into its variables, from `get`; `fetched`: the values are there already."""
    lines = []
    for at, field in enumerate(fields):
        if not fetched:
            lines.append(f"v{at} = get({field.column or field.name!r})")
        of_field = _field(field, code, partial)
        lines += [line.replace("VALUE", f"v{at}").replace("SHOWN", f"w{at}") for line in of_field]
    return lines


def _field(field: Field, code: FunctionText, partial: bool) -> list[str]:
    """Lines for one field: what is absent, what a quick test knows, and the field's own reader."""
    read = f"VALUE = {code.name(field_reader(field, partial=partial))}(VALUE)"
    accepts, converts = _accepts(field, code), _converts(field, code)
    if not accepts and not converts:
        return [read]
    other = "; SHOWN = None" if converts else ""
    branches = [*converts, ("True", read + other)] if converts else [(f"not ({accepts})", read)]
    stands_for = absent(field, partial)
    if stands_for is not REQUIRED:
        branches.insert(0, ("VALUE is None", f"VALUE = {code.name(stands_for)}{other}"))
    return [f"{'elif' if at else 'if'} {test}: {then}" for at, (test, then) in enumerate(branches)]


def _is_bounded(field: Field) -> bool:
    return field.minimum is not None or field.maximum is not None


def _accepts(field: Field, code: FunctionText) -> str:
    """A test for values that are in normal form as they come."""
    if _is_bounded(field):
        return _bounded(field)
    if isinstance(field.type, Enum):
        return f"VALUE.__class__ is str and VALUE in {code.name(frozenset(field.type.members))}"
    return _QUICK.get(field.type.__class__, "")


def _bounded(field: Field) -> str:
    """A test for numbers within their bounds; others with bounds go to their reader."""
    if not isinstance(field.type, Int | Number | Ratio):
        return ""
    bounds = [("VALUE >= {!r}", field.minimum), ("VALUE <= {!r}", field.maximum)]
    tests = (test.format(one) for test, one in bounds if one is not None)
    return " and ".join([_QUICK[field.type.__class__], *tests])


def _converts(field: Field, code: FunctionText) -> list[tuple[str, str]]:
    """Tests, and what makes both forms of a value for which one holds."""
    is_text = "VALUE.__class__ is str"
    match field.type:
        case Money(currency) if not _is_bounded(field):
            return [(is_text, f"VALUE, SHOWN = priced(VALUE, {currency!r})")]
        case Date() if not _is_bounded(field):
            is_day = f"VALUE.__class__ is {code.name(date)}"
            known = is_text, f"VALUE, SHOWN = {code.name(_days)}[VALUE]"
            return [known, (is_day, "SHOWN = VALUE.isoformat(); VALUE = VALUE.toordinal()")]
        case Instant() if not _is_bounded(field):
            is_utc, units = _utc("VALUE", code)
            return [(is_utc, f"SHOWN = VALUE.isoformat()[:-6] + 'Z'; VALUE = {units}")]
        case ListOf(fields):
            return [("VALUE.__class__ is list", f"VALUE, SHOWN = {code.name(_rows(fields))}(VALUE)")]
        case _:  # only a short way, others are read too
            return []


def _utc(name: str, code: FunctionText) -> tuple[str, str]:
    """A test for a datetime in UTC as they mostly come, and the source of its microseconds."""
    day, utc, epoch = code.name(datetime), code.name(UTC), code.name(EPOCH)
    test = f"{name}.__class__ is {day} and {name}.tzinfo is {utc} and 1 < {name}.year < 9999"
    return test, f"({name} - {epoch}) // {code.name(timedelta(microseconds=1))}"


Both = tuple[tuple[Record, ...], list[dict[str, object]]]
"""Records in normal form, and as mappings of plain values."""


def _rows(fields: Sequence[Field]) -> Callable[[Sequence[object]], Both]:
    """Reads a list of mappings; those that recur are read once. Raises InvalidValue."""
    plain = _items(fields, None)
    if not fields or any(isinstance(one.type, SetOf | ListOf) for one in fields):
        return plain
    known = RecordCache()
    recalling = _items(fields, known)
    return lambda items: recalling(items) if known.pays else plain(items)


def _items(fields: Sequence[Field], known: RecordCache | None) -> Callable[[Sequence[object]], Both]:
    code = _code("reader of items")
    values = "".join(f"v{at}, " for at in range(len(fields)))
    strange, write = code.name(record_reader(fields)), code.name(record_writer(fields))
    lines = ["rows, shown = [], []", "for record in items:", "    if record.__class__ is not dict:"]
    lines += [f"        rows.append({strange}(record))", f"        shown.append({write}(rows[-1]))"]
    lines += ["        continue", "    get = record.get"]
    lines += [f"    v{at} = get({one.column or one.name!r})" for at, one in enumerate(fields)]
    memory = code.name(known)
    if known is not None:
        lines[0] += f"; {memory}.asked += len(items)"
        alike = "".join(_alike(at, field) for at, field in enumerate(fields))
        lines += [f"    given = {values}", f"    try: once = {code.name(known.get)}(given)"]
        lines += ["    except TypeError: once = given = None  # what cannot be a key is no plain value"]
        lines += [f"    if once is not None{alike}:", "        rows.append(once[0])"]
        lines += ["        shown.append(once[1])", "        continue"]
    lines += [f"    {line}" for line in _reading(fields, code, partial=False, fetched=True)]
    lines += [f"    {line}" for line in _writing(fields, code)]
    lines += [f"    row = {values}", "    rows.append(row); shown.append(out)"]
    if known is not None:
        lines.append(f"    if given is not None: {memory}.keep(given, (row, out))")
    return code.function("items", [*lines, "return tuple(rows), shown"])


def _alike(at: int, field: Field) -> str:
    """A test that a value is of the class that is remembered: 1, 1.0 and True are one key.

    A text is equal to nothing but a text, and nothing but None is equal to None.
    """
    if isinstance(field.type, Text | Key):
        return ""
    kind = {Bool: "bool", Int: "int", Number: "float", Ratio: "float"}.get(field.type.__class__, "str")
    is_kind = f"v{at}.__class__ is {kind}" + (f" and v{at} != 0" if kind == "float" else "")  # 0.0 is -0.0
    return f" and ({is_kind} or v{at} is None)"


def compile_events_reader(
    events: Mapping[str, Iterable[Field]],
) -> Callable[[Sequence[object]], dict[str, list[Record]]]:
    """The function that reads events, each a dict, into records by their types: the moment first, then their fields.

    What is not declared is left out. Raises InvalidValue, which does not say where.

    >>> read = compile_events_reader({"open": ()})
    >>> read([{"type": "open", "at": "1970-01-01T00:00:01Z"}, {"type": "other"}])
    {'open': [(1000000,)]}
    """
    code = _code("reader of events")
    moment, (is_utc, units) = code.name(to_instant), _utc("at", code)
    lines = [f"r{at} = []" for at in range(len(events))]
    lines += [
        "for event in events:",
        "    if event.__class__ is not dict: raise InvalidValue('is no mapping')",
    ]
    lines += ["    get = event.get", "    kind = get('type')"]
    for number, (name, fields) in enumerate(events.items()):
        known = tuple(fields)
        lines += [f"    if kind == {name!r}:", "        at = get('at')"]
        lines += [f"        at = {units} if {is_utc} else {moment}(at)"]
        lines += [f"        {line}" for line in _reading(known, code, partial=False)]
        values = "".join(f", v{at}" for at in range(len(known)))
        lines += [f"        r{number}.append((at{values or ','}))", "        continue"]
    lines += ["    if kind.__class__ is not str: raise InvalidValue('has no type')"]
    made = ", ".join(f"{name!r}: r{at}" for at, name in enumerate(events))
    return code.function("events", [*lines, f"return {{{made}}}"])


def compile_items_reader(fields: Iterable[Field]) -> Callable[[Sequence[object]], list[dict[str, object]]]:
    """The function that reads mappings and writes them as plain values. Raises InvalidValue.

    >>> compile_items_reader([Field("price", Money("EUR"))])([{"price": "2.5"}])
    [{'price': Decimal('2.50')}]
    """
    known = tuple(fields)
    quick, careful, write = _rows(known), record_reader(known), record_writer(known)
    return _twice(lambda items: quick(items)[1], lambda items: [write(careful(item)) for item in items])


def _twice(quick: Callable[[Any], Any], careful: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        try:
            return quick(value)
        except InvalidValue:  # rare: read once more, to say which field it was
            return careful(value)

    return read


def _attributes(fields: Sequence[Field], code: FunctionText, partial: bool) -> tuple[list[str], str]:
    """Lines that read a profile, and the source of the mapping of its normal forms."""
    reading = _reading(fields, code, partial=partial)
    for at, field in enumerate(fields):
        if field.needs is not None:
            shown = f"; w{at} = None" if _converts(field, code) else ""
            nothing = code.name(missing(field.type))
            reading.append(f"if {field.needs!r} not in consents: v{at} = {nothing}{shown}")
    made = ", ".join(f"{field.name!r}: v{at}" for at, field in enumerate(fields))
    return ["get = profile.get", *reading], f"{{{made}}}"


def compile_attributes_reader(fields: Sequence[Field], *, partial: bool) -> Callable[..., dict[str, Normal]]:
    """The function that reads a profile (a dict) with the consents that are given. Raises InvalidValue."""
    code = _code("reader of attributes")
    reading, made = _attributes(fields, code, partial)
    return code.function("profile, consents", [*reading, f"return {made}"])


def compile_attributes_shower(
    fields: Sequence[Field], *, partial: bool
) -> Callable[..., tuple[dict[str, Normal], dict[str, object]]]:
    """Like `compile_attributes_reader`, with the attributes as plain values beside them."""
    code = _code("reader and writer of attributes")
    reading, made = _attributes(fields, code, partial)
    writing = _writing(fields, code, partial=partial)
    return code.function("profile, consents", [*reading, *writing, f"return {made}, out"])


# ---- writing


def _writing(
    fields: Sequence[Field], code: FunctionText, *, partial: bool = False, read: bool = True
) -> list[str]:
    """Lines that make `out`, a mapping of plain values, from the variables; what is missing is left out.

    `read`: the values were read just before, so that their other forms are at hand.
    """
    plain = [_plain(at, one, code, read) for at, one in enumerate(fields)]
    sure = next((at for at, one in enumerate(fields) if _may_lack(one, partial)), len(fields))
    always = ", ".join(f"{one.name!r}: {plain[at]}" for at, one in enumerate(fields[:sure]))
    lines = [f"out = {{{always}}}"]
    for at, field in enumerate(fields[sure:], sure):
        there = ""
        if _may_lack(field, partial):
            there = f"if v{at} == v{at}: " if is_quantity(field.type) else f"if v{at} is not None: "
        lines.append(f"{there}out[{field.name!r}] = {plain[at]}")
    return lines


def _may_lack(field: Field, partial: bool) -> bool:
    return field.needs is not None or (field.default is None and (field.optional or partial))


def _plain(at: int, field: Field, code: FunctionText, read: bool) -> str:
    if isinstance(field.type, ListOf):
        written = f"[{code.name(compile_writer(field.type.fields))}(each) for each in v{at}]"
    else:
        write = WRITERS.get(field.type.__class__) or (
            writer(field.type) if isinstance(field.type, SetOf) else None
        )
        written = f"{code.name(write)}(v{at})" if write else f"v{at}"
    return f"w{at} if w{at} is not None else {written}" if read and _converts(field, code) else written


def compile_writer(fields: Iterable[Field]) -> Callable[[Record], dict[str, object]]:
    """The function that turns a record into a mapping of plain values; what is missing is left out.

    >>> from mailweave.schema.types import Int
    >>> compile_writer([Field("qty", Int())])((2,))
    {'qty': 2}
    """
    known, code = tuple(fields), _code("writer of a record")
    if not known:
        return code.function("record", ["return {}"])
    values = "".join(f"v{at}, " for at in range(len(known)))
    return code.function("record", [f"{values}= record", *_writing(known, code, read=False), "return out"])


def compile_attributes_writer(fields: Sequence[Field], *, partial: bool) -> Callable[..., dict[str, object]]:
    """The function that turns attributes into a mapping of plain values."""
    code = _code("writer of attributes")
    values = [f"v{at} = attributes[{field.name!r}]" for at, field in enumerate(fields)]
    writing = _writing(fields, code, partial=partial, read=False)
    return code.function("attributes", [*values, *writing, "return out"])
