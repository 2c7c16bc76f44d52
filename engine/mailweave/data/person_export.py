"""mailweave data export: everything that is held about one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mailweave.data.consent.state import state
from mailweave.data.erasing import Holdings
from mailweave.data.held import is_of, rows
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.instants import iso, to_instant


def held_about(holdings: Holdings, key: str, now: datetime) -> dict[str, Any]:
    """As plain JSON: the keys of the person, their consents and what these say at `now`, their rows by file.

    Raises MailweaveError (MW844) where nothing is held.
    """
    files, store, column = holdings.files, holdings.store, holdings.key_column
    keys = holdings.keys_of(key)
    kept = [one for one in store.kept() if one.record.who in keys] if store.exists else []
    listed = {str(path): [row for row in rows(path) if is_of(row, keys, column)] for path in files}
    if not kept and not any(listed.values()):
        raise MailweaveError([diagnose("MW844", place="KEY")])
    agreed = state(kept, now, dict.fromkeys(keys, key)).get(key, {})
    return {
        "keys": sorted(keys),
        "at": iso(to_instant(now)),
        "consent": dict(agreed),
        "consents": [{"line": one.n, **one.record.model_dump()} for one in kept],
        "held": {name: found for name, found in listed.items() if found},
    }
