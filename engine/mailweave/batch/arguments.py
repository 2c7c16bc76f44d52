"""What callers pass to a batch, looked at before anything is begun: a mistake of theirs is told once, and at once."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from mailweave.diagnostics import ArgumentError
from mailweave.values.invalid_value import type_name


def checked_lists(name: str, given: object) -> list[str]:
    """Paths, globs or a table, as texts. Raises ArgumentError."""
    listed = [given] if isinstance(given, str | os.PathLike) else given
    expected = "a path, a glob or a table, or a list of paths"
    if not isinstance(listed, Iterable) or isinstance(listed, bytes | Mapping):
        raise ArgumentError("MW040", name, expected, type_name(given))
    return [_text(name, one, expected) for one in listed]


def checked_people(given: object) -> list[str]:
    """The lists of recipients, of which there is one. Raises ArgumentError."""
    found = checked_lists("profiles", given)
    if not found:
        raise ArgumentError("MW040", "profiles", "a path, a glob or a table", "no list at all")
    return found


def checked_output(given: object) -> Path:
    """The folder of an output. Raises ArgumentError."""
    return Path(_text("out", given, "the path of a folder"))


def check_file(name: str, given: object) -> None:
    """Raises ArgumentError for what is no path of a file; None is none."""
    if given is not None:
        _text(name, given, "the path of a file")


def check_one_of(name: str, given: object, known: Collection[str]) -> None:
    """Raises ArgumentError for what is not one of these words."""
    if given not in tuple(known):
        got = "another text" if isinstance(given, str) else type_name(given)
        raise ArgumentError("MW040", name, f"one of {', '.join(known)}", got)


def check_count(name: str, given: object, *, optional: bool = False) -> None:
    """Raises ArgumentError for what is no whole number from 1 on."""
    if given is None and optional:
        return
    if not isinstance(given, int) or isinstance(given, bool):
        raise ArgumentError("MW040", name, "a whole number from 1 on", type_name(given))
    if given < 1:
        raise ArgumentError("MW040", name, "a whole number from 1 on", str(given))


def check_number(name: str, given: object, least: float, most: float, example: str) -> None:
    """Raises ArgumentError for what is no number between two, such as the `example`."""
    expected = f"a number from {least:g}{'' if most == math.inf else f' to {most:g}'}, such as {example}"
    if not isinstance(given, int | float) or isinstance(given, bool):
        raise ArgumentError("MW040", name, expected, type_name(given))
    if not least <= given <= most or given == math.inf:
        raise ArgumentError("MW040", name, expected, f"{given:g}")


def check_callable(name: str, given: object) -> None:
    """Raises ArgumentError for what cannot be called."""
    if not callable(given):
        raise ArgumentError("MW040", name, "a function", type_name(given))


def _text(name: str, given: object, expected: str) -> str:
    """A path as text."""
    if not isinstance(given, str | os.PathLike):
        raise ArgumentError("MW040", name, expected, type_name(given))
    text = os.fspath(given)
    if not isinstance(text, str):
        raise ArgumentError("MW040", name, expected, type_name(text))
    if not text.strip() or "\0" in text:
        raise ArgumentError(
            "MW040", name, expected, "a text with a NUL in it" if text.strip() else "an empty text"
        )
    return text
