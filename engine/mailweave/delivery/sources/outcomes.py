"""What became of a source for a recipient, as it is counted."""

from __future__ import annotations

from typing import NamedTuple


class Outcome(NamedTuple):
    """What became of a source for a recipient.

    `outcome`: `fetched` for them, `kept` from before or shared with others, `given` by the caller, `not_asked`, or not
    had: then `else` where that stood in, and `failed` where nothing did. `why` is said of those two.
    """

    source: str
    outcome: str
    why: str = ""
