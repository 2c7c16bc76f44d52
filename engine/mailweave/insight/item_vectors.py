"""Items as vectors of what the rules declare of them, and how near each lies to what a recipient took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.taken_items import Places
from mailweave.rules.codecs import is_quantity, reader
from mailweave.schema.model import CatalogType
from mailweave.schema.types import Field, ListOf, SetOf

_DIGITS: Final = 9  # of a cosine: items of the same attributes are equally near


def item_vectors(
    catalog: CatalogType, items: Mapping[str, Mapping[str, object]], keys: Sequence[str]
) -> csr_matrix:
    """A row of length 1 for each of the keys, 0 for an item of which nothing is known.

    Amounts, numbers, dates and times are standardised over the items that have them; each other value, and each member
    of a set, is a column of 0 and 1, where two items have it and not all. Lists of records are left out. items: as a
    context holds them, checked.
    """
    fields = [field for name, field in catalog.fields.items() if name != catalog.key]
    columns = [
        column
        for field in fields
        if not isinstance(field.type, ListOf)
        for column in _columns(field, [_value(field, items[key]) if key in items else None for key in keys])
    ]
    if not columns:
        return csr_matrix((len(keys), 1))
    return _of_length_1(csr_matrix(hstack(columns)))


def _value(field: Field, item: Mapping[str, object]) -> Any:
    raw = item.get(field.column or field.name)
    return field.default if raw is None else reader(field.type)(raw)


def _columns(field: Field, values: Sequence[Any]) -> Iterator[csr_matrix]:
    return _standardised(values) if is_quantity(field.type) else _members(field, values)


def _standardised(values: Sequence[Any]) -> Iterator[csr_matrix]:
    column = np.array([np.nan if one is None else float(one) for one in values])
    known = column[~np.isnan(column)]
    if len(known) and known.std() > 0:
        yield csr_matrix(np.nan_to_num((column - known.mean()) / known.std())[:, np.newaxis])


def _members(field: Field, values: Sequence[Any]) -> Iterator[csr_matrix]:
    held = [() if one is None else tuple(one) if isinstance(field.type, SetOf) else (one,) for one in values]
    counted = Counter(member for one in held for member in one)
    for member in sorted((one for one, n in counted.items() if 1 < n < len(values)), key=str):
        yield csr_matrix(np.array([[float(member in one)] for one in held]))


def _of_length_1(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return csr_matrix(rows.multiply(1 / lengths[:, np.newaxis]))


def nearness(
    vectors: csr_matrix, people: Places, items: Places, shape: tuple[int, int]
) -> Callable[[int], Numbers]:
    """For a recipient, the cosine of each item to the mean of what they took, each time counted."""
    taken = csr_matrix((np.ones(len(people)), (people, items)), shape=shape)
    means = _of_length_1(csr_matrix(taken @ vectors))
    return lambda person: np.round((vectors @ means[person].T).toarray().ravel(), _DIGITS)
