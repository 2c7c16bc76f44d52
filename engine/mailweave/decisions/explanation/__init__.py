"""Why a recipient gets what: the model of an explanation, its text and its JSON."""

from mailweave.decisions.explanation.explanation import Explanation

__all__ = ["Explanation"]
