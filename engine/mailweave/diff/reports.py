"""A comparison as JSON for programs and as text for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mailweave.diagnostics.printers import visible
from mailweave.diff.changes import RuleChange
from mailweave.diff.comparison import Comparison
from mailweave.diff.moves import Moves
from mailweave.rules.prover.recipient_text import told
from mailweave.schema.model import Schema


def as_json(found: Comparison, moved: Moves | None, pictures: tuple[str, ...] = ()) -> str:
    """One object: `rules`, `rewritten`, `declarations`, `texts`, and `moves` where a list was given."""
    whole: dict[str, Any] = {
        "old": found.old,
        "new": found.new,
        "same": not found.is_meant,
        "rules": [change.as_json() for change in found.rules],
        "rewritten": [{"kind": c.kind, "name": c.name, "old": c.old, "new": c.new} for c in found.rewritten],
        "declarations": [_plain(each) for each in found.declarations],
        "texts": [_plain(each) for each in found.texts],
        "moves": None if moved is None else moved.as_json(),
        "pictures": list(pictures),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _plain(each: Any) -> dict[str, Any]:
    return {name: getattr(each, name) for name in each.__slots__}


def summary(found: Comparison) -> str:
    """The change in one line."""
    meant = [change for change in found.rules if change.status in ("changed", "added", "removed")]
    open_ = [change for change in found.rules if change.status == "undecided"]
    renamed = [change for change in found.rules if change.status == "renamed"]
    counts = (
        (len(meant), "rule means something else", "rules mean something else"),
        (len(open_), "rule is undecided", "rules are undecided"),
        (len(renamed), "new name", "new names"),
        (len(found.rewritten), "rewritten with the same meaning", "rewritten with the same meaning"),
        (len(found.declarations), "declaration", "declarations"),
        (len(found.texts), "text or setting", "texts or settings"),
    )
    told_ = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    return ", ".join(told_) or "nothing changed"


def as_text(found: Comparison, moved: Moves | None, pictures: tuple[str, ...] = ()) -> str:
    """Lines for a terminal."""
    lines = [f"{found.old} -> {found.new}: {summary(found)}"]
    for change in found.rules:
        lines += ["", *_rule(change, found.schema)]
    lines += [""] if found.rewritten or found.declarations or found.texts else []
    lines += [f"rewritten  {change.what}: the same meaning" for change in found.rewritten]
    for declared in found.declarations:
        lines.append(f"{declared.status:<10} {declared.name}: {declared.old or '-'} -> {declared.new or '-'}")
    for text in found.texts:
        said = f": {text.old or '-'} -> {text.new or '-'}" if text.old or text.new else ""
        lines.append(f"{text.status:<10} {text.name} (+{text.plus} -{text.minus}){said}")
    lines += [] if moved is None else ["", *_moves(moved)]
    lines += [f"picture    {name}" for name in pictures]
    return "\n".join(map(visible, lines)) + "\n"


def _rule(change: RuleChange, schema: Schema) -> Iterator[str]:
    through = f", through {', '.join(change.through)}" if change.through else ""
    yield f"{change.status:<10} {change.what}{through}"
    for word, said in (("was", change.old), ("is", change.new)):
        if said and change.old != change.new:
            yield f"  {word:<4}{said}"
    for word, witness in change.shown:
        refused = f" (whom {witness.refused} refuses)" if witness.refused else ""
        yield f"  {word}: {told(schema, witness.recipient)}{refused}"
        yield f"    {json.dumps(witness.recipient.as_json(), ensure_ascii=False)}"
    yield from (f"  undecided: {why}" for why in change.verdict.undecided)


def _moves(moved: Moves) -> Iterator[str]:
    share = moved.moved / (moved.recipients or 1)
    yield f"{moved.recipients:,} recipients, {moved.moved:,} of them ({share:.1%}) get something else"
    yield f"{moved.newly_skipped:,} newly skipped, {moved.newly_mailed:,} newly mailed, {moved.unread:,} unread"
    for slot, counted in (("mail", moved.mail), *moved.slots.items()):
        for row in sorted(((n, *pair) for pair, n in counted.items() if pair[0] != pair[1]), reverse=True):
            yield f"  {slot}: {row[1]} -> {row[2]}  {row[0]:,}"
