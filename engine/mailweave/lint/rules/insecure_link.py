"""# MW966 insecure-link

What goes over `http:` can be read and changed on its way, by any network that a reader sits in; browsers warn of it,
and some filters of spam count it. The address is the author's, so `https:` is one letter away.

    blocks/offer/block.html:2:9: warning MW966: `http://shop.example/` is not encrypted

## What helps

`https://`. Addresses in `[blocks.x]` of campaign.toml are looked at as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.addresses import links, scheme
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.source import Span


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for _, tag, address in links(reading):
        if scheme(address) == "http" and len(address) > len("http://"):
            yield found_at(reading, tag.span, "MW966", fix=_encrypted(reading, tag), address=address)


def _encrypted(reading: Reading, tag: Tag) -> Fix | None:
    """The same over `https:`, where it stands in one attribute and begins it: whether the server has it is not known."""
    spans = [inner for _, inner in tag.spans("href")]
    begins = len(spans) == 1 and reading.prepared.page.text(spans[0]).lower().startswith("http:")
    return Fix(Span(spans[0].start, spans[0].start + len("http:")), "https:") if begins else None


RULE = PageRule("MW966", "links", _judge, "unsafe")
