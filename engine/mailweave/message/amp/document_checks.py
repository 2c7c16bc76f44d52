"""What only the whole document shows: its kind, what it lacks, its sizes."""

from __future__ import annotations

from mailweave.message.amp.attributes import IDENTIFIERS
from mailweave.message.amp.report import finding
from mailweave.message.amp.state import Place, State, Tag

_FORMAT = frozenset({"amp4email", "data-ampdevmode", "data-css-strict"})


def check_identifiers(tag: Tag, state: State) -> None:
    """What the `<html>` tag says the document is."""
    found: set[str] = set()
    for name, _ in tag.attributes:
        kind = IDENTIFIERS.get(name)
        if kind is None:
            continue
        if kind not in _FORMAT:
            state.errors.append(finding("DISALLOWED_ATTR", tag.place, name, "html"))
            continue
        found.add(kind)
        if kind == "data-ampdevmode":
            state.errors.append(finding("DEV_MODE_ONLY", tag.place))
    state.identifiers = frozenset(found)
    if "amp4email" not in found:
        state.errors.append(finding("MANDATORY_ATTR_MISSING", tag.place, "⚡4email", "html"))
    elif "data-css-strict" not in found:
        state.errors.append(finding("AMP_EMAIL_MISSING_STRICT_CSS_ATTR", tag.place, warning=True))


def check_document(state: State, size: int, end: Place) -> None:
    """The checks at the end of a document of `size` bytes."""
    for spec in state.rules.tags:
        if spec.mandatory and spec.switch.on(state.identifiers) and spec.id not in state.validated:
            state.errors.append(finding("MANDATORY_TAG_MISSING", end, spec.described))
    for spec in state.rules.tags:
        if spec.id in state.validated and spec.switch.on(state.identifiers):
            for condition in spec.requires:
                if condition not in state.satisfied:
                    error = finding("TAG_REQUIRED_BY_MISSING", end, condition, spec.described)
                    state.errors.append(error)
            for condition in spec.excludes:
                if condition in state.satisfied:
                    state.errors.append(finding("TAG_EXCLUDED_BY_TAG", end, spec.described, condition))
    for extension in sorted(state.must_be_used - state.used):
        state.errors.append(finding("EXTENSION_UNUSED", end, extension))
    _check_sizes(state, size, end)
    for value, error in state.required:
        if value not in state.provided:
            state.errors.append(error)


def _check_sizes(state: State, size: int, end: Place) -> None:
    limit = state.rules.max_bytes
    if size > limit:
        state.errors.append(finding("DOCUMENT_SIZE_LIMIT_EXCEEDED", end, limit, size))
    css = state.css
    used = state.sheet_bytes + state.inline_bytes
    if used > css.max_bytes:
        facts = (used, css.max_bytes)
        warning = css.limit_is_warning
        state.errors.append(finding("STYLESHEET_AND_INLINE_STYLE_TOO_LONG", end, *facts, warning=warning))
