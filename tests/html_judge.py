"""An independent judge of escaping: does a value change how a browser reads the page?

It parses with html5lib and tinycss2, which share nothing with the code under test, and compares the
structure with the one that a neutral value gives. Texts and values are not part of the structure; tags,
attributes, CSS rules and declarations, script tokens and the schemes of URLs are.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import html5lib
import tinycss2

NEUTRAL = "abc"
SCHEMES = {"", "http", "https", "mailto", "tel", "sms", "cid"}
URL_ATTRIBUTES = {
    "href",
    "src",
    "action",
    "background",
    "formaction",
    "poster",
    "cite",
    "{http://www.w3.org/1999/xlink}href",
}
# A lone `%}` is text to every second pass, and honest CSS has it: `a{width:50%}`.
ALIVE = ("{{", "{%", "{#", "<%", "}}", "${")
_LOADS = {"url", "src", "image", "image-set", "-webkit-image-set", "expression", "element", "attr", "var"}
_COLOURS = {"rgb", "rgba", "hsl", "hsla"}
_SCALARS = {"ident", "number", "dimension", "percentage", "hash", "whitespace", "literal", "comment"}
_STRING = r""""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?"""
_SCRIPT = re.compile(_STRING + r"|\bnull\b|//[^\n\u2028\u2029]*|/\*.*?\*/|\s+", re.DOTALL)


def structure(html: str) -> Any:
    """What a browser makes of a page, without its texts and values."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return _element(tree)


def _element(node: Any) -> Any:
    if node.tag is ElementTree.Comment:
        return "comment"
    attributes = tuple(sorted((name, _attribute(node, name, value)) for name, value in node.attrib.items()))
    return (node.tag, attributes, _text(node), tuple(_element(child) for child in node))


def _text(node: Any) -> Any:
    if node.tag == "style":
        return _declarations(tinycss2.parse_stylesheet(node.text or "", skip_comments=True))
    if node.tag == "script":
        return _script(node.text or "", node.get("type", ""))
    return ""


def _attribute(node: Any, name: str, value: str) -> Any:
    if name == "style":
        return _declarations(tinycss2.parse_declaration_list(value, skip_comments=True))
    if name.startswith("on"):
        return _script(value, "")
    if name in URL_ATTRIBUTES:
        return ("url", scheme(value) in SCHEMES)
    if name == "srcset":
        return tuple(sorted({scheme(one.strip()) in SCHEMES for one in value.split(",")}))
    if name == "content" and (node.get("http-equiv") or "").lower() == "refresh":
        url = re.sub(r"^\s*[\d.]*\s*[;,]?\s*(url\s*=)?\s*['\"]?", "", value, flags=re.IGNORECASE)
        return ("refresh", scheme(url) in SCHEMES)
    return ""


def _declarations(nodes: Any) -> Any:
    """What takes effect; a word that is no declaration does nothing, and may be empty."""
    return tuple(_css(one) for one in nodes if one.type not in ("error", "whitespace"))


def scheme(url: str) -> str:
    """The scheme that a browser would act on, in lower case; empty for a relative URL."""
    seen = re.sub(r"[\t\n\r]", "", url).lstrip("".join(map(chr, range(33))))
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", seen)
    return found[1].lower() if found else ""


def _css(node: Any) -> Any:
    kind = node.type
    if kind == "declaration":
        return (kind, len(node.name) > 0, node.important, _tokens(node.value))
    if kind in ("qualified-rule", "at-rule"):
        content = (
            ()
            if node.content is None
            else _declarations(tinycss2.parse_blocks_contents(node.content, skip_comments=True))
        )
        return (kind, getattr(node, "lower_at_keyword", ""), _tokens(node.prelude), content)
    return kind


def _tokens(tokens: Any) -> Any:
    """The tokens that could do something: functions, URLs, strings, blocks, errors."""
    return tuple(filter(None, (_token(one) for one in tokens)))


def _token(token: Any) -> Any:
    kind = token.type
    if kind == "function":
        name = token.lower_name if token.lower_name in _LOADS else ""
        return None if token.lower_name in _COLOURS else (kind, name, _tokens(token.arguments))
    if kind == "url":
        return (kind, scheme(token.value) in SCHEMES)
    if kind in _SCALARS:
        return None if kind != "literal" or token.value in ",.#%+-" else token.value
    return (kind, _tokens(token.content)) if hasattr(token, "content") else kind


def _script(code: str, type: str) -> Any:
    if "json" in type:
        try:
            return _shape(json.loads(code))
        except ValueError:
            pass  # the author's own JSON is broken: what is left of it is compared
    return _SCRIPT.sub(lambda found: _token_of_script(found[0]), code)


def _token_of_script(text: str) -> str:
    if text == "null":  # a value that is missing, in the place of a string
        return "string"
    if text[0] not in "\"'":
        return ""
    return "string" if len(text) > 1 and text[-1] == text[0] else "open string"


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((key, _shape(one)) for key, one in value.items()))
    if isinstance(value, list):
        return tuple(map(_shape, value))
    return "str" if value is None else type(value).__name__


def alive(html: str) -> Counter[str]:
    """The marks of a second templating pass in the raw text."""
    return Counter({mark: html.count(mark) for mark in ALIVE if mark in html})


def mustache(html: str) -> int:
    """The live `{{` that AMP's mustache sees: it reads the page after references are resolved."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    inside = [t for t in tree.iter("template") if t.get("type") == "amp-mustache"]
    texts = [
        text
        for template in inside
        for node in template.iter()
        for text in (node.text, node.tail, *node.attrib.values())
        if text
    ]
    return sum(text.count("{{") + text.count("}}") for text in texts)


def unsafe(page: str, neutral: str) -> str:
    """Why `page` is read differently from `neutral`; empty when it is not."""
    if structure(page) != structure(neutral):
        return "the structure differs"
    if alive(page) - alive(neutral):
        return f"alive in a second pass: {dict(alive(page) - alive(neutral))}"
    return "alive in AMP" if mustache(page) > mustache(neutral) else ""
