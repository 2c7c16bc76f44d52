"""What a selector asks of a page: its parts, and whether inlining can take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

_NOISE = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)\s*(?:([~|^$*]?)=\s*([^\]]*?))?\s*\]")
_STRUCTURAL = re.compile(r":(?:first|last|only|nth)-?[\w-]*|:empty")
_INLINED_PSEUDO = re.compile(r"[^:]*:(?:first|last)-child")
_TYPE = re.compile(r"(?<![^\s>+~])[A-Z][\w-]*")
_LONGEST = 1_000
_SPLIT = re.compile(r"\s*([>+~])\s*|\s+")

# Elements that a mail client wraps around or puts into the mail: no template holds them.
_CLIENT_HOOKS = re.compile(
    r"#outlook|#MessageViewBody|#MessageWebViewDiv|\.ExternalClass|\.ReadMsgBody|\.yshortcuts|\.aBn|\.a6S|\.im\b"
    r"|x-apple-data-detectors|\[data-og|\[owa\]|u ?\+|\.gmailfix|\.moz-text-html|\.rps_"
    r"|\.mail-detail|:root\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector taken apart, as far as its use for inlining goes."""

    text: str
    compounds: tuple[str, ...]
    combinators: tuple[str, ...]
    classes: frozenset[str]
    ids: frozenset[str]
    required: frozenset[str]  # the classes and ids without which it matches nothing
    attributes: frozenset[str]
    structural: bool  # asks for a place among siblings
    pseudo: bool
    universal: bool

    @property
    def key(self) -> str:
        """The compound that the element itself must match."""
        return self.compounds[-1]

    @property
    def inlinable(self) -> bool:
        """Whether the reference inliner applies it, and rightly."""
        if self.universal or not _compiles(self.text):
            return False
        return not self.pseudo or _INLINED_PSEUDO.fullmatch(self.text) is not None

    @property
    def client_hook(self) -> bool:
        """Whether it names what only a mail client adds."""
        return _CLIENT_HOOKS.search(self.text) is not None

    @property
    def specific(self) -> bool:
        """Whether it weighs more than nothing in the cascade (`*` does not)."""
        return re.search(r"[\w.#\[:]", self.text.replace("*", "")) is not None

    @property
    def element_names(self) -> frozenset[str]:
        names = (re.match(r"[\w-]+", compound) for compound in self.compounds)
        return frozenset(match.group().lower() for match in names if match)


@lru_cache(maxsize=4096)
def selector(text: str) -> Selector:
    """Takes a selector apart.

    >>> selector("td.a > p:first-child").combinators
    ('>',)
    """
    bare = _NOISE.sub("", text)
    flat = re.sub(r"\([^)]*\)", "", bare)
    words = _SPLIT.split(re.sub(r"\([^)]*\)", "", _NOISE.sub(_marked, text)).strip())
    return Selector(
        text,
        tuple(words[::2]) or ("",),
        tuple(word or " " for word in words[1::2]),
        frozenset(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", bare)),
        frozenset(re.findall(r"#(-?[_a-zA-Z][\w-]*)", bare)),
        frozenset(re.findall(r"[.#](-?[_a-zA-Z][\w-]*)", flat)),
        frozenset(match.group(1).lower() for match in _ATTRIBUTE.finditer(text)),
        _STRUCTURAL.search(bare) is not None or re.search(r"[+~]", flat) is not None,
        ":" in text,
        "*" in text,
    )


def _marked(match: re.Match[str]) -> str:
    """An attribute in brackets is a compound, or part of one, whatever it asks."""
    return "[]" if match.group().startswith("[") else ""


def lowered(text: str) -> str:
    """A selector with the names of its elements in lower case, as HTML has them.

    >>> lowered("TABLE > TD.Wide")
    'table > td.Wide'
    """
    return text if "[" in text else _TYPE.sub(lambda match: match.group().lower(), text)


@lru_cache(maxsize=4096)
def matcher(text: str) -> CSSSelector | None:
    """A compiled selector, or None when cssselect does not take it (or would choke on its length)."""
    if len(text) > _LONGEST:
        return None
    try:
        return CSSSelector(text)
    except (SelectorError, ValueError):
        return None


def matching(text: str, root: etree._Element) -> list[etree._Element] | None:
    """The elements that a selector matches; None when cssselect does not take it."""
    found = matcher(text)
    return None if found is None else cast("list[etree._Element]", found(root))


def _compiles(text: str) -> bool:
    return matcher(text) is not None
