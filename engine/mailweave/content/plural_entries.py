"""Texts with one count as gettext has them: a singular and a plural, and for each language as many forms as it has.

A message holds a count as an output, `{{ n | plural: one: "# order", other: "# orders" }}, {{ id }}`. Gettext has it as
two whole sentences, `# order, {{ id }}` and `# orders, {{ id }}`, where `#` is the number. Forms of a translation are
whole sentences, too; they become one again by writing a count for each stretch between placeholders in which they differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from gettext import c2py

from babel import Locale

from mailweave.content.messages import PLACEHOLDER

_COUNT = re.compile(
    r"""\{\{\s*(?P<value>[^{}]*?\|\s*plural)\s*:\s*
    (?:one\s*:\s*(?P<one>"[^"{}]*"|'[^'{}]*')\s*,\s*other\s*:\s*(?P<other>"[^"{}]*"|'[^'{}]*')
      |other\s*:\s*(?P<other2>"[^"{}]*"|'[^'{}]*')\s*,\s*one\s*:\s*(?P<one2>"[^"{}]*"|'[^'{}]*'))\s*\}\}""",
    re.VERBOSE,
)
_PLURAL = re.compile(r"\|\s*plural\b")
_RULE = re.compile(r"\s*nplurals\s*=\s*([1-9])\s*;\s*plural\s*=([^;]+);?\s*", re.IGNORECASE)
_SAMPLES = (*range(201), 1_000, 1_000_000)


def pair(text: str) -> tuple[str, str] | None:
    """The singular and the plural of a message; None where it has no count, or more, or forms that gettext has not.

    >>> pair('{{ n | plural: one: "# order", other: "# orders" }}, {{ id }}')
    ('# order, {{ id }}', '# orders, {{ id }}')
    """
    found = list(_COUNT.finditer(text))
    if len(found) != 1 or len(_PLURAL.findall(text)) != 1:
        return None
    count = found[0]
    before, after = text[: count.start()], text[count.end() :]
    one, other = (count["one"] or count["one2"])[1:-1], (count["other"] or count["other2"])[1:-1]
    return None if "#" in before + after or one == other else (before + one + after, before + other + after)


def as_message(text: str, forms: Mapping[str, str]) -> tuple[str, str]:
    """A translation of a message that has a `pair`, from its forms by CLDR's categories; or what is wrong, in words.

    >>> as_message('{{ n | plural: one: "# file", other: "# files" }}', {"one": "# plik", "other": "# pliku"})
    ('{{ n | plural: one: "# plik", other: "# pliku" }}', '')
    """
    cut = {category: PLACEHOLDER.split(form) for category, form in forms.items()}
    marks = {tuple(_marks(form)) for form in forms.values()}
    if len(marks) > 1:
        return "", "its forms have not the same placeholders in the same order"
    count = _COUNT.search(text)
    assert count is not None, "whoever has no pair has no forms"
    (order,), made = marks, ""
    for number, mark in enumerate((*order, "")):
        written, why = _stretch(count["value"], {category: each[number] for category, each in cut.items()})
        if why:
            return "", why
        made += written + mark
    return made, ""


def _stretch(value: str, forms: Mapping[str, str]) -> tuple[str, str]:
    """What stands between two placeholders: words, or a count with a form for each category; or what is wrong."""
    first = next(iter(forms.values()))
    if "#" not in first and all(form == first for form in forms.values()):
        return first, ""
    written = []
    for category, form in forms.items():
        quote = "'" if '"' in form else '"'
        if quote in form or "{" in form or "}" in form:
            return "", "a form holds `\"` and `'`, or signs of Liquid"
        written.append(f"{category}: {quote}{form}{quote}")
    return f"{{{{ {value}: {', '.join(written)} }}}}", ""


def _marks(form: str) -> list[str]:
    return [found[0] for found in PLACEHOLDER.finditer(form)]


def is_rule(text: str) -> bool:
    """Whether a text is what `Plural-Forms` of a header may say.

    >>> is_rule("nplurals=2; plural=(n != 1);"), is_rule("nplurals=INTEGER; plural=EXPRESSION;")
    (True, False)
    """
    found = _RULE.fullmatch(text)
    try:
        form = c2py(found[2]) if found is not None else None
        return form is not None and all(form(number) >= 0 for number in _SAMPLES)
    except (ArithmeticError, ValueError, RecursionError):
        return False


@lru_cache(maxsize=64)
def categories(locale: str, expression: str, count: int) -> Mapping[str, int]:
    """CLDR's categories of a language, each with the number of the form of gettext that says it. `other` is always
    among them. Where the two draw the line elsewhere, most numbers decide, and of two the larger one.

    >>> sorted(categories("de", "(n != 1)", 2).items())
    [('one', 0), ('other', 1)]
    """
    form, plural_form = c2py(expression), Locale.parse(locale).plural_form
    said: dict[str, list[int]] = {}
    for number in _SAMPLES:
        said.setdefault(str(plural_form(number)), []).append(form(number))
    found = {category: _decided(numbers, count) for category, numbers in said.items()}
    return {**found, "other": found.get("other", count - 1)}


def _decided(numbers: Sequence[int], count: int) -> int:
    last = {number: at for at, number in enumerate(numbers)}
    return min(max(last, key=lambda one: (numbers.count(one), last[one])), count - 1)
