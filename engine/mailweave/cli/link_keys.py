"""The keys that sign links, as verbs are given them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mailweave.batch.extras import require

if TYPE_CHECKING:
    from mailweave.delivery.links import Keys


def link_keys(file: Path | None, *, place: str) -> Keys | None:
    """Those of a file, else those of the environment; None where neither holds any. place: the verb that asks.

    Raises MailweaveError.
    """
    from mailweave.delivery.links import Keys
    from mailweave.delivery.links.keys import VARIABLE

    if file is None and VARIABLE not in os.environ:
        return None
    require("delivery", place=place, what="signing links")
    return Keys.from_environment() if file is None else Keys.from_file(file)
