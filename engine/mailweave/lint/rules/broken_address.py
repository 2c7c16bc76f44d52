"""# MW936 broken-address

An address with a blank in it, two schemes, a scheme that is misspelt, or `mailto:` and `tel:` without anybody: mail
clients cut it off, show it as dead, or lead elsewhere. RFC 3986; RFC 6068; RFC 3966.

    blocks/offer/block.html:2:9: warning MW936: `htps://shop.example` is no address that a browser opens

## What helps

The address as the browser shows it; `%20` for a blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import links, pictures
from mailweave.lint.elements import holds_liquid
from mailweave.lint.lines import without_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_BROKEN = re.compile(
    r"https?:/?(?!/)\S*|https?:///.*|\w+://\w+://.*|https?://(?:https?|www)[:.]?/.*|h?t?tps?(?<!http)(?<!https)://.*|"
    r"(?:http|https);//.*|www\.\S+|mailto:(?:\s*|//.*|[^@?{]+)|tel:[^\d+{]*|https?://[^/?#{]*(?:\s|\.\.|,)[^/?#]*(?:[/?#].*)?",
    re.I,
)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    every = [*((tag, address) for _, tag, address in links(reading)), *pictures(reading)]
    for tag, address in every:
        blank = re.search(r"\s", without_liquid(address)) and not address.lower().startswith(
            ("mailto:", "tel:", "sms:", "data:")
        )
        if address and ((_BROKEN.fullmatch(address) and not holds_liquid(address)) or blank):
            yield found_at(reading, tag.span, "MW936", address=" ".join(address.split()))


RULE = PageRule("MW936", "links", _judge)
