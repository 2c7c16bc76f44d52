"""Whether the AMP part of one recipient may be sent: the cheap half of a proof that was made before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailweave.message.amp.rules import rules

_HOST = r"(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]{1,4})?(?=[/?#\"])"
# the transform writes every attribute behind one blank, in lower case and double quotes
_SIZE = re.compile(r'[0-9]+(?:px)?"|[0-9]+%"|auto"')
_SOUND = {
    ' src="': re.compile(rf"https://{_HOST}|\{{\{{"),
    ' href="': re.compile(rf"https?://{_HOST}|mailto:|tel:|\{{\{{"),
    ' action-xhr="': re.compile(rf"https://{_HOST}"),
    ' width="': _SIZE,
    ' height="': _SIZE,
}
"""How the values of attributes begin that AMP allows. A text is split faster than a pattern looks through it."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether an AMP part goes out; `reason` says why not.

    Reasons: `too_large`, `invalid: CODE` with the first official code. `validated` is true when the
    document was validated as a whole, which costs milliseconds instead of microseconds.
    """

    sent: bool
    reason: str = ""
    validated: bool = False


def admit(document: str, *, exact: bool, dynamic: Iterable[str] | None = None) -> Admission:
    """Decides on the rendered AMP document of one recipient.

    exact: what the proof of its templates said. An exact one is measured and its addresses are looked
    through, which takes microseconds; only what looks suspect, and what was not proved, is validated.
    dynamic: the parts of the document that hold values in attributes, where that is known: only these are
    looked through.
    """
    most = rules().max_bytes
    if len(document) * 4 > most and len(document.encode("utf-8", "surrogatepass")) > most:
        return Admission(sent=False, reason="too_large")
    if exact and not any(map(_suspect, (document,) if dynamic is None else dynamic)):
        return Admission(sent=True)
    from mailweave.message.amp.validator import validate_by_rules  # what is proved needs no parser

    verdict = validate_by_rules(document)
    if verdict.passed:
        return Admission(sent=True, validated=True)
    code = next(error.code for error in verdict.errors if error.severity != "WARNING")
    return Admission(sent=False, reason=f"invalid: {code}", validated=True)


def _suspect(text: str) -> bool:
    """Whether some value may have made an address, a size or a class that AMP does not allow."""
    if "i-amphtml-" in text or ("__" in text and "__amp_source_origin" in text.lower()):
        return True
    return any(
        sound.match(value) is None
        for attribute, sound in _SOUND.items()
        for value in text.split(attribute)[1:]
    )
