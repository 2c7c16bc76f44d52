"""A file that goes with a mail."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. `type` is its media type, such as `application/pdf`. `content_id`, without angle brackets, is what the
    HTML calls it by (`<img src="cid:logo">`); where it is empty, a reader lists the file below the mail.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    content_id: str = ""
