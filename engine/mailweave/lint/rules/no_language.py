"""# MW953 no-language

`<html>` needs a `lang`: screen readers choose their voice by it, browsers hyphenate and translate by it. WCAG 2.2,
3.1.1; the Email Markup Consortium's report counts it among the most frequent serious faults.

    layout.html:2:1: warning MW953: `<html>` has no `lang`

## What helps

`<html lang="{{ campaign.locale | replace: '_', '-' }}" dir="{{ campaign.dir }}">`, and the same on an element in the
body (MW954).
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.name == "html" and (tag.may_lack("lang") or "" in tag.plain("lang")):
            yield found_at(reading, tag.span, "MW953")


RULE = PageRule("MW953", "accessibility", _judge)
