"""A comparison as the comment of a pull request: a table first, everything else folded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Final

from mailweave.diagnostics.printers import visible
from mailweave.diff.changes import RuleChange
from mailweave.diff.comparison import Comparison
from mailweave.diff.moves import Moves
from mailweave.diff.reports import summary
from mailweave.rules.prover.recipient_text import told
from mailweave.schema.model import Schema

_MOST_ROWS: Final = 50
_LONGEST: Final = 60_000  # characters; GitHub takes 65,536


def as_markdown(found: Comparison, moved: Moves | None, pictures: tuple[str, ...] = ()) -> str:
    """GitHub's Markdown, short enough for one comment: examples that do not fit are counted."""
    lines = [f"### {_code(found.old)} → {_code(found.new)}: {summary(found)}", ""]
    lines += _table(found)
    lines += [] if moved is None else _moves(moved)
    lines += _declarations(found)
    lines += [f"- picture: {_code(name)}" for name in pictures]
    return "\n".join([*lines, *_examples(found, _LONGEST - sum(map(len, lines)))]) + "\n"


def _table(found: Comparison) -> Iterator[str]:
    if not found.rules:
        return
    yield from ("| rule | change | shown by |", "| --- | --- | --- |")
    for change in found.rules[:_MOST_ROWS]:
        yield f"| {_words(change.what)} | {_change(change)} | {_shown(change, found.schema)} |"
    if len(found.rules) > _MOST_ROWS:
        yield f"| … | {len(found.rules) - _MOST_ROWS} more | |"
    yield ""


def _change(change: RuleChange) -> str:
    if change.kind in ("choice", "order") and change.old:
        return f"{_code(change.old)} → {_code(change.new)}"
    if change.status == "renamed":
        return f"renamed, was {_code(change.old)}"
    through = f", through {', '.join(map(_code, change.through))}" if change.through else ""
    return change.status + through


def _shown(change: RuleChange, schema: Schema) -> str:
    said = [f"{word}: {_words(told(schema, witness.recipient))}" for word, witness in change.shown]
    said += [f"undecided: {_words(why)}" for why in change.verdict.undecided]
    return "<br>".join(said) or "the same people" * (change.status == "renamed")


def _moves(moved: Moves) -> Iterator[str]:
    share = moved.moved / (moved.recipients or 1)
    yield f"**{moved.moved:,} of {moved.recipients:,} recipients ({share:.1%}) get something else**:"
    yield f"{moved.newly_skipped:,} newly skipped, {moved.newly_mailed:,} newly mailed."
    yield ""
    for slot, counted in moved.slots.items():
        if any(old != new for old, new in counted):
            yield from _folded(f"Slot {_code(slot)}: who moved", [*_matrix(counted)])
    if any(old != new for old, new in moved.mail):
        yield from _folded("Who gets mail", [*_matrix(moved.mail)])


def _matrix(counted: dict[tuple[str, str], int]) -> Iterator[str]:
    """Before in the rows, after in the columns."""
    old, new = sorted({pair[0] for pair in counted}), sorted({pair[1] for pair in counted})
    yield f"| before ↓ after → | {' | '.join(map(_code, new))} |"
    yield f"| --- | {' | '.join('---:' for _ in new)} |"
    for one in old:
        numbers = [counted.get((one, other), 0) for other in new]
        yield f"| {_code(one)} | {' | '.join(f'{n:,}' if n else '·' for n in numbers)} |"


def _declarations(found: Comparison) -> Iterator[str]:
    lines = [
        f"- {each.status} {_code(each.name)}: {_code(each.old or '-')} → {_code(each.new or '-')}"
        for each in found.declarations
    ]
    yield from _folded(f"Declared data: {len(lines)}", lines) if lines else ()
    lines = [f"- {each.status} {_code(each.name)} +{each.plus} −{each.minus}" for each in found.texts]
    yield from _folded(f"Texts and settings: {len(lines)}", lines) if lines else ()
    lines = [f"- {_words(each.what)}: {_code(each.old)} → {_code(each.new)}" for each in found.rewritten]
    title = f"Written otherwise, proved to mean the same: {len(lines)}"
    yield from _folded(title, lines) if lines else ()


def _folded(title: str, lines: list[str]) -> Iterator[str]:
    yield from (f"<details><summary>{title}</summary>", "", *lines, "", "</details>", "")


def _examples(found: Comparison, room: int) -> Iterator[str]:
    """The rules as they were and are, and who shows the change, as `mailweave explain` takes them."""
    left_out = 0
    for change in found.rules:
        lines = list(_folded(f"{_words(change.what)}: {change.status}", list(_example(change))))
        room -= sum(len(line) + 1 for line in lines)
        if change.status == "renamed":
            continue
        if room < 0:
            left_out += 1
        else:
            yield from lines
    if left_out:
        yield f"{left_out} more in `--format json`."


def _example(change: RuleChange) -> Iterator[str]:
    for word, said in (("was", change.old), ("is", change.new)):
        if said and change.old != change.new:
            yield from (f"{word}: {_code(said)}", "")
    for word, witness in change.shown:
        whole = json.dumps(witness.recipient.as_json(), indent=2, ensure_ascii=False)
        refused = f" (whom {witness.refused} refuses)" if witness.refused else ""
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", whole)), default=0))
        yield from (f"{word}{refused}:", "", f"{fence}json", visible_lines(whole), fence, "")


def visible_lines(text: str) -> str:
    """Text of several lines with signs that hide or turn what stands beside them made visible."""
    return "\n".join(map(visible, text.split("\n")))


def _code(text: str) -> str:
    """Text that Markdown leaves alone, in a table too."""
    return f"<code>{escape(visible(text), quote=False).replace('|', '&#124;').replace('`', '&#96;')}</code>"


def _words(text: str) -> str:
    """Words with names in backticks."""
    parts = re.split(r"`([^`]*)`", text)
    return "".join(_code(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _escaped(text: str) -> str:
    plain = escape(visible(text), quote=False).replace("|", "&#124;")
    return re.sub(r"([\\*_\[\]#@~])", r"\\\1", plain)
