"""AMP for Email: validation by the rules as data, and the AMP part of an e-mail."""

from mailweave.message.amp.report import AmpError, AmpReport
from mailweave.message.amp.validator import validate

__all__ = ["AmpError", "AmpReport", "validate"]
