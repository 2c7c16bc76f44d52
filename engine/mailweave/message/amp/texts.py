"""The text inside a `<script>` or `<style>` tag held against its spec."""

from __future__ import annotations

import json

from mailweave.message.amp.patterns import matches, occurs
from mailweave.message.amp.report import finding
from mailweave.message.amp.specs import TagSpec
from mailweave.message.amp.state import Place, State
from mailweave.message.amp.stylesheets import check_sheet

_JSON = frozenset({"application/json", "application/ld+json"})


def check_text(text: str, spec: TagSpec, opened: Place, place: Place, state: State) -> None:
    """Tells what is wrong with the text of a tag that opened at `opened`."""
    rule = spec.text
    assert rule is not None  # asked by the caller
    if rule.pattern is not None:
        if not matches(rule.pattern, text):
            state.errors.append(finding("MANDATORY_CDATA_MISSING_OR_INCORRECT", place, spec.described))
            return
    elif rule.css is not None:
        state.errors += check_sheet(text, rule.css, state.css, spec.described, opened)
    elif rule.blank and text.strip(" \t\n\r\f\v"):
        state.errors.append(finding("NON_WHITESPACE_CDATA_ENCOUNTERED", place, spec.described))
    size = len(text.encode())
    if rule.max_bytes is not None and size > rule.max_bytes:
        state.errors.append(finding("STYLESHEET_TOO_LONG", place, spec.described, size, rule.max_bytes))
        return
    if rule.counts_as_css:
        state.sheet_bytes += size
    for pattern, what in rule.refused:
        if occurs(pattern, text, any_case=True):
            state.errors.append(finding("CDATA_VIOLATES_DENYLIST", place, spec.described, what))


def check_json(text: str, kinds: list[str], opened: Place, begins: Place, state: State) -> None:
    """Warns of a script, opened at `opened`, that calls itself JSON and is none."""
    for kind in kinds:
        if kind.lower() not in _JSON or state.in_template:
            continue
        try:
            json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as fault:
            place = _fault_place(fault, opened, begins)
            state.errors.append(finding("INVALID_JSON_CDATA", place, warning=True))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _fault_place(fault: Exception, opened: Place, begins: Place) -> Place:
    if not isinstance(fault, json.JSONDecodeError):
        return begins
    column = begins[1] + fault.colno - 1 if fault.lineno == 1 else fault.colno - 1
    return opened[0] + fault.lineno - 1, column
