"""Plain text, derived once from the inlined HTML as a Liquid template of its own."""

from mailweave.message.plaintext.derive import TextTemplate, text_template
from mailweave.message.wrapping import finished, wrap

__all__ = ["TextTemplate", "finished", "text_template", "wrap"]
