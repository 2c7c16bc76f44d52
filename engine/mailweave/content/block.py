"""A content block: a folder with `block.toml`, `block.html`, perhaps `block.txt` and `block.amp.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from mailweave.content.inputs import BoundInputs, InputSpec, bind
from mailweave.content.toml import Path, TomlText
from mailweave.diagnostics import Diagnostic
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
    components that `block.amp.html` uses beyond those that a tag implies.
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


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a catalogue: its specification and the sources of its parts.

    `origin` is `campaign` or `stock`.
    """

    name: str
    spec: BlockSpec
    settings: TomlText
    html: Source
    text: Source | None
    amp: Source | None
    origin: str

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
