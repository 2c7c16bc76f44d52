"""The counts of `mailweave segments` as JSON, and the shares of groups as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mailweave.batch.segments import Counts

_SHOWN = ("block", "segment")


def as_json(counts: Counts, by: str | None) -> str:
    """Everything that was counted, as one object."""
    whole: dict[str, Any] = {
        "recipients": counts.recipients,
        "mailed": counts.mailed,
        "unread": counts.unread_count,
        "counts": _rows(counts),
    }
    if by is not None:
        whole["by"] = by
        whole["groups"] = [_group(label, group) for label, group in counts.groups.items()]
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _rows(counts: Counts) -> list[dict[str, Any]]:
    names = ("kind", "name", "other", "recipients", "share")
    return [dict(zip(names, row, strict=True)) for row in counts.rows()]


def _group(label: str, group: Counts) -> dict[str, Any]:
    from mailweave.batch.grouping import SMALL

    return {
        "group": label,
        "recipients": group.recipients,
        "mailed": group.mailed,
        "small": group.recipients < SMALL,
        "shares": [_share(row, group) for row in group.rows() if row[0] in _SHOWN],
    }


def _share(row: tuple[str, str, str, int, float], group: Counts) -> dict[str, Any]:
    from mailweave.batch.intervals import wilson

    kind, name, other, n, share = row
    low, high = wilson(n, group.mailed if kind == "block" else group.recipients)
    return {
        "kind": kind,
        "name": name,
        "block": other,
        "recipients": n,
        "share": share,
        "low": low,
        "high": high,
    }


def group_lines(counts: Counts, by: str | None) -> Iterator[str]:
    """A table for each block and each segment: who of which group has it, and how sure that is."""
    if by is None:
        return
    groups = [_group(label, group) for label, group in counts.groups.items()]
    told = [
        (f"Blocks, by {by}", "block", "share of the mailed"),
        (f"Segments, by {by}", "segment", "share of the group"),
    ]
    for heading, kind, of in told:
        yield f"\n{heading:<58}{'recipients':>12}  {of}, 95 % interval"
        for name, block in _names(counts, kind):
            yield f"  {f'{name}  {block}'.rstrip()}"
            yield from (_line(group, kind, name, block) for group in groups)
    small = [group["group"] for group in groups if group["small"]]
    if small:
        yield f"\n* fewer than 30 recipients: {', '.join(small)}"


def _names(counts: Counts, kind: str) -> Iterator[tuple[str, str]]:
    return ((name, other) for k, name, other, _, _ in counts.rows() if k == kind)


def _line(group: dict[str, Any], kind: str, name: str, block: str) -> str:
    found = [s for s in group["shares"] if (s["kind"], s["name"], s["block"]) == (kind, name, block)]
    of = group["mailed"] if kind == "block" else group["recipients"]
    share = found[0] if found else _nobody(of)
    mark = "*" if group["small"] else " "
    label = f"    {group['group']}{mark}"
    between = f"{share['low']:>6.1%} to {share['high']:.1%}"
    return f"{label:<58}{share['recipients']:>12,}  {share['share']:>6.1%}  {between}"


def _nobody(of: int) -> dict[str, Any]:
    from mailweave.batch.intervals import wilson

    low, high = wilson(0, of)
    return {"recipients": 0, "share": 0.0, "low": low, "high": high}
