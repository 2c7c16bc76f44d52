"""What models of buying are fitted to: for each recipient how often, how lately, and for how long one looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from mailweave.diagnostics import MailweaveError, diagnose

Numbers: TypeAlias = npt.NDArray[np.float64]
_UNIT: Final = "a time is a number in one unit, such as (at - zero) / timedelta(weeks=1)"


class PurchaseCounts(NamedTuple):
    """Arrays of one length. `frequency`: purchases behind the first; `recency`: from the first to the last; `T`: from the
    first to the end of the observation. All times in one unit."""

    frequency: Numbers
    recency: Numbers
    T: Numbers


def purchase_counts(
    buyers: npt.ArrayLike, times: npt.ArrayLike, until: float
) -> tuple[npt.NDArray[Any], PurchaseCounts]:
    """Who bought until a moment, in order, and their counts.

    buyers: the recipient of each purchase. times: when it was, as numbers in one unit (days or weeks, say) from any zero
    before; of moments `at` these are `(at - zero) / timedelta(weeks=1)`. until: the end of the observation, in the same
    unit from the same zero; later purchases are not seen. What somebody bought at one time is one purchase.

    Raises MailweaveError (MW790).

    >>> who, counts = purchase_counts(["a", "b", "a", "a", "b"], [0, 2, 3, 3, 9], until=5)
    >>> who.tolist(), [one.tolist() for one in counts]
    (['a', 'b'], [[1.0, 0.0], [3.0, 0.0], [5.0, 3.0]])
    """
    faults = [*_key_faults(buyers), *shape_faults("times", times), *shape_faults("until", [until])]
    refuse(faults or list(length_faults(buyers=buyers, times=times)))
    at = np.asarray(times, dtype=np.float64)
    seen = at <= until
    refuse([] if seen.any() else ["no purchase lies within the observation"])
    who, index = np.unique(np.asarray(buyers)[seen], return_inverse=True)
    once = np.unique(np.column_stack([index, at[seen]]), axis=0)
    place = once[:, 0].astype(np.int64)
    first, last = np.full(len(who), np.inf), np.full(len(who), -np.inf)
    np.minimum.at(first, place, once[:, 1])
    np.maximum.at(last, place, once[:, 1])
    frequency = np.bincount(place, minlength=len(who)).astype(np.float64) - 1
    return who, PurchaseCounts(frequency, last - first, until - first)


def checked(frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike) -> PurchaseCounts:
    """The counts as arrays. Raises MailweaveError (MW790) with everything that is wrong with them."""
    refuse(list(_shapes(frequency=frequency, recency=recency, T=T)))
    found = PurchaseCounts(*(np.asarray(one, dtype=np.float64) for one in (frequency, recency, T)))
    refuse(list(_faults(found)))
    return found


def refuse(faults: list[str]) -> None:
    """Raises MailweaveError (MW790), one finding a fault, where there is any."""
    if faults:
        raise MailweaveError([diagnose("MW790", what=what) for what in faults])


def shape_faults(name: str, given: npt.ArrayLike) -> Iterator[str]:
    """What keeps an argument from being a row of finite numbers that are not negative."""
    if np.ma.is_masked(given):
        yield f"{_counted(np.ma.getmaskarray(np.ma.asarray(given)))} of `{name}` are missing or infinite"
        return
    try:
        if _is_dated(np.asarray(given)):
            yield f"`{name}` holds dates or durations: {_UNIT}"
            return
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        yield f"`{name}` holds what is no number"
        return
    if found.ndim != 1:
        yield f"`{name}` is no row of numbers: it has {found.ndim} dimensions"
    elif not len(found):
        yield f"`{name}` is empty"
    elif not np.isfinite(found).all():
        yield f"{_counted(~np.isfinite(found))} of `{name}` are missing or infinite"
    elif (found < 0).any():
        yield f"{_counted(found < 0)} of `{name}` are negative"


def _key_faults(buyers: npt.ArrayLike) -> Iterator[str]:
    """What keeps `buyers` from being a row of keys of one kind: whoever is missing cannot be told from another."""
    found = np.asarray(buyers, dtype=object)
    missing = np.array([one is None or one != one for one in found.flat], dtype=np.bool_)
    missing |= np.ma.getmaskarray(np.ma.asarray(buyers)).ravel() if np.ma.is_masked(buyers) else False
    if found.ndim != 1:
        yield f"`buyers` is no row of keys: it has {found.ndim} dimensions"
    elif missing.any():
        yield f"{_counted(missing)} of `buyers` are missing"
    elif len({isinstance(one, str) for one in found}) > 1:
        yield "`buyers` holds texts and others"


def _is_dated(given: npt.NDArray[Any]) -> bool:
    """Whether there are moments or spans: numpy has them as numbers, of a unit that nobody asked for."""
    return given.dtype.kind in "Mm" or any(isinstance(one, date | timedelta) for one in given.flat)


def length_faults(**given: npt.ArrayLike) -> Iterator[str]:
    """That columns of one list are not equally long."""
    lengths = {name: len(np.asarray(one)) for name, one in given.items()}
    if len(set(lengths.values())) > 1:
        yield "one row a recipient, but " + ", ".join(f"`{name}` has {n:,}" for name, n in lengths.items())


def _shapes(**given: npt.ArrayLike) -> Iterator[str]:
    found = [fault for name, one in given.items() for fault in shape_faults(name, one)]
    yield from found
    if not found:
        yield from length_faults(**given)


def _faults(counts: PurchaseCounts) -> Iterator[str]:
    frequency, recency, until = counts
    wrong = {
        "`frequency` are not whole numbers": frequency != np.floor(frequency),
        "`recency` are greater than their `T`": recency > until,
        "`recency` are above 0 where `frequency` is 0": (frequency == 0) & (recency > 0),
        "`recency` are 0 where `frequency` is above 0": (frequency > 0) & (recency == 0),
    }
    for what, where in wrong.items():
        if where.any():
            yield f"{_counted(where)} of {what}"


def _counted(where: npt.NDArray[np.bool_]) -> str:
    return f"{int(where.sum()):,} of {len(where):,}"
