"""# MW988 small-words

Words below 14 pixels are hard to read for many, on telephones most of all; the Email Markup Consortium's report
counts them. Looked at are all elements with words of their own, in every branch and view, where their size is known.
Words of 0 or 1 pixel count as a spammer's trick (SpamAssassin), and are told where nothing else hides them.

    blocks/legal/block.html:2:1: warning MW988: the words of `<p>` are 11 px large

## What helps

`font-size: 14px` or more, for what is said in small print too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailweave.diagnostics import Diagnostic
from mailweave.lint.conditions import View
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.said import Said, winner
from mailweave.lint.words import speaking
from mailweave.markup.cascade.document import Element

LEAST = 14
_INVISIBLE = 2  # pixels: what is so small is meant not to be seen, as a preheader is
_RAISED = frozenset({"sup", "sub"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page, told = reading.prepared.page, set()
    words = speaking(page)
    for view, said, looks in reading.looks:
        for element, seen in looks.items():
            number, size = element.number, seen.size
            if number not in words or number in told or size is None or size >= LEAST - 0.01:
                continue
            if size < _INVISIBLE and any(
                _is_folded(e, said[e], view) for e in (element, *element.ancestors())
            ):
                continue
            shown = seen.seen and all(e.shown for e in (element, *element.ancestors()))
            if number is not None and shown and element.tag not in _RAISED:
                told.add(number)
                yield found_at(
                    reading,
                    page.tokens[number].span,
                    "MW988",
                    tag=element.tag,
                    size=f"{size:.4g}",
                    least=LEAST,
                )


def _is_folded(element: Element, said: Sequence[Said], view: View) -> bool:
    """Whether an element is hidden by its height, as preheaders are."""
    found, known = winner(said, view, "max-height")
    value = found.declared.declaration.value.strip() if found is not None and known else ""
    return value[:1] == "0"


RULE = PageRule("MW988", "accessibility", _judge)
