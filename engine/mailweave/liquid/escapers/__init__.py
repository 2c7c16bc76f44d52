"""The escapers: a pure function from any plain value to safe text, for each kind of place."""

from mailweave.liquid.escapers.openings import OPENINGS, safe_in_text
from mailweave.liquid.escapers.paired_escapes import PairedEscapes
from mailweave.liquid.escapers.table import ASCII_WORDS, LABELS, TABLE, WORDS, Escaper, FastPath, escaper
from mailweave.liquid.escapers.text import strip_tags
from mailweave.liquid.escapers.urls import BLOCKED

__all__ = [
    "ASCII_WORDS",
    "BLOCKED",
    "LABELS",
    "OPENINGS",
    "TABLE",
    "WORDS",
    "Escaper",
    "FastPath",
    "PairedEscapes",
    "escaper",
    "safe_in_text",
    "strip_tags",
]
