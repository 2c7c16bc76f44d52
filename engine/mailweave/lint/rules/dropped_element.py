"""# MW974 dropped-element

Elements that most mail clients take out, with what they hold, for safety: scripts, frames, forms, players, drawings,
plug-ins. What a mail needs to say must not stand in them. caniemail.com: "<form> element", "<video> element",
"<audio> element", "<object> element"; Gmail's list of what it keeps. A `<video>` with a picture inside is fine: the
picture is what others see.

    blocks/poll/block.html:1:1: warning MW974: `<form>` is taken out by Gmail and Outlook

## What helps

A link to the page that holds it; for forms inside the mail, an AMP part (`block.amp.html`).
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import content
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_DROPPED = frozenset(
    "script iframe frame frameset form input select textarea button object embed applet canvas audio video "
    "base svg math details summary dialog keygen meter progress label fieldset output datalist option "
    "optgroup portal".split()
)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag in reading.tags.items():
        refreshes = tag.name == "meta" and "refresh" in {value.lower() for value in tag.plain("http-equiv")}
        if tag.name not in _DROPPED and not refreshes:
            continue
        if tag.name == "video" and not tag.may_lack("muted") and _has_picture(reading, number):
            continue
        yield found_at(reading, tag.span, "MW974", tag=tag.name)


def _has_picture(reading: Reading, number: int) -> bool:
    inside = content(reading.prepared.page, number, reading.tags)
    return any(one.name == "img" for one in inside.tags)


RULE = PageRule("MW974", "clients", _judge)
