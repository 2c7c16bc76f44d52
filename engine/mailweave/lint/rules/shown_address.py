"""# MW969 shown-address-differs

Words that read as an address, over a link that leads to another host, are how phishing looks: mail clients warn of
it, and filters count it. Compared are the hosts, without `www.`; a host below the one that is shown is fine.

    blocks/offer/block.html:2:9: warning MW969: the words say `bank.example`, and the link leads to `click.example`

## What helps

Words in place of the address (`Your account`), or the same host in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import host, links
from mailweave.lint.elements import content
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,})(?:[/?#:]\S*)?", re.I
)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag, address in links(reading):
        there = host(address).removeprefix("www.")
        inside = content(reading.prepared.page, number, reading.tags)
        shown = _ADDRESS.fullmatch(inside.words) if there and not inside.open else None
        if shown is not None and not _same(shown[1].lower(), there):
            yield found_at(reading, tag.span, "MW969", shown=shown[1].lower(), host=there)


def _same(shown: str, there: str) -> bool:
    return there == shown or there.endswith(f".{shown}") or shown.endswith(f".{there}")


RULE = PageRule("MW969", "links", _judge)
