"""# MW946 control-in-control

A link in a link, or in something that is one thing for who listens (`role="button"`, `role="img"`), cannot be reached:
a browser closes the first link where the second begins, and what stands in a picture is not read out. HTML, 4.5.1;
WCAG 2.2, 4.1.2.

    blocks/card/block.html:3:5: warning MW946: this link stands in an `<a>`

## What helps

Links beside each other; for a card that is clicked as a whole, one link around all of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.aria import ONE_THING
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.tokens import EndTag, StartTag

_CONTROLS = frozenset({"a", "button", "input", "select", "textarea", "summary", "iframe"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    written = dict(_in_links(reading))
    for number, tag in reading.tags.items():
        if not is_control(tag):
            continue
        if number in written:
            yield found_at(reading, tag.span, "MW946", around="`<a>`")
        elif tag.element is not None and tag.name != "area":
            around = (reading.tags.get(-1 if e.number is None else e.number) for e in tag.element.ancestors())
            wrong = next((role for one in around if one is not None for role in _whole(one)), None)
            if wrong is not None:
                yield found_at(reading, tag.span, "MW946", around=f"element of `{wrong}`")


def is_control(tag: Tag) -> bool:
    """Whether the keyboard can reach an element."""
    if any(value.strip().lstrip("-").isdigit() for value in tag.plain("tabindex")):
        return True
    return tag.name in _CONTROLS and (tag.name != "a" or any(True for _ in tag.values("href")))


def _whole(tag: Tag) -> Iterator[str]:
    roles = {word for value in tag.plain("role") for word in value.lower().split()}
    yield from sorted(roles & ONE_THING)
    if tag.name in ("button", "summary"):
        yield tag.name


def _in_links(reading: Reading) -> Iterator[tuple[int, bool]]:
    """The controls that are written between `<a href>` and `</a>`, where a browser does not put them."""
    open_ = False
    for number, token in enumerate(reading.prepared.page.tokens):
        if isinstance(token, EndTag) and token.name == "a":
            open_ = False
        elif isinstance(token, StartTag) and number in reading.tags:
            if open_ and is_control(reading.tags[number]):
                yield number, True
            if token.name == "a":
                open_ = is_control(reading.tags[number])


RULE = PageRule("MW946", "accessibility", _judge)
