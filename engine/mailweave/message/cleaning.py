"""What the text of a header may hold: one line, no control characters, one direction at a time."""

from __future__ import annotations

import re

from mailweave.values.isolates import paired

LONGEST = 998
"""Characters of a subject or a name that are kept: as many as RFC 5322 allows in a line."""

# C0 and C1, line and paragraph separators, annotations that are not text, halves of characters
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ud800-\udfff]+")
# overrides and embeddings of direction; the mark of byte order, which decoders eat; code points that are no characters
_GONE = re.compile(
    "[\u202a-\u202e\u206a-\u206f\ufeff\ufdd0-\ufdef"
    + "".join(chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def one_line(text: str) -> str:
    """The text of a header: control characters become a space, direction overrides go, the length is bounded.

    Isolates that are opened and closed stay, and so do direction marks: names of two scripts need them. Blanks at
    both ends go.

    >>> one_line("Sale\\r\\nBcc: victim@example.com")
    'Sale Bcc: victim@example.com'
    """
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return text.strip()
    line = _GONE.sub("", _UNSAFE.sub(" ", text[: 4 * LONGEST])).strip()[:LONGEST].rstrip()
    return paired(line).strip()
