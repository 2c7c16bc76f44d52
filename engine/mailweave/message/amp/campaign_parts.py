"""The AMP parts of a campaign: layout and blocks with their CSS inlined become templates with a proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.message.amp.assembly import document, framed
from mailweave.message.amp.extensions import used
from mailweave.message.amp.parts import EXTENSIONS_SLOT, AmpPart, AmpWoven
from mailweave.message.amp.rules import rules
from mailweave.message.amp.specs import STRICT
from mailweave.message.amp.static_validation import Proof, prove
from mailweave.message.amp.styles import StyleBook
from mailweave.message.amp.transform import AmpSource, from_html
from mailweave.message.amp.verdict import validate
from mailweave.source import Source, Span

_RAW_STYLE = re.compile(r"[{}]{2}|\{%")


def weave(
    layout: Source,
    blocks: Mapping[str, Mapping[str, Source]],
    *,
    extensions: Mapping[str, Iterable[str]] | None = None,
) -> AmpWoven:
    """The AMP parts of a layout and its blocks.

    layout: a whole document with `{% slot %}` tags, CSS inlined. blocks: slot to block name to source,
    CSS inlined: the block's `block.amp.html` where it has one, else its HTML. extensions: for a block,
    the scripts that its tags do not imply (`extensions` of its block.toml).

    Runs when a campaign is compiled; the official validator is asked where the user points to one.
    Raises ValidatorUnusable when that one cannot be run.
    """
    return _Weaving(layout, blocks, {k: frozenset(v) for k, v in (extensions or {}).items()}).run()


class _Weaving:
    def __init__(
        self,
        layout: Source,
        blocks: Mapping[str, Mapping[str, Source]],
        extensions: Mapping[str, frozenset[str]],
    ) -> None:
        self.layout, self.blocks, self.extensions = layout, blocks, extensions
        self.book = StyleBook()
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> AmpWoven:
        frame = self._made(self.layout)
        made = {
            (slot, name): self._made(source)
            for slot, named in self.blocks.items()
            for name, source in named.items()
        }
        css = self.book.sheet()
        if frame.refused or not self._fits(len(css.encode())):
            return AmpWoven(None, {}, tuple(self.diagnostics))
        parts = {}
        for (slot, name), source in made.items():
            part = None if source.refused else self._block(name, slot, source, frame, css)
            if part is not None:
                parts[name] = part
        return AmpWoven(self._frame(frame, css), parts, tuple(self.diagnostics))

    def _made(self, source: Source) -> AmpSource:
        made = from_html(source, book=self.book)
        self.diagnostics += made.diagnostics
        return made

    def _fits(self, size: int) -> bool:
        limit = rules().document_css(STRICT).max_bytes
        if size > limit:
            self.diagnostics.append(diagnose("MW718", self.layout, Span(0, 0), size=size, limit=limit))
        return size <= limit

    def _block(self, name: str, slot: str, made: AmpSource, frame: AmpSource, css: str) -> AmpPart | None:
        source, proof = self.blocks[slot][name], prove(made.body)
        extra = self.extensions.get(name, frozenset())
        whole = prove(frame.body, {slot: proof.shown})
        if not self._valid(f"the block `{name}`", source, proof, whole, frame, css, extra):
            return None
        return self._part(name, source, made.body, proof, extra)

    def _frame(self, frame: AmpSource, css: str) -> AmpPart | None:
        proof = prove(frame.body)
        attributes = prove(f"<html {frame.html_attributes}><body {frame.body_attributes}>")
        doubts = (*proof.doubts, *attributes.doubts)
        both = Proof(proof.shown, doubts)
        if not self._valid("the layout", self.layout, both, both, frame, css, frozenset()):
            return None
        whole = framed(
            frame.body,
            f'{{% slot "{EXTENSIONS_SLOT}" %}}',
            css=_as_liquid(css),
            html_attributes=frame.html_attributes,
            body_attributes=frame.body_attributes,
        )
        return self._part(self.layout.name, self.layout, whole, both, used(frame.body))

    def _valid(
        self,
        what: str,
        source: Source,
        proof: Proof,
        whole: Proof,
        frame: AmpSource,
        css: str,
        extra: frozenset[str],
    ) -> bool:
        """Whether the document with all branches shown is valid; what is only doubted may yet be."""
        outer = prove(f"<html {frame.html_attributes}><body {frame.body_attributes}>").shown
        html_tag, _, body_tag = outer.partition("><body")
        text = document(
            whole.shown,
            css=css,
            extensions=extra,
            html_attributes=html_tag.removeprefix("<html").strip(),
            body_attributes=body_tag.removesuffix(">").strip(),
        )
        errors = [error for error in validate(text).errors if error.severity != "WARNING"]
        if errors and not proof.doubts:
            message, kind = errors[0].message, errors[0].code
            found = diagnose("MW719", source, Span(0, 0), name=what, message=message, kind=kind)
            self.diagnostics.append(found)
        return not errors or bool(proof.doubts)

    def _part(self, name: str, source: Source, text: str, proof: Proof, extra: frozenset[str]) -> AmpPart:
        if proof.doubts:
            found = diagnose("MW720", source, Span(0, 0), name=name, why=proof.doubts[0])
            self.diagnostics.append(found)
        return AmpPart(name, text, proof.exact, proof.doubts, extra)


def _as_liquid(css: str) -> str:
    """CSS inside a Liquid template: braces that Liquid would read are set apart."""
    return _RAW_STYLE.sub(lambda match: " ".join(match.group()), css)
