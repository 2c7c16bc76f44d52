"""A campaign whose CSS stands in its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class InlinedCampaign:
    """A layout and its blocks, inlined together and cut apart.

    `layout` keeps its `{% slot "name" %}` tags. Where `exact` is false, all texts are as they came, to be
    inlined per recipient (`mailweave.content.per_recipient`).
    """

    layout: str
    blocks: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    exact: bool
