"""Pictures by locale: `[images.de]` in campaign.toml gives an address another one, for the readers of one locale."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from mailweave.content.inputs import BoundInputs
from mailweave.content.toml import TomlText
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import Kind, Piece, cut
from mailweave.markup.tokens import Comment, RawText, StartTag, tokenize
from mailweave.source import Source, Span

_LINKING = re.compile(r"href\s*=\s*[\"']?\Z", re.I)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ADDRESS = re.compile(r"https?://[^\s\"'<>(){}]+")

ByLocale = Callable[[str, Mapping[str, str]], str]
"""A template that is another for the readers of some locales."""


class ImagesByLocale:
    """Puts the addresses of other pictures beside those that a template shows. given: by locale, from one address to
    another. Where links lead, and what words say, stays."""

    def __init__(self, given: Mapping[str, Mapping[str, str]], by_locale: ByLocale) -> None:
        self._given, self._by_locale = given, by_locale
        self._sought = {one for images in given.values() for one in images}
        self._seen: set[str] = set()
        longest = sorted(self._sought, key=len, reverse=True)
        written = "|".join(
            re.escape(one) for each in longest for one in dict.fromkeys((html.escape(each), each))
        )
        self._pattern = re.compile(rf"(?<![\w/:.-])(?:{written})(?=[\"')\s,>]|\Z)")

    def html(self, text: str) -> str:
        """HTML that still holds its Liquid, with the pictures of every locale."""
        for span in reversed(list(_shown(text)) if self._sought else []):
            text = (
                text[: span.start]
                + "".join(self._exchanged(text[span.start : span.stop]))
                + text[span.stop :]
            )
        return text

    def _exchanged(self, part: str) -> Iterator[str]:
        """A stretch with other pictures: an output that holds one is another output for other readers."""
        before, cuts = "", [*cut(part)]
        for one, following in zip(cuts, [*cuts[1:], ""], strict=True):
            if isinstance(one, str):
                goes_on = isinstance(following, Piece) and following.kind is Kind.OUTPUT
                yield self._in_text(one, before, goes_on=goes_on)
                before += one
            else:
                yield self._in_output(one.text) if one.kind is Kind.OUTPUT else one.text

    def _in_text(self, text: str, before: str, *, goes_on: bool) -> str:
        """before: what stands before the text without its Liquid. goes_on: whether an output follows at once."""
        end = "{" if goes_on else ""
        self._seen.update(map(html.unescape, _ADDRESS.findall(text)))
        return self._pattern.sub(lambda found: self._branched(found, before), text + end).removesuffix(end)

    def _in_output(self, text: str) -> str:
        self._seen.update(_ADDRESS.findall(text))
        there = {one for one in self._sought if one in _ADDRESS.findall(text)}
        if not there:
            return text
        others = {
            locale: _QUOTED.sub(partial(_exchange, images), text)
            for locale, images in self._given.items()
            if not there.isdisjoint(images)
        }
        return self._by_locale(text, others)

    def inputs(self, inputs: BoundInputs) -> BoundInputs:
        """The same for inputs that are the address of a picture and nothing else."""
        templates = dict(inputs.templates)
        for path, value in _texts((), inputs.values):
            self._seen.add(value)
            if value in self._sought and path not in templates:
                templates[path] = Source("<images>", self._branch(value, str))
        return BoundInputs(inputs.values, templates)

    def unshown(self, settings: TomlText) -> Iterator[Diagnostic]:
        """A warning for each address that no template shows; called when all were looked at."""
        for locale, images in self._given.items():
            for address in images:
                if address not in self._seen:
                    span, help = (
                        settings.key_span(("images", locale, address)),
                        did_you_mean(address, self._seen),
                    )
                    yield diagnose("MW066", settings.source, span, address=address, help=help)

    def _branched(self, found: re.Match[str], before: str) -> str:
        before += found.string[: found.start()]
        return found[0] if _LINKING.search(before) else self._branch(html.unescape(found[0]), html.escape)

    def _branch(self, address: str, written: Callable[[str], str]) -> str:
        others = {
            locale: written(images[address]) for locale, images in self._given.items() if address in images
        }
        return self._by_locale(written(address), others)


def _exchange(images: Mapping[str, str], found: re.Match[str]) -> str:
    """A literal of an output with another address in it, where that can stand in these quotes."""
    quoted, mark, address = found[0], found[0][0], found[0][1:-1]
    other = images.get(address, address)
    return f"{mark}{other}{mark}" if mark not in other and not {"{", "}"} & set(other) else quoted


def _shown(text: str) -> Iterator[Span]:
    """The stretches of a page in which a picture may stand: attributes but those of links, CSS, Outlook's comments."""
    for token in tokenize(text):
        if isinstance(token, StartTag):
            yield from (one.value_span for one in token.attributes if one.value and one.name != "href")
        elif isinstance(token, (Comment, RawText)):
            yield token.span


def _texts(path: tuple[str | int, ...], value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts((*path, key), each)
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _texts((*path, number), each)
