"""A content block: a folder with `block.toml`, `block.html` or `block.mjml`, perhaps `block.txt` and `block.amp.html`.

Beside each of them may stand the same part for one locale: `block.de.html`, `block.de.txt`, `block.de.amp.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

from mailweave.content.annotation_spec import AnnotationSpec
from mailweave.content.inputs import BoundInputs, InputSpec, bind
from mailweave.content.messages import html_says, text_says
from mailweave.content.toml import Path, TomlText
from mailweave.diagnostics import Diagnostic
from mailweave.mjml.rules import Rules
from mailweave.source import Source


class Sample(BaseModel):
    """Data that shows a block at work: in the catalogue, in previews and in tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: Mapping[str, Any] = {}
    profile: Mapping[str, Any] = {}
    lists: Mapping[str, list[Any]] = {}
    scores: Mapping[str, float] = {}
    context: Mapping[str, Any] = {}


class BlockSpec(BaseModel):
    """What `block.toml` says.

    `consent` names the purposes that a recipient must have agreed to before the block is shown;
    `trusted` allows its templates the filter `safe`; `bounds` says how many items a loop over data
    meets at most, by the path looped over (for the worst-case size); `extensions` are the AMP
    components that `block.amp.html` uses beyond those that a tag implies; `annotation` is what it offers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    doc: str
    inputs: Mapping[str, InputSpec] = {}
    consent: tuple[str, ...] = ()
    trusted: bool = False
    bounds: Mapping[str, int] = {}
    extensions: tuple[str, ...] = ()
    sample: Sample = Sample()
    annotation: AnnotationSpec | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What the parts of a block say in the language of their readers already: nobody is asked to translate it."""

    html: frozenset[str] = frozenset()
    text: frozenset[str] = frozenset()
    amp: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Variant:
    """The parts of a block that are others for one locale, which is named as its files name it."""

    locale: str
    html: Source | None = None
    text: Source | None = None
    amp: Source | None = None
    said: Said = Said()

    def saying(self) -> Variant:
        """The variant with what it says itself: all that stands in it, but not in its snippets and inputs."""
        html, text, amp = (part.text if part is not None else "" for part in (self.html, self.text, self.amp))
        return replace(self, said=Said(html_says(html), text_says(text), html_says(amp)))

    @property
    def parts(self) -> tuple[Source, ...]:
        """Those that there are."""
        return tuple(part for part in (self.html, self.text, self.amp) if part is not None)


Rewrite: TypeAlias = Callable[[Source], Source]
"""Another text for a part."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a catalogue: its specification and the sources of its parts.

    `origin` is `campaign` or `stock`. `variants`: what is another for some locale. `said`: what needs no translator.
    `rules`: the CSS that its components of MJML need in the head of a mail.
    """

    name: str
    spec: BlockSpec
    settings: TomlText
    html: Source
    text: Source | None
    amp: Source | None
    origin: str
    variants: tuple[Variant, ...] = ()
    said: Said = Said()
    rules: Rules = ()

    def parts(self) -> Iterator[tuple[Source, bool]]:
        """Every template, and whether it is HTML; in the same order for a block whose parts were rewritten."""
        for one in (self._own, *self.variants):
            for part, is_html in ((one.html, True), (one.text, False), (one.amp, True)):
                if part is not None:
                    yield part, is_html

    @property
    def _own(self) -> Variant:
        """What whoever has no variant is shown."""
        return Variant("", self.html, self.text, self.amp, self.said)

    def rewritten(self, html: Rewrite, text: Rewrite) -> Block:
        """The block with other texts for its parts."""

        def made(part: Source | None, rewrite: Rewrite) -> Source | None:
            return None if part is None else rewrite(part)

        variants = tuple(
            replace(one, html=made(one.html, html), text=made(one.text, text), amp=made(one.amp, html))
            for one in self.variants
        )
        own = made(self.text, text), made(self.amp, html)
        return replace(self, html=html(self.html), text=own[0], amp=own[1], variants=variants)

    def shown_by(self, variants: Iterable[Variant]) -> Block:
        """The block as readers of these variants are shown it, the nearest first: each part is that of the first which
        has it, unless a nearer one has HTML, of which it is made then."""
        html = text = amp = None
        said = Said()
        for one in (*variants, self._own):
            if html is None:
                said = Said(
                    one.said.html, said.text if text else one.said.text, said.amp if amp else one.said.amp
                )
                html, text, amp = one.html, text or one.text, amp or one.amp
        return replace(self, html=html or self.html, text=text, amp=amp, variants=(), said=said)

    def bind(
        self, given: Mapping[str, Any], *, text: TomlText | None = None, at: Path = ()
    ) -> tuple[BoundInputs, tuple[Diagnostic, ...]]:
        """The inputs of one use of this block: checked, with defaults; see `inputs.bind`."""
        return bind(self.name, self.spec.inputs, given, text=text, at=at)

    def defaults(self) -> BoundInputs:
        """The inputs of a use that gives none."""
        return self.bind({})[0]

    def sample(self) -> tuple[BoundInputs, tuple[Diagnostic, ...]]:
        """The inputs of the sample in `block.toml`."""
        return self.bind(self.spec.sample.inputs, text=self.settings, at=("sample", "inputs"))
