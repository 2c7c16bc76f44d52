"""# MW991 unknown-role

A `role` or an `aria-` attribute that WAI-ARIA 1.2 does not know is ignored, so that what it was meant to say is not said:
most often it is misspelt (`role="presentaion"`, `aria-lable`).

    layout.html:9:1: warning MW991: there is no role `presentaion`

## What helps

The name as WAI-ARIA writes it. In mails, `role="presentation"` on tables is all that most need.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, did_you_mean
from mailweave.lint.aria import ROLES, STATES
from mailweave.lint.elements import holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        for role in dict.fromkeys(word for value in tag.plain("role") for word in value.lower().split()):
            if role not in ROLES:
                hint = did_you_mean(role, ROLES)
                yield found_at(reading, tag.span, "MW991", help=hint, what=f"role `{role}`")
        for one in tag.token.attributes:
            if one.name.startswith("aria-") and not holds_liquid(one.name) and one.name[5:] not in STATES:
                hint = did_you_mean(one.name, {f"aria-{state}" for state in STATES})
                yield found_at(reading, tag.span, "MW991", help=hint, what=f"attribute `{one.name}`")


RULE = PageRule("MW991", "accessibility", _judge)
