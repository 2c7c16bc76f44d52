"""The answer for one recipient: blocks for every slot, or a typed skip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from mailweave.rules.program import Evaluation

How: TypeAlias = Literal["matrix", "otherwise", "fallback", "empty", "broken"]
Unexposed: TypeAlias = Literal["outside", "held_out"]


@dataclass(frozen=True, slots=True)
class Skip:
    """This recipient gets no mail.

    `code` is the name of a `skip` statement, or `bad_data`; `reason` is its text (for `bad_data` the
    field and what is wrong with it, never its value). `field` is the attribute, event property or
    member that a `bad_data` is about; None for the skips of the rules.
    """

    code: str
    reason: str
    field: str | None = None

    def __str__(self) -> str:
        return f"skip {self.code}: {self.reason}" if self.reason else f"skip {self.code}"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from mailweave.decisions.notebook_view import of_skip  # a notebook's alone

        return of_skip(self.code, self.reason)


@dataclass(frozen=True, slots=True)
class Reason:
    """How a slot came by its blocks.

    `how`: a row of the `matrix`, its `otherwise` row, the slot's `fallback`, `empty` where the slot is optional
    and nothing was chosen, or the fallback because a `unique` or `any` column was `broken` (an optional slot then
    is empty, too). `rows` names the row of each block ("" for a fallback).
    """

    how: How
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.how}: {', '.join(self.rows)}" if self.how == "matrix" else self.how


class Draw(NamedTuple):
    """A `learned` slot's draw: the bucket of the recipient, and the chance that each eligible block had; together 1."""

    bucket: str
    chances: Mapping[str, float]


class Answer(NamedTuple):
    """The blocks of a slot and how it came by them; `draw` where one of them was drawn."""

    blocks: tuple[str, ...]
    reason: Reason
    draw: Draw | None = None


_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_EXPERIMENT: Mapping[str, Unexposed] = MappingProxyType({})
_NO_DRAW: Mapping[str, Draw] = MappingProxyType({})


class Selection(Mapping[str, tuple[str, ...]]):
    """Slot to the tuple of its blocks, in the order they are shown; compares equal to a plain dict of that.

    blocks: the mapping itself. reasons: slot to `Reason`. arms: experiment to arm, for who is counted in it (an
    exposure). unexposed: experiment to "outside" (of its `only`) or "held_out", for who has a block that it is on, and
    for everybody where it is on a constant.
    draws: slot to `Draw`, where a `learned` column has drawn a block. evaluation: the recipient's segments and tiers.
    """

    __slots__ = ("_evaluate", "arms", "blocks", "draws", "reasons", "unexposed")

    def __init__(
        self,
        blocks: Mapping[str, tuple[str, ...]],
        reasons: Mapping[str, Reason],
        evaluate: Callable[[], Evaluation],
        arms: Mapping[str, str] = _NOTHING,
        unexposed: Mapping[str, Unexposed] = _NO_EXPERIMENT,
        draws: Mapping[str, Draw] = _NO_DRAW,
    ) -> None:
        self.blocks = blocks
        self._evaluate = evaluate
        self.reasons = reasons
        self.arms = arms
        self.unexposed = unexposed
        self.draws = draws

    @property
    def evaluation(self) -> Evaluation:
        """Segments and tiers of this recipient."""
        return self._evaluate()

    def __getitem__(self, slot: str) -> tuple[str, ...]:
        return self.blocks[slot]

    def __iter__(self) -> Iterator[str]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from mailweave.decisions.notebook_view import of_selection  # a notebook's alone

        return of_selection(self.blocks, self.reasons, self.evaluation.segments, self.arms)

    def __repr__(self) -> str:
        return f"Selection({dict(self.blocks)!r})"

    def __reduce__(self) -> tuple[type[Selection], tuple[Any, ...]]:
        """A selection travels with its evaluation, not with the program that worked it out."""
        evaluate = partial(_same, self.evaluation)
        told = (dict(self.arms), dict(self.unexposed), dict(self.draws))
        return Selection, (dict(self.blocks), dict(self.reasons), evaluate, *told)


def _same(evaluation: Evaluation) -> Evaluation:
    return evaluation
