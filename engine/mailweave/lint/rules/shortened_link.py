"""# MW968 shortened-link

A public shortener hides where a link leads: readers cannot tell, and filters that block one customer of a shortener
block all of them. Spamhaus lists such hosts, and advises senders against them.

    blocks/offer/block.html:2:9: warning MW968: `bit.ly` hides where this link leads

## What helps

The address itself, or a short one under a domain of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import host, links
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_SHORTENERS = frozenset(
    "bit.ly bitly.com buff.ly cutt.ly dlvr.it goo.gl is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly s.id short.io shorturl.at "
    "t.co t.ly t2m.io tiny.cc tinyurl.com tr.im v.gd".split()
)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for _, tag, address in links(reading):
        name = host(address).removeprefix("www.")
        if name in _SHORTENERS:
            yield found_at(reading, tag.span, "MW968", host=name)


RULE = PageRule("MW968", "links", _judge)
