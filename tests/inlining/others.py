"""Other inliners, in the settings in which they keep most."""

from __future__ import annotations

import css_inline
import premailer


def css_inline_kept(text: str) -> str:
    """css-inline, style elements kept, without the rules that it has inlined.

    That is the setting which does the same job as ours: `keep_at_rules` alone is smaller, but drops every rule
    with `:hover`, and `keep_style_tags` alone keeps each rule twice.
    """
    tool = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=True, remove_inlined_selectors=True
    )
    return tool.inline(text)


def css_inline_at_rules(text: str) -> str:
    """css-inline, only `@media` and the like kept."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True).inline(text)


def css_inline_all_kept(text: str) -> str:
    """css-inline, style elements kept as they are."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True).inline(text)


def premailer_important(text: str) -> str:
    """premailer, `!important` kept."""
    tool = premailer.Premailer(text, allow_network=False, disable_validation=True, strip_important=False)
    return str(tool.transform(pretty_print=False))
