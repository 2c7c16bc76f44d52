"""The escapers: a pure function from any plain value to safe text, for each kind of place."""

from mailweave.liquid.escapers.memo import Twins
from mailweave.liquid.escapers.table import LABELS, TABLE, Escaper, FastPath, escaper, plain_text
from mailweave.liquid.escapers.text import strip_tags
from mailweave.liquid.escapers.urls import BLOCKED

__all__ = [
    "BLOCKED",
    "LABELS",
    "TABLE",
    "Escaper",
    "FastPath",
    "Twins",
    "escaper",
    "plain_text",
    "strip_tags",
]
