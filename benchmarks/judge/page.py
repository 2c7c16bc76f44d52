"""docs/scoreboard.md from what the judges found: no figure on it is written by hand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.judge import Cell, Judgement, Table

HEAD = """# Scoreboard

mailweave beside others, judged by what is not ours. Written by `make judge` from the figures in
`benchmarks/judge/results.json`, never by hand: `make check` fails where the page says anything
else, and does not judge again. `make judge` installs the peers below in `.cache`, judges, and
writes both files anew; `make judge SCALE=0.1` takes fewer inputs. Where a tool is missing, the page
says what was not judged. Days and machines are those of each run; only time depends on the machine.
The best figure of a column is bold, unless all are alike.
"""
OURS = "mailweave"


def page(found: Mapping[str, Judgement], judges: Mapping[str, Any]) -> str:
    """The whole page. `judges`: modules by name, in order."""
    parts = [HEAD, *_losses(found, judges)]
    for name, module in judges.items():
        parts += [f"## {module.TITLE}\n", _filled(module.TEXT) + "\n"]
        parts += list(_judgement(found.get(name, Judgement(skipped="not judged yet"))))
    return "\n".join([*parts, *_peers(found)])


def _judgement(one: Judgement) -> Iterator[str]:
    if one.skipped:
        yield f"**Not judged**: {one.skipped}.\n"
        return
    yield f"{one.date}, {one.machine}.\n"
    for table in one.tables:
        yield from _table(table)
    if one.notes:
        yield _listed(f"{note}." for note in one.notes)


def _table(table: Table) -> Iterator[str]:
    best = [_best(table, at) for at in range(len(table.columns))]
    yield f"**{table.caption}**\n"
    yield f"| | {' | '.join(table.columns)} |"
    yield "| --- |" + " ---: |" * len(table.columns)
    for name, cells in table.rows.items():
        shown = (
            f"**{_shown(cell)}**" if cell == top else _shown(cell)
            for cell, top in zip(cells, best, strict=True)
        )
        yield f"| {name} | {' | '.join(shown)} |"
    yield ""


def _best(table: Table, at: int) -> Cell | None:
    """The figure that wins a column; None where nobody does, because all are alike."""
    figures = [cells[at] for cells in table.rows.values()]
    if len(set(figures)) < 2:
        return None
    return min(figures) if table.best == "least" else max(figures)


def _shown(cell: Cell) -> str:
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}"


def _losses(found: Mapping[str, Judgement], judges: Mapping[str, Any]) -> Iterator[str]:
    """Each column in which others are better than ours."""
    yield "## Where mailweave is not the best\n"
    lost = [
        f"{module.TITLE}, {table.caption}, {column}: {_shown(table.rows[OURS][at])}, {better}."
        for name, module in judges.items()
        for table in (found[name].tables if name in found else ())
        if OURS in table.rows
        for at, column in enumerate(table.columns)
        if (better := _better(table, at))
    ]
    yield _listed(lost) if lost else "In no column below.\n"


def _better(table: Table, at: int) -> str:
    """The others whose figure beats ours, with it; what is ours as well is no other."""
    ours = table.rows[OURS][at]
    beats = [
        f"{name} {_shown(cells[at])}"
        for name, cells in table.rows.items()
        if not name.startswith(OURS) and (cells[at] < ours if table.best == "least" else cells[at] > ours)
    ]
    return " and ".join(beats)


def _listed(texts: Iterable[str]) -> str:
    return "".join(_filled(text, "- ") + "\n" for text in texts)


def _filled(text: str, sign: str = "") -> str:
    """Prose in lines of at most 100."""
    return textwrap.fill(
        " ".join(text.split()),
        100,
        initial_indent=sign,
        subsequent_indent=" " * len(sign),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _peers(found: Mapping[str, Judgement]) -> Iterator[str]:
    """Every version that judged or was judged."""
    used = {peer: version for one in found.values() for peer, version in (one.versions or {}).items()}
    yield "## Versions\n"
    yield "| | version | from |\n| --- | --- | --- |"
    for peer in sorted(used, key=lambda peer: peer.partition(" ")[2].lower()):
        kind, _, name = peer.partition(" ")
        yield f"| {name} | {used[peer]} | {_FROM[kind]} |"
    yield ""


_FROM = {"npm": "npm", "pypi": "PyPI", "here": "this machine"}
