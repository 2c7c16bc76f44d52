"""Plain text, derived once from the inlined HTML as a Liquid template of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.lazy_exports import lazily
from mailweave.message.wrapping import finished, wrap

if TYPE_CHECKING:
    from mailweave.message.plaintext.derive import text_template
    from mailweave.message.plaintext.derived_text import TextTemplate

__all__ = ["TextTemplate", "finished", "text_template", "wrap"]

if not TYPE_CHECKING:  # a name that is not there stays an error to mypy
    __getattr__ = lazily(__name__, {"TextTemplate": "derived_text", "text_template": "derive"})
