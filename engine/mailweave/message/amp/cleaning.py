"""The attributes of one start tag as AMP takes them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import holds_liquid, pieces
from mailweave.markup.stylesheet import Property
from mailweave.markup.tokens import Attribute, StartTag
from mailweave.message.amp.attributes import fits
from mailweave.message.amp.html_tokens import attribute_text
from mailweave.message.amp.images import frame
from mailweave.message.amp.patterns import matches, occurs
from mailweave.message.amp.specs import AttributeSpec
from mailweave.message.amp.styles import StyleBook, written
from mailweave.message.amp.tag_mapping import LOOKS, RENAMED, attributes_of, font_style
from mailweave.message.amp.urls import check_url
from mailweave.source import Source, Span

_DATA = r"data-[A-Za-z0-9-_:.]*"
_HTTP = re.compile(r"http://([^/?#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PICTURE_SIDES = frozenset(
    {"width", "height", "layout", "src", "style", "class", "border", "srcset", "sizes"}
)


def noted(code: str, source: Source, span: Span, facts: Mapping[str, object]) -> Diagnostic:
    """A finding whose facts come as a mapping."""
    options: dict[str, Any] = dict(facts)
    return diagnose(code, source, span, **options)


@dataclass(slots=True)
class Cleaner:
    """Cleans the tags of one source and notes what it leaves out."""

    source: Source
    book: StyleBook
    diagnostics: list[Diagnostic]

    def _note(self, code: str, span: Span, facts: Mapping[str, object]) -> None:
        self.diagnostics.append(noted(code, self.source, span, facts))

    def _note_https(self, address: str, span: Span) -> None:
        host = _HTTP.match(address)
        self._note("MW713", span, {"host": host.group(1) if host else ""})

    def start_tag(self, tag: StartTag) -> str:
        """The tag as AMP writes it; empty when it is left out."""
        name, meant = RENAMED.get(tag.name, (tag.name, ""))
        if name == "amp-img" and tag.name != "amp-img":
            return self._picture(tag)
        if tag.name == "font":
            meant = font_style(tag.get("face") or "", tag.get("color") or "", tag.get("size") or "")
        background = self._background(tag)
        parts = self._parts(tag, name, ";".join(text for text in (meant, background) if text))
        return f"<{name}{''.join(f' {part}' for part in parts)}>"

    def _background(self, tag: StartTag) -> str:
        """The style that attributes mean which AMP has on no tag, or not on this one."""
        color, address = tag.get("bgcolor"), tag.get("background")
        said = []
        if color and not holds_liquid(color) and "bgcolor" not in (attributes_of(tag.name) or {}):
            said.append(f"background-color:{color}")
        if address and not holds_liquid(address):
            secure = _HTTP.sub(r"https://\1", address)
            said.append(f"background-image:url({secure})")
        return ";".join(said)

    def attributes(self, tag: StartTag, name: str) -> str:
        """The cleaned attributes alone, as `name` may have them."""
        return " ".join(self._parts(tag, name, self._background(tag)))

    def _parts(self, tag: StartTag, name: str, meant: str) -> list[str]:
        """The attributes, and between them the Liquid that stood there."""
        known = attributes_of(name) or {}
        style, classes = self._style(tag, meant)
        parts: list[str] = []
        for part in tag.parts:
            if not isinstance(part, Attribute):
                parts.append(part.text)
            elif part.name == "style":
                parts += [f'style="{style}"'] if style else []
            elif part.name == "class":
                value = " ".join(text for text in (classes, self._classes(part.value or "")) if text)
                classes = ""
                parts += [f'class="{value}"'] if value else []
            else:
                parts += self._attribute(part, tag.name, name, known)
        return ([f'class="{classes}"'] if classes else []) + parts

    def _style(self, tag: StartTag, meant: str) -> tuple[str, str]:
        """What stays a `style` attribute because Liquid is in it, and the class for the rest."""
        text = tag.get("style") or ""
        if holds_liquid(text) or (tag.pieces and text):
            return self._live_style(text), self.book.class_of(self.book.cleaned(meant))
        whole = ";".join(one for one in (meant, attribute_text(text)) if one)
        return "", self.book.class_of(self.book.cleaned(whole)) if whole else ""

    def _live_style(self, text: str) -> str:
        """A style that holds Liquid, without the declarations that AMP refuses whatever their value."""
        kept = []
        for one in text.split(";"):
            name, colon, value = one.partition(":")
            plain = Property(name.strip().lower(), "0")
            if holds_liquid(name) or not colon or "{%" in one:
                kept.append(one)
            elif self.book.cleaned(written([plain])):
                kept.append(re.sub(r"\s*!\s*important", "", f"{name.strip()}:{value.strip()}"))
        return ";".join(kept).replace('"', "&quot;")

    def _classes(self, value: str) -> str:
        """The author's classes that some kept rule speaks of; all of them where Liquid writes them."""
        if holds_liquid(value):
            return value
        names = self.book.names()
        return " ".join(word for word in value.split() if word in names)

    def _attribute(
        self, part: Attribute, old: str, tag: str, known: Mapping[str, tuple[AttributeSpec, ...]]
    ) -> list[str]:
        name, value = part.name, part.value
        if holds_liquid(name):
            return [self.source.text[part.span.start : part.span.stop]]
        specs = known.get(name)
        if specs is None:
            if matches(_DATA, name) and not holds_liquid(name):
                return [_written(name, value)]
            self._left_out(part, old)
            return []
        if value is None or holds_liquid(value):
            return [_written(name, value)]
        plain = attribute_text(value)
        if specs[0].url is not None:
            return self._address(part, specs[0], tag, plain)
        if not any(_accepts(spec, name, plain) for spec in specs):
            self._left_out(part, old)
            return []
        return [_written(name, value)]

    def _left_out(self, part: Attribute, tag: str) -> None:
        if part.name not in LOOKS and not part.name.startswith(("xmlns", "mso-", "v:", "o:")):
            self._note("MW712", part.span, {"attribute": part.name, "tag": tag})

    def _address(self, part: Attribute, spec: AttributeSpec, tag: str, plain: str) -> list[str]:
        assert spec.url is not None  # asked by the caller
        if check_url(plain, spec.url) is None:
            return [_written(part.name, part.value)]
        upgraded = _HTTP.sub(r"https://\1", plain)
        if upgraded != plain and check_url(upgraded, spec.url) is None:
            self._note_https(plain, part.span)
            return [_written(part.name, html.escape(upgraded))]
        facts = {"where": _where(plain), "attribute": part.name, "tag": tag}
        self._note("MW717" if tag == "a" else "MW712", part.span, facts)
        return []

    # ---- pictures

    def _picture(self, tag: StartTag) -> str:
        source = self._picture_source(tag)
        if source is None:
            return ""
        properties = self.book.cleaned(attribute_text(tag.get("style") or ""))
        if holds_liquid(tag.get("style") or ""):
            properties = ()
        given = {a.name: a.value or "" for a in tag.attributes}
        room = frame(given, properties, "" if holds_liquid(source) else source)
        if room.guessed and not holds_liquid(source):
            self._note("MW715", tag.span, {"width": room.width, "height": room.height})
        name = self.book.class_of(room.style(properties))
        own = self._classes(tag.get("class") or "")
        classes = " ".join(text for text in (name, own) if text)
        rest = self._rest_of_picture(tag)
        shown = [f'src="{source}"', room.attributes(), f'class="{classes}"' if classes else "", *rest]
        return f"<amp-img {' '.join(text for text in shown if text)}></amp-img>"

    def _rest_of_picture(self, tag: StartTag) -> list[str]:
        known = attributes_of("amp-img") or {}
        rest = []
        for part in tag.attributes:
            if part.name not in _PICTURE_SIDES:
                rest += self._attribute(part, "img", "amp-img", known)
        return rest

    def _picture_source(self, tag: StartTag) -> str | None:
        """The address of a picture as written; None when AMP cannot load it."""
        source = next((a for a in tag.attributes if a.name == "src"), None)
        if source is None or not source.value:
            self._note("MW714", tag.span, {"where": "nowhere"})
            return None
        if holds_liquid(source.value):
            return self._secure(source.value, source.span)
        known = (attributes_of("amp-img") or {})["src"][0]
        kept = self._picture_address(source, known)
        if kept is None:
            self._note("MW714", source.span, {"where": _where(attribute_text(source.value))})
        return kept

    def _picture_address(self, source: Attribute, known: AttributeSpec) -> str | None:
        assert known.url is not None  # a fact of the table
        written = source.value or ""
        if check_url(attribute_text(written), known.url) is None:
            return _quoted(written)
        secure = self._secure(written, source.span)
        return secure if check_url(attribute_text(secure), known.url) is None else None

    def _secure(self, address: str, span: Span) -> str:
        """An address over https where it was written over http."""
        match = _HTTP.match(address)
        if match:
            self._note_https(address, span)
        return _HTTP.sub(r"https://\1", address, count=1).replace('"', "&quot;") if match else address


def _written(name: str, value: str | None) -> str:
    """An attribute in double quotes, whatever quotes its author wrote; Liquid keeps its own."""
    return name if value is None else f'{name}="{_outside_liquid(value, _quoted)}"'


def _accepts(spec: AttributeSpec, name: str, value: str) -> bool:
    return fits(spec, name, value) and not (spec.refused and occurs(spec.refused, value, any_case=True))


def _quoted(text: str) -> str:
    return text.replace('"', "&quot;")


def _outside_liquid(text: str, change: Callable[[str], str]) -> str:
    """`text` with its parts between the Liquid changed."""
    out, at = [], 0
    for piece in pieces(text):
        out += [change(text[at : piece.span.start]), piece.text]
        at = piece.span.stop
    return "".join([*out, change(text[at:])])


def _where(address: str) -> str:
    """An address as a finding names it: its scheme, or that it is relative; nothing personal."""
    match = _SCHEME.match(address)
    return f"`{match.group(1).lower()}:`" if match else "a relative address"
