"""Refusals at the border."""

from __future__ import annotations

_LONGEST = 60  # characters of a name that is worth showing


class InvalidValue(ValueError):
    """A value that does not fit; `reason` speaks of it and never quotes it.

    `path` leads to the value inside a record: `.price`. `expected` says what would fit, and `got` names the type that
    came, where it was the type that did not fit.
    """

    def __init__(self, reason: str, path: str = "", *, expected: str = "", got: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.expected = expected
        self.got = got

    def at(self, path: str) -> InvalidValue:
        """The same refusal, with the way to the value."""
        return self.moved(path + self.path)

    def moved(self, path: str) -> InvalidValue:
        """The same refusal at another place."""
        return InvalidValue(self.reason, path, expected=self.expected, got=self.got)


def mistyped(value: object, expected: str, reason: str = "", *, advice: str = "") -> InvalidValue:
    """The refusal of a value of the wrong type.

    >>> mistyped(3.0, "a whole number").reason
    'is not a whole number: got float'
    """
    got = type_name(value)
    said = f"{reason or f'is not {expected}'}: got {got}"
    return InvalidValue(f"{said}; {advice}" if advice else said, expected=expected, got=got)


def type_name(value: object) -> str:
    """The name of a value's type, as people know it.

    >>> from decimal import Decimal
    >>> type_name(3), type_name(Decimal(3)), type_name(None)
    ('int', 'decimal.Decimal', 'None')
    """
    kind = type(value)
    if value is None:
        return "None"
    package = kind.__module__.partition(".")[0]
    return shown(kind.__qualname__ if package == "builtins" else f"{package}.{kind.__qualname__}")


def shown(name: object) -> str:
    """A name of data as a message may show it: one short line of ASCII.

    >>> shown("first_name"), shown("a\\x00b")
    ('first_name', 'a\\\\x00b')
    """
    text = name if isinstance(name, str) else f"({type_name(name)})"
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return ascii(cut)[1:-1]
