"""A whole AMP document around a body."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.message.amp.extensions import scripts, used

_RUNTIME = '<script async src="https://cdn.ampproject.org/v0.js"></script>'
_BOILERPLATE = "<style amp4email-boilerplate>body{visibility:hidden}</style>"


def document(
    body: str,
    *,
    css: str = "",
    extensions: Iterable[str] = (),
    html_attributes: str = "",
    body_attributes: str = "",
) -> str:
    """An AMP4EMAIL document: head, runtime, exactly the scripts that `body` uses, strict CSS, body.

    body: AMP markup without `<body>`. css: rules for amp-custom. extensions: names of scripts that no
    tag of the body asks for. html_attributes, body_attributes: written into those tags as they are.

    >>> document("<p>Hi</p>").endswith("<body><p>Hi</p></body></html>")
    True
    """
    loaded = scripts({*used(body), *extensions})
    return framed(body, loaded, css=css, html_attributes=html_attributes, body_attributes=body_attributes)


def framed(
    body: str, loaded: str, *, css: str = "", html_attributes: str = "", body_attributes: str = ""
) -> str:
    """The document around `body` with the script tags `loaded`."""
    custom = f"<style amp-custom>{css}</style>" if css else ""
    return (
        f"<!doctype html>\n<html ⚡4email data-css-strict{_spaced(html_attributes)}>\n"
        f'<head><meta charset="utf-8">{_RUNTIME}{loaded}{_BOILERPLATE}{custom}</head>\n'
        f"<body{_spaced(body_attributes)}>{body}</body></html>"
    )


def _spaced(attributes: str) -> str:
    return f" {attributes}" if attributes else ""
