"""Reading HTML as a browser does, piece by piece, to know where the next output stands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.entities import html5

from mailweave.liquid.contexts import css, script, url
from mailweave.liquid.contexts.attributes import SWITCHES, kind_of, learn
from mailweave.liquid.contexts.model import Context, Kind, State, Unsafe, Url

_MSO = re.compile(r"<!--\[if\b[^\]>]*\]>", re.IGNORECASE)
_MSO_BEGUN = re.compile(r"<!--(?:\[(?:i(?:f(?:\b[^\]>]*\]?)?)?)?)?-?\Z", re.IGNORECASE)
_UNDECIDED = re.compile(r"<(?:/|!-?)?\Z")
_COMMENT_END = re.compile(r"--!?>")
_ENTITY_BEGUN = re.compile(r"&(?:#[xX]?[0-9a-fA-F]*|[A-Za-z][A-Za-z0-9]*)?\Z")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]+;?|#[0-9]+;?|[A-Za-z][A-Za-z0-9]*;?)")
_NAME_END = re.compile(r"[ \t\n\f\r/>]")
_SPACE = re.compile(r"[ \t\n\f\r]*")
_SPACE_OR_SLASH = re.compile(r"[ \t\n\f\r/]*")
_ATTRIBUTE_END = re.compile(r"[ \t\n\f\r=>/]")
_UNQUOTED_END = re.compile(r"[ \t\n\f\r>]")
# tags that are whole, quoted and of no consequence are skipped at once: most of a page is made of them
_WHOLE_TAG = re.compile(
    r"</?(?!(?:script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext|template)[ \t\n\f\r/>])"
    r"[a-z][^ \t\n\f\r/><]*+"
    r"(?:[ \t\n\f\r]++[^ \t\n\f\r\"'<>/=`]++(?:=(?:\"[^\"]*+\"|'[^']*+'))?+)*+[ \t\n\f\r]*+/?>",
    re.IGNORECASE,
)
_WHOLE_ATTRIBUTE = re.compile(r"[ \t\n\f\r]++([^ \t\n\f\r\"'<>/=`]++)=(?:\"[^\"]*+\"|'[^']*+')")
_MARKUP = re.compile(r"</?[a-z]", re.IGNORECASE)
_RAW = frozenset(("xmp", "iframe", "noembed", "noframes", "plaintext"))
_RCDATA = frozenset(("title", "textarea"))

_Step = tuple[Context, int]


def advance(context: Context, text: str) -> Context:
    """The context behind `text`. Raises `Unsafe` where the text itself cannot be followed."""
    ahead = len(context.held)
    opening = text[-1:] if text.endswith(("{", "<")) else ""
    text, context, at = context.held + text, context.but(held=""), 0
    while at < len(text):
        try:
            context, at = _STEPS[context.state](context, text, at)
        except Unsafe as problem:
            raise Unsafe(problem.code, max(0, problem.offset - ahead), **problem.facts) from None
    return context.but(opening=opening) if opening or context.opening else context


def _plain(context: Context, text: str, at: int) -> _Step:
    return context, len(text)


def _text(context: Context, text: str, at: int) -> _Step:
    at = text.find("<", at)
    while at >= 0 and (tag := _WHOLE_TAG.match(text, at)):
        at = text.find("<", tag.end())
    if at < 0:
        return context, len(text)
    if _UNDECIDED.match(text, at) or _MSO_BEGUN.match(text, at):
        return context.but(held=text[at:]), len(text)
    if text.startswith("<!--", at):
        return _open_comment(context, text, at)
    mark = text[at + 1]
    name = at + 1 + (mark == "/")
    if text[name].isascii() and text[name].isalpha():
        return context.but(state=State.TAG_NAME, closing=mark == "/"), name
    return (context.but(state=State.DECLARATION), name) if mark in "!?/" else (context, name)


def _open_comment(context: Context, text: str, at: int) -> _Step:
    mso = _MSO.match(text, at)
    if mso is not None:
        return context, mso.end()
    for abrupt in ("<!-->", "<!--->"):
        if text.startswith(abrupt, at):
            return context, at + len(abrupt)
    return context.but(state=State.COMMENT), at + 4


def _comment(context: Context, text: str, at: int) -> _Step:
    end = _COMMENT_END.search(text, at)
    if end is not None:
        return context.text(), end.end()
    tail = re.search(r"--?!?\Z", text[at:])
    return context.but(held=tail.group() if tail else ""), len(text)


def _declaration(context: Context, text: str, at: int) -> _Step:
    end = text.find(">", at)
    return (context, len(text)) if end < 0 else (context.text(), end + 1)


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _tag_name(context: Context, text: str, at: int) -> _Step:
    end = _NAME_END.search(text, at)
    stop = end.start() if end else len(text)
    if "<" in text[at:stop]:
        raise Unsafe("MW456", at + text[at:stop].index("<"), what="`<` in the name of a tag")
    context = context.but(element=context.element + text[at:stop].lower())
    return (context.tag() if end else context), stop


def _tag(context: Context, text: str, at: int) -> _Step:
    whole = _WHOLE_ATTRIBUTE.match(text, at)
    if whole and whole[1].lower() not in SWITCHES.get(context.element, ()):
        return context.but(joint=False) if context.joint else context, whole.end()
    end = _behind(_SPACE_OR_SLASH, text, at)
    if end == len(text):
        return context.but(joint=context.joint and end == at), end
    if text[end] == ">":
        return _open(context, text, end), end + 1
    if context.joint and end == at:
        raise Unsafe("MW456", at, what="a name whose first part stands in a branch")
    return context.tag().but(state=State.ATTRIBUTE_NAME), end


def _open(context: Context, text: str, at: int) -> Context:
    name, inside = context.element, Context(State.TEXT, mustache=context.mustache)
    if context.closing:
        return inside.but(mustache=context.mustache and name != "template")
    if name in _RAW or name in _RCDATA or name in ("script", "style"):
        if text[max(0, at - 1) : at] == "/":
            raise Unsafe("MW456", at, what=f"`<{name}/>`: this element must be closed by `</{name}>`")
        return _enclose(inside.but(element=name), context.facts)
    return inside.but(mustache=True) if context.facts == "mustache" else inside


def _enclose(inside: Context, facts: str) -> Context:
    name = inside.element
    if name == "style":
        return css.enter(inside.but(state=State.STYLE, kind=Kind.CSS))
    if name == "script":
        kind = {"json": Kind.JSON, "opaque": Kind.OPAQUE}.get(facts, Kind.JS)
        return script.enter(inside.but(state=State.SCRIPT, kind=kind))
    return inside.but(state=State.RCDATA if name in _RCDATA else State.RAW)


def _attribute_name(context: Context, text: str, at: int) -> _Step:
    end = _ATTRIBUTE_END.search(text, at)
    stop = end.start() if end else len(text)
    bad = re.search(r"[\"'<`]", text[at:stop])
    if bad or (stop == at and not context.attribute):
        sign = bad.group() if bad else text[at]
        raise Unsafe("MW456", at + (bad.start() if bad else 0), what=f"`{sign}` in the name of an attribute")
    name = context.attribute + text[at:stop].lower()
    return context.but(attribute=name, state=State.AFTER_NAME if end else context.state), stop


def _after_name(context: Context, text: str, at: int) -> _Step:
    end = _behind(_SPACE, text, at)
    if end == len(text):
        return context, end
    if text[end] == "=":
        kind = kind_of(context.element, context.attribute, context.facts)
        return context.but(state=State.BEFORE_VALUE, kind=kind), end + 1
    return context.tag(), end


def _before_value(context: Context, text: str, at: int) -> _Step:
    end = _behind(_SPACE, text, at)
    if end == len(text):
        return context, end
    if text[end] == ">":
        return context.tag(), end
    is_quoted = text[end] in "\"'"
    return enter_value(context, text[end] if is_quoted else ""), end + is_quoted


def enter_value(context: Context, quote: str) -> Context:
    """The start of an attribute's value."""
    entered = context.but(state=State.VALUE, quote=quote)
    if context.kind is Kind.CSS:
        return css.enter(entered)
    if context.kind is Kind.PRESENTATION:
        return css.enter_value(entered)
    return script.enter(entered) if context.kind is Kind.JS else entered


def _value(context: Context, text: str, at: int) -> _Step:
    end = _UNQUOTED_END.search(text, at) if not context.quote else None
    stop = (end.start() if end else -1) if not context.quote else text.find(context.quote, at)
    raw = text[at:] if stop < 0 else text[at:stop]
    if not context.quote:
        _check_unquoted(raw, at)
    begun = _ENTITY_BEGUN.search(raw) if stop < 0 and _needs_whole_entities(context) else None
    held = begun.group() if begun else ""
    context = _read_value(context, decode(raw.removesuffix(held)), at)
    if stop < 0:
        return context.but(held=held), len(text)
    return _end_value(context, at), stop + len(context.quote)


def _needs_whole_entities(context: Context) -> bool:
    """Whether half a character reference could change how the value is read."""
    if context.kind in (Kind.URL, Kind.CODE_URL):
        return context.url is not Url.QUERY
    return context.kind in (Kind.SRCSET, Kind.CSS, Kind.JS, Kind.REFRESH)


def decode(raw: str) -> str:
    """The value of an attribute written as `raw`."""
    return _ENTITY.sub(_decode_one, raw) if "&" in raw else raw


def _decode_one(found: re.Match[str]) -> str:
    whole, name = found.group(), found.group()[1:]
    if name.startswith("#"):
        return html.unescape(whole)
    follows = found.string[found.end() : found.end() + 1]
    return html5.get(name, whole) if name.endswith(";") or follows != "=" else whole


def _check_unquoted(raw: str, at: int) -> None:
    bad = re.search(r"[\"'<`]", raw)
    if bad:
        raise Unsafe("MW456", at + bad.start(), what=f"`{bad.group()}` in an attribute without quotes")


def _read_value(context: Context, value: str, at: int) -> Context:
    if not value:
        return context
    context = context.but(begun=True)
    match context.kind:
        case Kind.URL | Kind.CODE_URL:
            return url.advance(context, value, at)
        case Kind.SRCSET:
            return url.advance_list(context, value, at)
        case Kind.CSS:
            return css.advance(context, value, at)
        case Kind.JS:
            return script.advance(context, value, at)
        case Kind.REFRESH | Kind.SWITCH:
            return context.but(gathered=context.gathered + value)
        case _:  # text is never left, and into the others nothing is written
            return context


def _end_value(context: Context, at: int) -> Context:
    if context.kind is not Kind.SWITCH:
        return context.tag()
    facts = learn(context.element, context.attribute, context.gathered, context.facts)
    if facts == "refresh" and context.facts == "content":
        raise Unsafe("MW451", at, where="`content` of a refresh that is named behind it")
    return context.tag().but(facts=facts)


def _raw(context: Context, text: str, at: int) -> _Step:
    """The text of an element that ends at its end tag only."""
    end = re.compile(f"</{context.element}(?=[\\s/>])", re.IGNORECASE).search(text, at)
    stop = end.start() if end else _begun_end(context.element, text, at)
    context = _read_raw(context, text[at:stop], at)
    if end is None:
        return context.but(held=text[stop:]), len(text)
    closing = Context(State.TAG, element=context.element, closing=True, mustache=context.mustache)
    return closing, end.end()


def _begun_end(element: str, text: str, at: int) -> int:
    """Where an end tag may have begun, or the length of the text."""
    last = text.rfind("<", at)
    if last >= 0 and f"</{element}".startswith(text[last:].lower()):
        return last
    return len(text)


def _read_raw(context: Context, text: str, at: int) -> Context:
    if context.state is State.RCDATA:
        found = _MARKUP.search(text)
        if found:
            raise Unsafe("MW456", at + found.start(), what=f"a tag inside <{context.element}>")
        return context
    if context.kind is Kind.CSS:
        return css.advance(context, text, at)
    return script.advance(context, text, at) if context.kind in (Kind.JS, Kind.JSON) else context


_STEPS: dict[State, Callable[[Context, str, int], _Step]] = {
    State.PLAIN: _plain,
    State.TEXT: _text,
    State.COMMENT: _comment,
    State.DECLARATION: _declaration,
    State.TAG_NAME: _tag_name,
    State.TAG: _tag,
    State.ATTRIBUTE_NAME: _attribute_name,
    State.AFTER_NAME: _after_name,
    State.BEFORE_VALUE: _before_value,
    State.VALUE: _value,
    State.RCDATA: _raw,
    State.STYLE: _raw,
    State.SCRIPT: _raw,
    State.RAW: _raw,
}
