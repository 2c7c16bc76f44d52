"""# MW970 link-to-machine

An address of a network (`192.168.0.7`), a name that only one house knows (`localhost`, `build.internal`), or an
address with a user in it (`https://user@host/`): left over from a test, unreachable for readers, and a mark of
phishing for filters. So are pictures that lie there.

    blocks/offer/block.html:2:9: warning MW970: `localhost` is no host that a reader can reach

## What helps

The public name of the site.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import host, is_machine, links, pictures, split
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    every = [*((tag, address) for _, tag, address in links(reading)), *pictures(reading)]
    for tag, address in every:
        name, parts = host(address), split(address)
        has_user = bool(name and parts is not None and parts.username and parts.scheme in ("http", "https"))
        if name and (has_user or is_machine(name)):
            shown = f"{parts.username}@{name}" if parts is not None and has_user else name
            yield found_at(reading, tag.span, "MW970", host=shown)


RULE = PageRule("MW970", "links", _judge)
