"""learned.toml, written: what was learned in the place of what stood there, slot by slot."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from mailweave.decisions.drawing import Drawing
from mailweave.insight.learning import Learned

_HEAD = """\
# Written by `mailweave results learn`: with which chance columns of the policy `learned` draw their blocks.
# docs/learned.md says how to read it; another `salt` draws anew.
"""


def learned_toml(drawn: Mapping[str, Drawing], taken: Mapping[str, Learned]) -> str:
    """The text of the file. drawn: how each slot draws now. taken: the slots whose new table is taken."""
    told = {slot: one for slot, one in sorted(drawn.items()) if slot in taken or one.table is not None}
    parts = (_slot(slot, one, taken.get(slot)) for slot, one in told.items())
    return _HEAD + "".join("\n" + "\n".join(lines) + "\n" for lines in parts)


def _slot(slot: str, drawing: Drawing, new: Learned | None) -> Iterator[str]:
    yield f"[{slot}]"
    by, salt = (None, "") if drawing.table is None else (drawing.table.by, drawing.table.salt)
    if by is not None:
        yield f'by = "{by}"'
    yield f"salt = {json.dumps(_next(salt) if new else salt)}"
    table = {**drawing.chances, **(new.table if new else {})}
    for bucket, chances in table.items():
        name = bucket if bucket.isidentifier() and bucket.isascii() else json.dumps(bucket)
        yield ""
        yield f"[{slot}.buckets.{name}]"
        yield from (f"{block} = {chance!r}" for block, chance in chances.items())


def _next(salt: str) -> str:
    """The salt behind one: a number, counted on."""
    return str(int(salt) + 1) if salt.isdecimal() else "1"
