"""A recipient in a box, in words; and whether there surely is one."""

from __future__ import annotations

from math import inf

from mailweave.rules import typed as x
from mailweave.rules.regions.boxes import Box, Space
from mailweave.rules.regions.variables import Cell, Range, Variable
from mailweave.rules.wording import constant, spoken


def witness(space: Space, box: Box) -> str:
    """One recipient in a box, told by the values that matter: `count(open in last 7 days)` is 3, ..."""
    told = [_told(space, box, at) for at in _constrained(space, box)]
    return ", ".join(told) if told else "any recipient"


def _constrained(space: Space, box: Box) -> list[int]:
    return [at for at, mask in enumerate(box) if mask != space.everything[at]]


def _told(space: Space, box: Box, at: int) -> str:
    variable, least = space.variables[at], space.least(box)
    name = f"`{spoken(variable.key)}`"
    number = None if least is None else least[at]
    cell = next(c for place, c in enumerate(space.cells[at]) if box[at] >> place & 1)
    if cell.missing:
        return f"{name} is unknown"
    if cell.range is None:
        return f"{name} is {_label(cell, variable)}"
    return f"{name} is {_number(cell.range, number, variable)}"


def _label(cell: Cell, variable: Variable) -> str:
    if isinstance(variable.key, x.ByArm):
        return str(cell.label)
    if cell.label == "any other" or isinstance(cell.label, bool):
        return str(cell.label).lower()
    return constant(cell.label, variable.key.type)


def _number(found: Range, least: float | None, variable: Variable) -> str:
    type_ = variable.key.type
    if least is not None and least != -inf and not (found.low_open and least == found.low):
        return constant(least, type_)
    if found.high != inf and not found.high_open:
        return constant(found.high, type_)
    if found.high != inf:
        return f"below {constant(found.high, type_)}"
    return "any" if found.low == -inf else f"above {constant(found.low, type_)}"


def doubt(space: Space, box: Box) -> str | None:
    """Why it is not certain that somebody is in a box; None when it is."""
    at = _constrained(space, box)
    opaque = [space.variables[each] for each in at if space.variables[each].opaque]
    if opaque:
        return f"it depends on `{spoken(opaque[0].key)}`"
    return _times(space, at) or _events(space, box, at)


def _times(space: Space, at: list[int]) -> str | None:
    """An instant and the time since it are one thing; boxes take them for two."""
    keys = {space.variables[each].key for each in at}
    for key in keys:
        if isinstance(key, x.TimeSince) and key.value in keys:
            return f"it depends on `{spoken(key)}` and on `{spoken(key.value)}`"
    return None


def _events(space: Space, box: Box, at: list[int]) -> str | None:
    """Counts of one event under several filters hang together in ways that the axioms do not know."""
    least = space.least(box)
    counts: dict[str, list[tuple[x.EventAggregate, float]]] = {}
    for each in at:
        key, number = space.variables[each].key, None if least is None else least[each]
        if isinstance(key, x.EventAggregate):
            counts.setdefault(key.event, []).append((key, number or 0))
    for found in counts.values():
        if any(number for _, number in found) and not _realised(space, box, found):
            return f"it depends on how `{spoken(found[0][0])}` and `{spoken(found[-1][0])}` go together"
    return None


def _realised(space: Space, box: Box, counts: list[tuple[x.EventAggregate, float]]) -> bool:
    """Whether a history with these counts can be put together, window by window."""
    wheres = {key.where for key, _ in counts if key.where is not None}
    windows = {key.window for key, _ in counts}
    exact = [each for each in windows if isinstance(each, x.ExactWindow)]
    if len(wheres) > 1 or len(exact) + (None in windows) < len(windows):
        return False
    steps: list[x.ExactWindow | None] = [*sorted(exact, key=lambda each: each.length)]
    steps += [None] if None in windows else []
    some = all_ = 0.0
    for step in steps:
        wanted = {key.where is None: number for key, number in counts if key.window == step}
        more = max(wanted.get(False, some), some) - some
        some, all_ = some + more, max(wanted.get(True, 0), all_ + more)
        if True in wanted and not _fits(space, box, step, all_, counts):
            return False
    return True


def _fits(
    space: Space,
    box: Box,
    window: x.ExactWindow | None,
    number: float,
    counts: list[tuple[x.EventAggregate, float]],
) -> bool:
    """Whether a number of events lies in what the box leaves of the count over a window."""
    key = next(key for key, _ in counts if key.window == window and key.where is None)
    at = next(place for place, variable in enumerate(space.variables) if variable.key == key)
    cells = (cell for place, cell in enumerate(space.cells[at]) if box[at] >> place & 1)
    return any(cell.range is not None and number in cell.range for cell in cells)
