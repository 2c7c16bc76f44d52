"""The mails of all who are shown the same blocks, as one program: known texts joined once, values between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mailweave.campaign.compiled_parts import BlockParts
from mailweave.liquid.budget import OUTPUT, Overrun
from mailweave.liquid.runtime import Deopt
from mailweave.liquid.spans import Filling
from mailweave.message.cut_mail import CutMail, Sheet, filled, whole
from mailweave.message.text_filling import TextFilling

if TYPE_CHECKING:
    from mailweave.campaign.amp import AmpTemplates

Data: TypeAlias = dict[str, Any]
View: TypeAlias = Callable[[BlockParts], Data]
"""What the templates of a block see."""
Values: TypeAlias = tuple[list[str], list[str], list[str]]
Call: TypeAlias = tuple[Callable[..., None], int, tuple[int, ...]]


class Parts(NamedTuple):
    """What a mail consists of, and why it has no AMP."""

    html: str
    text: str
    amp: str | None
    no_amp: str
    cut: CutMail | None = None


@dataclass(frozen=True)
class SelectionProgram:
    """Made by `join`.

    calls: the walks that give values; of which of `blocks` each is, or -1 where it sees the data of all; to which lists
    it adds. blocks: those that see something of their own. live: None where nobody of this selection has an AMP part,
    for the reason `no_amp`. checked: the tags of the AMP part that hold values. exact: as `admit` takes it. counts:
    how many values each part has, with those of blocks that it has no place for. most: as many characters may a part have.
    """

    calls: tuple[Call, ...]
    blocks: tuple[BlockParts, ...]
    html: Filling
    text: TextFilling
    live: AmpTemplates | None
    no_amp: str
    amp: Filling
    checked: Filling
    exact: bool
    counts: tuple[int, ...]
    most: int

    def values(self, data: Data, seen: View, now: datetime) -> Values:
        """The values of HTML, text and AMP. Raises whatever its templates raise."""
        values: Values = [], [], []
        views = [seen(block) for block in self.blocks]
        views.append(data)
        for run, whose, lists in self.calls:
            run(views[whose], now, *[values[one] for one in lists])
        if tuple(map(len, values)) != self.counts:
            raise Deopt  # never seen; no value may slip into the place of another
        return values

    def filled(self, values: Values) -> Parts:
        """The parts with these values. Raises Overrun where one is too long."""
        return self._parts(values, self.text.filled(values[1]))

    def _parts(self, values: Values, text: str) -> Parts:
        own, _, live = values
        html, document = self.html.filled(own), "" if self.live is None else self.amp.filled(live)
        if max(len(html), self.text.before_wrapping(values[1]), len(document)) > self.most:
            raise Overrun(OUTPUT, self.most)
        return Parts(html, text, *self._sent(document, live))

    def _sent(self, document: str, amp: list[str]) -> tuple[str | None, str]:
        if self.live is None:
            return None, self.no_amp
        reason = self.live.objection(document, [self.checked.filled(amp)], exact=self.exact)
        return None if reason else document, reason

    def cut(self, values: Values) -> Parts:
        """The same, and the mail cut in two."""
        html, text, amp = values
        lines = self.text.cut(text)
        if lines is None:
            parts = self.filled(values)
            return parts._replace(cut=whole(*parts[:3]))
        cut = CutMail(self._sheet, (*html, *lines, *amp))
        return self._parts(values, filled(cut.sheet.text, cut.values))._replace(cut=cut)

    @cached_property
    def _sheet(self) -> Sheet:
        before = self.counts[0]
        text = self.text.sheet(before)
        after = before + sum(isinstance(piece, int) for piece in text)
        amp = None if self.live is None else self.amp.numbered(after)
        return Sheet(self.html.numbered(0), text, amp)

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return self.html.size + self.text.size + self.amp.size + self.checked.size
