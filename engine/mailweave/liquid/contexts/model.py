"""Where in an HTML text a place is, as far as escaping must know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class State(Enum):
    """What the tokenizer of a browser is reading."""

    PLAIN = "plain text"  # no HTML at all: a capture that holds no markup
    TEXT = "text"
    TAG_NAME = "the name of a tag"
    TAG = "a tag"
    ATTRIBUTE_NAME = "the name of an attribute"
    AFTER_NAME = "a tag, behind the name of an attribute"
    BEFORE_VALUE = "a tag, in front of the value of an attribute"
    VALUE = "the value of an attribute"
    RCDATA = "an element that holds text only"
    STYLE = "a <style> element"
    SCRIPT = "a <script> element"
    RAW = "an element without character references"
    COMMENT = "a comment"
    DECLARATION = "a declaration"


class Kind(Enum):
    """The language that the value of an attribute, or the text of an element, is written in."""

    TEXT = "text"
    URL = "a URL"
    SRCSET = "a list of image URLs"
    CSS = "CSS"
    JS = "JavaScript"
    JSON = "JSON"
    REFRESH = "a refresh"
    DOCUMENT = "a whole document"
    ACTION = "an AMP expression"
    PRESENTATION = "a value in CSS"  # an attribute of SVG that may be url()
    ANIMATED = "a value that an animation gives to another attribute"
    CODE_URL = "a URL that code is loaded from"
    SWITCH = "an attribute that decides how the rest is read"
    OPAQUE = "a language nobody here reads"


class Url(Enum):
    """How far into a URL a place is."""

    START = "the start of a URL"
    OPEN = "a URL whose scheme is not settled"  # only literal text so far, in `literal`
    MIXED = "a URL whose scheme is not settled, behind an output"
    HOST = "the host of a URL"  # its last sign so far is in `literal`
    ADDRESS = "the address of a `mailto:`"
    ROOT = "a URL, behind its first `/`"
    PATH = "the path of a URL"
    QUERY = "the query of a URL"
    UNCLEAR = "a URL whose part depends on the branch taken"
    REFUSED = "a URL with a scheme that is not allowed"


class Part(Enum):
    """What a place inside CSS, JavaScript or JSON is part of."""

    NAME = "a name in CSS"
    VALUE = "a value"
    DOUBLE = "a string in double quotes"
    SINGLE = "a string in single quotes"
    URL = "url()"
    URL_DOUBLE = "url() in double quotes"
    URL_SINGLE = "url() in single quotes"
    LINE = "a line comment"
    BLOCK = "a comment"
    LOST = "code that cannot be followed"


@dataclass(frozen=True, slots=True)
class Context:
    """A place. Two places with equal contexts are escaped alike.

    `held` and `tail` are text whose meaning the next character decides; `joint` marks a tag where
    branches met and only one of them ended a name; `facts` is what the attributes of the open tag
    have told; `resume` is the part of CSS that a string, comment or url() returns to; `opening` is a
    `{` or `<` right in front, which a value could complete for a second templating pass.
    """

    state: State
    element: str = ""
    closing: bool = False
    attribute: str = ""
    kind: Kind = Kind.TEXT
    quote: str = ""
    begun: bool = False
    url: Url = Url.START
    literal: str = ""
    part: Part = Part.VALUE
    resume: Part = Part.VALUE
    blocks: str = ""
    rule: str = ""
    tail: str = ""
    held: str = ""
    joint: bool = False
    facts: str = ""
    gathered: str = ""
    mustache: bool = False
    opening: str = ""

    def but(self, **changes: Any) -> Context:
        """This context with some fields changed."""
        return replace(self, **changes)

    def tag(self) -> Context:
        """Behind an attribute, in the same tag."""
        return Context(State.TAG, self.element, self.closing, facts=self.facts, mustache=self.mustache)

    def text(self) -> Context:
        """Behind the tag or comment, in text."""
        return Context(State.TEXT, mustache=self.mustache)

    def __str__(self) -> str:
        return describe(self)


TEXT = Context(State.TEXT)
PLAIN = Context(State.PLAIN)
TITLE = Context(State.RCDATA, element="title")
ATTRIBUTE = Context(State.VALUE, attribute="title", quote='"')

WHOLE_URL = Context(State.VALUE, element="a", attribute="href", kind=Kind.URL, quote='"')

STARTS = {"text": TEXT, "plain": PLAIN, "title": TITLE, "attribute": ATTRIBUTE, "url": WHOLE_URL}


class Unsafe(Exception):
    """A place that cannot be made safe: a code of the table, an offset in the text read, facts."""

    def __init__(self, code: str, offset: int = 0, **facts: object) -> None:
        super().__init__(code)
        self.code, self.offset = code, offset
        self.facts: dict[str, Any] = facts


def describe(context: Context) -> str:
    """A place in an author's words."""
    match context.state:
        case State.VALUE if context.kind in (Kind.URL, Kind.CODE_URL):
            return f"{context.url.value} in `{context.attribute}`"
        case State.VALUE if context.kind in (Kind.CSS, Kind.JS):
            return f"{context.part.value} in `{context.attribute}`"
        case State.VALUE:
            how = "" if context.quote else "unquoted "
            return f"the {how}value of `{context.attribute}`"
        case State.STYLE | State.SCRIPT:
            return f"{context.part.value} in <{context.element}>"
        case State.RCDATA | State.RAW:
            return f"<{context.element}>"
        case State.TAG_NAME | State.TAG if context.element:
            return f"the tag <{'/' if context.closing else ''}{context.element}>"
    return str(context.state.value)
