"""Names in the texts of a campaign: what each stands for, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

from mailweave.source import Span

Kind: TypeAlias = Literal[
    "value", "parameter", "field", "line", "score", "consent", "catalog", "list", "experiment", "arm", "skip", "slot",
    "block", "matrix", "let", "constant", "input", "folder", "snippet", "answer", "filter", "tag",
]  # fmt: skip
"""What a name is of. `value`: attributes, events, lets, segments, tiers and lookups, which share their names; `line`: of
a tier; `let` and `constant`: of campaign.toml; `folder`: a block by its folder; `answer`: a slot or a tier, by the test
that names it; `filter` and `tag`: of Liquid."""


class Symbol(NamedTuple):
    """Something that has a name; `owner` is what it belongs to, such as the event of a field."""

    kind: Kind
    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where something is named. `declares`: it is declared there, by the statement or table `whole`.

    `word`: what it is called as (`segment`, `attribute`). `within`: an event or a list, whose fields come first there.
    """

    symbol: Symbol
    span: Span
    declares: bool = False
    whole: Span | None = None
    word: str = ""
    within: str = ""

    def shifted(self, by: int) -> Mention:
        """The same so much further behind in the text."""
        whole = None if self.whole is None else self.whole.shifted(by)
        return replace(self, span=self.span.shifted(by), whole=whole)
