"""Recipients that the prover makes up: somebody in a segment, and the covering set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import SavedRecipient, saved_recipient
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.instants import to_instant

if TYPE_CHECKING:
    from mailweave.prove.cover import Shown
    from mailweave.rules.prover.prover import Prover

_PROVING = Lock()  # z3 is no friend of two threads


@dataclass(slots=True)
class MadeUp:
    """The made-up recipients of one campaign, each found when it is first asked for."""

    campaign: Campaign
    folder: Path
    _segments: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _cover: tuple[Shown, ...] | None = None
    _before: tuple[Shown, ...] | None = None

    def after_save(self, campaign: Campaign) -> MadeUp:
        """Those of the campaign as it is now: under the same rules an author goes on looking at the same people.

        The covering set, which goes by templates as well, is found anew when it is asked for as a whole.
        """
        if campaign.digest == self.campaign.digest:
            return self
        now, before = campaign.decisions.document, self.campaign.decisions.document
        if now.source != before.source or now.schema.lists != before.schema.lists:
            return MadeUp(campaign, self.folder)
        return MadeUp(campaign, self.folder, self._segments, None, self._cover or self._before)

    def member(self, segment: str) -> SavedRecipient:
        """Somebody in a segment who gets a mail, else somebody in it. Raises MailweaveError where there is none."""
        if segment not in self._segments:
            with _PROVING:
                self._segments[segment] = self._somebody(segment)
        found = self._segments[segment]
        if found is None:
            what = f"nobody could be made up who is in `{segment}`; `mailweave prove` says whether somebody can be"
            raise MailweaveError([diagnose("MW024", place="segments", what=what)])
        return saved_recipient(self.campaign, found, segment)

    def _somebody(self, segment: str) -> dict[str, Any] | None:
        from mailweave.rules.prover.columns import Columns
        from mailweave.rules.prover.memberships import inside
        from mailweave.rules.prover.prover import Found
        from mailweave.rules.prover.questions import AllOf

        document = self.campaign.decisions.document
        known = document.segments.get(segment)
        if known is None:
            return None
        prover, within = self._prover(), inside(known)
        for question in (AllOf((within, Columns(document).mailed())), within):
            answer = prover.ask(question)
            if isinstance(answer, Found):
                return prover.named(question, answer.recipient).as_json()
        return None

    def cover(self) -> tuple[Shown, ...]:
        """The covering set; it can take seconds."""
        from mailweave.prove.cover import campaign_cover

        with _PROVING:
            if self._cover is None:
                found = campaign_cover(self.campaign.decisions, self._prover(), self.folder)
                self._cover = found.recipients
        return self._cover

    def covering(self, number: int) -> SavedRecipient:
        """The recipient of that number in the covering set, from 0. Raises MailweaveError where there is none."""
        shown = self._cover or self._before or self.cover()
        if not 0 <= number < len(shown):
            raise MailweaveError([diagnose("MW021", place="covering set", key=str(number))])
        return saved_recipient(self.campaign, shown[number].recipient.as_json(), f"number {number}")

    def _prover(self) -> Prover:
        from mailweave.rules.prover.default_values import NOW
        from mailweave.rules.prover.prover import Prover

        at: datetime | None = self.campaign.pinned(None)
        return Prover(self.campaign.decisions.document, NOW if at is None else to_instant(at))
