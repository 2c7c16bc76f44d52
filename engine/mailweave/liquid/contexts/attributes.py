"""What the value of an attribute is written in."""

from __future__ import annotations

from mailweave.liquid.contexts.model import Kind

_URLS = frozenset(
    (
        "href",
        "src",
        "action",
        "formaction",
        "background",
        "cite",
        "poster",
        "longdesc",
        "usemap",
        "manifest",
        "profile",
        "icon",
        "classid",
        "codebase",
        "archive",
        "data",
        "dynsrc",
        "lowsrc",
        "ping",
        "action-xhr",
        "verify-xhr",
        "xlink:href",
    )
)
_CODE_URLS = {
    "script": ("src", "href", "xlink:href"),
    "object": ("data", "classid", "codebase", "archive"),
    "applet": ("code", "codebase", "archive"),
    "embed": ("src",),
    "link": ("href",),
    "base": ("href",),
}
_ANIMATIONS = frozenset(("animate", "set", "animatetransform", "animatecolor", "animatemotion", "discard"))
_ANIMATED = frozenset(("values", "to", "from", "by", "attributename"))
_PRESENTATIONS = frozenset(
    "fill stroke filter mask clip-path cursor color-profile marker marker-start marker-mid marker-end".split()
)
SWITCHES = {"script": ("type", "template"), "template": ("type",), "meta": ("http-equiv",)}
_JSON_TYPES = ("importmap", "speculationrules")
_JS_TYPES = frozenset(
    (
        "module",
        "text/javascript",
        "application/javascript",
        "text/ecmascript",
        "application/ecmascript",
        "application/x-javascript",
        "text/jscript",
    )
)


def kind_of(element: str, name: str, facts: str) -> Kind:
    """The language of the attribute `name` (lower case) of `element`."""
    if name in SWITCHES.get(element, ()):
        return Kind.SWITCH
    if name in _CODE_URLS.get(element, ()):
        return Kind.CODE_URL
    if element == "meta" and name == "content":
        return Kind.REFRESH if facts == "refresh" else Kind.TEXT
    if name == "on" or name.startswith(("[", "data-amp-bind-")):
        return Kind.ACTION
    if name.startswith("on"):
        return Kind.JS
    if element.rpartition(":")[2] in _ANIMATIONS and name in _ANIMATED:
        return Kind.ANIMATED
    if name in _PRESENTATIONS:
        return Kind.PRESENTATION
    if name == "srcdoc":
        return Kind.DOCUMENT
    return _by_name(name)


def _by_name(name: str) -> Kind:
    bare = name.removeprefix("data-")
    if bare in ("style", "srcset", "imagesrcset"):
        return Kind.CSS if bare == "style" else Kind.SRCSET
    if bare in _URLS or name.startswith("xmlns") or bare.rpartition(":")[2] in _URLS:
        return Kind.URL
    # names that nobody has standardised are taken by what they say
    is_own = "-" in name or ":" in name
    return Kind.URL if is_own and any(word in name for word in ("src", "uri", "url", "href")) else Kind.TEXT


def learn(element: str, name: str, value: str, facts: str) -> str:
    """What the attributes of a tag have told, with one more read."""
    value = value.strip().lower()
    if (element, name) == ("template", "type") and value == "amp-mustache":
        return "mustache"
    if (element, name) == ("meta", "http-equiv") and value == "refresh":
        return "refresh"
    if (element, name) == ("script", "type"):
        return _script(value.partition(";")[0].strip())
    return "opaque" if (element, name) == ("script", "template") else facts


def _script(value: str) -> str:
    if not value or value in _JS_TYPES:
        return "js"
    return "json" if value in _JSON_TYPES or value.endswith(("/json", "+json")) else "opaque"
