"""The escaper of an output: named by where the output stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailweave.liquid.contexts import html, url
from mailweave.liquid.contexts.css import MAYBE_WORD, URL_PARTS
from mailweave.liquid.contexts.model import Context, Kind, Part, State, Unsafe, Url, describe

_REFRESH_URL = re.compile(
    r"\A\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?(?P<url>.*)\Z", re.IGNORECASE | re.DOTALL
)
_REFRESH_TIME = re.compile(r"\A\s*[\d.]*\Z")


@dataclass(frozen=True, slots=True)
class Placement:
    """How an output is written: the label of its escaper, and how many of its last filters that
    escaper stands for (an author's `| escape`, for example)."""

    label: str
    dropped: int = 0


def place(context: Context) -> tuple[str, Context]:
    """The label of an output in `context`, and the context behind it. Raises `Unsafe`."""
    if context.opening and context.state not in (State.PLAIN, State.COMMENT):
        what = f"a place behind `{context.opening}`: a second templating pass could take both for a tag"
        raise Unsafe("MW451", where=what) if not context.held else _in_tag(context)
    context = _settle(context)
    match context.state:
        case State.PLAIN:
            return "none", context
        case State.TEXT | State.RCDATA:
            base = "text" if context.state is State.TEXT else "rcdata"
            return base + ("_mustache" if context.mustache else ""), context
        case State.COMMENT:
            return "comment", context
        case State.STYLE:
            return _css(context)
        case State.SCRIPT:
            return _script(context)
        case State.BEFORE_VALUE:
            return _value(html.enter_value(context, ""))
        case State.VALUE:
            return _value(context)
        case State.RAW:
            raise Unsafe("MW451", where=describe(context))
        case _:  # names of tags and attributes, and declarations
            raise Unsafe("MW450", where=describe(context))


def _settle(context: Context) -> Context:
    """Decides what is held: nothing that a value says may complete it."""
    if not context.held or context.state is State.COMMENT:
        return context
    if context.state is State.TEXT and context.held.startswith("<!--"):
        return context.but(state=State.COMMENT, held="")
    if context.state is State.VALUE:
        raise Unsafe("MW451", where=f"a place behind `{context.held}`, an unfinished character reference")
    raise _in_tag(context)


def _in_tag(context: Context) -> Unsafe:
    return Unsafe("MW450", where=f"a tag, behind `{context.held}`")


def _value(context: Context) -> tuple[str, Context]:
    base, behind = _value_base(context)
    delivery = "attr" if context.quote else "more" if context.begun else "bare"
    if base == "comment":
        return base, behind
    label = f"{base}_{delivery}" if base else delivery
    is_live = context.mustache and not base
    return label + ("_mustache" if is_live else ""), behind.but(begun=True)


def _value_base(context: Context) -> tuple[str, Context]:
    match context.kind:
        case Kind.TEXT:
            is_meta = context.element == "meta" and context.attribute == "content"
            return "", context.but(facts="content") if is_meta else context
        case Kind.URL:
            return _url(context)
        case Kind.CODE_URL if context.url in (Url.PATH, Url.QUERY):
            return _url(context)
        case Kind.SRCSET:
            is_start = context.url is Url.START
            return "srcset" if is_start else "srcset_path", url.behind_output(context)
        case Kind.CSS:
            return _css(context)
        case Kind.JS:
            return _script(context)
        case Kind.REFRESH:
            return _refresh(context)
        case _:  # no value is safe there
            raise Unsafe("MW451", where=describe(context))


def _url(context: Context) -> tuple[str, Context]:
    label = url.label(context)
    if label is None:
        code = "MW457" if context.url is Url.UNCLEAR else "MW451"
        raise Unsafe(code, where=describe(context))
    return label, url.behind_output(context)


def _refresh(context: Context) -> tuple[str, Context]:
    if context.part is Part.URL:
        return _url(context)
    if _REFRESH_TIME.match(context.gathered):
        return "refresh", context.but(gathered=context.gathered + "0")
    found = _REFRESH_URL.match(context.gathered)
    if found is None:
        raise Unsafe("MW451", where=describe(context))
    return _url(url.advance(context.but(part=Part.URL, url=Url.START), found["url"], 0))


def _css(context: Context) -> tuple[str, Context]:
    if context.tail == "\\" or context.part is Part.LOST or context.rule in ("@import", "@namespace"):
        raise Unsafe("MW451", where=describe(context))
    if context.part is Part.BLOCK:
        return "comment", context
    if context.part in URL_PARTS:
        label, behind = _url(context)
        return f"css_{label}", behind
    if context.part in (Part.DOUBLE, Part.SINGLE):
        return "css_string", context
    label = "css" if context.part is Part.VALUE else "css_name"
    return label, context.but(tail=MAYBE_WORD)


def _script(context: Context) -> tuple[str, Context]:
    if context.part in (Part.LINE, Part.BLOCK):
        return "comment", context
    if context.kind is Kind.OPAQUE or context.part is Part.LOST or context.tail:
        raise Unsafe("MW451", where=describe(context))
    return "js" if context.part is Part.VALUE else "js_string", context
