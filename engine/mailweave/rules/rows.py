"""Rows and values of other libraries as plain Python, by what they can do; none of those libraries is imported."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any


def members(row: Any) -> dict[Any, Any] | None:
    """The members of a row by name: of a mapping, a dataclass, a model of pydantic or attrs, a named tuple, a Series of
    pandas, a record of numpy or a struct of Arrow; None for what is none of these."""
    row = plain(row)
    if isinstance(row, Mapping):
        return dict(row)
    if isinstance(row, type):
        return None
    names = _names(row)
    if names is not None:
        return {name: getattr(row, name) for name in names}
    if hasattr(row, "_asdict"):
        return dict(row._asdict())
    if hasattr(row, "to_dict") and getattr(row, "ndim", 0) == 1:
        return dict(row.to_dict())
    is_row = hasattr(row, "keys") and getattr(row, "ndim", 1) == 1  # a whole frame is none
    return {name: row[name] for name in row.keys()} if is_row else None  # noqa: SIM118


def _names(row: Any) -> list[str] | None:
    """The attributes that a class declares for its instances."""
    kind = type(row)
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    if hasattr(kind, "model_fields"):
        return [*kind.model_fields, *(getattr(row, "model_extra", None) or ())]
    if hasattr(kind, "__attrs_attrs__"):
        return [field.name for field in kind.__attrs_attrs__]
    return None


def plain(value: Any) -> Any:
    """A scalar, an array or a record of numpy, pandas or Arrow as Python has it; anything else as it is."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if library == "pyarrow" and hasattr(value, "as_py"):
        return value.as_py()
    if library == "numpy":
        return _of_numpy(value)
    if isinstance(value, datetime) and kind is not datetime and value == value:
        return datetime.combine(
            value.date(), value.time(), value.tzinfo
        )  # a Timestamp of pandas, without nanoseconds
    if isinstance(value, timedelta) and kind is not timedelta:
        return timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
    return value


def _of_numpy(value: Any) -> Any:
    if getattr(value.dtype, "names", None):
        return {name: value[name] for name in value.dtype.names}
    if value.dtype.kind in "mM":  # nanoseconds would become a bare number
        value = value.astype(f"{value.dtype.name.partition('[')[0]}[us]")
    return value.tolist() if hasattr(value, "tolist") else value


def is_absent(value: Any) -> bool:
    """Whether a value stands for nothing: None, NaN, NaT, NA."""
    if value is None:
        return True
    if isinstance(value, str | int | Mapping | list | tuple | set | frozenset):
        return False
    try:
        return bool(value != value)
    except (
        TypeError,
        ValueError,
        ArithmeticError,
    ):  # pandas.NA answers neither yes nor no; an array answers for each
        return type(value).__name__ == "NAType" or _is_signal(value)


def _is_signal(value: Any) -> bool:
    return hasattr(value, "is_snan") and bool(value.is_snan())
