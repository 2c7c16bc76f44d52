"""AMP for Email: validation by the rules as data, and the AMP part of an e-mail."""

from mailweave.message.amp.admission import Admission, admit
from mailweave.message.amp.assembly import document
from mailweave.message.amp.campaign_parts import EXTENSIONS_SLOT, AmpPart, AmpWoven, beyond_limit, weave
from mailweave.message.amp.official import ValidatorUnusable
from mailweave.message.amp.report import AmpError, AmpReport
from mailweave.message.amp.static_validation import Proof, prove
from mailweave.message.amp.styles import StyleBook
from mailweave.message.amp.transform import AmpSource, from_html
from mailweave.message.amp.validator import validate_by_rules
from mailweave.message.amp.verdict import validate

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
