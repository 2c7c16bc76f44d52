"""Mending what findings know how to mend, in the authors' own files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from mailweave.cli.files import lf, replace_text
from mailweave.diagnostics import Diagnostic, Fix
from mailweave.source import Source, Span


def fixes(found: Iterable[Diagnostic], *, unsafe: bool) -> dict[str, list[Fix]]:
    """The fixes of findings by file, from the first place to the last; of two that meet the first.

    unsafe: also those that change what a mail says or where it leads. A file that was changed since is left alone, and so
    is one of a library, which others use as well.
    """
    by_file: dict[str, list[Fix]] = {}
    for one in found:
        if one.fix is None or one.source is None or (not unsafe and _is_unsafe(one)):
            continue
        file, start = one.source.origin(one.fix.span.start)
        made = Fix(Span(start, start + one.fix.span.stop - one.fix.span.start), one.fix.text)
        judged = one.source.text[one.fix.span.start : one.fix.span.stop]
        is_verbatim = file.text[made.span.start : made.span.stop] == judged
        if is_verbatim and not file.shared and _is_as_read(file):
            by_file.setdefault(file.name, []).append(made)
    return {name: _apart(each) for name, each in by_file.items()}


def _is_as_read(source: Source) -> bool:
    """Whether a file holds what was judged: not so for stock files, and where a theme was put in."""
    path = Path(source.name)
    return path.is_file() and lf(path.read_text(encoding="utf-8", errors="replace")) == source.text


def _is_unsafe(found: Diagnostic) -> bool:
    from mailweave.lint import RULES

    return {rule.code: rule.fix for rule in RULES}.get(found.code, "safe") != "safe"


def _apart(found: list[Fix]) -> list[Fix]:
    kept: list[Fix] = []
    for one in sorted(set(found), key=lambda fix: (fix.span, fix.text)):
        if not kept or one.span.start >= kept[-1].span.stop:
            kept.append(one)
    return kept


def apply(wanted: Mapping[str, list[Fix]], *, show: bool) -> int:
    """Writes the files with their fixes, or shows how they would change; the number of fixes."""
    for name, made in wanted.items():
        with Path(name).open(encoding="utf-8", newline="") as file:
            before = file.read()
        after = _mended(before, made)
        if show:
            old, new = (lf(text).splitlines(keepends=True) for text in (before, after))
            click.echo("".join(difflib.unified_diff(old, new, name, name)), nl=False)
        else:
            replace_text(Path(name), after)
    return sum(map(len, wanted.values()))


def _mended(text: str, made: list[Fix]) -> str:
    """A text with its fixes, whose places count each line end as one; all others stay as they are."""
    at = [n for n, sign in enumerate(text) if sign != "\n" or text[n - 1 : n] != "\r"]
    at.append(len(text))
    end = "\r\n" if "\r\n" in text else "\n"
    for fix in reversed(made):
        text = text[: at[fix.span.start]] + fix.text.replace("\n", end) + text[at[fix.span.stop] :]
    return text
