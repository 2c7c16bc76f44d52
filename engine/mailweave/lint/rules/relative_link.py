"""# MW967 relative-link

A mail has no address of its own, so `/sale` or `sale.html` leads nowhere, and `shop.example/sale` without `https://`
is such an address too.

    blocks/offer/block.html:2:9: warning MW967: `/sale` has no host: a mail has no page that it could be relative to

## What helps

The whole address: `https://shop.example/sale`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import links, scheme
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for _, tag, address in links(reading):
        if address and address[0] != "#" and scheme(address) == "" and not address.startswith("//"):
            yield found_at(reading, tag.span, "MW967", address=address)


RULE = PageRule("MW967", "links", _judge)
