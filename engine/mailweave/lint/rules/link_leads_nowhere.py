"""# MW965 link-leads-nowhere

A link without an address, one to `#`, to a script, or with words of a draft in it. Mail clients remove scripts, and
show a dead link or an empty page for the rest. `#name` is fine where an element of the mail has that `id` or `name`.

    blocks/hero/block.html:6:1: warning MW965: this link leads nowhere: `#`

## What helps

The address of the page; or no `<a>` as long as there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import links
from mailweave.lint.elements import holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_DRAFT = re.compile(
    r"(?:https?:/*)?(?:#!?|javascript:.*|about:blank|todo|tbd|xxx+|url|link|\[.*\]|<.*>|#?lorem.*|"
    r"(?:www\.)?(?:your-?(?:domain|site|shop|company|website)|yourlink|placeholder)(?:\.\w+)?(?:/.*)?)?",
    re.I,
)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    names = {value for tag in reading.tags.values() for name in ("id", "name") for value in tag.values(name)}
    for _, tag, address in links(reading):
        if holds_liquid(address) or not (address.startswith("#") or _DRAFT.fullmatch(address)):
            continue
        if address[:1] != "#" or address[1:] not in names:
            yield found_at(reading, tag.span, "MW965", address=address or "an empty address")


RULE = PageRule("MW965", "links", _judge)
