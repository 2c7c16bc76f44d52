"""AMP for Email: validation by the rules as data, and the AMP part of an e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.lazy_exports import lazily

if TYPE_CHECKING:
    from mailweave.message.amp.admission import Admission, admit
    from mailweave.message.amp.assembly import document
    from mailweave.message.amp.campaign_parts import weave
    from mailweave.message.amp.official import ValidatorUnusable
    from mailweave.message.amp.parts import EXTENSIONS_SLOT, AmpPart, AmpWoven, beyond_limit
    from mailweave.message.amp.report import AmpError, AmpReport
    from mailweave.message.amp.static_validation import Proof, prove
    from mailweave.message.amp.styles import StyleBook
    from mailweave.message.amp.transform import AmpSource, from_html
    from mailweave.message.amp.validator import validate_by_rules
    from mailweave.message.amp.verdict import validate

_HOMES = {
    "Admission": "admission",
    "AmpError": "report",
    "AmpPart": "parts",
    "AmpReport": "report",
    "AmpSource": "transform",
    "AmpWoven": "parts",
    "EXTENSIONS_SLOT": "parts",
    "Proof": "static_validation",
    "StyleBook": "styles",
    "ValidatorUnusable": "official",
    "admit": "admission",
    "beyond_limit": "parts",
    "document": "assembly",
    "from_html": "transform",
    "prove": "static_validation",
    "validate": "verdict",
    "validate_by_rules": "validator",
    "weave": "campaign_parts",
}

__all__ = [
    "EXTENSIONS_SLOT",
    "Admission",
    "AmpError",
    "AmpPart",
    "AmpReport",
    "AmpSource",
    "AmpWoven",
    "Proof",
    "StyleBook",
    "ValidatorUnusable",
    "admit",
    "beyond_limit",
    "document",
    "from_html",
    "prove",
    "validate",
    "validate_by_rules",
    "weave",
]

if not TYPE_CHECKING:  # a name that is not there stays an error to mypy
    __getattr__ = lazily(__name__, _HOMES)
